"""Sealed bodies beside the log: kept for entries that are here without their body, given on, opened with the reader's key.

Nothing here is folded or believed. What is opened is received like any body of a peer, so a false one never enters.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select

from sync.entry import read_head, sha256
from sync.log import Load, Raw
from sync.sealed_bodies import NAMED_MOST, NotOpened, SealedBody, closed, fitting, opened
from sync.signing import public_key_of
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.erasing import gone
from workshop.record.log import entry_table, in_batches, sealed_table
from workshop.record.peers import PeerLog
from workshop.record.writer import Writer

AT_ONCE: Final = 200  # bodies opened, and received, together
_e: Final = entry_table.c
_s: Final = sealed_table.c


@dataclass(frozen=True, slots=True)
class SealedBeside:
    """The record as `sync.sealed_bodies.Chest`. Reads on readers, writes by the desk; used from any thread."""

    store: Store
    desk: Desk

    def lacking(self, scope: str, load: Load, after: str = "") -> list[str]:
        chosen = select(_e.hash).where(_lacks(scope, load), _e.hash > after).order_by(_e.hash).limit(NAMED_MOST)
        with self.store.readers.connect() as connection:
            return list(connection.execute(chosen).scalars())

    def sealed(self, scope: str, load: Load, hashes: Sequence[str]) -> list[SealedBody]:
        with self.store.readers.connect() as connection:
            kept = _kept(connection, scope, load, hashes)
            bare = _bodies(connection, scope, load, set(hashes) - kept.keys())
        found = fitting([SealedBody(each, kept.get(each) or bare[each]) for each in sorted(kept.keys() | bare.keys())])
        return [SealedBody(each.hash, closed(each.data, load.reader)) if each.hash in bare else each for each in found]

    def keep(self, scope: str, load: Load, bodies: Sequence[SealedBody]) -> int:
        return cast("int", self.desk.submit(partial(_keep, scope, load, bodies)))


@dataclass(frozen=True, slots=True)
class Opened:
    """What a key has opened. `false`: entries whose sealed body is not what their head says; it was thrown away, and is asked for again.
    `others`: how many are sealed here for other keys: public key -> count."""

    opened: int
    false: tuple[str, ...]
    others: dict[str, int]


def sealed_here(connection: Connection) -> dict[str, int]:
    """For whom: public key -> how many bodies nobody has opened here."""
    counted = select(_s.reader, func.count()).group_by(_s.reader).order_by(_s.reader)
    return {row[0]: row[1] for row in connection.execute(counted)}


def open_all(log: PeerLog, seed: bytes, tell: Callable[[int], object] = lambda _done: None) -> Opened:
    """Everything here that was sealed for this key. Cut anywhere, it is just begun again. `tell` hears how many were looked at so far."""
    reader, done, seen, false, after = public_key_of(seed), 0, 0, [], ""
    while some := _page(log.store, reader, after):
        after = some[-1][1].hash
        for scope in {scope for scope, _, _ in some}:
            raws = [_raw(head, body, seed) for where, body, head in some if where == scope]
            done += log.receive(scope, [raw for raw in raws if raw.body is not None]).stored
            false += [sha256(raw.head) for raw in raws if raw.body is None]
        log.desk.submit(partial(_forget, reader, [body.hash for _, body, _ in some]))
        seen += len(some)
        tell(seen)
    with log.store.readers.connect() as connection:
        return Opened(done, tuple(false), sealed_here(connection))


def _lacks(scope: str, load: Load) -> ColumnElement[bool]:
    """Neither body nor a sealed one for this reader, and none that must not come back."""
    there = exists().where(_s.hash == _e.hash, _s.reader == load.reader)
    wanted = (_e.scope == scope) & _e.body.is_(None) & _e.kind.in_(sorted(load.sealed))
    return wanted & _e.hash.not_in(gone()) & ~there


def _keep(scope: str, load: Load, bodies: Sequence[SealedBody], writer: Writer) -> int:
    writer.lock_scope(scope)
    told, kept = {body.hash: body.data for body in bodies}, 0
    for some in in_batches(told):
        lacking = writer.connection.execute(select(_e.hash).where(_lacks(scope, load), _e.hash.in_(some))).scalars().all()
        values = [{"hash": each, "reader": load.reader, "scope": scope, "data": told[each]} for each in lacking]
        if values:
            writer.connection.execute(insert(sealed_table), values)
        kept += len(values)
    return kept


def _kept(connection: Connection, scope: str, load: Load, hashes: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for some in in_batches(hashes):
        here = (_s.scope == scope) & (_s.reader == load.reader) & _s.hash.in_(some)
        chosen = select(_s.hash, _s.data).where(here, _s.hash.not_in(gone()))
        found |= {row.hash: bytes(row.data) for row in connection.execute(chosen)}
    return found


def _bodies(connection: Connection, scope: str, load: Load, hashes: Iterable[str]) -> dict[str, bytes]:
    """Those that are open here and of kinds that travel sealed."""
    found: dict[str, bytes] = {}
    for some in in_batches(hashes):
        here = (_e.scope == scope) & _e.body.is_not(None) & _e.kind.in_(sorted(load.sealed)) & _e.hash.in_(some)
        chosen = select(_e.hash, _e.body).where(here, _e.hash.not_in(gone()))
        found |= {row.hash: bytes(row.body) for row in connection.execute(chosen)}
    return found


def _page(store: Store, reader: str, after: str) -> list[tuple[str, SealedBody, bytes]]:
    """(scope, sealed body, head)."""
    chosen = select(_s.scope, _s.hash, _s.data, _e.head).join(entry_table, _e.hash == _s.hash)
    with store.readers.connect() as connection:
        rows = connection.execute(chosen.where(_s.reader == reader, _s.hash > after).order_by(_s.hash).limit(AT_ONCE)).all()
    return [(row.scope, SealedBody(row.hash, bytes(row.data)), bytes(row.head)) for row in rows]


def _raw(head: bytes, body: SealedBody, seed: bytes) -> Raw:
    """Without a body when it is not the one that the head names."""
    try:
        found = opened(body.data, seed)
    except NotOpened:
        return Raw(head, None)
    return Raw(head, found if sha256(found) == read_head(head).body_hash else None)


def _forget(reader: str, hashes: list[str], writer: Writer) -> None:
    """Opened, and in the log: or false, and then what was sealed for others may be right."""
    in_the_log = _s.hash.in_(select(_e.hash).where(_e.hash.in_(hashes), _e.body.is_not(None)))
    writer.connection.execute(delete(sealed_table).where(_s.hash.in_(hashes), (_s.reader == reader) | in_the_log))
