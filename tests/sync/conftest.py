"""Places with a record, on SQLite and on PostgreSQL; the fixtures of this folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders import Room, a_room
from workshop.record.desk import DirectDesk
from workshop.record.peers import PeerLog


@dataclass(slots=True)
class Place:
    """A room or centre without the web, and its record as peers see it."""

    room: Room
    log: PeerLog


@pytest.fixture
def a_place(tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Make places; `url` is empty for SQLite. They are closed after the test."""
    made: list[Room] = []

    def make(url: str = "") -> Place:
        folder = tmp_path / f"place-{len(made)}"
        folder.mkdir()
        room = a_room(folder, url, DirectDesk)
        made.append(room)
        return Place(room, PeerLog(room.store, room.desk))

    yield make
    for room in made:
        room.close()
