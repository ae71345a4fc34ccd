"""Registrations from a real centre to a laptop before the day: sealed on the line, kept beside the record, and never in its way."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.attacks.canaries import found, of_folder, unpacked
from tests.support.odd_servers import CuttingProxy, a_cutting_proxy
from tests.support.server import Server, a_server
from tests.sync.test_two_processes import Laptop, a_code, laptop, tavoli
from workshop.copies.making import make_copy, pin
from workshop.domain.ids import new_id
from workshop.domain.registration import Registration
from workshop.private import registrations as kept
from workshop.private.database import open_private
from workshop.private.peers import devices
from workshop.settings import open_folder
from workshop.web.contacts import last_contact

__all__ = ["laptop"]
pytestmark = pytest.mark.timeout(300)
PEOPLE = {"one": "Canarina Aurelia Bertolucci", "contact": "aurelia.canarina@example.org", "two": "Canarino Fosco Giannini"}
LIST = "{one}; {contact}; 1; rampa d'ingresso\n{two}".format(**PEOPLE)
NONE = {"here": 0, "unread": 0, "problem": ""}


@dataclass(slots=True)
class Organiser:
    """At a real centre, with forms alone."""

    client: httpx.Client
    meeting: str

    def pastes(self, text: str = LIST) -> None:
        assert self.client.post(f"/meetings/{self.meeting}/registrations/lines", data={"lines": text}).status_code == 200

    def removes_all(self) -> None:
        assert self.client.post(f"/meetings/{self.meeting}/registrations/remove").status_code == 303


@pytest.fixture
def centre(laptop: Laptop, tmp_path: Path) -> Iterator[Server]:
    """It has what the laptop has, and has enrolled it."""
    with a_server(tmp_path / "centre", "--central", "--try", errors=tmp_path / "log.txt") as server:
        laptop.courier.enrol(server.url, a_code(server))
        assert laptop.courier.run().registrations == NONE
        yield server


@pytest.fixture
def organiser(centre: Server, laptop: Laptop) -> Iterator[Organiser]:
    with httpx.Client(base_url=centre.url, headers={"Origin": centre.url}, trust_env=False, timeout=60) as client:
        client.get(centre.entry, follow_redirects=True)
        yield Organiser(client, laptop.meeting.id)


def people(laptop: Laptop) -> list[Registration]:
    found: list[Registration] = laptop.courier._ask(kept.registrations_of, laptop.meeting.id)
    return found


def names(laptop: Laptop) -> list[str]:
    return [each.name for each in people(laptop)]


def test_who_was_registered_at_the_centre_is_on_the_laptop_after_one_contact(laptop: Laptop, organiser: Organiser) -> None:
    organiser.pastes()
    contact = laptop.courier.run()
    assert (contact.identical, contact.registrations) == (True, {"here": 2, "unread": 0, "problem": ""})
    assert laptop.courier._ask(last_contact).registrations == contact.registrations
    assert [(each.name, each.contact, each.work_table_id, each.needs, each.own) for each in people(laptop)] == [
        (PEOPLE["one"], PEOPLE["contact"], laptop.meeting.table, "rampa d'ingresso", False),
        (PEOPLE["two"], "", "", "", False),
    ]


def test_no_name_stands_on_the_line_in_either_record_or_in_a_log(
    laptop: Laptop, centre: Server, organiser: Organiser, tmp_path: Path
) -> None:
    organiser.pastes()
    with a_cutting_proxy(centre.url) as line:
        laptop.goes_through(line.url)
        assert laptop.courier.run().registrations["here"] == 2
        heard = unpacked(bytes(line.heard))
    assert b"/parcel" in heard
    assert found(PEOPLE, heard) == []
    assert found(PEOPLE, of_folder(laptop.folder) + of_folder(centre.data)) == []
    assert found(PEOPLE, (tmp_path / "log.txt").read_bytes()) == []
    assert found(PEOPLE, b"".join(file.read_bytes() for file in laptop.folder.glob("private.db*"))) == sorted(PEOPLE)


def test_with_the_names_in_the_open_the_line_would_tell(laptop: Laptop, centre: Server, organiser: Organiser) -> None:
    """The check above can fail: a client that says a name is heard."""
    organiser.pastes()
    with a_cutting_proxy(centre.url) as line:
        httpx.post(f"{line.url}/sync/hello", content=PEOPLE["one"].encode(), trust_env=False)
        assert found(PEOPLE, unpacked(bytes(line.heard))) == ["one"]


def test_the_next_contact_brings_changes_and_keeps_who_arrived_and_who_came_to_the_door(laptop: Laptop, organiser: Organiser) -> None:
    organiser.pastes()
    laptop.courier.run()
    first = people(laptop)[0]
    laptop.courier._keep(kept.mark_came, first.id, True)
    door = Registration(id=new_id(), process_id=laptop.meeting.process_id, meeting_id=laptop.meeting.id, name="Alla porta", came=True)
    laptop.courier._keep(kept.add, door)
    organiser.pastes("Zita Neri")
    assert laptop.courier.run().registrations["here"] == 3
    assert [(each.name, each.came) for each in people(laptop)] == [
        ("Alla porta", True),
        (PEOPLE["one"], True),
        (PEOPLE["two"], False),
        ("Zita Neri", False),
    ]
    organiser.removes_all()
    assert laptop.courier.run().registrations == NONE
    assert names(laptop) == ["Alla porta"]


def test_names_that_the_lead_removed_do_not_come_back_with_the_next_contact(laptop: Laptop, organiser: Organiser) -> None:
    organiser.pastes()
    laptop.courier.run()
    laptop.courier.desk.submit(lambda writer: kept.remove_all(writer.private, laptop.meeting.id, keep_out=True))
    assert laptop.courier.run().registrations == NONE
    assert names(laptop) == []


def test_a_computer_that_was_shut_out_keeps_what_it_had_and_gets_nothing_more(laptop: Laptop, centre: Server, organiser: Organiser) -> None:
    organiser.pastes()
    laptop.courier.run()
    organiser.pastes("Zita Neri")
    there = open_private(open_folder(str(centre.data)).private_url)
    with there.readers.connect() as connection:
        [device] = devices(connection)
    there.close()
    assert organiser.client.post(f"/devices/{device.id}/revoke").status_code == 303
    assert laptop.courier.run().registrations in ({}, {"here": 0, "unread": 0, "problem": "NotEnrolledAnyMore"})
    assert names(laptop) == [PEOPLE["one"], PEOPLE["two"]]


def test_a_line_cut_at_any_place_leaves_the_names_that_were_here(laptop: Laptop, centre: Server, organiser: Organiser) -> None:
    organiser.pastes()
    laptop.courier.run()
    organiser.pastes("Zita Neri")
    before, after, chance = names(laptop), sorted([*names(laptop), "Zita Neri"]), random.Random(20201024)
    with a_cutting_proxy(centre.url) as line:
        laptop.goes_through(line.url)
        seen = [_names_after_a_cut(laptop, line, chance.randint(1, 6_000)) for _ in range(25)]
        line.cut_after = None
        assert laptop.courier.run().registrations["here"] == 3
    assert all(found in (before, after) for found in seen)
    assert names(laptop) == after


def _names_after_a_cut(laptop: Laptop, line: CuttingProxy, after: int) -> list[str]:
    line.cut_after = after
    laptop.courier.run()
    return names(laptop)


@contextmanager
def a_liar(centre: Server, sort: str) -> Iterator[str]:
    """Passes everything on to the centre, and answers itself when it is asked for a parcel."""

    class Passes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._tell(sort, b'{"parcel": 1}') if self.path.endswith("/parcel") else self._pass_on(body)

        def do_GET(self) -> None:
            self._pass_on(b"")

        def log_message(self, *_: object) -> None:
            return

        def _pass_on(self, body: bytes) -> None:
            told = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
            answer = httpx.request(self.command, centre.url + self.path, content=body, headers=told, trust_env=False, timeout=60)
            self._tell(answer.headers["content-type"], answer.content)

        def _tell(self, sort: str, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", sort)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with ThreadingHTTPServer(("127.0.0.1", 0), Passes) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


@pytest.mark.parametrize("sort", ["application/octet-stream", "application/json"])
def test_an_answer_that_is_no_parcel_leaves_the_contact_and_the_names_as_they_were(
    laptop: Laptop, centre: Server, organiser: Organiser, sort: str
) -> None:
    """A centre that is not what it was: its answers to everything else are right."""
    organiser.pastes()
    laptop.courier.run()
    with a_liar(centre, sort) as url:
        laptop.goes_through(url)
        contact = laptop.courier.run()
    assert (contact.identical, contact.problem, contact.registrations["problem"]) == (True, "", "ParcelNotUsable")
    assert names(laptop) == [PEOPLE["one"], PEOPLE["two"]]


def test_a_copy_of_the_laptop_holds_them(laptop: Laptop, organiser: Organiser, tmp_path: Path) -> None:
    organiser.pastes()
    laptop.courier.run()
    folder = open_folder(str(laptop.folder))
    moment = laptop.courier.desk.submit(lambda _writer: pin(folder))
    copy = make_copy(folder, tmp_path / "stick", moment)
    moment.close()
    restored = tavoli("restore", str(copy.path), "--data", str(tmp_path / "new"))
    assert restored.returncode == 0, restored.stderr
    store = open_private(open_folder(str(tmp_path / "new")).private_url)
    with store.readers.connect() as connection:
        assert [each.name for each in kept.registrations_of(connection, laptop.meeting.id)] == names(laptop)
    store.close()
