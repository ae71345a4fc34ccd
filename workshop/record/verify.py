"""Is the record what it says? Every byte against its hash, every chain, and the rows against a rebuild."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, StaticPool, create_engine, select
from sqlalchemy.exc import DatabaseError

from sync.entry import Entry, Unreadable, read_entry, sha256
from sync.log import digest_of
from workshop.record import fold
from workshop.record.database import LOG, ROWS, Store
from workshop.record.log import entries_in_order, entry_table, rows_of

COLUMNS: Final = ("hash", "scope", "stream", "n", "lamport", "kind", "about", "cause")
_e: Final = entry_table.c


@dataclass(frozen=True, slots=True)
class Verdict:
    """`digest` is over the hashes of all entries, so that two computers can compare theirs.

    `reason` is '' when all is well, else head, body, size, chain, columns (of the entry `first_bad`), rows_differ, rows_of_another_version
    or unreadable_store.
    """

    entries: int
    digest: str
    rows_equal_rebuild: bool
    first_bad: str | None = None
    reason: str = ""

    @property
    def is_good(self) -> bool:
        return self.rows_equal_rebuild and not self.reason


class _Bad(Exception):
    def __init__(self, entry_hash: str, reason: str) -> None:
        super().__init__(reason)
        self.entry_hash, self.reason = entry_hash, reason


def verify(store: Store) -> Verdict:
    """Reads one moment of the record and changes nothing; people may go on writing meanwhile."""
    try:
        with snapshot(store) as connection:
            if store.is_sqlite and connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
                return Verdict(0, "", False, _first_bad(connection), "unreadable_store")
            checked = _checked(connection)
            told = digest_of((each for each in checked if checked[each]), (each for each in checked if not checked[each]))
            if fold.kept_schema(connection) != fold.schema_digest():
                return Verdict(told.entries, told.sha256, False, None, "rows_of_another_version")
            equal = fold.rows_digest(connection) == _digest_of_rebuild(connection)
            return Verdict(told.entries, told.sha256, equal, None, "" if equal else "rows_differ")
    except _Bad as bad:
        return Verdict(0, "", False, bad.entry_hash, bad.reason)
    except DatabaseError:
        return Verdict(0, "", False, None, "unreadable_store")


def rebuild(store: Store) -> int:
    """Fold all rows again from the log, in one transaction; the number of entries folded."""
    with store.writer.begin() as connection:
        return fold.rebuild(connection)


@contextlib.contextmanager
def snapshot(store: Store) -> Iterator[Connection]:
    """A reader for several queries of one moment."""
    with store.readers.connect() as connection:
        if store.is_sqlite:
            connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK") if store.is_sqlite else connection.rollback()


def _first_bad(connection: Connection) -> str | None:
    """A broken database may still say which entry it broke."""
    try:
        _checked(connection)
    except _Bad as bad:
        return bad.entry_hash
    except DatabaseError:
        pass
    return None


def _checked(connection: Connection) -> dict[str, bool]:
    """hash -> whether its body is here, of every entry; raises _Bad at the first that is not what it says, by (scope, lamport, hash)."""
    chains: dict[str, tuple[str, str, int]] = {"": ("", "", 0)}
    present: dict[str, bool] = {}
    in_order = select(entry_table).order_by(_e.scope, _e.lamport, _e.hash).execution_options(yield_per=1_000)
    for row in connection.execute(in_order):
        entry = _read(row)
        head = entry.head
        before = chains.get(head.prev)
        if before is None or (head.n > 1 and before != (head.scope, head.stream, head.n - 1)):
            raise _Bad(entry.hash, "chain")
        chains[entry.hash] = (head.scope, head.stream, head.n)
        present[entry.hash] = entry.body_bytes is not None
    return present


def _read(row: Row[*tuple[object, ...]]) -> Entry:
    kept = row._mapping
    head, body = bytes(kept["head"]), None if kept["body"] is None else bytes(kept["body"])
    if sha256(head) != kept["hash"]:
        raise _Bad(str(kept["hash"]), "head")
    try:
        entry = read_entry(head, body)
    except Unreadable as wrong:
        raise _Bad(str(kept["hash"]), str(wrong)) from wrong
    [told] = rows_of([entry])
    if any(told[name] != kept[name] for name in COLUMNS):
        raise _Bad(entry.hash, "columns")
    return entry


def _digest_of_rebuild(connection: Connection) -> str:
    """Rows folded afresh into memory, with the same entries held."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as fresh:
        for tables in (LOG, ROWS):
            tables.create_all(fresh)
        fold.fold_all(fresh, entries_in_order(connection), fold.held_in(connection))
        digest = fold.rows_digest(fresh)
    engine.dispose()
    return digest
