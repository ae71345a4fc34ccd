"""What the log has and what a peer lacks, in SQL: tips of streams, entries beyond a peer's tips, digest. Nothing is remembered."""

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, or_, select, true, tuple_

from sync.entry import Entry
from sync.log import ENTRIES_MOST, EVERYTHING, START, WITHHELD_MOST, Digest, Load, Place, Tip, Tips, digest_of, fitting
from workshop.record.erasing import anything_erased, gone
from workshop.record.log import WAITING, entry_of, entry_table, held_table, in_batches, sealed_table

PAGE: Final = 1_000  # light rows read at once
BRANCHES: Final = 200  # conditions in one statement
Missing: TypeAlias = "dict[str, int | frozenset[str]]"  # stream -> what comes after this n; of a stream with branches: these hashes
_e: Final = entry_table.c


@dataclass(frozen=True, slots=True)
class _Shape:
    """A stream as it is here."""

    n: int  # how many entries
    branches: tuple[Tip, ...]
    is_forked: bool


def tips(connection: Connection, scope: str, load: Load = EVERYTHING) -> Tips:
    lacking = select(_e.hash).where(_e.scope == scope, _e.body.is_(None), _carried(load))
    if anything_erased(connection):
        lacking = lacking.where(_e.hash.not_in(gone()))
    withheld = frozenset(connection.execute(lacking.order_by(_e.lamport, _e.hash).limit(WITHHELD_MOST)).scalars())
    streams = {stream: shape.branches for stream, shape in _shapes(connection, scope).items()}
    return Tips(streams, withheld, _unsigned(connection, scope, streams))


def missing(connection: Connection, scope: str, peer: Tips) -> Missing:
    """What a peer with these tips lacks. A tip that is not known here counts for nothing; a known one stands for all before it."""
    shapes = _shapes(connection, scope)
    known = _known(connection, scope, (tip.hash for branches in peer.streams.values() for tip in branches))
    found: Missing = {}
    for stream, shape in shapes.items():
        theirs = {tip for tip in peer.streams.get(stream, ()) if known.get(tip.hash) == (stream, tip.n)}
        if theirs >= set(shape.branches):
            continue
        found[stream] = _off_the_chains(connection, scope, stream, theirs) if shape.is_forked else max((t.n for t in theirs), default=0)
    return found


def count_beyond(connection: Connection, scope: str, peer: Tips, load: Load = EVERYTHING, *, with_body: bool = False) -> int:
    """How many entries of kinds that the load carries come after these tips; `with_body`: of those whose body is here."""
    parts = missing(connection, scope, peer)
    later = [(_e.stream == stream) & (_e.n > part) for stream, part in parts.items() if isinstance(part, int)]
    apart = [entry_hash for part in parts.values() if isinstance(part, frozenset) for entry_hash in part]
    chosen = [or_(*some) for some in in_batches(later, BRANCHES)] + [_e.hash.in_(some) for some in in_batches(apart)]
    wanted = _carried(load) & _e.body.is_not(None) if with_body else _carried(load)
    return sum(_count(connection, scope, some & wanted) for some in chosen)


def count_carried(connection: Connection, scope: str, load: Load) -> int:
    """How many bodies there are of kinds that the load carries."""
    return _count(connection, scope, _carried(load)) - _count(connection, scope, _e.body.is_(None) & _carried(load))


def entries_beyond(
    connection: Connection, scope: str, peer: Tips, limit: int = ENTRIES_MOST, after: Place = START, load: Load = EVERYTHING
) -> list[Entry]:
    """See sync.log.Log: entries the peer lacks, and bodies it would take, by place."""
    parts = missing(connection, scope, peer)
    start = max(after, _start(connection, scope, parts))
    places = heapq.merge(_lacking(connection, scope, parts, start), _bodies_for(connection, scope, peer.withheld, after, load))
    once = (place for place, _ in groupby(places))  # sorted, and read no further than the batch goes
    chosen = list(islice(once, min(limit, ENTRIES_MOST)))
    return fitting(_entries_at(connection, chosen, load), limit)


def digest(connection: Connection, scope: str, load: Load = EVERYTHING) -> Digest:
    without = select(_e.hash).where(_e.scope == scope, _e.body.is_(None)).order_by(_e.lamport, _e.hash)
    bare = set(_split(connection.execute(select(_joined(without.subquery().c.hash))).scalar()))
    if load.sealed:
        bare -= _sealed(connection, scope, load)
    there: list[str] = []
    stays: list[str] = []
    for kind, hashes in _by_kind(connection, scope):
        (there if load.carries(kind) or kind in load.sealed else stays).extend(hashes)
    if not bare:
        return digest_of(there, stays)
    return digest_of((each for each in there if each not in bare), (*stays, *bare.intersection(there)))


def _by_kind(connection: Connection, scope: str) -> Iterator[tuple[str, list[str]]]:
    chosen = select(_e.kind, _joined(_e.hash)).where(_e.scope == scope).group_by(_e.kind)
    return ((kind, _split(hashes)) for kind, hashes in connection.execute(chosen))


def _joined(hashes: ColumnElement[str]) -> ColumnElement[str]:
    """As one text: a row for each of 20,000 hashes takes three times as long, and wakes the collector of garbage."""
    return func.aggregate_strings(hashes, " ")


def _split(hashes: str | None) -> list[str]:
    return hashes.split() if hashes else []


def _sealed(connection: Connection, scope: str, load: Load) -> frozenset[str]:
    chosen = select(sealed_table.c.hash).where(sealed_table.c.scope == scope, sealed_table.c.reader == load.reader)
    return frozenset(connection.execute(chosen).scalars())


def _carried(load: Load) -> ColumnElement[bool]:
    named = true() if load.kinds is None else _e.kind.in_(sorted(load.kinds))
    return named & _e.kind.not_in(sorted(load.but)) if load.but else named


def _count(connection: Connection, scope: str, chosen: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(entry_table).where(_e.scope == scope, chosen)).scalar_one()


def _unsigned(connection: Connection, scope: str, streams: Mapping[str, tuple[Tip, ...]]) -> frozenset[str]:
    """Tips that are held for want of a signature: what is not covered is always the end of a branch."""
    ends = {tip.hash for branches in streams.values() for tip in branches}
    waiting = select(held_table.c.hash).where(held_table.c.scope == scope, held_table.c.reason.in_(WAITING))
    return frozenset(islice((found for found in connection.execute(waiting).scalars() if found in ends), WITHHELD_MOST))


def _shapes(connection: Connection, scope: str) -> dict[str, _Shape]:
    """Every stream of the scope. As no gap is ever stored, more entries than the highest n means branches."""
    tops = select(_e.stream, func.max(_e.n).label("n"), func.count().label("count")).where(_e.scope == scope).group_by(_e.stream).subquery()
    is_last = (_e.scope == scope) & (_e.stream == tops.c.stream) & (_e.n == tops.c.n)
    last = select(func.min(_e.hash)).where(is_last).scalar_subquery()  # not joined: SQLite would read every entry
    return {
        stream: _Shape(n, (Tip(n, tip),), False) if count == n else _forked(connection, scope, stream)
        for stream, n, count, tip in connection.execute(select(tops, last)).all()
    }


def _forked(connection: Connection, scope: str, stream: str) -> _Shape:
    chain = _chain(connection, scope, stream)
    followed = {prev for _, prev in chain.values()}
    branches = sorted(Tip(n, entry_hash) for entry_hash, (n, _) in chain.items() if entry_hash not in followed)
    return _Shape(len(chain), tuple(branches), True)


def _chain(connection: Connection, scope: str, stream: str) -> dict[str, tuple[int, str]]:
    """hash -> (n, hash of the one before)."""
    chosen = select(_e.hash, _e.n, _e.head).where(_e.scope == scope, _e.stream == stream)
    return {row.hash: (row.n, json.loads(bytes(row.head))["prev"]) for row in connection.execute(chosen)}


def _off_the_chains(connection: Connection, scope: str, stream: str, theirs: Iterable[Tip]) -> frozenset[str]:
    """Entries of a stream with branches that come before none of these tips."""
    chain = _chain(connection, scope, stream)
    covered: set[str] = set()
    for tip in theirs:
        step = tip.hash
        while step and step not in covered:
            covered.add(step)
            step = chain[step][1]
    return frozenset(chain.keys() - covered)


def _known(connection: Connection, scope: str, hashes: Iterable[str]) -> dict[str, tuple[str, int]]:
    """hash -> (stream, n) of those that are here. Asked by the key alone: with the scope, SQLite reads an index of it from end to end."""
    found: dict[str, tuple[str, int]] = {}
    for some in in_batches(hashes):
        rows = connection.execute(select(_e.hash, _e.stream, _e.n, _e.scope).where(_e.hash.in_(some)))
        found.update({row.hash: (row.stream, row.n) for row in rows if row.scope == scope})
    return found


def _start(connection: Connection, scope: str, parts: Missing) -> Place:
    """Just before the first entry that may be lacking, so that a long log is not read from its beginning."""
    nexts = [(stream, part + 1) for stream, part in parts.items() if isinstance(part, int)]
    if len(nexts) < len(parts) or not nexts:
        return START
    firsts = [_first_lamport(connection, scope, some) for some in in_batches(nexts)]
    return (min(firsts) - 1, "~")


def _first_lamport(connection: Connection, scope: str, nexts: list[tuple[str, int]]) -> int:
    chosen = select(func.min(_e.lamport)).where(_e.scope == scope, tuple_(_e.stream, _e.n).in_(nexts))
    return connection.execute(chosen).scalar_one() or 0


def _lacking(connection: Connection, scope: str, parts: Missing, after: Place) -> Iterator[Place]:
    if not parts:
        return
    light = select(_e.lamport, _e.hash, _e.stream, _e.n).where(_e.scope == scope)  # the order's index serves; streams are told apart here
    while rows := connection.execute(_page(light, after)).all():
        yield from ((row.lamport, row.hash) for row in rows if _is_lacking(row, parts.get(row.stream)))
        after = (rows[-1].lamport, rows[-1].hash)


def _is_lacking(row: Row[*tuple[Any, ...]], part: int | frozenset[str] | None) -> bool:
    match part:
        case None:
            return False
        case int(n):
            return bool(row.n > n)
        case _:
            return row.hash in part


def _bodies_for(connection: Connection, scope: str, withheld: frozenset[str], after: Place, load: Load) -> list[Place]:
    places: list[Place] = []
    for some in in_batches(withheld):
        here = (_e.scope == scope) & _e.hash.in_(some) & _e.body.is_not(None) & _carried(load)
        chosen = select(_e.lamport, _e.hash).where(here, _later(after))
        places += [(row.lamport, row.hash) for row in connection.execute(chosen)]
    return sorted(places)


def _entries_at(connection: Connection, places: list[Place], load: Load) -> Iterator[Entry]:
    body: ColumnElement[Any] = case((_carried(load), _e.body)).label("body")
    chosen = select(_e.head, body).where(_e.hash.in_([entry_hash for _, entry_hash in places])).order_by(_e.lamport, _e.hash)
    return (entry_of(row) for row in connection.execute(chosen))


def _page(chosen: Select[tuple[int, str, str, int]], after: Place) -> Select[tuple[int, str, str, int]]:
    return chosen.where(_later(after)).order_by(_e.lamport, _e.hash).limit(PAGE)


def _later(after: Place) -> ColumnElement[bool]:
    return tuple_(_e.lamport, _e.hash) > tuple_(*after)
