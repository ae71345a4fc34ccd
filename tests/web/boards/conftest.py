"""A table with its staff at the door: the program in this process, or a real server on a folder that was filled before."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Meeting, Room, a_card, a_meeting, a_step_open
from tests.support.server import Server, a_server
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.contribution import Channel, Kind
from workshop.domain.people import Actor, Role
from workshop.private.staff import invite, make_lead
from workshop.private.tokens import issue_token
from workshop.settings import open_folder

ORIGIN = {"Origin": "http://localhost"}


@dataclass(slots=True)
class Desk:
    """One member of the staff at a browser without scripts."""

    client: Any
    actor: Actor
    token: str

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, data=fields, headers=ORIGIN)


@dataclass(slots=True)
class Place:
    """The program in this process, with one live meeting of two tables."""

    building: Building
    meeting: Meeting

    def staff(self, role: Role = Role.FACILITATOR, table: str = "") -> Desk:
        """Signed in at the first table, or at the one named."""
        house, tables = self.building.house, frozenset({table or self.meeting.table})
        invited = house.keep_private(invite, role, "", self.meeting.id, tables)
        return self._desk(Actor(role=role, id=invited.staff_id, meeting_id=self.meeting.id, tables=tables))

    def lead(self) -> Desk:
        who = self.building.house.keep_private(make_lead, Role.LEAD, "una-frase-segreta")
        return self._desk(Actor(role=Role.LEAD, id=who))

    def nobody(self) -> Any:
        return self.building.app.test_client()

    def _desk(self, actor: Actor) -> Desk:
        house, client = self.building.house, self.building.app.test_client()
        token = house.keep_private(issue_token, actor.role, actor.id, actor.meeting_id)
        client.set_cookie(f"{house.cookie}_s", token)
        return Desk(client, actor, token)


def open_place(folder: Path) -> Place:
    building = build(open_folder(str(folder)), mode="threading", hosts=lambda: {"localhost"})
    house = building.house
    house.address = "192.168.8.10:8080"
    lead = Actor(role=Role.LEAD, id="0" * 32)
    room = Room(house.store, house.private_store, house.desk, FrontDoor(house.desk), lead)
    return Place(building, a_meeting(room, tables=2))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = open_place(tmp_path)
    yield opened
    opened.building.close()


@pytest.fixture
def facilitator(place: Place) -> Desk:
    return place.staff()


@pytest.fixture
def cards(place: Place, facilitator: Desk) -> list[str]:
    """Three cards at the first table, where people are now grouping."""
    a_step_open(place.meeting, "scrivi")
    texts = ("Fasciatoi anche nei bagni degli uomini", "Senza autobus la sera si resta a casa", "Un posto al chiuso quando piove")
    found = [a_card(place.meeting, facilitator.actor, text, channel=Channel.SCRIBE, kind=Kind.NEED) for text in texts]
    a_step_open(place.meeting, "nuvole")
    return found


Fill = Callable[[Place], Any]


@dataclass(slots=True)
class Served:
    """A real server, who is signed in there, and what was filled in."""

    server: Server
    cookie: str
    meeting: Meeting
    desks: list[Desk]
    filled: Any

    def page(self, browser: Any, desk: int = 0, path: str = "", **options: Any) -> Any:
        """The board (or another page) in a window of its own, in Italian."""
        context = browser.new_context(locale="it-IT", **{"viewport": {"width": 1366, "height": 768}, **options})
        context.add_cookies([{"name": f"{self.cookie}_s", "value": self.desks[desk].token, "url": self.server.url}])
        page = context.new_page()
        page.goto(f"{self.server.url}{path or '/tables/' + self.meeting.table}")
        return page


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[Fill], Served]]:
    """`served(fill)`: the folder is filled in this process, then served by a real one."""
    running = []

    def serve(fill: Fill) -> Served:
        opened = open_place(tmp_path)
        desks = [opened.staff(), opened.staff(Role.SCRIBE), opened.lead()]
        filled = fill(opened)
        cookie = opened.building.house.cookie
        opened.building.close()
        manager = a_server(tmp_path)
        running.append(manager)
        return Served(manager.__enter__(), cookie, opened.meeting, desks, filled)

    yield serve
    for manager in running:
        manager.__exit__(None, None, None)
