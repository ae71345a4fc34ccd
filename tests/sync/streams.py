"""Streams made by hand: entries of kinds that no program folds, so that the suite is about logs and nothing else."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync import wire
from sync.entry import Entry, Head, read_entry, seal
from sync.exchange import Page
from sync.log import START, Digest, Load, Log, Place, Raw, Received, Tips
from sync.signing import Signatures

KIND = "test.said/1"


def new_id() -> str:
    return secrets.token_hex(16)


def an_entry(
    scope: str, stream: str, before: Entry | None = None, *, lamport: int = 0, kind: str = KIND, body: bytes | None = None, wall: str = ""
) -> Entry:
    """The first of a stream, or the one after `before`."""
    head = Head(
        scope=scope,
        stream=stream,
        n=before.head.n + 1 if before else 1,
        prev=before.hash if before else "",
        lamport=lamport or (before.head.lamport + 1 if before else 1),
        kind=kind,
        about=new_id(),
        replaces=(),
        cause=new_id(),
        wall=wall or "2026-11-22T10:00Z",
        body_hash="",
    )
    said = json.dumps({"salt": secrets.token_hex(16), "text": "perché no?"}, ensure_ascii=False).encode()
    return seal(head, said if body is None else body)


def a_stream(scope: str, length: int, *, after: Entry | None = None, first_lamport: int = 1) -> list[Entry]:
    """`length` entries in a row: from the beginning, or after an entry, as a branch of its stream."""
    stream, entries, before = after.head.stream if after else new_id(), [], after
    for index in range(length):
        before = an_entry(scope, stream, before, lamport=0 if index else first_lamport)
        entries.append(before)
    return entries


def raws(entries: Iterable[Entry]) -> list[Raw]:
    return [Raw(entry.head_bytes, entry.body_bytes) for entry in entries]


def withheld(entry: Entry) -> Entry:
    return read_entry(entry.head_bytes, None)


def all_of(log: Log, scope: str) -> list[Entry]:
    """Every entry, by place, asked for page by page as a peer does that has nothing."""
    found: list[Entry] = []
    while page := log.entries_beyond(scope, Tips(), after=found[-1].place if found else START):
        found += page
    return found


@dataclass(frozen=True, slots=True)
class Beside:
    """A log as a peer of another log, through the bytes of the wire but without a line."""

    log: Log

    def tips(self, scope: str, load: Load) -> Tips:
        return wire.tips_from_json(wire.tips_to_json(self.log.tips(scope, load)))

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received:
        return wire.received_from_json(wire.received_to_json(self.log.receive(scope, *wire.unpack([wire.pack(entries, signatures)]))))

    def pull(self, scope: str, tips: Tips, after: Place, limit: int) -> Page:
        entries = self.log.entries_beyond(scope, tips, limit, after)
        signatures = self.log.signatures(scope, entries, tips.unsigned if after == START else ())
        batch, more = wire.unpack_page([wire.pack_page(entries, bool(entries), signatures)])
        return Page(batch.entries, more, batch.signatures)

    def digest(self, scope: str, load: Load, mine: Digest) -> Digest:
        return wire.digest_from_json(wire.digest_to_json(self.log.digest(scope, load)))
