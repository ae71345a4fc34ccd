"""Additions that two places made with one id: the earliest is shown; the others are kept, and listed here for a person to look at."""

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from sync.entry import Entry
from workshop.domain.contribution import ContributionAdded
from workshop.domain.fact import Edit, Fact
from workshop.domain.refusal import NotFound
from workshop.domain.review import seen_of
from workshop.record.codec import read_fact
from workshop.record.log import IS_ADDITION, entry_of, entry_table, in_batches

_e: Final = entry_table.c


@dataclass(frozen=True, slots=True)
class Rivals:
    """`shown`: what everybody sees of the thing; `kept`: what others added with the same id, the earliest first.

    `entries`: of all of them, in the same order."""

    thing_id: str
    shown: Edit
    kept: tuple[Edit, ...]
    entries: tuple[Entry, ...]

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(entry.hash for entry in self.entries)

    @property
    def differ(self) -> bool:
        """Two laptops that heard the same card gave it their own numbers, and nothing else."""
        return any(_without_numbers(fact) != _without_numbers(self.shown) for fact in self.kept)

    @property
    def seen(self) -> str:
        return seen_of(self.hashes)


def rivals_in(connection: Connection, process_id: str) -> list[Rivals]:
    """Read from the log, since rows show one of them only."""
    added = _added(process_id)
    doubled = connection.execute(select(_e.about).where(added).group_by(_e.about).having(func.count() > 1)).scalars().all()
    return [rivals for some in in_batches(doubled) for rivals in _gathered(connection, _places(added & _e.about.in_(some)))]


def rivals_of(connection: Connection, process_id: str, thing_id: str) -> Rivals:
    found = _gathered(connection, _places(_added(process_id) & (_e.about == thing_id)))
    if not found:
        raise NotFound("thing_id")
    return found[0]


def rival_entry(connection: Connection, process_id: str, thing_id: str, entry_hash: str) -> Edit:
    """What a rival said; raises NotFound when there is none of that hash."""
    rivals = rivals_of(connection, process_id, thing_id)
    for fact, found in zip(rivals.kept, rivals.hashes[1:], strict=True):
        if found == entry_hash:
            return fact
    raise NotFound("rival")


def _added(process_id: str) -> ColumnElement[bool]:
    return and_(_e.scope == process_id, IS_ADDITION)


def _places(chosen: ColumnElement[bool]) -> Select[Any]:
    return select(_e.head, _e.body).where(chosen).order_by(_e.lamport, _e.hash)


def _gathered(connection: Connection, chosen: Select[Any]) -> list[Rivals]:
    found: dict[str, list[tuple[Entry, Edit]]] = {}
    for entry in map(entry_of, connection.execute(chosen)):
        fact = read_fact(entry)
        if isinstance(fact, Edit):
            found.setdefault(fact.about, []).append((entry, fact))
    return [_rivals(thing_id, told) for thing_id, told in found.items() if len({type(fact) for _, fact in told}) < len(told)]


def _rivals(thing_id: str, told: list[tuple[Entry, Edit]]) -> Rivals:
    (_, shown), *others = told
    return Rivals(thing_id, shown, tuple(fact for _, fact in others), tuple(entry for entry, _ in told))


def _without_numbers(fact: Fact) -> Fact:
    return replace(fact, number=0, seq=0, late=False) if isinstance(fact, ContributionAdded) else fact
