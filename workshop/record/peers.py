"""Entries that come from peers: the one place where `sync` meets the record. Refused, held or folded; never lost, never doubled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from sqlalchemy import Connection, Select, select

from sync.entry import Entry, Head
from sync.log import ENTRIES_MOST, START, Digest, Place, Raw, Received, Refused, Tips, sift
from workshop.record import log, tips
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.fold import fold_batch, keep_held
from workshop.record.log import entry_of, entry_table, in_batches
from workshop.record.writer import Received as CameBySync
from workshop.record.writer import Writer

LAMPORT_JUMP: Final = 1_000_000  # what lies further ahead waits until the gap is filled: a poisoned clock moves nobody else's
_e: Final = entry_table.c


class _Known(NamedTuple):
    """Of an entry that is here: where it stands, and whether it has its body."""

    scope: str
    stream: str
    n: int
    lamport: int
    has_body: bool


@dataclass(frozen=True, slots=True)
class PeerLog:
    """The record as `sync.log.Log`. Reads on readers, writes by the desk; used from any thread."""

    store: Store
    desk: Desk

    def scopes(self) -> list[str]:
        with self.store.readers.connect() as connection:
            return log.scopes(connection)

    def tips(self, scope: str) -> Tips:
        with self.store.readers.connect() as connection:
            return tips.tips(connection, scope)

    def entries_beyond(self, scope: str, peer: Tips, limit: int = ENTRIES_MOST, after: Place = START) -> list[Entry]:
        with self.store.readers.connect() as connection:
            return tips.entries_beyond(connection, scope, peer, limit, after)

    def receive(self, scope: str, batch: Sequence[Raw]) -> Received:
        entries, refused = sift(scope, batch)
        received = Received(known=len(batch) - len(entries) - len(refused), refused=tuple(refused))
        for some in in_batches(entries, ENTRIES_MOST):
            received += self._receive(scope, some)
        return received

    def digest(self, scope: str) -> Digest:
        with self.store.readers.connect() as connection:
            return tips.digest(connection, scope)

    def _receive(self, scope: str, entries: list[Entry]) -> Received:
        return cast("Received", self.desk.submit(lambda writer: receive(writer, scope, entries)))


def receive(writer: Writer, scope: str, entries: list[Entry]) -> Received:
    """Take a batch in, inside the writer's transaction: one query for what is known, one insert, one fold. `entries` by place."""
    connection = writer.connection
    reach = writer.lock_scope(scope)
    known = _known(connection, entries)
    fresh, refused = _follow(entries, known)
    filled = [entry for entry in entries if entry.body_bytes is not None and entry.hash in known and not known[entry.hash].has_body]
    log.store(connection, fresh)
    log.fill(connection, filled)
    reach, held = _take_in(connection, scope, reach, fresh, filled)
    _tell(writer, scope, reach, fresh, filled)
    stored = len(fresh) + len(filled)
    return Received(stored, len(entries) - stored - len(refused), held, tuple(refused))


def _take_in(connection: Connection, scope: str, reach: int, fresh: list[Entry], filled: list[Entry]) -> tuple[int, int]:
    """Fold what is within reach; (new reach, how many of these are held). Any order of arrival holds the same entries in the end."""
    come = {entry.hash: entry for entry in (*fresh, *filled)}
    reach, woken = _stretch(connection, scope, reach)
    within = [entry for entry in come.values() if entry.head.lamport <= reach]
    beyond = [entry for entry in fresh if entry.head.lamport > reach]
    reasons = fold_batch(connection, within + _entries(connection, woken - come.keys()))
    keep_held(connection, beyond, dict.fromkeys((entry.hash for entry in beyond), "lamport_jump"))
    return reach, len(beyond) + sum(entry_hash in reasons for entry_hash in come)


def _stretch(connection: Connection, scope: str, reach: int) -> tuple[int, set[str]]:
    """How far the order goes on without a jump, and the entries that this takes in: new ones, and held ones whose gap is filled."""
    taken: set[str] = set()
    while rows := connection.execute(_just_beyond(scope, reach)).all():
        taken |= {row.hash for row in rows}
        reach = rows[-1].lamport
    return reach, taken


def _just_beyond(scope: str, reach: int) -> Select[str, int]:
    chosen = select(_e.hash, _e.lamport).where(_e.scope == scope, _e.lamport > reach, _e.lamport <= reach + LAMPORT_JUMP)
    return chosen.order_by(_e.lamport, _e.hash)


def _entries(connection: Connection, hashes: Iterable[str]) -> list[Entry]:
    return [
        entry_of(row)
        for some in in_batches(hashes)
        for row in connection.execute(select(_e.head, _e.body).where(_e.hash.in_(some)).order_by(_e.lamport, _e.hash))
    ]


def _tell(writer: Writer, scope: str, reach: int, fresh: list[Entry], filled: list[Entry]) -> None:
    writer.heard(scope, reach)
    if any(writer.owns(entry.head.stream, scope) for entry in fresh):
        writer.leave_stream(scope)  # somebody else writes to it: this computer was cloned while it ran
    if fresh or filled:
        writer.announce(CameBySync(scope))


def _known(connection: Connection, entries: list[Entry]) -> dict[str, _Known]:
    hashes = {entry.hash for entry in entries} | {entry.head.prev for entry in entries if entry.head.prev}
    found: dict[str, _Known] = {}
    for some in in_batches(hashes, 2 * ENTRIES_MOST):
        chosen = select(_e.hash, _e.scope, _e.stream, _e.n, _e.lamport, _e.body.is_not(None)).where(_e.hash.in_(some))
        found.update({row[0]: _Known(*row[1:]) for row in connection.execute(chosen)})
    return found


def _follow(entries: Iterable[Entry], known: dict[str, _Known]) -> tuple[list[Entry], list[Refused]]:
    """New entries that follow one that is here; the others are refused, and so is what follows them."""
    fresh: dict[str, Entry] = {}
    refused = []
    for entry in entries:
        if entry.hash in known:
            continue
        before = fresh[entry.head.prev].head if entry.head.prev in fresh else known.get(entry.head.prev)
        if why := _fault(entry.head, before):
            refused.append(Refused(entry.hash, why))
        else:
            fresh[entry.hash] = entry
    return list(fresh.values()), refused


def _fault(head: Head, before: Head | _Known | None) -> str:
    """Why it cannot follow the one before. Lamport numbers rise within a stream, so that sending by place never leaves a gap."""
    if head.n == 1:
        return ""
    if before is None:
        return "gap"
    follows = (before.scope, before.stream, before.n) == (head.scope, head.stream, head.n - 1) and before.lamport < head.lamport
    return "" if follows else "chain"
