"""The same suite on both databases: SQLite as in the room, PostgreSQL as at the centre.

Every test has a process of its own, so on PostgreSQL they share one database; what looks at a whole database asks for `own_room`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Meeting, Room, a_meeting, a_room
from tests.support import postgres

BOTH = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_cluster: postgres.Cluster) -> Iterator[str]:
    with postgres.fresh_database(postgres_cluster) as url:
        yield url


@pytest.fixture(params=BOTH)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A room, running."""
    url = request.getfixturevalue("shared_postgres_url") if request.param == "postgresql" else ""
    running = a_room(tmp_path, url)
    yield running
    running.close()


@pytest.fixture(params=BOTH)
def own_room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A room with a database of its own."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    running = a_room(tmp_path, url)
    yield running
    running.close()


@pytest.fixture
def meeting(room: Room) -> Meeting:
    """Live, with one table."""
    return a_meeting(room)
