"""Paper: copying a pile of cards, and what is printed for a table."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import a_card, a_step_open
from tests.web.boards.conftest import Desk, Fill, Place, Served
from workshop.domain.contribution import Channel
from workshop.private.settings_kept import keep_setting
from workshop.record.queries.cards import cards_of_table
from workshop.web.http.paper import wifi_payload


def _copy(desk: Desk, place: Place, text: str, number: str = "", pile: str = "0") -> Any:
    fields = {"channel": "paper", "kind": "need", "text": text, "paper_number": number, "next": pile}
    return desk.post(f"/tables/{place.meeting.table}/entries", **fields)


def test_a_copied_card_leads_back_to_the_pile(place: Place, facilitator: Desk) -> None:
    a_step_open(place.meeting, "scrivi")
    answer = _copy(facilitator, place, "Una panchina all’ombra", "T1-C08", pile="9")

    assert (answer.status_code, answer.location) == (303, f"/tables/{place.meeting.table}/paper?of=9")
    page = facilitator.get(answer.location).text
    assert "1 di 9" in page
    assert "cartoncino n. T1-C08" in page


def test_a_pile_cannot_lead_anywhere_else(place: Place, facilitator: Desk) -> None:
    a_step_open(place.meeting, "scrivi")
    answer = _copy(facilitator, place, "Una panchina all’ombra", pile="//example.org")
    assert answer.location == f"/tables/{place.meeting.table}/paper"


@pytest.mark.parametrize(
    ("text", "number", "warning"),
    [
        ("una panchina all’ombra!", "", "Stesso testo di T1-01."),
        ("Tutt’altra cosa", "8", "Stesso numero di T1-01."),
    ],
)
def test_what_may_be_the_same_card_is_shown_and_never_refused(
    place: Place, facilitator: Desk, text: str, number: str, warning: str
) -> None:
    a_step_open(place.meeting, "scrivi")
    _copy(facilitator, place, "Una panchina all’ombra", "T1-C08")

    assert _copy(facilitator, place, text, number).status_code == 303

    page = facilitator.get(f"/tables/{place.meeting.table}/paper").text
    assert page.count("Forse c’è già.") == 1
    assert warning in page


def test_one_of_two_same_cards_is_kept_and_says_it_twice(place: Place, facilitator: Desk) -> None:
    a_step_open(place.meeting, "scrivi")
    _copy(facilitator, place, "Una panchina all’ombra")
    _copy(facilitator, place, "Una panchina all’ombra")
    first, second = place.meeting.ask(cards_of_table, place.meeting.table)

    answer = facilitator.post(f"/cards/{second.id}/merge", into_id=first.id, next="paper")

    assert answer.location == f"/tables/{place.meeting.table}/paper"
    assert "Forse c’è già." not in facilitator.get(answer.location).text
    assert place.meeting.ask(cards_of_table, place.meeting.table)[0].times_said == 2


def test_a_phone_card_is_no_paper_card(place: Place, facilitator: Desk) -> None:
    a_step_open(place.meeting, "scrivi")
    a_card(place.meeting, facilitator.actor, "Detta ad alta voce", channel=Channel.SCRIBE)
    assert "Detta ad alta voce" not in facilitator.get(f"/tables/{place.meeting.table}/paper").text


@pytest.mark.parametrize(
    ("name", "password", "payload"),
    [
        ("Tavoli-Lucca", "noci-mura-24", "WIFI:T:WPA;S:Tavoli-Lucca;P:noci-mura-24;;"),
        ('a;b,c:d"e\\f', "x;y", 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:x\\;y;;'),
        ("Aperta", "", "WIFI:T:nopass;S:Aperta;;"),
    ],
)
def test_the_code_of_the_wifi_escapes_what_has_a_meaning_there(name: str, password: str, payload: str) -> None:
    assert wifi_payload(name, password) == payload


def test_the_tent_says_everything_in_clear_too(place: Place, facilitator: Desk) -> None:
    house = place.building.house
    house.keep_private(keep_setting, "wifi_name", "Tavoli-Lucca")
    house.keep_private(keep_setting, "wifi_password", "noci-mura-24")

    words = re.sub(r"<[^>]+>", "", facilitator.get(f"/tables/{place.meeting.table}/tent").text)

    assert "Tavoli-Lucca, password noci-mura-24" in words
    assert "192.168.8.10:8080, codice " in words


def test_without_a_wifi_the_tent_has_one_code(place: Place, facilitator: Desk) -> None:
    page = facilitator.get(f"/tables/{place.meeting.table}/tent").text
    assert (page.count('class="qr"'), "Wi-Fi" in page) == (2, False)  # both faces


@pytest.mark.parametrize(("query", "codes"), [("", range(1, 7)), ("?from=7&sheets=2", range(7, 19)), ("?from=x&sheets=999", range(1, 121))])
def test_paper_cards_are_numbered_six_on_a_sheet(place: Place, facilitator: Desk, query: str, codes: range) -> None:
    page = facilitator.get(f"/tables/{place.meeting.table}/forms{query}").text
    assert re.findall(r'class="code">([^<]+)<', page) == [f"T1-C{n:02d}" for n in codes][: 120 if "999" in query else None]


def test_a_pile_is_copied_without_leaving_the_keyboard(served: Callable[[Fill], Served], browser: Any) -> None:
    there = served(lambda place: a_step_open(place.meeting, "scrivi"))
    page = there.page(browser, path=f"/tables/{there.meeting.table}/paper?of=2")
    for text in ("Una panchina all’ombra", "Autobus anche la sera"):
        page.get_by_label("Numero del cartoncino").focus()
        page.keyboard.type("T1-C01")
        page.keyboard.press("Tab")
        page.keyboard.press("c")
        expect(page.get_by_role("radio", name="Preoccupazione")).to_be_checked()
        page.keyboard.press("Tab")
        page.keyboard.type(text)
        page.keyboard.press("ControlOrMeta+Enter")
        expect(page.locator("#copied > .card").first).to_contain_text(text)
        expect(page.get_by_label("Numero del cartoncino")).to_be_focused()
        expect(page.get_by_label("Testo, parola per parola")).to_have_value("")
    expect(page.locator("#main").get_by_text("2 di 2", exact=True)).to_be_visible()
    expect(page.get_by_text("Stesso numero di T1-01.")).to_be_visible()
