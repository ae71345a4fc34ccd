"""Acts on a board: the last one that stands, and what it wrote, so that it can be undone."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from workshop.domain.cluster import Written
from workshop.record.rows.cluster import undone
from workshop.record.rows.fields import replaced, version


@dataclass(frozen=True, slots=True)
class Act:
    """What the undo button names. `field` says what it changed, `thing_ids` of what."""

    id: str
    field: str
    thing_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of one thing: its versions, the latest first, who replaced whom, and which act undid which."""

    values: dict[str, str | None]
    replacers: dict[str, set[str]]
    undoers: dict[str, set[str]]

    def standing(self, version_id: str) -> set[str]:
        """The versions that show what this one wrote: itself, or the undoings that brought it back; empty when somebody went on."""
        heads: set[str] = set()
        for replacer in self.replacers.get(version_id, ()):
            back = [self.standing(undoer) for undoer in self.undoers.get(replacer, ()) if undoer in self.values]
            if not back or not all(back):
                return set()
            heads = heads.union(*back)
        return heads or {version_id}

    def before(self, version_id: str) -> Any:
        """What stood there before: the latest of those it replaced, else the latest earlier one; None at the beginning."""
        order = list(self.values)
        earlier = order[order.index(version_id) + 1 :]
        seen = [old for old in earlier if version_id in self.replacers.get(old, ())] or earlier
        value = self.values[seen[0]] if seen else None
        return None if value is None else json.loads(value)


def last_act(connection: Connection, work_table_id: str) -> Act | None:
    """The latest act that nobody undid and that is itself no undoing."""
    v = version.c
    undone_ids = select(undone.c.act_id).union(select(undone.c.by_id))
    chosen = select(v.id).where(v.board == work_table_id, v.id.not_in(undone_ids)).order_by(v.lamport.desc(), v.hash.desc()).limit(1)
    act_id = connection.execute(chosen).scalar()
    if act_id is None:
        return None
    rows = connection.execute(select(v.thing_id, v.field).where(v.board == work_table_id, v.id == act_id)).all()
    first = min(rows, key=lambda row: row.field != "removed")
    return Act(act_id, first.field, tuple(row.thing_id for row in rows))


def written_by(connection: Connection, work_table_id: str, act_id: str) -> list[Written]:
    """The versions an act wrote on this board, each with what stood there before; none when it was undone or is itself an undoing."""
    v, u = version.c, undone.c
    if connection.execute(select(u.act_id).where((u.act_id == act_id) | (u.by_id == act_id))).first():
        return []
    rows = connection.execute(select(v.thing_id, v.field, v.value).where(v.board == work_table_id, v.id == act_id)).all()
    undoers = _undoers(connection, work_table_id)
    return [_written(_field(connection, row.thing_id, row.field, undoers), act_id, row) for row in rows]


def _written(field: _Field, act_id: str, row: Any) -> Written:
    heads, before = field.standing(act_id), field.before(act_id)
    if row.field == "removed" and before is None:
        before = not json.loads(row.value or "false")  # undoing an addition removes it
    return Written(thing_id=row.thing_id, field=row.field, replaces=tuple(sorted(heads)), before=before, stands=bool(heads))


def _field(connection: Connection, thing_id: str, field: str, undoers: dict[str, set[str]]) -> _Field:
    v, r = version.c, replaced.c
    order = select(v.id, v.value).where(v.thing_id == thing_id, v.field == field).order_by(v.lamport.desc(), v.hash.desc())
    values = {row.id: row.value for row in connection.execute(order)}
    replacers: dict[str, set[str]] = {}
    for row in connection.execute(select(r.id, r.by_id).where(r.thing_id == thing_id, r.field == field)):
        replacers.setdefault(row.id, set()).add(row.by_id)
    return _Field(values, replacers, undoers)


def _undoers(connection: Connection, work_table_id: str) -> dict[str, set[str]]:
    """Act -> the acts that undid it, on this board."""
    v, u = version.c, undone.c
    found: dict[str, set[str]] = {}
    here = select(u.act_id, u.by_id).where(u.by_id.in_(select(v.id).where(v.board == work_table_id)))
    for row in connection.execute(here):
        found.setdefault(row.act_id, set()).add(row.by_id)
    return found
