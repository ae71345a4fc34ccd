"""Everything here goes through the front door, on both databases."""

from tests.record.conftest import meeting, own_room, room, shared_postgres_url

__all__ = ["meeting", "own_room", "room", "shared_postgres_url"]
