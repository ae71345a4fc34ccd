"""A laptop and its centre are killed (-9) in turn while people write and the courier goes: nothing acknowledged is lost or doubled.

Two processes over real sockets, SQLite here and PostgreSQL there. Half a minute; longer with TAVOLI_KILLING (seconds, `make soak`).
"""

import json
import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from bench.room import Prepared, prepare_room
from sync.log import Digest
from tests.faults.test_kill_9 import Writers, _free_port
from tests.support.server import Server, start_server
from tests.sync.test_two_processes import a_code, tavoli, verdict
from workshop.domain.profiles import Profile
from workshop.private.database import open_private
from workshop.private.settings_kept import keep_setting
from workshop.record import tips
from workshop.record.database import open_store
from workshop.record.log import entries_in_order
from workshop.settings import open_folder
from workshop.web.leaving import PROFILE, load_of

SECONDS = float(os.environ.get("TAVOLI_KILLING", "30"))
PHONES = 4
PAUSES = (0.1, 1.5)  # seconds between two kills: in the middle of contacts, and after some


@dataclass
class Killed:
    """A server that is killed and started again on the same port."""

    data: Path
    options: tuple[str, ...]
    environment: dict[str, str]
    port: int = field(default_factory=_free_port)
    times: int = 0

    def __post_init__(self) -> None:
        self.server = self._start()

    def kill(self) -> None:
        self.server.kill()
        self.times += 1
        self.server = self._start()

    def _start(self) -> Server:
        return start_server(self.data, *self.options, port=self.port, environment=self.environment)


class Contacts:
    """The courier of the running laptop is sent again and again, as by the button; how often a contact ended identical, or not."""

    def __init__(self, laptop: Path) -> None:
        self.lock = open_folder(str(laptop)).lock_path
        self.ended: Counter[bool] = Counter()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.stopping.is_set():
            self.ended[self._goes_well()] += 1
            self.stopping.wait(0.05)  # while the laptop is down

    def _goes_well(self) -> bool:
        try:
            told = json.loads(self.lock.read_text())
            answer = httpx.post(
                f"{told['url']}/lead/sync", headers={"X-Local-Key": told["key"]}, json={"url": ""}, trust_env=False, timeout=90
            )
            return answer.is_success and answer.json()["identical"]
        except (OSError, ValueError, httpx.HTTPError):
            return False

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(180)
        assert not self.thread.is_alive()


@pytest.mark.timeout(600 + 2 * SECONDS)
def test_a_laptop_and_a_centre_that_are_killed_in_turn_lose_nothing_and_agree(tmp_path: Path, postgres_url: str) -> None:
    environment = {"DATABASE_URL": postgres_url}
    room = prepare_room(tmp_path / "laptop", PHONES)
    all_cards_travel(room.data)
    centre = Killed(tmp_path / "centre", ("--central", "--try"), environment)
    enrolled = tavoli("enrol", centre.server.url, a_code(centre.server, **environment), "--data", str(room.data))
    assert enrolled.returncode == 0, enrolled.stderr
    laptop = Killed(room.data, (), {})
    writers, contacts = Writers(room, laptop.port), Contacts(room.data)
    writers.start()
    contacts.thread.start()
    kill_in_turn(laptop, centre, writers)
    writers.stop()
    contacts.stop()
    last = tavoli("sync", "--data", str(room.data))
    assert last.stdout.splitlines()[-1].endswith("identical"), last.stdout + last.stderr
    laptop.server.stop()
    centre.server.stop()

    assert verdict(room.data)["entries"] == verdict(centre.data, **environment)["entries"]  # both good
    assert digest_in(open_folder(str(room.data)).record_url, room) == digest_in(postgres_url, room)
    for url in (open_folder(str(room.data)).record_url, postgres_url):
        assert {card: times for card, times in cards_in(url, room).items() if times != 1} == {}
        assert set(writers.acked) <= cards_in(url, room).keys()
    assert min(laptop.times, centre.times) >= 2
    assert writers.resent > 0, "no send was ever interrupted: the test did not test"
    assert contacts.ended[True] > 0, "no contact ever came through"
    assert contacts.ended[False] > 0, "no contact was ever interrupted: the test did not test"


def kill_in_turn(laptop: Killed, centre: Killed, writers: Writers) -> None:
    chance, until = random.Random(20201024), time.monotonic() + SECONDS
    while time.monotonic() < until or min(laptop.times, centre.times) < 2:
        for each in (laptop, centre):
            writers.await_acks(len(writers.acked) + 1)
            threading.Event().wait(chance.uniform(*PAUSES))
            each.kill()


def all_cards_travel(laptop: Path) -> None:
    private = open_private(open_folder(str(laptop)).private_url)
    with private.writer.begin() as connection:
        keep_setting(connection, PROFILE, "contributions")
    private.close()


def digest_in(url: str, room: Prepared) -> Digest:
    """Of every entry, and of the bodies that travel: what single people did stays on the laptop."""
    store = open_store(url)
    with store.readers.connect() as connection:
        found = tips.digest(connection, room.process_id, load_of(Profile.CONTRIBUTIONS))
    store.close()
    return found


def cards_in(url: str, room: Prepared) -> Counter[str]:
    """How often each card is in the record."""
    store = open_store(url)
    with store.readers.connect() as connection:
        found = Counter(e.head.cause for e in entries_in_order(connection, room.process_id) if e.head.kind == "contribution.added/1")
    store.close()
    return found
