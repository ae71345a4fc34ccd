"""The one writer: decides, appends and folds up to 200 jobs in one transaction. Every answer is given after COMMIT."""

import contextlib
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from sync.entry import Entry, Head, seal
from workshop.domain.fact import Fact
from workshop.domain.people import NOBODY, Actor
from workshop.domain.refusal import Refusal
from workshop.domain.stream import StreamOpened
from workshop.private.database import PrivateStore
from workshop.record import log
from workshop.record.codec import replaces_of, write_body
from workshop.record.database import Store, disk_refusal
from workshop.record.fold import Rows, fold

BATCH: Final = 200
MANY: Final = 30  # entries: about 600 pages of SQLite's log, which it would write back by itself from 1,000


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Committed:
    """One fact that is safe on disk, for those who announce it."""

    scope: str
    entry_hash: str
    cause: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a command: what it led to. A command sent twice gets the first one's facts again."""

    command_id: str
    facts: tuple[Fact, ...]
    first_time: bool = True


@dataclass(slots=True)
class Received:
    """A marker in the announcements: entries of a scope came by sync; pages fetch."""

    scope: str


Answer: TypeAlias = object
Job: TypeAlias = "Callable[[Writer], Answer]"


@dataclass(slots=True)
class _Stream:
    id: str
    n: int = 0
    prev: str = ""


@dataclass(slots=True)
class Writer:
    """Belongs to one thread. What lives outside the database (`streams`) is restored whenever a transaction is rolled back.

    `clock`: wall time in UTC, which is shown and never used for order."""

    store: Store
    private_store: PrivateStore
    program: str = ""
    device: str = ""
    clock: Callable[[], datetime] = _utc_now
    streams: dict[str, _Stream] = field(default_factory=dict)
    committed: list[Committed | Received] = field(default_factory=list)
    cut_logs: bool = False  # asked for by a job: after COMMIT the log files are written back and cut to nothing
    connection: Connection = field(init=False)
    private: Connection = field(init=False)
    _lamports: dict[str, int] = field(default_factory=dict)
    _in_log: int = 0  # entries since SQLite's log was written back

    def __post_init__(self) -> None:
        self.connection = self.store.writer.connect()
        self.private = self.private_store.writer.connect()

    def close(self) -> None:
        self.connection.close()
        self.private.close()

    def write(self, jobs: list[Job]) -> list[Answer]:
        """Decide, append and fold all jobs in one transaction; if one breaks, each alone. A job may run twice: it keeps nothing."""
        try:
            return self._together(jobs)
        except Exception as surprise:
            if len(jobs) == 1:
                return [disk_refusal(surprise) or surprise]
            return [answer for job in jobs for answer in self.write([job])]

    def rest(self) -> None:
        """Nobody waits just now: SQLite's log is written back into its database. Otherwise a COMMIT does it when the log is long, and on a
        slow disk whoever is answered by that one waits for it. Everything is on disk already, so a trouble is left to that COMMIT."""
        if self._in_log >= MANY and self.store.is_sqlite:
            self._in_log = 0
            with contextlib.suppress(sqlite3.Error, SQLAlchemyError):  # the toolkit's too: it may have to open the file again
                driver: Any = self.connection.connection.dbapi_connection
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def take_committed(self) -> list[Committed | Received]:
        taken, self.committed = self.committed, []
        return taken

    def append(self, scope: str, fact: Fact, cause: str, actor: Actor, digest: str = "") -> Entry:
        """One entry of our own at the tip of this run's stream of the scope."""
        stream = self.streams.get(scope) or self._open_stream(scope)
        return self._append(scope, stream, fact, cause, actor, digest)

    def announce(self, item: Committed | Received) -> None:
        self.committed.append(item)

    def wall(self) -> str:
        """Now, as it is written down: UTC, to the minute."""
        return self.clock().isoformat(timespec="minutes")[:16] + "Z"

    def lock_scope(self, scope: str) -> int:
        """Latest lamport of the scope, read once per transaction. On PostgreSQL a second process waits here: slow, never wrong."""
        if scope not in self._lamports:
            if not self.store.is_sqlite:
                self.connection.execute(text("SELECT pg_advisory_xact_lock(('x' || :key)::bit(64)::bigint)"), {"key": scope[:16]})
            self._lamports[scope] = log.latest_lamport(self.connection, scope)
        return self._lamports[scope]

    def heard(self, scope: str, lamport: int) -> None:
        """Entries of others came up to this lamport: what is written next in this transaction comes after them."""
        self._lamports[scope] = max(self.lock_scope(scope), lamport)

    def owns(self, stream_id: str, scope: str) -> bool:
        """Whether this run writes to the stream."""
        return scope in self.streams and self.streams[scope].id == stream_id

    def leave_stream(self, scope: str) -> None:
        """The next entry of our own opens another one."""
        del self.streams[scope]

    def _together(self, jobs: list[Job]) -> list[Answer]:
        marks = {scope: (stream.id, stream.n, stream.prev) for scope, stream in self.streams.items()}
        announced = len(self.committed)
        self._lamports = {}
        try:
            with self.connection.begin():
                answers = self._all(jobs)
        except BaseException:
            lost = self.connection.invalidated  # nobody knows whether that COMMIT was done: fresh streams, never a fork
            self._end_transactions()  # may connect again already
            lost = lost or self.connection.invalidated
            self.streams = {} if lost else {scope: _Stream(*mark) for scope, mark in marks.items()}
            del self.committed[announced:]
            raise
        if self.cut_logs:
            self._cut_logs()
        return answers

    def _all(self, jobs: list[Job]) -> list[Answer]:
        """private.db is committed first. Its transaction begins with the first job that asks it for something: a card does not."""
        try:
            answers = [self._answer(job) for job in jobs]
            self.private.commit()
        except BaseException:
            self.private.rollback()
            raise
        return answers

    def _cut_logs(self) -> None:
        """`cut_logs` stays on while a reader holds an old moment: asked again later. Only the one writer does this (see database)."""
        self.cut_logs = any([_is_held(connection) for connection in (self.connection, self.private)])  # noqa: C419  (both are cut)

    def _end_transactions(self) -> None:
        """A COMMIT that failed leaves its transaction open, while SQLAlchemy takes it for ended: the next batch would commit it too."""
        for connection in (self.connection, self.private):
            try:
                connection.connection.rollback()
            except Exception:
                connection.invalidate()

    def _answer(self, job: Job) -> Answer:
        try:
            return job(self)
        except Refusal as refusal:  # a rule refuses before anything is written, so it needs no savepoint
            return refusal

    def _open_stream(self, scope: str) -> _Stream:
        stream = self.streams[scope] = _Stream(secrets.token_hex(16))
        opened = StreamOpened(about=stream.id, device=self.device, program=self.program)
        self._append(scope, stream, opened, stream.id, NOBODY, "")
        return stream

    def _append(self, scope: str, stream: _Stream, fact: Fact, cause: str, actor: Actor, digest: str) -> Entry:
        lamport = self.lock_scope(scope) + 1
        head = Head(
            scope=scope,
            stream=stream.id,
            n=stream.n + 1,
            prev=stream.prev,
            lamport=lamport,
            kind=type(fact).kind,
            about=fact.about,
            replaces=replaces_of(fact),
            cause=cause,
            wall=self.wall(),
            body_hash="",
        )
        entry = seal(head, write_body(fact, actor, digest))
        log.store(self.connection, [entry])
        held = fold(Rows(self.connection), entry)
        if held:
            raise RuntimeError(f"our own {head.kind} does not fold: {held.reason}")
        stream.n, stream.prev, self._lamports[scope] = head.n, entry.hash, lamport
        self._in_log += 1
        self.announce(Committed(scope, entry.hash, cause, fact))
        return entry


def _is_held(connection: Connection) -> bool:
    """Cut the log file of an SQLite database; True when somebody still reads from it."""
    if connection.dialect.name != "sqlite":
        return False
    driver: Any = connection.connection.dbapi_connection
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout=0")  # nobody waits for the writer while it waits for a reader
    try:
        (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        driver.execute(f"PRAGMA busy_timeout={patience}")
    return bool(busy)
