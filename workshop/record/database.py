"""Open the record's store: SQLite in the room, PostgreSQL at the centre; the same tables, one writer, many readers."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from workshop.domain.refusal import Refusal, Sort
from workshop.record.prepared import Prepared

T = TypeVar("T")
LOG: Final = MetaData()  # frozen at format 1
ROWS: Final = MetaData()  # folded from the log, dropped and rebuilt at will
FORMAT: Final = 1  # of the record's database: what a newer program has written is not opened
FULL: Final = 2
WRITING: Final = "-c synchronous_commit=on -c idle_in_transaction_session_timeout=60s"  # a frozen process gives its locks back
_BEGIN: Final = Prepared(text("BEGIN IMMEDIATE"))
AWAY_STATES: Final = ("08", "57P", "53300", "40P01", "40001")  # connection, shutdown, too many of them, rolled back for another
FULL_WORDS: Final = ("database or disk is full", "No space left")
FAILING_WORDS: Final = ("disk I/O error", "attempt to write a readonly database", "unable to open database file")


class StoreIsUnsafe(RuntimeError):
    """The database did not accept a setting that keeps acknowledged writes safe."""


class WrittenByNewer(StoreIsUnsafe):
    """The record is of a format that this program does not know: it would fold it wrongly and write what the newer one misreads."""

    def __init__(self) -> None:
        super().__init__("The record was written by a newer Tavoli. Start that one, or a newer one. Nothing was changed.")


class DiskIsFull(Refusal):
    """Nothing was written; phones keep their cards."""

    sort = Sort.NO_SPACE


class DiskFails(Refusal):
    """The disk does not take what is written: a quota, a stick that was pulled out, a disk that went read-only. Nothing was written."""

    sort = Sort.NO_SPACE


class DatabaseIsAway(Refusal):
    """PostgreSQL is starting again, or cannot be reached: the same again in a moment. Whether the last write was kept nobody knows:
    sent again with the same id it is done once."""

    sort = Sort.SLOW_DOWN


@dataclass(frozen=True, slots=True)
class Store:
    """`writer` opens a write transaction at once and belongs to one thread.

    `readers` hold no transaction and see every acknowledged write."""

    writer: Engine
    readers: Engine
    _home: int = field(default_factory=threading.get_ident)
    _kept: list[Connection] = field(default_factory=list)  # the one of the home thread

    def ask(self, question: Callable[[Connection], T]) -> T:
        """One question that waits for nothing in between: so on SQLite all greenlets of the thread that serves may share a connection,
        for taking one from the pool costs more than most answers. PostgreSQL may have started again meanwhile, which the pool notices."""
        if not self.is_sqlite or threading.get_ident() != self._home:
            with self.readers.connect() as connection:
                return question(connection)
        if not self._kept:
            self._kept.append(self.readers.connect())
        try:
            return question(self._kept[0])
        except BaseException:
            self._let_go()  # whatever was half read ends with it
            raise

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def close(self) -> None:
        self._let_go()
        self.readers.dispose()
        self.writer.dispose()

    def _let_go(self) -> None:
        while self._kept:
            self._kept.pop().close()


def open_store(url: str, *, synchronous: str = "FULL") -> Store:
    """`url` is an SQLAlchemy URL; `synchronous` is only for the test that must go red with NORMAL."""
    if url.startswith("sqlite"):
        return _open_sqlite(url, synchronous)
    reach: dict[str, Any] = {"connect_timeout": 5, "tcp_user_timeout": 10_000}  # seconds; milliseconds
    writer = create_engine(url, isolation_level="READ COMMITTED", connect_args={**reach, "options": WRITING})
    readers = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args=reach,
        pool_pre_ping=True,  # after a restart of PostgreSQL every kept connection is dead
        pool_size=5,
        max_overflow=50,
        pool_timeout=5,
    )
    return Store(writer, readers)


def one_at_a_time(connection: Connection) -> None:
    """Processes that start at once on one PostgreSQL make its tables, or fold them again, one after the other, a transaction each."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7310868735)"))


def is_disk_full(error: BaseException) -> bool:
    cause = getattr(error, "orig", error)
    return any(told in str(cause) for told in FULL_WORDS) or getattr(cause, "sqlstate", "") == "53100"


def disk_refusal(error: BaseException) -> Refusal | None:
    """What the own words of the disk, or of PostgreSQL, mean; None when the error has another cause."""
    if is_disk_full(error):
        return DiskIsFull()
    cause = getattr(error, "orig", error)
    if _is_away(error, cause):
        return DatabaseIsAway()
    fails = any(told in str(cause) for told in FAILING_WORDS) or getattr(cause, "sqlstate", "") == "58030"
    return DiskFails() if fails else None


def _is_away(error: BaseException, cause: object) -> bool:
    """By what PostgreSQL or its driver says; a driver that could not connect has no state to tell."""
    if isinstance(error, PoolTimeout) or getattr(error, "connection_invalidated", False):
        return True
    if not type(cause).__module__.startswith("psycopg"):
        return False
    state = getattr(cause, "sqlstate", None)
    return state.startswith(AWAY_STATES) if state else type(cause).__name__ in {"OperationalError", "ConnectionTimeout"}


def _open_sqlite(url: str, synchronous: str) -> Store:
    writer = create_engine(url, connect_args={"check_same_thread": False})
    endless: dict[str, Any] = {
        "pool_size": 5,
        "max_overflow": -1,
    }  # greenlets share one thread: where one waited for a connection, all would
    readers = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False},
        pool_reset_on_return=None,  # they hold no transaction
        **endless,
    )
    event.listen(writer, "connect", lambda connection, _: _set_up_writer(connection, synchronous))
    event.listen(writer, "begin", _begin_immediate)
    event.listen(readers, "connect", lambda connection, _: _set_up_reader(connection))
    with writer.connect() as connection:
        _check_settings(connection, synchronous)
    return Store(writer, readers)


def _set_up_writer(connection: Any, synchronous: str) -> None:
    connection.isolation_level = None  # the driver's own deferred BEGIN failed 661 of 800 concurrent writes
    for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "trusted_schema=OFF", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA fullfsync=1")
    connection.execute("PRAGMA checkpoint_fullfsync=1")
    connection.execute("PRAGMA secure_delete=ON")


def _set_up_reader(connection: Any) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", "wal_autocheckpoint=0", "trusted_schema=OFF", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    _BEGIN.all(connection)


def _check_settings(connection: Connection, synchronous: str) -> None:
    journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
    kept = connection.execute(text("PRAGMA synchronous")).scalar_one()
    if journal not in {"wal", "memory"} or (synchronous == "FULL" and kept != FULL):
        raise StoreIsUnsafe(f"journal_mode={journal}, synchronous={kept}")


def sqlite_has_wal_reset_bug() -> bool:
    """3.7.0 to 3.51.2 may corrupt when two connections checkpoint at once: one writer that also checkpoints avoids it."""
    return sqlite3.sqlite_version_info < (3, 51, 3)
