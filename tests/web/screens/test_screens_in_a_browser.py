"""The screen in a real browser: it changes by itself, is never cut, and can be read."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.accessibility import violations
from tests.web.screens.conftest import Served

VIEWS = [
    ("entrance", 0),
    ("wall", 0),
    ("clock", 0),
    ("clock", 4),
    ("dots", 0),
    ("dots", 4),
    ("dots", 5),
    ("synthesis", 0),
    ("synthesis", 2),
    ("synthesis", 3),
    ("synthesis", 4),
    ("neutral", 0),
]
CUT = "() => { const main = document.querySelector('main'); return Math.max(0, main.scrollHeight - main.clientHeight - 1) }"
TALL = "() => [...document.querySelectorAll('[data-pages]')].filter(list => list.scrollHeight > list.clientHeight + 1).length"
WIDE = "() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"
SMALLEST = """() => {
  const seen = [...document.querySelectorAll("main *")].filter(one => one.checkVisibility() && !one.closest(".vh, .meta"));
  const says = one => [...one.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  return Math.min(...seen.filter(says).map(one => parseFloat(getComputedStyle(one).fontSize)));
}"""


def test_when_the_lead_turns_the_screen_it_changes_by_itself(demonstration: Served, browser: Any) -> None:
    demonstration.turn("entrance")
    page = demonstration.page(browser)
    expect(page.locator("h1")).to_have_text("Benvenute e benvenuti. Due passi per entrare.")
    demonstration.turn("dots", 4)
    expect(page.locator("h1")).to_have_text("I bollini")
    expect(page.locator(".res li").first).to_contain_text("Spazi pubblici curati insieme")
    demonstration.turn("neutral")
    expect(page.locator("h1")).to_have_text("Un momento di pausa")
    expect(page.locator("main")).not_to_contain_text("Spazi")
    page.context.close()


@pytest.mark.parametrize(("view", "table"), VIEWS)
def test_a_view_is_for_everybody_and_big_enough(demonstration: Served, browser: Any, view: str, table: int) -> None:
    demonstration.turn(view, table)
    for scheme in ("light", "dark"):
        page = demonstration.page(browser, color_scheme=scheme)
        assert violations(page) == []
        assert [page.evaluate(what) for what in (CUT, TALL, WIDE)] == [0, 0, 0]
        assert page.evaluate(SMALLEST) >= 35
        page.context.close()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_views_fit_smaller_screens(demonstration: Served, browser: Any, size: tuple[int, int]) -> None:
    page = demonstration.page(browser, viewport={"width": size[0], "height": size[1]})
    for view, table in VIEWS:
        demonstration.turn(view, table)
        page.goto(demonstration.path)
        assert [page.evaluate(what) for what in (CUT, TALL, WIDE)] == [0, 0, 0], view
    page.context.close()


def test_six_cards_hang_on_the_wall_and_take_turns(demonstration: Served, browser: Any) -> None:
    demonstration.turn("wall")
    context = browser.new_context(locale="it-IT", viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.clock.install()
    page.goto(demonstration.path)
    cards = page.locator("#wall > li:visible")
    expect(cards).to_have_count(6)
    assert sorted(page.locator("#wall > li:visible .code").all_inner_texts()) == [f"Tavolo {n}" for n in range(1, 7)]
    before = cards.all_inner_texts()
    page.clock.run_for(7_000)
    after = cards.all_inner_texts()
    assert len(set(before) - set(after)) == 1
    context.close()


def test_a_long_synthesis_goes_on_on_the_next_page(demonstration: Served, browser: Any) -> None:
    demonstration.turn("synthesis", 1)
    context = browser.new_context(locale="it-IT", viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.clock.install()
    page.goto(demonstration.path)
    expect(page.locator("[data-page-at]")).to_have_text("1 / 2")
    expect(page.get_by_text("Chi paga le ore di apertura aggiuntive?")).to_be_in_viewport()
    proposal = page.get_by_text("Sportello conciliazione intercomunale.")
    expect(proposal).not_to_be_in_viewport()
    page.clock.run_for(40_000)
    expect(page.locator("[data-page-at]")).to_have_text("2 / 2")
    expect(proposal).to_be_in_viewport()
    context.close()


def test_the_longest_of_everything_is_never_cut(full: Served, browser: Any) -> None:
    page = full.page(browser)
    for view, table in (
        ("wall", 0),
        ("clock", 0),
        ("clock", 1),
        ("dots", 0),
        ("dots", 1),
        ("synthesis", 0),
        ("synthesis", 1),
        ("synthesis", 2),
    ):
        full.turn(view, table)
        page.goto(full.path)
        page.evaluate("document.fonts.ready")
        assert [page.evaluate(what) for what in (CUT, TALL, WIDE)] == [0, 0, 0], (view, table)
        assert violations(page) == [], (view, table)
    page.context.close()
