"""Versions that nothing replaces, and last words, of many things at once. Statements are built once: building costs more than asking."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, select

from workshop.record.prepared import Prepared
from workshop.record.rows.fields import REMOVED, last_word, replaced, version

_v, _r = version.c, replaced.c
_SHOWN: Final = (
    select(_v.thing_id, _v.field, _v.id, _v.value, _v.wall, _v.reason)
    .select_from(version.outerjoin(replaced, and_(_r.thing_id == _v.thing_id, _r.field == _v.field, _r.id == _v.id)))
    .where(_v.thing_id.in_(bindparam("ids", expanding=True)), _r.by_id.is_(None))
    .order_by(_v.lamport.desc(), _v.hash.desc())
)
_SHOWN_OF_FIELDS: Final = _SHOWN.where(_v.field.in_(bindparam("fields", expanding=True)))
_HISTORY: Final = (
    select(_v.id, _v.value, _v.wall, _v.reason)
    .where(_v.thing_id == bindparam("thing_id"), _v.field == bindparam("field"))
    .order_by(_v.lamport.desc(), _v.hash.desc())
)
_FEW: Final = 4  # things and keys of which the statement is kept
_LAST: Final[Select[Any]] = select(last_word.c.thing_id, last_word.c.key, last_word.c.value).where(
    last_word.c.thing_id.in_(bindparam("ids", expanding=True))
)
_LAST_OF_KEYS: Final = _LAST.where(last_word.c.key.in_(bindparam("keys", expanding=True)))


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
    shown: dict[tuple[str, str], list[Version]] = {}
    asked = {"ids": ids, "fields": fields} if fields else {"ids": ids}
    for row in connection.execute(_SHOWN_OF_FIELDS if fields else _SHOWN, asked):
        shown.setdefault((row.thing_id, row.field), []).append(_version(row))
    return shown


def history(connection: Connection, thing_id: str, field: str) -> list[Version]:
    """Every version, the latest first."""
    return [_version(row) for row in connection.execute(_HISTORY, {"thing_id": thing_id, "field": field})]


def last_words(connection: Connection, thing_ids: Iterable[str], *keys: str) -> dict[tuple[str, str], Any]:
    """(thing, key) -> value."""
    ids = list(thing_ids)
    if not ids:
        return {}
    return {(thing_id, key): json.loads(value) for thing_id, key, value in _last_words(connection, ids, keys)}


def the_last_word(connection: Connection, thing_id: str, key: str, otherwise: Any = None) -> Any:
    return last_words(connection, [thing_id], key).get((thing_id, key), otherwise)


def value_shown(connection: Connection, thing_id: str, field: str, otherwise: Any = None) -> Any:
    versions = versions_shown(connection, [thing_id], field).get((thing_id, field))
    return versions[0].value if versions and versions[0].value is not None else otherwise


def what_stands(versions: list[Version]) -> Any:
    """The latest value that is here and does not say that the thing was taken away; None when there is none."""
    return next((version.value for version in versions if version.value and version.value != REMOVED), None)


def home_of(thing_id: str, into: dict[str, str]) -> str:
    """Follow merges (`into`: thing -> what holds it) to the end; a ring (A into B here, B into A there) ends at its smallest id."""
    seen: list[str] = []
    while thing_id in into:
        if thing_id in seen:
            return min(seen[seen.index(thing_id) :])
        seen.append(thing_id)
        thing_id = into[thing_id]
    return thing_id


def _last_words(connection: Connection, ids: list[str], keys: tuple[str, ...]) -> Iterable[Any]:
    if keys and len(ids) <= _FEW and len(keys) <= _FEW:
        asked = {f"id{i}": each for i, each in enumerate(ids)} | {f"key{i}": each for i, each in enumerate(keys)}
        return _last_of(len(ids), len(keys)).all(connection, **asked)
    return connection.execute(_LAST_OF_KEYS if keys else _LAST, {"ids": ids, "keys": keys} if keys else {"ids": ids})


@cache
def _last_of(ids: int, keys: int) -> Prepared:
    of_things = last_word.c.thing_id.in_([bindparam(f"id{i}") for i in range(ids)])
    of_keys = last_word.c.key.in_([bindparam(f"key{i}") for i in range(keys)])
    return Prepared(select(last_word.c.thing_id, last_word.c.key, last_word.c.value).where(of_things, of_keys))


def _version(row: Any) -> Version:
    return Version(row.id, None if row.value is None else json.loads(row.value), row.wall or "", row.reason or "")
