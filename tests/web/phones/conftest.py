"""A room with phones: the program in this process, one live meeting, and people who come in through the door."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.builders import Meeting, Room, a_meeting
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.record.queries.tables import the_table
from workshop.settings import open_folder


@dataclass(slots=True)
class Phone:
    """One browser without scripts."""

    client: Any

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def page(self, path: str) -> str:
        """The page where this path ends, in English."""
        answer = self.client.get(path, follow_redirects=True, headers={"Accept-Language": "en"})
        return str(answer.get_data(as_text=True))

    def post(self, path: str, **fields: Any) -> Any:
        told = {name.replace("__", "."): value for name, value in fields.items()}
        return self.client.post(path, data=told, headers={"Origin": "http://localhost", "Accept-Language": "en"})

    def send(self, path: str, body: Any) -> Any:
        """As the outbox does."""
        headers = {"Origin": "http://localhost", "Accept": "application/json", "Accept-Language": "en"}
        if isinstance(body, str | bytes):
            return self.client.post(path, data=body, content_type="application/json", headers=headers)
        return self.client.post(path, json=body, headers=headers)


@dataclass(slots=True)
class RoomWithPhones:
    """`url` only while it is served to real browsers."""

    building: Building
    meeting: Meeting
    hosts: set[str] = field(default_factory=set)
    url: str = ""

    def phone(self) -> Phone:
        return Phone(self.building.app.test_client())

    def code_of(self, table: str) -> str:
        return self.meeting.ask(the_table, table).join_code

    def someone(self, table: str = "", **fields: Any) -> Phone:
        """A phone that came in by the code of the table."""
        phone, where = self.phone(), table or self.meeting.table
        told = {"meeting_id": self.meeting.id, "work_table_id": where, "category": "family", "language": "it", "nickname": "", **fields}
        assert phone.post("/join", **{"command_id": new_id(), **told}).status_code == 303
        return phone

    def actor_of(self, phone: Phone) -> Actor:
        """Who the phone is, as the rules see them."""
        who = re.search(r'data-who="(\w+)"', phone.page("/mine"))
        assert who
        table = re.search(r'data-topic="table:(\w+)"', phone.page("/mine"))
        assert table
        return Actor(role=Role.PARTICIPANT, id=who[1], meeting_id=self.meeting.id, tables=frozenset({table[1]}))


def open_room(folder: Path, tables: int = 2, **meeting: Any) -> RoomWithPhones:
    hosts = {"localhost"}
    building = build(open_folder(str(folder)), mode="threading", hosts=lambda: hosts)
    house = building.house
    lead = Actor(role=Role.LEAD, id=new_id())
    room = Room(house.store, house.private_store, house.desk, FrontDoor(house.desk), lead)
    return RoomWithPhones(building, a_meeting(room, tables=tables, **meeting), hosts)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[RoomWithPhones]:
    opened = open_room(tmp_path)
    yield opened
    opened.building.close()


@pytest.fixture
def served(room: RoomWithPhones) -> Iterator[RoomWithPhones]:
    """The same room, served to real browsers, while the test goes on changing it."""
    server = make_server("127.0.0.1", 0, room.building.app, threaded=True)
    room.hosts.add(f"127.0.0.1:{server.server_port}")
    room.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield room
    server.shutdown()
    thread.join(5)
