"""Looking into a database file without changing it, nor the folder where it lies: how many entries, which digest, what it is about."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine

from sync.log import Digest, digest_of
from workshop.copies.shape import Told
from workshop.record.queries.processes import meetings_of, processes


def open_to_read(path: Path, *, is_still: bool) -> sqlite3.Connection:
    """`is_still`: nobody writes to this file, so no lock and no shared memory are made beside it."""
    how = "mode=ro&immutable=1" if is_still else "mode=ro"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, isolation_level=None, check_same_thread=False)


def digest_in(connection: sqlite3.Connection) -> Digest:
    """Of all entries, as `tavoli verify` computes it."""
    bodied = [entry_hash for (entry_hash,) in connection.execute("SELECT hash FROM entry WHERE body IS NOT NULL")]
    bare = [entry_hash for (entry_hash,) in connection.execute("SELECT hash FROM entry WHERE body IS NULL")]
    return digest_of(bodied, bare)


def is_sound(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")


def told_in(record: Path) -> Told:
    """Read from the rows: so by the same program that folded them."""
    with _reading(record) as connection:
        found = processes(connection)
        meetings = [meeting.plan for process in found for meeting in meetings_of(connection, process.id)]
    return Told(tuple(process.description.title for process in found), tuple((plan.title, plan.date) for plan in meetings))


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: open_to_read(path, is_still=True), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
