"""What a peer said it has of a few things: so that a person can read whether their own words have arrived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from sync.log import Tip
from workshop.record.log import entry_table

_e: Final = entry_table.c
_ABOUT: Final = select(_e.about, _e.kind, _e.stream, _e.n).where(
    _e.about.in_(bindparam("ids", expanding=True)), _e.kind.in_(bindparam("kinds", expanding=True)), _e.scope == bindparam("scope")
)
_UP_TO: Final = select(func.count(), func.max(_e.n)).where(
    _e.scope == bindparam("scope"), _e.stream == bindparam("stream"), _e.n <= bindparam("n")
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """`kinds` of the entries about a thing; `arrived`: the peer has all of them, at least their heads."""

    kinds: frozenset[str]
    arrived: bool


def arrivals(
    connection: Connection, scope: str, peer: Mapping[str, tuple[Tip, ...]], ids: Iterable[str], kinds: Iterable[str]
) -> dict[str, Arrival]:
    """Thing id -> whether its entries of these kinds are covered by the peer's tips. A stream with branches counts as not covered."""
    told: dict[str, list[tuple[str, str, int]]] = {}
    for row in connection.execute(_ABOUT, {"ids": list(ids), "kinds": list(kinds), "scope": scope}):
        told.setdefault(row.about, []).append((row.kind, row.stream, row.n))
    reached = {stream: _reached(connection, scope, stream, peer.get(stream, ())) for entries in told.values() for _, stream, _ in entries}
    return {
        thing_id: Arrival(frozenset(kind for kind, _, _ in entries), all(n <= reached[stream] for _, stream, n in entries))
        for thing_id, entries in told.items()
    }


def _reached(connection: Connection, scope: str, stream: str, tips: tuple[Tip, ...]) -> int:
    """Up to which n the peer has this stream as it is here; 0 when it cannot be told from one tip."""
    if len(tips) != 1:
        return 0
    count, last = connection.execute(_UP_TO, {"scope": scope, "stream": stream, "n": tips[0].n}).one()
    return tips[0].n if count == last else 0
