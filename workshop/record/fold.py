"""Fold: one function per kind of fact, order-free. Rows only grow, or take a minimum or maximum over (lamport, hash)."""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection, Insert, String, Table, and_, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from sync.entry import Entry
from workshop.domain.fact import FACTS, Fact
from workshop.record.codec import Held, Stub, read_fact
from workshop.record.database import LOG, ROWS
from workshop.record.log import entries_in_order, held_table
from workshop.record.rows.fields import last_word, replaced, version

Fold: TypeAlias = "Callable[[Rows, Any, Entry], None]"
FOLDS: Final[dict[type[Fact], Fold]] = {}

meta_table = Table("meta", LOG, Column("key", String(40), primary_key=True), Column("value", String(200), nullable=False))


def folds(kind: type[Fact]) -> Callable[[Fold], Fold]:
    """Register the fold of a kind. It gets the rows, the fact (None for a stub) and the entry; it never asks what came before."""

    def keep(fold: Fold) -> Fold:
        FOLDS[kind] = fold
        return fold

    return keep


class Rows:
    """The only writer of rows. Every method gives the same result in whatever order entries arrive."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._dialect = connection.dialect.name

    def first(self, table: Table, entry: Entry, is_stub: bool, **values: object) -> None:
        """An addition: the smallest (lamport, hash) is shown; a stub is filled when its body comes."""
        placed = {"lamport": entry.head.lamport, "hash": entry.hash, "stub": is_stub}
        self.connection.execute(_first(table, self._dialect), values | placed)

    def last(self, thing_id: str, key: str, value: object, entry: Entry) -> None:
        """A last word: the largest (lamport, hash) wins, silently."""
        self.put(last_word, entry, thing_id=thing_id, key=key, value=json.dumps(value, ensure_ascii=False, sort_keys=True))

    def put(self, table: Table, entry: Entry, **values: object) -> None:
        """The same for a table of its own."""
        placed = {"lamport": entry.head.lamport, "hash": entry.hash}
        self.connection.execute(_last(table, self._dialect), values | placed)

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
        for old in entry.head.replaces:
            self.grow(replaced, thing_id=entry.head.about, field=field, id=old, by_id=entry.head.cause)

    def grow(self, table: Table, **values: object) -> None:
        self.connection.execute(_grow(table, self._dialect), values)


def fold(rows: Rows, entry: Entry) -> Held | None:
    """Fold one entry; the answer says why it is held instead."""
    match read_fact(entry):
        case Held() as why:
            return why
        case Stub(fact):
            FOLDS[fact](rows, None, entry)
        case fact:
            FOLDS[type(fact)](rows, fact, entry)
    return None


def rebuild(connection: Connection) -> int:
    """Drop all rows and fold the whole log again; the number of entries folded. Held entries stay held unless they can be read now."""
    ROWS.drop_all(connection)
    ROWS.create_all(connection)
    connection.execute(_set_meta(connection.dialect.name), {"key": "rows", "value": schema_digest()})
    return fold_all(connection, entries_in_order(connection), held_in(connection))


def fold_all(connection: Connection, entries: Iterable[Entry], held: dict[str, str]) -> int:
    rows, count = Rows(connection), 0
    for entry in entries:
        if held.get(entry.hash) in {"lamport_jump", "revoked_signer"}:
            continue
        if fold(rows, entry) is None:
            count += 1
            if entry.hash in held:
                connection.execute(held_table.delete().where(held_table.c.hash == entry.hash))
    return count


def held_in(connection: Connection) -> dict[str, str]:
    return {row.hash: row.reason for row in connection.execute(select(held_table.c.hash, held_table.c.reason))}


def prepare(connection: Connection) -> bool:
    """Make the tables; rebuild the rows when their schema is another one. True when it rebuilt."""
    LOG.create_all(connection)
    kept = connection.execute(select(meta_table.c.value).where(meta_table.c.key == "rows")).scalar()
    if kept == schema_digest():
        return False
    rebuild(connection)
    return True


def schema_digest() -> str:
    """Changes with any column of any row table and with any fold's kind."""
    lines = [f"{table.name}:{[(c.name, str(c.type)) for c in table.columns]}" for table in ROWS.sorted_tables]
    return hashlib.sha256("\n".join([*sorted(lines), *sorted(FACTS)]).encode()).hexdigest()[:32]


def rows_digest(connection: Connection) -> str:
    """SHA-256 over every row of every table, the same on SQLite and PostgreSQL."""
    digest = hashlib.sha256()
    for table in sorted(ROWS.tables.values(), key=lambda table: table.name):
        lines = sorted(json.dumps(list(row), ensure_ascii=False, default=str) for row in connection.execute(select(table)))
        digest.update(f"{table.name}\n".encode() + "\n".join(lines).encode())
    return digest.hexdigest()


@cache
def _first(table: Table, dialect: str) -> Insert:
    stmt = _insert(table, dialect)
    new, old = stmt.excluded, table.c
    earlier = tuple_(new.lamport, new.hash) < tuple_(old.lamport, old.hash)
    filled = and_(new.hash == old.hash, old.stub.is_(True), new.stub.is_(False))
    return _update(stmt, table, or_(earlier, filled))


@cache
def _last(table: Table, dialect: str) -> Insert:
    stmt = _insert(table, dialect)
    return _update(stmt, table, tuple_(stmt.excluded.lamport, stmt.excluded.hash) >= tuple_(table.c.lamport, table.c.hash))


@cache
def _grow(table: Table, dialect: str) -> Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


def _set_meta(dialect: str) -> Insert:
    stmt = _insert(meta_table, dialect)
    return stmt.on_conflict_do_update(index_elements=["key"], set_={"value": stmt.excluded.value})


def _insert(table: Table, dialect: str) -> Any:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _update(stmt: Any, table: Table, condition: Any) -> Any:
    keys = [column.name for column in table.primary_key.columns]
    others = {column.name: stmt.excluded[column.name] for column in table.columns if column.name not in keys}
    return stmt.on_conflict_do_update(index_elements=keys, set_=others, where=condition)
