"""A running program with one table, its staff signed in, and two sorts of hands on it: HTTP and the front door."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import Meeting, Room, a_meeting
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.private.staff import invite, make_lead
from workshop.private.tokens import issue_token
from workshop.settings import open_folder


@dataclass(slots=True)
class Place:
    """`meeting` has two tables; staff serve the first one."""

    building: Building
    room: Room
    meeting: Meeting

    def someone(self, role: Role, *tables: str) -> tuple[Actor, str]:
        """A member of the staff and the token that signs them in."""
        home = self.building.house
        where = frozenset(tables or {self.meeting.table})
        if role in {Role.LEAD, Role.ORGANISER}:
            staff_id, where = home.keep_private(make_lead, role, "sole-mare"), frozenset()
        else:
            staff_id = home.keep_private(invite, role, "Prova", self.meeting.id, where).staff_id
        token = home.keep_private(issue_token, role, staff_id, self.meeting.id)
        return Actor(role=role, id=staff_id, meeting_id=self.meeting.id, tables=where), token

    def browser_of(self, token: str = "") -> "Browser":
        client = self.building.app.test_client()
        if token:
            client.set_cookie(f"{self.building.house.cookie}_s", token)
        return Browser(client)

    def close(self) -> None:
        self.building.close()


@dataclass(slots=True)
class Browser:
    """A browser without JavaScript."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"Accept-Language": "en"})

    def post(self, path: str, **fields: Any) -> TestResponse:
        told = {"command_id": new_id(), **fields}
        return self.client.post(path, data=told, headers={"Origin": "http://localhost", "Accept-Language": "en"})


def a_place(folder: Path, place: Literal["room", "central"] = "room", tables: int = 2) -> Place:
    building = build(open_folder(str(folder)), place=place, mode="threading", hosts=lambda: {"localhost"})
    home = building.house
    lead = Actor(role=Role.LEAD, id=new_id())
    room = Room(home.store, home.private_store, home.desk, FrontDoor(home.desk), lead)
    return Place(building, room, a_meeting(room, tables=tables))
