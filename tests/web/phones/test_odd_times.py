"""A computer whose clock is set back, and a phone that sleeps while the world goes on: the same person, and nothing lost or doubled."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.support.clocks import Clock, a_clock
from tests.web.phones.test_journey import IDEA, Table
from workshop.record.database import open_store
from workshop.record.log import entry_table
from workshop.settings import open_folder

THREE_DAYS = 3 * 24 * 3600


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return a_clock(tmp_path)


@contextmanager
def a_phone(folder: Path, browser: Browser, clock: Clock | None = None) -> Iterator[Table]:
    table = Table(folder, browser, clock.environment if clock else None)
    try:
        table.sit_down()
        yield table
    finally:
        table.context.close()
        table.server.stop()


def who_is(page: Page) -> str:
    return page.locator("body").get_attribute("data-who") or "nobody"


def walls_of_cards(folder: Path) -> list[str]:
    """What the clock showed at each card, in the order of the record."""
    store = open_store(open_folder(str(folder)).record_url)
    with store.readers.connect() as record:
        heads = [json.loads(head) for (head,) in record.execute(select(entry_table.c.head).order_by(entry_table.c.lamport))]
    store.close()
    return [head["wall"] for head in heads if head["kind"].startswith("contribution.added")]


def received(page: Page, number: int) -> None:
    expect(page.locator("#receipt")).to_contain_text(f"Ricevuta, n. {number}")


def the_leads_window(table: Table, browser: Browser) -> Page:
    page = browser.new_context(locale="it-IT").new_page()
    page.goto(table.server.entry)
    return page


def seconds_left(board: Page) -> tuple[int, int]:
    """(left, length) of the step that is open."""
    shown = board.locator("[data-clock]")
    ends, now, length = (int(shown.get_attribute(name) or "") for name in ("data-ends", "data-now", "data-length"))
    return ends - now, length


@pytest.mark.parametrize("restarted", [False, True], ids=["while it runs", "before a restart"])
def test_a_clock_set_back_changes_nobody_and_nothing(tmp_path: Path, browser: Browser, clock: Clock, restarted: bool) -> None:
    with a_phone(tmp_path, browser, clock) as table:
        page, me = table.page, who_is(table.page)
        table.send("Scritta prima che l’orologio tornasse indietro")
        received(page, 1)
        table.write(IDEA)

        clock.is_off_by(-THREE_DAYS)
        if restarted:
            table.restart()
        page.reload()
        assert who_is(page) == me
        expect(page.get_by_label("Una sola idea")).to_have_value(IDEA)
        expect(page.get_by_role("radio", name="Esigenza")).to_be_checked()
        page.get_by_role("button", name="Manda al tavolo").click()
        received(page, 2)
        page.get_by_role("link", name="Le mie").click()
        expect(page.locator("#my-cards p.words")).to_have_text([IDEA, "Scritta prima che l’orologio tornasse indietro"])

        assert table.cards() == [(1, "Scritta prima che l’orologio tornasse indietro"), (2, IDEA)]
        first, second = walls_of_cards(tmp_path)
        assert second < first  # the clock was really off: only the order of the record knows better


def test_the_clocks_of_the_steps_stay_between_nothing_and_their_length(tmp_path: Path, browser: Browser, clock: Clock) -> None:
    """The step that was open when the clock was set back, and the next one, opened since."""
    with a_phone(tmp_path, browser, clock) as table:
        clock.is_off_by(-THREE_DAYS)
        board = the_leads_window(table, browser)
        board.goto(f"{table.server.url}/tables/{table.table_id}")
        left, length = seconds_left(board)
        assert 0 < left <= length
        board.get_by_role("button", name=re.compile("^Apri: ")).click()
        expect(board.locator(".steps [aria-current=step]")).to_contain_text("Leggiamo")
        left, length = seconds_left(board)
        assert 0 < left <= length
        board.context.close()


def test_the_personal_code_is_good_after_the_clock_was_set_back(tmp_path: Path, browser: Browser, clock: Clock) -> None:
    with a_phone(tmp_path, browser, clock) as table:
        table.page.get_by_role("link", name="Le mie").click()
        code = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b", table.page.locator("main").inner_text())
        assert code
        clock.is_off_by(-THREE_DAYS)
        other = browser.new_context(locale="it-IT").new_page()
        other.goto(f"{table.server.url}/rejoin")
        other.get_by_label("Il tuo codice personale").fill(code[0])
        other.get_by_role("button", name="Rientra").click()
        expect(other.get_by_role("navigation", name="Sezioni")).to_be_visible()
        assert who_is(other) == who_is(table.page)
        other.context.close()


def test_a_phone_that_slept_while_the_server_was_restarted_sends_its_queue_once(tmp_path: Path, browser: Browser) -> None:
    """The page is frozen as a phone in a pocket freezes it: no timer, no event, until somebody looks at it again."""
    with a_phone(tmp_path, browser) as table:
        page, me = table.page, who_is(table.page)
        sleep = table.context.new_cdp_session(page)
        table.context.set_offline(True)
        table.send("Prima di dormire")
        table.send("Ancora prima di dormire")
        expect(page.locator("#outbox > li")).to_have_count(2)
        table.write(IDEA)

        sleep.send("Page.setWebLifecycleState", {"state": "frozen"})
        table.restart()
        table.context.set_offline(False)
        sleep.send("Page.setWebLifecycleState", {"state": "active"})

        expect(page.locator("#outbox > li")).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("data-net", "on")
        expect(page.get_by_label("Una sola idea")).to_have_value(IDEA)
        page.reload()
        assert who_is(page) == me
        expect(page.get_by_label("Una sola idea")).to_have_value(IDEA)
        assert table.cards() == [(1, "Prima di dormire"), (2, "Ancora prima di dormire")]
