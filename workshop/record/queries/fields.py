"""Versions that nothing replaces, and last words, of many things at once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, select

from workshop.record.rows.fields import last_word, replaced, version


@dataclass(frozen=True, slots=True)
class Version:
    """One shown version. `value` is None when the body was withheld or erased. More than one = siblings, to be settled by a person."""

    id: str
    value: Any
    wall: str
    reason: str


def versions_shown(connection: Connection, thing_ids: Iterable[str], *fields: str) -> dict[tuple[str, str], list[Version]]:
    """(thing, field) -> versions nothing replaces, the latest first."""
    ids = list(thing_ids)
    if not ids:
        return {}
    v, r = version.c, replaced.c
    match = and_(r.thing_id == v.thing_id, r.field == v.field, r.id == v.id)
    chosen = (
        select(v.thing_id, v.field, v.id, v.value, v.wall, v.reason)
        .select_from(version.outerjoin(replaced, match))
        .where(v.thing_id.in_(ids), r.by_id.is_(None))
        .order_by(v.lamport.desc(), v.hash.desc())
    )
    shown: dict[tuple[str, str], list[Version]] = {}
    for row in connection.execute(chosen.where(v.field.in_(fields)) if fields else chosen):
        value = None if row.value is None else json.loads(row.value)
        shown.setdefault((row.thing_id, row.field), []).append(Version(row.id, value, row.wall or "", row.reason or ""))
    return shown


def history(connection: Connection, thing_id: str, field: str) -> list[Version]:
    """Every version, the latest first."""
    v = version.c
    chosen = select(v.id, v.value, v.wall, v.reason).where(v.thing_id == thing_id, v.field == field)
    rows = connection.execute(chosen.order_by(v.lamport.desc(), v.hash.desc()))
    return [Version(row.id, None if row.value is None else json.loads(row.value), row.wall or "", row.reason or "") for row in rows]


def last_words(connection: Connection, thing_ids: Iterable[str]) -> dict[tuple[str, str], Any]:
    """(thing, key) -> value."""
    ids = list(thing_ids)
    if not ids:
        return {}
    chosen = select(last_word.c.thing_id, last_word.c.key, last_word.c.value).where(last_word.c.thing_id.in_(ids))
    return {(row.thing_id, row.key): json.loads(row.value) for row in connection.execute(chosen)}


def the_last_word(connection: Connection, thing_id: str, key: str, otherwise: Any = None) -> Any:
    chosen = select(last_word.c.value).where(last_word.c.thing_id == thing_id, last_word.c.key == key)
    value = connection.execute(chosen).scalar()
    return otherwise if value is None else json.loads(value)


def value_shown(connection: Connection, thing_id: str, field: str, otherwise: Any = None) -> Any:
    versions = versions_shown(connection, [thing_id], field).get((thing_id, field))
    return versions[0].value if versions and versions[0].value is not None else otherwise
