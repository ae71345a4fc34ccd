"""A room whose cards are written through the front door, with the program that copies it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import Meeting, Room, a_card, a_facilitator, a_meeting, a_step_open
from workshop.app import Building, build
from workshop.copies.copier import Copier
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.settings import Folder, open_folder


@dataclass(slots=True)
class Copied:
    """A live meeting with a step where cards are written, and its copier, which does nothing by itself."""

    building: Building
    meeting: Meeting
    who: Actor

    @property
    def folder(self) -> Folder:
        return self.building.house.folder

    @property
    def copier(self) -> Copier:
        assert self.building.house.copier
        return self.building.house.copier

    def cards(self, *texts: str) -> None:
        for text in texts:
            a_card(self.meeting, self.who, text=text)


def open_copied(data: Path) -> Copied:
    building = build(open_folder(str(data)), mode="threading")
    house = building.house
    room = Room(house.store, house.private_store, house.desk, FrontDoor(house.desk), Actor(role=Role.LEAD, id=new_id()))
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    return Copied(building, meeting, a_facilitator(meeting))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Copied]:
    opened = open_copied(tmp_path / "data")
    yield opened
    opened.building.close()


def tavoli(*words: str | Path, through: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """The command line, as somebody types it."""
    command = [*through, sys.executable, "-m", "workshop.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
