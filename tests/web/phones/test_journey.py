"""A person with a real phone: the network goes and comes back, the page is reloaded, the server is restarted, and nothing is lost."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.builders import a_meeting, a_room, a_step_open
from tests.support.server import Server, start_server
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.tables import the_table
from workshop.settings import device_key, open_folder

IDEA = "Servono fasciatoi e bagni puliti nei luoghi pubblici."


class Table:
    """A server on a folder that was filled before, and a person's phone."""

    def __init__(self, folder: Path, browser: Browser, environment: dict[str, str] | None = None) -> None:
        self.folder, self.port, self.environment = folder, free_port(), environment
        device_key(open_folder(str(folder)))
        room = a_room(folder)
        meeting = a_meeting(room)
        a_step_open(meeting, "scrivi")
        self.table_id, self.code = meeting.table, room.ask(the_table, meeting.table).join_code
        room.close()
        self.server: Server = start_server(folder, port=self.port, environment=environment)
        self.context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 844}, locale="it-IT")
        self.page: Page = self.context.new_page()

    def restart(self) -> None:
        self.server.kill()
        self.start()

    def start(self) -> None:
        self.server = start_server(self.folder, port=self.port, environment=self.environment)

    def sit_down(self) -> None:
        self.page.goto(f"{self.server.url}/t/{self.code}")
        self.page.get_by_role("button", name="Entra al tavolo").click()
        self.page.get_by_role("link", name="Fatto: vai avanti").click()
        expect(self.page.locator("html")).to_have_attribute("data-net", "on")

    def write(self, words: str) -> None:
        self.page.get_by_role("radio", name="Esigenza").check(force=True)
        self.page.get_by_label("Una sola idea").fill(words)

    def send(self, words: str) -> None:
        self.write(words)
        self.page.get_by_role("button", name="Manda al tavolo").click()

    def cards(self) -> list[tuple[int, str | None]]:
        """What the record holds, read when the server has stopped."""
        self.server.stop()
        room = a_room(self.folder)
        found = [(card.number, card.text) for card in room.ask(cards_of_table, self.table_id)]
        room.close()
        return found


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def table(tmp_path: Path, browser: Any) -> Iterator[Table]:
    sat = Table(tmp_path, browser)
    yield sat
    sat.context.close()
    sat.server.stop()


def test_cards_written_without_network_arrive_once_each(table: Table) -> None:
    table.sit_down()
    table.context.set_offline(True)
    table.send("Prima idea senza rete")
    table.send("Seconda idea senza rete")
    expect(table.page.locator("#outbox > li")).to_have_count(2)
    expect(table.page.get_by_text("Solo su questo telefono").first).to_be_visible()
    table.context.set_offline(False)
    expect(table.page.locator("#outbox > li")).to_have_count(0, timeout=20_000)
    expect(table.page.locator("#receipt")).to_contain_text("Ricevuta, n. 2")
    expect(table.page.locator("#announcer")).to_contain_text("Ricevuta, n. 2")
    expect(table.page.locator("#write")).to_contain_text("Ti restano 2 carte")
    table.page.get_by_role("link", name="Le mie").click()
    expect(table.page.locator("#my-cards > li")).to_have_count(2)
    assert table.cards() == [(1, "Prima idea senza rete"), (2, "Seconda idea senza rete")]


def test_a_draft_outlives_a_reload_and_a_restart_of_the_server(table: Table) -> None:
    table.sit_down()
    table.write(IDEA)
    table.page.reload()
    expect(table.page.get_by_label("Una sola idea")).to_have_value(IDEA)
    table.restart()
    table.page.reload()
    expect(table.page.get_by_label("Una sola idea")).to_have_value(IDEA)
    table.page.get_by_role("button", name="Manda al tavolo").click()
    expect(table.page.locator("#receipt")).to_contain_text("Ricevuta, n. 1")
    assert table.cards() == [(1, IDEA)]


def test_a_card_sent_while_the_server_is_down_arrives_when_it_is_back(table: Table) -> None:
    table.sit_down()
    table.server.kill()
    table.send(IDEA)
    expect(table.page.locator("#outbox > li")).to_have_count(1)
    table.start()
    expect(table.page.locator("#receipt")).to_contain_text("Ricevuta, n. 1", timeout=40_000)
    assert table.cards() == [(1, IDEA)]


def test_a_double_tap_is_one_card(table: Table) -> None:
    table.sit_down()
    table.write(IDEA)
    table.page.get_by_role("button", name="Manda al tavolo").dblclick()
    expect(table.page.locator("#receipt")).to_contain_text("Ricevuta, n. 1")
    assert table.cards() == [(1, IDEA)]


def test_the_back_button_brings_back_the_same_person(table: Table) -> None:
    table.sit_down()
    who = table.page.get_attribute("body", "data-who")
    table.page.goto(f"{table.server.url}/t/{table.code}")
    expect(table.page.get_by_role("heading", name="Eccoti di nuovo.")).to_be_visible()
    table.page.go_back()
    assert table.page.get_attribute("body", "data-who") == who


def test_without_scripts_everything_is_a_plain_form(table: Table, browser: Any) -> None:
    plain = browser.new_context(java_script_enabled=False, locale="it-IT")
    table.page = plain.new_page()
    table.page.goto(f"{table.server.url}/t/{table.code}")
    table.page.get_by_role("button", name="Entra al tavolo").click()
    table.page.get_by_role("link", name="Fatto: vai avanti").click()
    table.send(IDEA)
    expect(table.page.get_by_text("Ricevuta, n. 1")).to_be_visible()
    plain.close()
    assert table.cards() == [(1, IDEA)]
