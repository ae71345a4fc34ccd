"""The central record as the lead sees it: what exists only on this computer, and which centre it is sent to."""

from dataclasses import dataclass

from workshop.private.peers import Centre, seen, the_centre
from workshop.record.log import scopes
from workshop.record.tips import count_beyond
from workshop.web.house import house


@dataclass(frozen=True, slots=True)
class Link:
    """`only_here`: entries that no other computer said it has."""

    only_here: int
    centre: Centre | None


def the_link() -> Link:
    with house().reading() as connection, house().reading_private() as private:
        waiting = sum(count_beyond(connection, scope, seen(private, scope)) for scope in scopes(connection))
        return Link(waiting, the_centre(private))
