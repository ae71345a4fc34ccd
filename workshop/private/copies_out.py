"""Copies that left this computer, or lie where it does not reach by itself: they do not hear of erasures, so people are told of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from workshop.domain.ids import new_id
from workshop.domain.profiles import TRAVELS, Profile
from workshop.private.database import copy_out_table, erasure_left_table

_c, _l = copy_out_table.c, erasure_left_table.c
ALWAYS: Final = 2**53  # as `reach`: it may hold whatever was written
Words = tuple[int, str]  # lamport and kind of an entry that was erased


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOut:
    """`sort`: bundle; backup (asked for by a person, in a place they named); second (a second place of copies).

    `place`: the folder, "" when a browser took the file. `at`: UTC, to the minute. `scope` and `profile`: "" for everything.
    `reach`: the latest lamport of the record when it was made: what was written later is not in it."""

    sort: str
    name: str
    place: str
    at: str
    scope: str = ""
    profile: str = ""
    reach: int = ALWAYS
    entries: int = 0
    is_sealed: bool = False
    id: str = ""

    def may_hold(self, scope: str, words: Iterable[Words]) -> bool:
        carried = TRAVELS[Profile(self.profile)] if self.profile else None
        is_there = any(lamport <= self.reach and (carried is None or kind in carried) for lamport, kind in words)
        return self.scope in {"", scope} and is_there


def note_copy(connection: Connection, copy: CopyOut) -> None:
    """A copy that is made again in its place under its name is the same one: what it may hold of what was erased, it still may."""
    values = asdict(copy)
    kept = _same(copy) if copy.place else None
    if kept is None or not connection.execute(update(copy_out_table).where(kept).values({**values, "id": _c.id})).rowcount:
        connection.execute(insert(copy_out_table), {**values, "id": new_id()})


def copies_out(connection: Connection, sort: str = "") -> list[CopyOut]:
    """The latest first."""
    chosen = select(copy_out_table).order_by(_c.at.desc(), _c.id)
    return [CopyOut(**row) for row in connection.execute(chosen.where(_c.sort == sort) if sort else chosen).mappings()]


def the_copy_out(connection: Connection, copy_id: str) -> CopyOut | None:
    row = connection.execute(select(copy_out_table).where(_c.id == copy_id)).mappings().first()
    return CopyOut(**row) if row else None


def note_left(connection: Connection, erasure_id: str, scope: str, words: list[Words]) -> int:
    """From now on copies that may hold these words stand beside the erasure, until somebody deletes them; how many there are."""
    known = set(connection.execute(select(_l.copy_id).where(_l.erasure_id == erasure_id)).scalars())
    found = {copy.id for copy in copies_out(connection) if copy.may_hold(scope, words)}
    for copy_id in sorted(found - known):
        connection.execute(insert(erasure_left_table), {"erasure_id": erasure_id, "copy_id": copy_id, "scope": scope})
    return len(found | known)


def left_of(connection: Connection, erasure_id: str) -> list[CopyOut]:
    """Copies that may still hold what was erased."""
    chosen = select(copy_out_table).join(erasure_left_table, _l.copy_id == _c.id).where(_l.erasure_id == erasure_id)
    return [CopyOut(**row) for row in connection.execute(chosen.order_by(_c.at.desc(), _c.id)).mappings()]


def owes(connection: Connection, place: str) -> bool:
    """Whether copies in this place may hold erased words."""
    chosen = select(_l.copy_id).join(copy_out_table, _l.copy_id == _c.id).where(_in(place))
    return connection.execute(chosen).first() is not None


def forget_copy(connection: Connection, copy_id: str) -> dict[str, str]:
    """It was deleted. The erasures that it stood beside -> their scope."""
    return _forget(connection, _c.id == copy_id)


def forget_overwritten(connection: Connection, copy: CopyOut) -> dict[str, str]:
    """A file was written over it. As above."""
    return _forget(connection, _same(copy)) if copy.place else {}


def forget_place(connection: Connection, place: str) -> dict[str, str]:
    """The earlier copies in this place were deleted. As above."""
    return _forget(connection, _in(place))


def _same(copy: CopyOut) -> ColumnElement[bool]:
    return (_c.sort == copy.sort) & (_c.place == copy.place) & (_c.name == copy.name)


def _in(place: str) -> ColumnElement[bool]:
    return (_c.place == place) & (_c.sort != "bundle")


def _forget(connection: Connection, which: ColumnElement[bool]) -> dict[str, str]:
    gone = connection.execute(select(_c.id).where(which)).scalars().all()
    beside = connection.execute(select(_l.erasure_id, _l.scope).where(_l.copy_id.in_(gone)))
    found = {row.erasure_id: row.scope for row in beside}
    connection.execute(delete(erasure_left_table).where(_l.copy_id.in_(gone)))
    connection.execute(delete(copy_out_table).where(_c.id.in_(gone)))
    return found
