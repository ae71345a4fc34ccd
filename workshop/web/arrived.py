"""Where words are, as one person reads it on their phone: on the workshop computer, or in the central record."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from workshop.domain.profiles import TRAVELS, Profile
from workshop.private.peers import seen_by_each, the_centre
from workshop.record.queries.arrivals import Arrival, arrivals

OF_A_CARD: Final = ("contribution.added/1", "contribution.corrected/1", "contribution.redacted/1", "contribution.withdrawn/1")
OF_A_SYNTHESIS: Final = ("synthesis.validated/1", "synthesis.rectified/1")


class Where(StrEnum):
    """CODE: the central record knows that there is such a card; its words stay here on purpose."""

    HERE = "here"
    CODE = "code"
    CENTRAL = "central"


def where_they_are(
    record: Connection, private: Connection, process_id: str, ids: Iterable[str], kinds: Iterable[str] = OF_A_CARD
) -> dict[str, Where]:
    """As the centre said at the last contact; without a centre everything is here."""
    wanted = list(ids)
    centre = the_centre(private)
    there = seen_by_each(private, process_id).get(centre.id) if centre else None
    if there is None or not wanted:
        return dict.fromkeys(wanted, Where.HERE)
    bodies = TRAVELS[Profile(there.carried)] if there.carried else frozenset()
    found = arrivals(record, process_id, there.tips.streams, wanted, kinds)
    return {thing_id: _where(found.get(thing_id), bodies) for thing_id in wanted}


def _where(arrival: Arrival | None, bodies: frozenset[str]) -> Where:
    if arrival is None or not arrival.arrived:
        return Where.HERE
    return Where.CENTRAL if arrival.kinds <= bodies else Where.CODE
