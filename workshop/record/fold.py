"""Fold: one function per kind of fact, order-free. Rows only grow, or take a minimum or maximum over (lamport, hash)."""

import dataclasses
import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, Connection, String, Table, delete, insert, inspect, select
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from sync.entry import Entry
from workshop.domain.fact import FACTS, Fact
from workshop.record.codec import Held, Stub, read_fact
from workshop.record.database import FORMAT, LOG, ROWS, WrittenByNewer
from workshop.record.log import NOT_FOLDED, entries_in_order, held_table, in_batches
from workshop.record.rows import every_noun
from workshop.record.upsert import GatheredRows
from workshop.record.upsert import Rows as Rows

Fold: TypeAlias = "Callable[[Rows, Any, Entry], None]"
FOLDS: Final[dict[type[Fact], Fold]] = {}
_NOT_THE_ENTRY: Final = (OperationalError, InterfaceError, InternalError, MemoryError)  # the store itself has a trouble
_log = logging.getLogger(__name__)

meta_table = Table("meta", LOG, Column("key", String(40), primary_key=True), Column("value", String(200), nullable=False))


def folds(kind: type[Fact]) -> Callable[[Fold], Fold]:
    """Register the fold of a kind. It gets the rows, the fact (None for a stub) and the entry; it never asks what came before."""

    def keep(fold: Fold) -> Fold:
        FOLDS[kind] = fold
        return fold

    return keep


def fold(rows: Rows, entry: Entry) -> Held | None:
    """Fold one entry; the answer says why it is held instead. A body that cannot be read counts as one that is not there."""
    match read_fact(entry):
        case Held() as why:
            if why.fact:
                FOLDS[why.fact](rows, None, entry)
            return why
        case Stub(fact):
            FOLDS[fact](rows, None, entry)
        case fact:
            FOLDS[type(fact)](rows, fact, entry)
    return None


def fold_batch(connection: Connection, entries: list[Entry]) -> dict[str, str]:
    """Fold many at once; if one breaks, each alone, and the broken ones are held. The answer: hash -> why held."""
    try:
        with connection.begin_nested():
            reasons = _fold_together(connection, entries)
    except _NOT_THE_ENTRY:
        raise
    except Exception:
        reasons = {entry.hash: why for entry in entries if (why := _fold_alone(connection, entry))}
    keep_held(connection, entries, reasons)
    return reasons


def keep_held(connection: Connection, entries: list[Entry], reasons: dict[str, str]) -> None:
    """The list of held entries says of these what `reasons` says, and nothing else."""
    if connection.execute(select(held_table.c.hash).limit(1)).first():  # nearly always nothing is: then nobody is looked for
        for some in in_batches(entries):
            connection.execute(delete(held_table).where(held_table.c.hash.in_([entry.hash for entry in some])))
    listed = [{"hash": e.hash, "scope": e.head.scope, "reason": reasons[e.hash]} for e in entries if e.hash in reasons]
    if listed:
        connection.execute(insert(held_table), listed)


def rebuild(connection: Connection) -> int:
    """Drop all rows and fold the whole log again; the number of entries folded. Held entries stay held unless they can be read now."""
    every_noun()
    ROWS.drop_all(connection)
    ROWS.create_all(connection)
    connection.execute(delete(meta_table).where(meta_table.c.key == "rows"))
    connection.execute(insert(meta_table), {"key": "rows", "value": schema_digest()})
    return fold_all(connection, entries_in_order(connection), held_in(connection))


def fold_all(connection: Connection, entries: Iterable[Entry], held: dict[str, str]) -> int:
    """Fold a whole log but for those that were held when they came; the number of entries folded."""
    count = 0
    for some in in_batches(entry for entry in entries if held.get(entry.hash) not in NOT_FOLDED):
        count += len(some) - len(fold_batch(connection, some))
    return count


def held_in(connection: Connection) -> dict[str, str]:
    return {row.hash: row.reason for row in connection.execute(select(held_table.c.hash, held_table.c.reason))}


def prepare(connection: Connection) -> bool:
    """Make the tables; rebuild the rows when their schema is another one. True when it rebuilt. Raises WrittenByNewer."""
    if inspect(connection).has_table(meta_table.name) and int(_kept(connection, "format") or FORMAT) > FORMAT:
        raise WrittenByNewer
    LOG.create_all(connection)
    for index in (index for table in LOG.sorted_tables for index in table.indexes):
        index.create(connection, checkfirst=True)  # a table that was there has those of its day
    if not _kept(connection, "format"):
        connection.execute(insert(meta_table), {"key": "format", "value": str(FORMAT)})
    if kept_schema(connection) == schema_digest():
        return False
    rebuild(connection)
    return True


def kept_schema(connection: Connection) -> str:
    """The digest of the schema that the rows were folded with."""
    return _kept(connection, "rows")


def _kept(connection: Connection, key: str) -> str:
    return connection.execute(select(meta_table.c.value).where(meta_table.c.key == key)).scalar() or ""


def schema_digest() -> str:
    """Changes with any column of any row table, any fact, and the text of any fold: what another program folded is folded again."""
    every_noun()
    tables = [f"{table.name}:{[(c.name, str(c.type)) for c in table.columns]}" for table in ROWS.sorted_tables]
    facts = [f"{kind}:{[field.name for field in dataclasses.fields(fact)]}" for kind, fact in FACTS.items()]
    folds = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("rows/*.py"))]
    return hashlib.sha256("\n".join([*sorted(tables), *sorted(facts), *folds]).encode()).hexdigest()[:32]


def rows_digest(connection: Connection) -> str:
    """SHA-256 over every row of every table, the same on SQLite and PostgreSQL."""
    digest = hashlib.sha256()
    for table in sorted(ROWS.tables.values(), key=lambda table: table.name):
        lines = sorted(json.dumps(list(row), ensure_ascii=False, default=str) for row in connection.execute(select(table)))
        digest.update(f"{table.name}\n".encode() + "\n".join(lines).encode())
    return digest.hexdigest()


def _fold_together(connection: Connection, entries: list[Entry]) -> dict[str, str]:
    rows = GatheredRows(connection)
    reasons = {entry.hash: why.reason for entry in entries if (why := fold(rows, entry))}
    rows.write_all()
    return reasons


def _fold_alone(connection: Connection, entry: Entry) -> str:
    """Why it is held, or ''. What breaks with its body is folded without it, as if it had been withheld."""
    try:
        with connection.begin_nested():
            why = fold(Rows(connection), entry)
            return why.reason if why else ""
    except _NOT_THE_ENTRY:
        raise
    except Exception as surprise:
        _log.warning("held %s %s: %s", entry.head.kind, entry.hash, type(surprise).__name__)
    if entry.body_bytes is not None:
        _fold_alone(connection, dataclasses.replace(entry, body_bytes=None))
    return "fold_error"
