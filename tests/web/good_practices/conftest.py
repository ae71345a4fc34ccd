"""The lead's and the tables' pages of good practices and local resources, in the room and at the centre."""

from tests.web.lead.conftest import central, room, unsigned

__all__ = ["central", "room", "unsigned"]
