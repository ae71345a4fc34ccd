"""The same suite on both databases: SQLite as in the room, PostgreSQL as at the centre."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Meeting, Room, a_meeting, a_room


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A room of its own, running."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    running = a_room(tmp_path, url)
    yield running
    running.close()


@pytest.fixture
def meeting(room: Room) -> Meeting:
    """Live, with one table."""
    return a_meeting(room)
