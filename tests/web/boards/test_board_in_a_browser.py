"""The board in a real browser: by keyboard only, by the Move-to control, by two people at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.builders import a_card, a_cluster, a_facilitator, a_step_open
from tests.support.accessibility import violations
from tests.support.awaiting import until
from tests.web.boards.conftest import Fill, Place, Served
from workshop.domain.contribution import Channel, Kind

Serve = Callable[[Fill], Served]
TEXTS = (
    "Panchine all’ombra nei parchi",
    "Senza autobus la sera si resta a casa",
    "Più ombra e più panchine nei parchi",
    "نحتاج إلى مكان هادئ للأمهات والأطفال",
    "Precipitevolissimevolmente" * 6,
    "Un posto al chiuso quando piove 🌧️👨‍👩‍👧‍👦",
)
SOON = 2_000  # ms; the summary of what others change is read out after 8,000


def filled(place: Place) -> list[str]:
    """Six new cards while people group them; two groups, the second without a title."""
    who = a_facilitator(place.meeting)
    a_step_open(place.meeting, "scrivi")
    kinds = (Kind.NEED, Kind.VIEWPOINT)
    cards = [a_card(place.meeting, who, text, channel=Channel.PAPER, kind=kinds[n % 2]) for n, text in enumerate(TEXTS)]
    a_step_open(place.meeting, "nuvole")
    a_cluster(place.meeting, who, "Spazi pubblici curati insieme")
    a_cluster(place.meeting, who, "")
    return cards


def test_a_board_is_grouped_with_the_keyboard_alone(served: Serve, browser: Any) -> None:
    there = served(filled)
    page = there.page(browser)
    new, groups = page.locator("#new-cards > .card"), page.locator(".cluster:not(.park)")
    expect(new).to_have_count(6)

    page.keyboard.press("n")
    expect(new.nth(0)).to_be_focused()
    page.keyboard.press("1")
    expect(new).to_have_count(5)
    expect(groups.nth(0).locator(".card")).to_have_count(1)
    expect(page.locator("#announcer")).to_have_text("T1-01 spostata in: 1. Spazi pubblici curati insieme", timeout=SOON)

    expect(page.locator(".pick")).to_contain_text("Senza autobus")  # the next card takes its place by itself
    page.keyboard.press("n")
    expect(page.locator(".pick")).to_contain_text("Più ombra")
    page.keyboard.press("m")
    expect(page.get_by_text("Detto 2 volte")).to_be_visible()

    expect(new).to_have_count(4)
    _pick(page, "Senza autobus")
    page.keyboard.press("2")
    expect(new).to_have_count(3)
    _pick(page, "Un posto al chiuso")
    page.keyboard.press("p")
    expect(page.locator("#parked-cards > .card")).to_have_count(1)
    _pick(page, "Precipite")
    page.keyboard.press("g")
    expect(groups).to_have_count(3)
    expect(new).to_have_count(1)

    page.keyboard.press("t")
    expect(groups.nth(0).get_by_label("Titolo")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Parchi con ombra e panchine")
    page.keyboard.press("Enter")
    expect(groups.nth(0).get_by_role("heading", name="Parchi con ombra e panchine")).to_be_visible()

    page.locator("main").focus()
    page.keyboard.press("/")
    expect(page.locator("#quick-text")).to_be_focused()
    page.keyboard.type("Detta al verbalizzatore")
    page.keyboard.press("Enter")
    expect(new).to_have_count(2)
    expect(page.locator("#announcer")).to_contain_text("2 da mettere", timeout=SOON)
    expect(page.locator("#quick-text")).to_be_focused()
    expect(page.locator("#quick-text")).to_have_value("")


def test_every_act_is_undone_with_one_key(served: Serve, browser: Any) -> None:
    there = served(filled)
    page = there.page(browser)
    new = page.locator("#new-cards > .card")
    page.keyboard.press("n")
    page.keyboard.press("1")
    expect(new).to_have_count(5)
    _pick(page, "Senza autobus")
    page.keyboard.press("0")
    expect(new).to_have_count(4)
    undo = page.get_by_role("button", name="Annulla:")

    expect(undo).to_have_text("Annulla: T1-02 spostata")
    page.keyboard.press("u")
    expect(new).to_have_count(5)
    expect(page.locator("#announcer")).to_have_text("Annullato: T1-02 spostata in: Parcheggio", timeout=SOON)
    expect(undo).to_have_text("Annulla: T1-01 spostata")
    page.keyboard.press("u")
    expect(new).to_have_count(6)
    expect(undo).to_have_text("Annulla: nuovo gruppo")


def test_choosing_a_place_moves_nothing_until_the_button(served: Serve, browser: Any) -> None:
    page = served(filled).page(browser)
    card = page.locator("#new-cards > .card").first
    card.get_by_label(re.compile("Sposta T1-01 in")).select_option(label="1. Spazi pubblici curati insieme")
    expect(page.locator("#new-cards > .card")).to_have_count(6)
    card.get_by_role("button", name="Sposta T1-01").click()
    expect(page.locator("#new-cards > .card")).to_have_count(5)
    expect(page.locator(".cluster").first).to_contain_text("Panchine all’ombra")


def test_dragging_a_card_is_the_same_move(served: Serve, browser: Any) -> None:
    page = served(filled).page(browser)
    until(lambda: page.evaluate("window.Sortable !== undefined"))
    page.locator("#new-cards > .card").first.locator(".words").drag_to(page.locator(".cluster").first.locator("ul"), steps=8)
    expect(page.get_by_role("button", name="Annulla: T1-01 spostata")).to_be_visible()
    expect(page.locator(".cluster").first).to_contain_text("Panchine all’ombra")


def test_several_cards_are_moved_at_once(served: Serve, browser: Any) -> None:
    page = served(filled).page(browser)
    for n in range(3):
        page.locator("#new-cards > .card").nth(n).get_by_label("Scegli").check()
    expect(page.locator("[data-chosen]")).to_have_text("3")
    page.get_by_label("Carte scelte").select_option(label="Nuovo gruppo")
    page.get_by_role("button", name="Sposta le carte scelte").click()
    expect(page.locator(".cluster:not(.park)").nth(2).locator(".card")).to_have_count(3)


def test_two_facilitators_see_each_other_and_lose_no_move(served: Serve, browser: Any) -> None:
    there = served(filled)
    one, other = there.page(browser), there.page(browser, desk=2)
    _move(one, "T1-02", "1. Spazi pubblici curati insieme")
    expect(other.locator(".cluster").first).to_contain_text("Senza autobus")

    other.context.set_offline(True)  # the second window does not hear what the first one does
    _move(one, "T1-01", "1. Spazi pubblici curati insieme")
    expect(one.locator(".cluster").first).to_contain_text("Panchine all’ombra")
    other.context.set_offline(False)
    _move(other, "T1-01", "Parcheggio")

    for page in (one, other):
        expect(page.get_by_text("L’ha spostata anche un’altra persona")).to_be_visible()
    one.get_by_role("button", name="Parcheggio T1-01").click()
    expect(one.locator("#parked-cards > .card")).to_have_count(1)
    expect(one.get_by_text("L’ha spostata anche un’altra persona")).to_have_count(0)


def test_a_card_that_arrives_is_counted_and_can_be_moved_at_once(served: Serve, browser: Any) -> None:
    there = served(filled)
    board, scribe = there.page(browser), there.page(browser, desk=1)
    expect(board.locator("#tally")).to_contain_text("6 da mettere")
    scribe.locator("#quick-text").fill("Appena detta")
    scribe.keyboard.press("Enter")

    card = board.locator("#new-cards > .card").last
    expect(card).to_contain_text("Appena detta")
    expect(board.locator("#tally")).to_contain_text("7 da mettere")
    _move(board, "T1-07", "1. Spazi pubblici curati insieme")
    expect(board.locator(".cluster").first).to_contain_text("Appena detta")


def test_the_whole_board_works_without_scripts(served: Serve, browser: Any) -> None:
    page = served(filled).page(browser, java_script_enabled=False)
    _move(page, "T1-01", "1. Spazi pubblici curati insieme")
    expect(page.locator(".cluster").first).to_contain_text("Panchine all’ombra")
    page.get_by_role("button", name="Annulla: T1-01 spostata").click()
    expect(page.locator("#new-cards > .card")).to_have_count(6)
    page.get_by_role("link", name="Altro T1-02").click()
    page.get_by_label("Dice la stessa cosa della carta").fill("T1-01")
    page.get_by_role("button", name="Unisci", exact=True).click()
    expect(page.get_by_text("Detto 2 volte")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "/paper", "/tent", "/forms"])
def test_the_pages_of_a_table_have_no_fault_that_axe_finds(served: Serve, browser: Any, path: str, scheme: str) -> None:
    there = served(filled)
    page = there.page(browser, path=f"/tables/{there.meeting.table}{path}", color_scheme=scheme)
    assert violations(page) == []
    if not path:
        page.get_by_role("link", name="Altro T1-04").click()
        expect(page.get_by_label("Altre parole, d’accordo con il tavolo")).to_be_visible()
        page.get_by_role("button", name="Tutti i tasti").click()
        assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1366])
def test_nothing_is_wider_than_the_window(served: Serve, browser: Any, width: int) -> None:
    page = served(filled).page(browser, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _pick(page: Page, words: str) -> None:
    """N until the card with these words is the current one."""
    for _ in range(8):
        page.keyboard.press("n")
        if words in page.locator(".pick").inner_text():
            return
    raise AssertionError(f"N never came to {words!r}")


def _move(page: Page, code: str, where: str) -> None:
    page.get_by_label(f"Sposta {code} in").select_option(label=where)
    page.get_by_role("button", name=f"Sposta {code}", exact=True).click()
