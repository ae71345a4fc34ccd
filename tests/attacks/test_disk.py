"""A real server whose disk is full, or takes nothing any more: refused with words, nothing half written; it goes on once there is space."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.attacks.forms import Form, forms
from tests.attacks.place import a_furnished_place
from tests.attacks.small_disk import SmallDisk, a_small_disk
from tests.support.missing import Missing
from workshop.domain.ids import new_id

SHAPE = {"error", "title", "detail", "field", "limit"}


@dataclass(slots=True)
class Full:
    disk: SmallDisk
    log: Path
    forms: dict[str, Form]
    ids: dict[str, str]
    cookies: dict[str, str]

    def client(self, who: str = "", accept: str = "application/json") -> httpx.Client:
        told = {"Origin": self.disk.server.url, "Accept": accept, "Accept-Language": "it"}
        return httpx.Client(
            base_url=self.disk.server.url, headers=told | {"Cookie": self.cookies.get(who, "")}, trust_env=False, timeout=20
        )

    def card(self) -> dict[str, Any]:
        return {**self.forms["boards.enter_card"].fields, "command_id": new_id(), "text": "Servono fasciatoi e panchine " * 9}

    @property
    def cards(self) -> str:
        return f"/tables/{self.ids['here']}/entries"

    def fill_to_the_brim(self, client: httpx.Client) -> list[str]:
        """Pages that were free inside the files are used up too; the cards that still went in."""
        self.disk.fill()
        kept = []
        for _ in range(400):
            card = self.card()
            if client.post(self.cards, json=card).status_code == 507:
                return kept
            kept.append(card["command_id"])
        raise AssertionError("the disk never got full")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Full]:
    with a_furnished_place(tmp_path / "filled") as place:
        cookie = place.building.house.cookie
        cookies = {who: f"{cookie}_{letter}={token}" for who, (letter, token) in place.tokens.items()}
        found, ids = forms(place), place.ids
    try:
        with a_small_disk(tmp_path / "disk", tmp_path / "filled", 5, tmp_path / "log.txt") as disk:
            yield Full(disk, tmp_path / "log.txt", found, ids, cookies)
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)


def test_a_full_disk_refuses_with_words_keeps_what_it_took_and_goes_on_later(at: Full) -> None:
    with at.client("facilitator") as writer, at.client("participant") as phone, at.client("facilitator", "text/html") as desk:
        kept = at.fill_to_the_brim(writer)
        card = at.card()
        refused = writer.post(at.cards, json=card)
        told = refused.json()
        assert (refused.status_code, set(told), told["error"]) == (507, SHAPE, "DiskIsFull")
        assert told["title"] == "Il computer della sala non ha più spazio."
        assert int(refused.headers["Retry-After"]) > 0
        page = desk.post(f"/tables/{at.ids['here']}/clusters", data={"command_id": new_id(), "title": "Parole da non perdere"})
        assert (page.status_code, "Parole da non perdere" in page.text, "Retry-After" in page.headers) == (507, True, True)
        own = phone.post(f"/tables/{at.ids['here']}/cards", json=at.forms["phone_cards.add_card"].fields)
        assert (own.status_code, own.json()["error"]) == (507, "DiskIsFull")
        for path in ("/mine", "/write", "/table"):
            assert phone.get(path).status_code == 200
        assert desk.get(f"/tables/{at.ids['here']}").status_code == 200

        at.disk.free()
        assert phone.post(f"/tables/{at.ids['here']}/cards", json=at.forms["phone_cards.add_card"].fields).status_code == 201
        assert writer.post(at.cards, json=card).status_code == 201
        assert writer.post(at.cards, json=card).json()["first_time"] is False
        assert writer.post(at.cards, json=at.card()).status_code == 201
    board = httpx.get(
        f"{at.disk.server.url}/tables/{at.ids['here']}", headers={"Cookie": at.cookies["facilitator"]}, trust_env=False, timeout=20
    ).text
    assert [card_id for card_id in [*kept, card["command_id"]] if card_id not in board] == []
    _assert_sound(at)


def _assert_sound(at: Full) -> None:
    """Stopped, copied away while its namespace lives, and verified."""
    copied = at.log.parent / "copied"
    shutil.copytree(at.disk.seen, copied)
    command = [sys.executable, "-m", "workshop.cli", "verify", "--data", str(copied)]
    verdict = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (verdict.returncode, verdict.stderr) == (0, ""), verdict.stdout
    assert at.log.read_text() == ""


def test_a_disk_that_takes_nothing_refuses_with_words_too(at: Full) -> None:
    """As with a failing disk, or a quota: what is written comes back as an error, what is read goes on."""
    pid = at.disk.server.process.pid
    with at.client("facilitator") as phone:
        assert phone.post(at.cards, json=at.card()).status_code == 201
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
        refused = phone.post(at.cards, json=at.card())
        told = refused.json()
        assert (refused.status_code, set(told), told["error"], "Retry-After" in refused.headers) == (507, SHAPE, "DiskFails", True)
        assert told["title"] == "Il computer della sala non riesce a scrivere sul suo disco."
        assert phone.get(f"/tables/{at.ids['here']}").status_code == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert phone.post(at.cards, json=at.card()).status_code == 201
    _assert_sound(at)
