"""The courier goes by itself: when there is something new and a centre, not without; after failures less often; never twice at once."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from tests.builders import Room, a_card, a_meeting, a_participant, a_step_open
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.private.peers import make_code
from workshop.private.settings_kept import keep_setting
from workshop.record.log import count_entries
from workshop.settings import open_folder
from workshop.web.contacts import last_contact
from workshop.web.courier import Courier
from workshop.web.leaving import PROFILE, only_here
from workshop.web.rounds import LOOK_AROUND, SETTING, Rounds


class Rig:
    """A laptop, a centre on a real socket that can go away, and how often the courier went."""

    def __init__(self, folder: Path) -> None:
        hosts: set[str] = set()
        self.centre: Building = build(open_folder(str(folder / "centre")), "central", "threading", hosts=lambda: hosts, trial=True)
        self.server = make_server("127.0.0.1", 0, self.centre.app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        hosts.add(f"127.0.0.1:{self.server.server_port}")
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.laptop: Building = build(open_folder(str(folder / "laptop")), "room", "threading")
        home = self.laptop.house
        self.courier = Courier(home.folder, home.store, home.private_store, home.desk)
        self.rounds = Rounds(lambda: self.courier)
        room = Room(home.store, home.private_store, home.desk, FrontDoor(home.desk), Actor(role=Role.LEAD, id=new_id()))
        self.meeting = a_meeting(room)
        a_step_open(self.meeting, "scrivi")
        self.guest = a_participant(self.meeting)

    def enrol(self) -> None:
        self.courier.enrol(self.url, self.centre.house.keep_private(make_code, int(time.time())))

    def at_centre(self) -> int:
        return int(self.centre.house.ask(count_entries))

    def left(self) -> int:
        with self.laptop.house.reading() as record, self.laptop.house.reading_private() as private:
            return only_here(record, private)

    def cut(self) -> None:
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join(5)
            self.server.server_close()

    def close(self) -> None:
        self.cut()
        self.laptop.close()
        self.centre.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def test_without_a_centre_it_stays_at_home(rig: Rig) -> None:
    rig.rounds.look()
    assert rig.laptop.house.ask_private(last_contact) is None


def test_what_is_new_goes_by_itself_and_the_count_comes_to_zero(rig: Rig) -> None:
    rig.enrol()
    rig.laptop.house.keep_private(keep_setting, PROFILE, "contributions")
    assert rig.left() > 0
    rig.rounds.look()
    assert rig.left() == 0
    before = rig.at_centre()
    a_card(rig.meeting, rig.guest)
    assert rig.left() == 1
    rig.rounds.look()
    assert (rig.left(), rig.at_centre()) == (0, before + 1)


def test_when_the_lead_says_so_it_does_not_go(rig: Rig) -> None:
    rig.enrol()
    rig.laptop.house.keep_private(keep_setting, SETTING, "no")
    rig.rounds.look()
    assert rig.at_centre() == 0


def test_with_nothing_new_it_asks_now_and_then(rig: Rig) -> None:
    rig.enrol()
    rig.rounds.look()
    first = rig.laptop.house.ask_private(last_contact)
    rig.laptop.house.keep_private(keep_setting, "last_contact", "")
    for _ in range(LOOK_AROUND):
        rig.rounds.look()
        assert rig.laptop.house.ask_private(last_contact) is None
    rig.rounds.look()
    assert rig.laptop.house.ask_private(last_contact).identical == first.identical


def test_a_centre_that_went_away_is_tried_less_and_less_and_found_again(rig: Rig) -> None:
    rig.enrol()
    rig.cut()
    tried = 0
    for _ in range(20):
        rig.laptop.house.keep_private(keep_setting, "last_contact", "")
        rig.rounds.look()
        tried += rig.laptop.house.ask_private(last_contact) is not None
    assert 4 <= tried <= 6
    assert rig.left() > 0


def test_on_another_network_it_is_tried_at_once(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that was carried home, where the internet is."""
    network = ["192.168.8.2"]
    monkeypatch.setattr("workshop.web.rounds.lan_addresses", lambda: network)
    rig.enrol()
    rig.cut()
    for _ in range(4):
        rig.rounds.look()
    rig.laptop.house.keep_private(keep_setting, "last_contact", "")
    rig.rounds.look()
    assert rig.laptop.house.ask_private(last_contact) is None, "this look is left out"
    network[:] = ["10.0.0.7"]
    rig.rounds.look()
    assert rig.laptop.house.ask_private(last_contact).problem


def test_the_thread_goes_and_stops(rig: Rig) -> None:
    rig.enrol()
    rounds, wait = Rounds(lambda: rig.courier, every=0.02), threading.Event()
    rounds.start()
    while rig.left():
        wait.wait(0.02)
    rounds.stop()
    assert rig.at_centre() > 0
