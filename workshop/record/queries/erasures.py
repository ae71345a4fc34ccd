"""Erasures as people look at them: what was ordered, which places have said that they have nothing of it left, which have not."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from workshop.domain.stream import StreamOpened
from workshop.record.log import entry_table
from workshop.record.rows.erasure import confirmed, erasure

_e: Final = entry_table.c


@dataclass(frozen=True, slots=True)
class Confirmation:
    place: str
    wall: str
    copies_left: int


@dataclass(frozen=True, slots=True)
class ErasureShown:
    """`missing`: places that wrote in this process, or may hold it for another reason, and have not confirmed."""

    id: str
    process_id: str
    wall: str
    asked_by: str
    cards: int
    confirmed: tuple[Confirmation, ...]
    missing: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        return not self.missing and not any(each.copies_left for each in self.confirmed)


def erasures(connection: Connection, may_hold: Callable[[str], frozenset[str]]) -> list[ErasureShown]:
    """The latest first. `may_hold`: scope -> places that may have its words and wrote nothing: only private data knows them."""
    told: dict[str, list[Confirmation]] = {}
    for row in connection.execute(select(confirmed).order_by(confirmed.c.lamport)):
        told.setdefault(row.erasure_id, []).append(Confirmation(row.place, row.wall or "", row.copies_left))
    ordered = connection.execute(select(erasure).where(erasure.c.stub.is_(False)).order_by(erasure.c.lamport.desc(), erasure.c.hash))
    places: dict[str, set[str]] = {}
    shown = []
    for row in ordered:
        known = places.setdefault(row.process_id, places_of(connection, row.process_id) | may_hold(row.process_id))
        have = told.get(row.id, [])
        missing = tuple(sorted(known - {each.place for each in have}))
        shown.append(ErasureShown(row.id, row.process_id, row.wall or "", row.asked_by or "", row.cards or 0, tuple(have), missing))
    return shown


def places_of(connection: Connection, scope: str) -> set[str]:
    """Computers that ever wrote in this process: each has, or had, what was written there."""
    opened = select(_e.body).where(_e.scope == scope, _e.kind == StreamOpened.kind, _e.body.is_not(None))
    return {str(json.loads(bytes(body)).get("device", "")) for body in connection.execute(opened).scalars()} - {""}
