"""How rows are written: each write gives the same result in whatever order entries arrive, on SQLite and on PostgreSQL."""

import json
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, Integer, String, Table, and_, or_, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import BigInteger

from sync.entry import Entry
from workshop.record.prepared import Prepared
from workshop.record.rows.fields import last_word, replaced, version

INTEGER_MOST: Final = 2**31 - 1


class DoesNotFit(ValueError):
    """SQLite would keep the value, PostgreSQL would not: neither does. The message names the column, never the value."""


class Rows:
    """The only writer of rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def first(self, table: Table, entry: Entry, is_stub: bool, **values: object) -> None:
        """An addition: the smallest (lamport, hash) is shown; a stub is filled when its body comes."""
        placed = {"lamport": entry.head.lamport, "hash": entry.hash, "stub": is_stub}
        self._write(table, _first(table, self._dialect), values | placed)

    def last(self, thing_id: str, key: str, value: object, entry: Entry) -> None:
        """A last word: the largest (lamport, hash) wins, silently."""
        self.put(last_word, entry, thing_id=thing_id, key=key, value=json.dumps(value, ensure_ascii=False, sort_keys=True))

    def put(self, table: Table, entry: Entry, **values: object) -> None:
        """The same for a table of its own."""
        placed = {"lamport": entry.head.lamport, "hash": entry.hash}
        self._write(table, _last(table, self._dialect), values | placed)

    def version(self, field: str, value: object, entry: Entry, *, is_stub: bool, reason: str = "", board: str = "") -> None:
        """A version of words: shown until another one replaces it. `board`: the table whose board this edit belongs to."""
        text = None if is_stub else json.dumps(value, ensure_ascii=False, sort_keys=True)
        self.first(
            version,
            entry,
            is_stub,
            thing_id=entry.head.about,
            field=field,
            id=entry.head.cause,
            value=text,
            wall=entry.head.wall,
            reason=reason,
            board=board,
        )
        for old in {*entry.head.replaces} - {entry.head.cause}:  # nothing replaces itself: it would never be shown
            self.grow(replaced, thing_id=entry.head.about, field=field, id=old, by_id=entry.head.cause)

    def grow(self, table: Table, **values: object) -> None:
        self._write(table, _grow(table, self._dialect), values)

    def _write(self, table: Table, statement: Insert, values: dict[str, object]) -> None:
        check_fit(table, values)
        self._run(statement, values)

    def _run(self, statement: Insert, values: dict[str, object]) -> None:
        _prepared(statement, frozenset(values)).write(self._connection, values)


class GatheredRows(Rows):
    """The same for many entries: writes wait, then each table is written at once. Their order does not matter, so none is kept."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._waiting: dict[tuple[Insert, frozenset[str]], list[dict[str, object]]] = {}

    def _run(self, statement: Insert, values: dict[str, object]) -> None:
        self._waiting.setdefault((statement, frozenset(values)), []).append(values)

    def write_all(self) -> None:
        for (statement, _), many in self._waiting.items():
            self._connection.execute(statement, many)
        self._waiting = {}


def check_fit(table: Table, values: dict[str, object]) -> None:
    """Raises DoesNotFit when a text or number is larger than its column: an entry kept in a room must be kept at the centre too."""
    texts, numbers = _limits(table)
    for name, value in values.items():
        if (isinstance(value, str) and len(value) > texts.get(name, len(value))) or (
            isinstance(value, int) and abs(value) > numbers.get(name, abs(value))
        ):
            raise DoesNotFit(f"{table.name}.{name}")


@cache
def _limits(table: Table) -> tuple[dict[str, int], dict[str, int]]:
    """Longest texts and largest numbers of a table's columns."""
    texts = {column.name: column.type.length for column in table.columns if isinstance(column.type, String) and column.type.length}
    numbers = [column.name for column in table.columns if isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)]
    return texts, dict.fromkeys(numbers, INTEGER_MOST)


@cache
def _prepared(statement: Insert, columns: frozenset[str]) -> Prepared:
    return Prepared(statement, columns)


@cache
def _first(table: Table, dialect: str) -> Any:
    stmt: Any = _insert(table, dialect)
    new, old = stmt.excluded, table.c
    earlier = tuple_(new.lamport, new.hash) < tuple_(old.lamport, old.hash)
    filled = and_(new.hash == old.hash, old.stub.is_(True), new.stub.is_(False))
    return _update(stmt, table, or_(earlier, filled))


@cache
def _last(table: Table, dialect: str) -> Any:
    stmt = _insert(table, dialect)
    return _update(stmt, table, tuple_(stmt.excluded.lamport, stmt.excluded.hash) >= tuple_(table.c.lamport, table.c.hash))


@cache
def _grow(table: Table, dialect: str) -> Any:
    return _insert(table, dialect).on_conflict_do_nothing()


def _insert(table: Table, dialect: str) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _update(stmt: Any, table: Table, condition: Any) -> Any:
    keys = [column.name for column in table.primary_key.columns]
    others = {column.name: stmt.excluded[column.name] for column in table.columns if column.name not in keys}
    return stmt.on_conflict_do_update(index_elements=keys, set_=others, where=condition)
