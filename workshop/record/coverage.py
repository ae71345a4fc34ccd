"""Which entries of a batch a signature covers: a signed tip vouches for its entry and, by `prev`, for all that comes before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from sync.entry import Entry, read_head
from sync.log import Refused
from sync.signing import Judged, SignedTip
from workshop.record.log import WAITING, entry_table, held_table, in_batches

_e: Final = entry_table.c
_h: Final = held_table.c


@dataclass(frozen=True, slots=True)
class Covered:
    """`fresh`: entries to keep; `refused`: those with a signature that does not match; `waiting`: of the fresh ones, why they are held;
    `freed`: entries that were held here until now."""

    fresh: list[Entry]
    refused: list[Refused]
    waiting: dict[str, str]
    freed: frozenset[str]
    kept: tuple[SignedTip, ...]


def cover(connection: Connection, scope: str, fresh: list[Entry], judged: Judged) -> Covered:
    """`fresh`: entries that are new here and follow one another."""
    entries = {entry.hash: entry for entry in fresh}
    here = _held_around(connection, scope, entries, judged)
    before = {entry_hash: entry.head.prev for entry_hash, entry in entries.items()} | here
    covered = _walk(_meant(judged.good, entries, here), before)
    false = _walk((tip.hash for tip in judged.false), before) - covered
    refused = _with_what_follows(fresh, false)
    revoked = _walk(_meant(judged.revoked, entries, here), before)
    kept = [entry for entry in fresh if entry.hash not in refused]
    waiting = {entry.hash: _why(entry.hash in revoked) for entry in kept if entry.hash not in covered}
    useful = tuple(tip for tip in (*judged.good, *judged.revoked) if tip.hash in before and tip.hash not in refused)
    listed = [Refused(entry_hash, why) for entry_hash, why in refused.items()]
    return Covered(kept, listed, waiting, frozenset(covered & here.keys()), useful)


def waiting_in(connection: Connection, scope: str, hashes: Iterable[str]) -> set[str]:
    """Those of these entries that are here and held for want of a signature."""
    found: set[str] = set()
    for some in in_batches(hashes):
        chosen = select(_h.hash).where(_h.scope == scope, _h.hash.in_(some), _h.reason.in_(WAITING))
        found |= set(connection.execute(chosen).scalars())
    return found


def _why(is_revoked: bool) -> str:
    return "revoked" if is_revoked else "unsigned"


def _held_around(connection: Connection, scope: str, entries: Mapping[str, Entry], judged: Judged) -> dict[str, str]:
    """hash -> prev of what waits in the streams that these tips may free. Mostly nothing waits."""
    touched = {tip.hash for tip in judged.good} | {entry.head.prev for entry in entries.values()}
    if not (waiting := waiting_in(connection, scope, touched - entries.keys())):
        return {}
    streams = {row.stream for row in connection.execute(select(_e.stream).where(_e.hash.in_(waiting)))}
    chosen = select(_e.hash, _e.head).join(held_table, _h.hash == _e.hash).where(_e.scope == scope, _h.reason.in_(WAITING))
    return {
        row.hash: read_head(bytes(row.head)).prev
        for some in in_batches(streams)
        for row in connection.execute(chosen.where(_e.stream.in_(some)))
    }


def _meant(tips: Iterable[SignedTip], entries: Mapping[str, Entry], here: Mapping[str, str]) -> list[str]:
    """Entries that tips name rightly: with the stream and the number they have."""
    heads = {tip.hash: entries[tip.hash].head for tip in tips if tip.hash in entries}
    return [
        tip.hash
        for tip in tips
        if tip.hash in here or (tip.hash in heads and (heads[tip.hash].stream, heads[tip.hash].n) == (tip.stream, tip.n))
    ]


def _walk(ends: Iterable[str], before: Mapping[str, str]) -> set[str]:
    """These entries and all before them, as far as they are new or waiting."""
    found: set[str] = set()
    for end in ends:
        step = end
        while step in before and step not in found:
            found.add(step)
            step = before[step]
    return found


def _with_what_follows(fresh: list[Entry], false: set[str]) -> dict[str, str]:
    """Why each is refused. `fresh` by place, so what comes before stands before."""
    refused: dict[str, str] = {}
    for entry in fresh:
        if entry.hash in false:
            refused[entry.hash] = "signature"
        elif entry.head.prev in refused:
            refused[entry.hash] = "gap"
    return refused
