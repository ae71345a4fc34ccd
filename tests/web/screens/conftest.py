"""A room's screen: the program in this process with one live meeting, or a real server with the demonstration."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.builders import Meeting, Room, a_facilitator, a_meeting
from tests.support.server import Server, a_server
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.domain.screen import TurnScreen
from workshop.settings import open_folder


@dataclass(slots=True)
class Place:
    """The program in this process; `meeting` has two tables."""

    building: Building
    meeting: Meeting

    def turn(self, view: str, table: str = "") -> None:
        self.meeting.do(TurnScreen, self.meeting.lead, meeting_id=self.meeting.id, view=view, work_table_id=table)

    def get(self, path: str = "") -> Any:
        """What somebody sees who never signed in, in English."""
        return self.building.app.test_client().get(path or f"/screen/{self.meeting.id}", headers={"Accept-Language": "en"})

    def sees(self, view: str, table: str = "") -> str:
        self.turn(view, table)
        answer = self.get()
        assert answer.status_code == 200
        return str(answer.text)

    @property
    def facilitator(self) -> Actor:
        return a_facilitator(self.meeting)


def open_place(folder: Path, pack: str = "tavoli-metaplan", tables: int = 2) -> Place:
    building = build(open_folder(str(folder)), mode="threading", hosts=lambda: {"localhost"})
    building.house.address = "192.168.8.10:8080"
    house = building.house
    lead = Actor(role=Role.LEAD, id=new_id())
    room = Room(house.store, house.private_store, house.desk, FrontDoor(house.desk), lead)
    return Place(building, a_meeting(room, tables=tables, pack=pack))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    opened = open_place(tmp_path)
    yield opened
    opened.building.close()


@pytest.fixture
def lucca(tmp_path: Path) -> Iterator[Place]:
    """With the running sheet of the laboratory, where proposals are revealed live."""
    opened = open_place(tmp_path, "lucca-in-famiglia")
    yield opened
    opened.building.close()


@dataclass(slots=True)
class Served:
    """A real server; the lead turns its screen from another window."""

    server: Server
    meeting_id: str
    process_id: str
    tables: dict[int, str]
    lead: httpx.Client

    @property
    def path(self) -> str:
        return f"{self.server.url}/screen/{self.meeting_id}"

    def turn(self, view: str, table: int = 0) -> None:
        fields = {"view": view, "work_table_id": self.tables.get(table, ""), "command_id": new_id()}
        answer = self.lead.post(f"/lead/meetings/{self.meeting_id}/screen", data=fields, headers={"Origin": self.server.url})
        assert answer.status_code == 303

    def page(self, browser: Any, **options: Any) -> Any:
        page = browser.new_context(locale="it-IT", **{"viewport": {"width": 1920, "height": 1080}, **options}).new_page()
        page.goto(self.path)
        return page


def serve(server: Server, meeting_id: str, process_id: str, tables: dict[int, str]) -> Served:
    lead = httpx.Client(base_url=server.url, follow_redirects=False)
    lead.get(server.entry)
    return Served(server, meeting_id, process_id, tables, lead)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration on a real server."""
    from workshop.demo import load_into_folder
    from workshop.private.database import open_private
    from workshop.private.settings_kept import keep_setting
    from workshop.record.database import open_store
    from workshop.record.queries.processes import live_meetings
    from workshop.record.queries.tables import tables_of

    folder = tmp_path_factory.mktemp("screens")
    load_into_folder(str(folder))
    store, private = open_store(f"sqlite:///{folder}/record.db"), open_private(f"sqlite:///{folder}/private.db")
    with store.readers.connect() as connection:
        [meeting] = live_meetings(connection)
        tables = {table.number: table.id for table in tables_of(connection, meeting.id)}
    with private.writer.begin() as connection:
        keep_setting(connection, "wifi_name", "Tavoli-Lucca")
        keep_setting(connection, "wifi_password", "noci-mura-24")
    store.close()
    private.close()
    with a_server(folder) as server:
        yield serve(server, meeting.id, meeting.process_id, tables)


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Served]:
    """A real server with a meeting that has the longest of everything."""
    from tests.web.screens.longest import fill

    opened = open_place(tmp_path, tables=2)
    meeting = opened.meeting
    fill(meeting)
    opened.building.close()
    with a_server(tmp_path) as server:
        yield serve(server, meeting.id, meeting.process_id, {1: meeting.tables[0], 2: meeting.tables[1]})
