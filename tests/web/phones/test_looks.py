"""Every page of the phone in a real browser: live, accessible in light and dark, and never wider than the phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.builders import a_card, a_cluster, a_facilitator, a_participant, a_read_back, a_step_open
from tests.support.accessibility import violations
from tests.web.phones.conftest import RoomWithPhones
from workshop.domain.people import Actor, Role
from workshop.domain.step import ExtendStep
from workshop.domain.synthesis import Validate

LONG = "Supercalifragilistichespiralidosoparolalunghissimasenzaspazi"


@pytest.fixture
def page(served: RoomWithPhones, browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="it-IT")
    yield context.new_page()
    context.close()


def sit_down(page: Page, served: RoomWithPhones) -> Actor:
    page.goto(f"{served.url}/t/{served.code_of(served.meeting.table)}")
    page.get_by_role("button", name="Entra al tavolo").click()
    page.goto(f"{served.url}/write")
    expect(page.locator("html")).to_have_attribute("data-net", "on")
    who = page.get_attribute("body", "data-who") or ""
    return Actor(role=Role.PARTICIPANT, id=who, meeting_id=served.meeting.id, tables=frozenset({served.meeting.table}))


def assert_good(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == []
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_pages_of_the_door(page: Page, served: RoomWithPhones) -> None:
    code = served.code_of(served.meeting.table)
    for path in (f"/t/{code}", "/", "/t/QQQQ", "/rejoin", "/privacy"):
        page.goto(served.url + path)
        assert_good(page)
    sit_down(page, served)
    for path in ("/welcome", f"/t/{code}", f"/t/{served.code_of(served.meeting.tables[1])}"):
        page.goto(served.url + path)
        assert_good(page)


def test_the_pages_of_writing_and_reading(page: Page, served: RoomWithPhones) -> None:
    me, meeting = sit_down(page, served), served.meeting
    for path in ("/write", "/mine", "/table", "/choices"):
        page.goto(served.url + path)
        assert_good(page)
    a_step_open(meeting, "scrivi")
    cards = [a_card(meeting, me, text) for text in (LONG, "🎉 👨‍👩‍👧‍👦", "Scrivi a luca@example.org")]
    cards.append(a_card(meeting, a_participant(meeting), "أحتاج إلى شخص يشرحها لي", language="ar"))
    a_cluster(meeting, a_facilitator(meeting), LONG, cards)
    for path in ("/write", "/mine", "/table"):
        page.goto(served.url + path)
        assert_good(page)


def test_the_pages_of_choosing(page: Page, served: RoomWithPhones) -> None:
    sit_down(page, served)
    meeting, facilitator = served.meeting, a_facilitator(served.meeting)
    a_cluster(meeting, facilitator, LONG)
    a_step_open(meeting, "bollini")
    page.goto(f"{served.url}/choices")
    assert_good(page)
    page.get_by_role("button", name="Metti un bollino").click()
    page.get_by_role("button", name="Conferma le mie scelte").click()
    expect(page.get_by_text("Puoi cambiare idea")).to_be_visible()
    read_back = a_read_back(meeting, facilitator)
    page.goto(f"{served.url}/choices")
    assert_good(page)
    page.get_by_role("radio", name="Non mi ritrovo").check(force=True)
    page.get_by_role("button", name="Preferisco dirlo a voce").click()
    expect(page.get_by_role("heading", name="Già risposte")).to_be_visible()
    assert_good(page)
    meeting.do(Validate, facilitator, synthesis_id=meeting.table, read_back_id=read_back, favour=9, against=0, abstain=0)
    page.goto(f"{served.url}/choices")
    assert_good(page)


def test_a_round_that_opens_is_seen_without_a_reload_and_leaves_words_alone(page: Page, served: RoomWithPhones) -> None:
    sit_down(page, served)
    meeting = served.meeting
    expect(page.get_by_text("Adesso si ascolta.")).to_be_visible()
    step = a_step_open(meeting, "scrivi")
    expect(page.locator("#write")).to_be_visible(timeout=10_000)
    page.get_by_label("Una sola idea").fill("Parole a metà")
    before = page.locator("#top").inner_text()
    meeting.do(ExtendStep, meeting.lead, meeting_id=meeting.id, work_table_id=meeting.table, step_id=step, minutes=30)
    expect(page.locator("#top")).not_to_have_text(before, timeout=10_000)
    a_step_open(meeting, "lettura")
    expect(page.get_by_text("Il giro è finito, la tua carta no.")).to_be_visible(timeout=10_000)
    assert page.get_by_label("Una sola idea").input_value() == "Parole a metà"


def test_the_count_of_cards_comes_by_itself(page: Page, served: RoomWithPhones) -> None:
    sit_down(page, served)
    a_step_open(served.meeting, "scrivi")
    expect(page.locator("#write")).to_be_visible(timeout=10_000)
    a_card(served.meeting, a_participant(served.meeting))
    expect(page.get_by_text("1 carta al tavolo")).to_be_visible(timeout=10_000)
