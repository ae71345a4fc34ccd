"""Phones refill a restored laptop: what they were told is there comes back by itself, under its own name, once."""

import contextlib
import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.copies.conftest import open_copied, tavoli
from tests.journeys.people import Crowd, Phone
from tests.support.awaiting import until
from tests.support.server import Server, start_server
from workshop.domain.ids import new_id
from workshop.record.database import open_store
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.tables import the_table
from workshop.record.verify import verify


@pytest.fixture
def crowd(browser: Any) -> Iterator[Crowd]:
    everybody = Crowd(browser)
    yield everybody
    everybody.goes_home()


class Town:
    """A prepared room, served on one port by one computer after the other."""

    def __init__(self, folder: Path) -> None:
        room = open_copied(folder / "first")
        self.table = room.meeting.table
        self.code = room.meeting.ask(the_table, self.table).join_code
        room.building.close()
        self.folder = folder
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = int(sock.getsockname()[1])
        self.server: Server = start_server(folder / "first", "--host", "127.0.0.1", port=self.port)

    @property
    def address(self) -> str:
        return f"{self.server.url}/t/{self.code}"

    def is_copied(self) -> None:
        (self.folder / "stick").mkdir(exist_ok=True)
        assert tavoli("backup", "--data", self.folder / "first", self.folder / "stick").returncode == 0

    def burns_down(self) -> None:
        """Another computer takes the copy, the address and the port."""
        self.server.kill()
        restored = tavoli("restore", "--data", self.folder / "second", self.folder / "stick")
        assert restored.returncode == 0, restored.stderr
        self.server = start_server(self.folder / "second", "--host", "127.0.0.1", port=self.port)

    def awaits_cards(self, number: int) -> None:
        """Until so many are in the record of the second computer, which goes on serving."""
        until = time.monotonic() + 60
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'second' / 'record.db'}?mode=ro", uri=True)) as record:
            while record.execute("SELECT count(*) FROM entry WHERE kind = 'contribution.added/1'").fetchone()[0] < number:
                assert time.monotonic() < until, "a phone did not bring back its card"
                time.sleep(0.05)

    def ends(self) -> tuple[list[str], bool]:
        """The words of all cards on the second computer, and whether its record is sound."""
        self.server.stop()
        store = open_store(f"sqlite:///{self.folder / 'second' / 'record.db'}")
        with store.readers.connect() as connection:
            words = sorted(card.text or "" for card in cards_of_table(connection, self.table))
        verdict = verify(store)
        store.close()
        return words, verdict.is_good


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    opened = Town(tmp_path)
    yield opened
    opened.server.stop()


def test_five_cards_and_a_copy_after_the_second_are_five_cards_again(town: Town, crowd: Crowd) -> None:
    first, second = Phone(crowd, town.address), Phone(crowd, town.address)
    first.writes("Esigenza", "Prima carta, nella copia.")
    first.reads_the_receipt(1)
    second.writes("Proposta", "Seconda carta, nella copia.")
    second.reads_the_receipt(2)
    town.is_copied()
    for number, (phone, words) in enumerate([(first, "Terza."), (second, "Quarta."), (first, "Quinta.")], start=3):
        phone.writes("Esigenza", words)
        phone.reads_the_receipt(number)
    second.page.get_by_label("Una sola idea").fill("Parole ancora da finire")  # writes on while the computer burns
    town.burns_down()
    for phone in (first, second):  # nobody touches them
        expect(phone.page.locator("#receipt")).to_contain_text("Ricevuta, n.", timeout=60_000)
        phone.keeps_on_the_phone(0)
    assert second.page.get_by_label("Una sola idea").input_value() == "Parole ancora da finire"
    first.opens_the_tab("Le mie")
    expect(first.page.locator("#my-cards > li")).to_have_count(3)
    assert sorted(first.looks_at_own_cards()) == ["Prima carta, nella copia.", "Quinta.", "Terza."]
    town.awaits_cards(5)  # the second phone too: its old receipt still stands on its page
    town.server.kill()  # another run of the same record: nothing is missing, nothing is sent twice
    town.server = start_server(town.folder / "second", "--host", "127.0.0.1", port=town.port)
    with first.page.expect_response("**/cards/missing", timeout=60_000) as asked:
        pass
    assert asked.value.json() == {"missing": [], "strangers": [], "erased": []}
    assert town.ends() == (["Prima carta, nella copia.", "Quarta.", "Quinta.", "Seconda carta, nella copia.", "Terza."], True)
    assert crowd.faults == []


def test_a_number_that_is_another_one_now_is_said(town: Town, crowd: Crowd) -> None:
    first, second = Phone(crowd, town.address), Phone(crowd, town.address)
    town.is_copied()
    second.writes("Esigenza", "Ricevuta per prima.")
    second.reads_the_receipt(1)
    first.writes("Esigenza", "Ricevuta per seconda.")
    first.reads_the_receipt(2)
    second.page.context.set_offline(True)
    town.burns_down()
    told = first.page.locator("#receipt")
    expect(told).to_have_text("La tua carta è di nuovo sul computer della sala: ora è la n. 1, prima era la n. 2.", timeout=60_000)


def test_who_came_in_after_the_copy_says_so_and_loses_nothing(town: Town, crowd: Crowd) -> None:
    town.is_copied()
    late = Phone(crowd, town.address)
    late.writes("Esigenza", "Scritta da chi nella copia non c’è.")
    late.reads_the_receipt(1)
    town.burns_down()
    late.page.goto(town.address)
    late.presses("Entra al tavolo")
    late.page.get_by_role("link", name="Fatto: vai avanti").click()
    late.sees("Il computer della sala è stato sostituito dopo che hai scritto questo")
    late.presses("L’ho scritta io: mandala")
    late.reads_the_receipt(1)
    assert town.ends() == (["Scritta da chi nella copia non c’è."], True)


def test_a_card_that_was_taken_back_leaves_the_phone_and_does_not_return(town: Town, crowd: Crowd) -> None:
    phone = Phone(crowd, town.address)
    phone.writes("Esigenza", "Questa la ritiro.")
    phone.reads_the_receipt(1)
    town.is_copied()
    phone.writes("Esigenza", "Questa la ritiro dopo la copia.")
    phone.reads_the_receipt(2)
    phone.opens_the_tab("Le mie")
    for left in (1, 0):
        phone.page.locator("summary", has_text="Ritira").first.click()
        phone.page.get_by_role("button", name="Sì, ritirala").first.click()
        expect(phone.page.locator("#my-cards p.words")).to_have_count(left)
    kept = phone.page.evaluate("Object.values(localStorage).join()")
    assert "Questa la ritiro" not in kept
    town.burns_down()
    phone.page.reload()
    expect(phone.page.locator("#my-cards p.words")).to_have_count(0, timeout=60_000)


def test_dots_and_answers_are_never_kept(town: Town, crowd: Crowd) -> None:
    phone = Phone(crowd, town.address)
    item = {"path": f"/tables/{town.table}/dots", "body": json.dumps({"dots": 3}), "id": new_id(), "at": 1}
    until(lambda: phone.page.evaluate("Boolean(window.tavoli?.kept)"))
    phone.page.evaluate("(item) => window.tavoli.kept.hold(item, {})", item)
    assert phone.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('tavoli.kept.'))") == []
