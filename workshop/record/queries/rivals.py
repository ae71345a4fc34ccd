"""Additions that two places made with one id: the earliest is shown; the others are kept, and listed here for a person to look at."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from workshop.domain.cluster import ClusterAdded
from workshop.domain.contribution import ContributionAdded
from workshop.domain.fact import Fact
from workshop.domain.meeting import MeetingPlanned
from workshop.domain.process import ProcessCreated
from workshop.domain.sentence import SentenceAdded
from workshop.domain.work_table import TablePrepared
from workshop.record.codec import read_fact
from workshop.record.log import entry_of, entry_table

ADDITIONS: Final = tuple(
    fact.kind for fact in (ProcessCreated, MeetingPlanned, TablePrepared, ContributionAdded, ClusterAdded, SentenceAdded)
)
_e: Final = entry_table.c


@dataclass(frozen=True, slots=True)
class Rivals:
    """`shown`: what everybody sees of the thing; `kept`: what others added with the same id, the earliest first."""

    thing_id: str
    shown: Fact
    kept: tuple[Fact, ...]


def rivals_in(connection: Connection, process_id: str) -> list[Rivals]:
    """Read from the log, since rows show one of them only."""
    added = (_e.scope == process_id) & _e.kind.in_(ADDITIONS)
    doubled = select(_e.about).where(added).group_by(_e.kind, _e.about).having(func.count() > 1)
    found: dict[str, list[Fact]] = {}
    chosen = select(_e.head, _e.body).where(added, _e.about.in_(doubled)).order_by(_e.lamport, _e.hash)
    for entry in map(entry_of, connection.execute(chosen)):
        fact = read_fact(entry)
        if isinstance(fact, Fact):
            found.setdefault(fact.about, []).append(fact)
    return [Rivals(thing_id, facts[0], tuple(facts[1:])) for thing_id, facts in found.items() if len(facts) > 1]
