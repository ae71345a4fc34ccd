"""Ballots that two computers held apart: told with other totals, or with votes of both. Whoever voted on both is counted twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from sync.entry import Entry
from workshop.domain.dots import BallotClosed, DotsCast
from workshop.domain.fact import Fact
from workshop.domain.review import seen_of
from workshop.record.codec import read_fact
from workshop.record.log import entry_of, entry_table
from workshop.record.queries.origins import devices_of

_e: Final = entry_table.c
_HERE: Final = (_e.scope == bindparam("scope")) & (_e.kind == bindparam("kind"))
_OF_KIND: Final = select(_e.head, _e.body).where(_HERE, _e.body.is_not(None)).order_by(_e.lamport, _e.hash)
_OF_SEVERAL: Final = select(_e.about).where(_HERE).group_by(_e.about).having(func.count(_e.stream.distinct()) > 1)
_OPENED: Final = select(_e.stream, _e.lamport).where(
    _e.scope == bindparam("scope"), _e.stream.in_(bindparam("streams", expanding=True)), _e.n == 1
)
Ballot = tuple[str, str]  # step, table


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of one computer wrote of a ballot. `opened`: when it began, `last`: its last vote, in the order of the record."""

    stream: str
    device: str
    voters: int
    opened: int
    last: int

    def is_apart_from(self, other: "Run") -> bool:
        """Another computer, or a copy of the same one: a program that only started again had heard of all votes before."""
        return self.device != other.device or (self.opened <= other.last and other.opened <= self.last)


@dataclass(frozen=True, slots=True)
class BallotApart:
    """`told`: results that differ, the last one is shown; empty when none do. `runs`: its votes, when of two computers."""

    step_id: str
    work_table_id: str
    told: tuple[tuple[Entry, BallotClosed], ...]
    runs: tuple[Run, ...]

    @property
    def seen(self) -> str:
        return seen_of((*(entry.hash for entry, _ in self.told), *(run.stream for run in self.runs)))

    @property
    def things(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cluster for _, fact in self.told for cluster in fact.totals))


def ballots_apart_in(connection: Connection, process_id: str) -> list[BallotApart]:
    told = {ballot: entries for ballot, entries in _told(connection, process_id).items() if _differ(fact for _, fact in entries)}
    runs = {ballot: found for ballot, found in _runs(connection, process_id).items() if _are_apart(found)}
    ballots = sorted({*told, *runs}, key=lambda ballot: (ballot[1], ballot[0]))
    return [BallotApart(*ballot, tuple(told.get(ballot, ())), tuple(runs.get(ballot, ()))) for ballot in ballots]


def _told(connection: Connection, process_id: str) -> dict[Ballot, list[tuple[Entry, BallotClosed]]]:
    found: dict[Ballot, list[tuple[Entry, BallotClosed]]] = {}
    for entry, fact in _facts(connection, process_id, BallotClosed):
        if isinstance(fact, BallotClosed):
            found.setdefault((fact.about, fact.work_table_id), []).append((entry, fact))
    return found


def _runs(connection: Connection, process_id: str) -> dict[Ballot, list[Run]]:
    several = set(connection.execute(_OF_SEVERAL, {"scope": process_id, "kind": DotsCast.kind}).scalars())
    if not several:
        return {}
    votes: dict[Ballot, dict[str, tuple[set[str], int]]] = {}
    for entry, fact in _facts(connection, process_id, DotsCast):
        if isinstance(fact, DotsCast) and fact.about in several:
            voters, _ = votes.setdefault((fact.about, fact.work_table_id), {}).setdefault(entry.head.stream, (set(), 0))
            votes[fact.about, fact.work_table_id][entry.head.stream] = (voters | {fact.voter}, entry.head.lamport)
    streams = {stream for by_stream in votes.values() for stream in by_stream}
    devices, opened = devices_of(connection, process_id, streams), _opened(connection, process_id, streams)
    return {
        ballot: [Run(s, devices.get(s, ""), len(voters), opened.get(s, 0), last) for s, (voters, last) in by_stream.items()]
        for ballot, by_stream in votes.items()
    }


def _opened(connection: Connection, process_id: str, streams: Iterable[str]) -> dict[str, int]:
    return {row.stream: row.lamport for row in connection.execute(_OPENED, {"scope": process_id, "streams": sorted(streams)})}


def _facts(connection: Connection, process_id: str, kind: type[Fact]) -> Iterator[tuple[Entry, object]]:
    for entry in map(entry_of, connection.execute(_OF_KIND, {"scope": process_id, "kind": kind.kind})):
        yield entry, read_fact(entry)


def _differ(told: Iterable[BallotClosed]) -> bool:
    return len({(tuple(sorted(fact.totals.items())), fact.voters, fact.paper_ballots) for fact in told}) > 1


def _are_apart(runs: list[Run]) -> bool:
    return any(one.is_apart_from(other) for one, other in combinations(runs, 2))
