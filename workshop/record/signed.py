"""Signed tips and notices, kept beside the log: what was received is relayed as it came; what is ours is signed when it leaves."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from sync.entry import Entry, sha256
from sync.signing import (
    SIGNED_MOST,
    Certificate,
    Notice,
    Revocation,
    Signatures,
    SignedTip,
    Trust,
    public_key_of,
    read_notice,
    sign_tip,
)
from workshop.record.log import WAITING, entry_table, held_table, in_batches, notice_table, tip_table

TIPS_MOST: Final = SIGNED_MOST * 4 // 5  # of one batch; the rest is for notices

_t: Final = tip_table.c
_n: Final = notice_table.c
_e: Final = entry_table.c


def keep_tips(connection: Connection, scope: str, tips: Iterable[SignedTip]) -> None:
    """Tips of entries that are here; again is nothing new."""
    wanted = {(tip.hash, tip.by): tip for tip in tips}
    for some in in_batches({tip.hash for tip in wanted.values()}):
        for row in connection.execute(select(_t.hash, _t.by).where(_t.hash.in_(some))):
            wanted.pop((row.hash, row.by), None)
    if wanted:
        values = [{**tip._asdict(), "scope": scope} for tip in wanted.values()]
        connection.execute(insert(tip_table), values)


def keep_notices(connection: Connection, notices: Iterable[Notice], centre: str) -> None:
    """Those that our centre signed, each once."""
    wanted = {sha256(notice.data): (notice, told) for notice in notices if (told := read_notice(notice, centre))}
    for some in in_batches(wanted):
        known = set(connection.execute(select(_n.hash).where(_n.hash.in_(some))).scalars())
        values = [_notice_row(key, *wanted[key]) for key in some if key not in known]
        if values:
            connection.execute(insert(notice_table), values)


@dataclass(frozen=True, slots=True)
class Signet:
    """Who this place is when it meets others. `seed`: 32 secret bytes of its key; `centre`: public key of the centre whose certificates
    count here (at the centre its own); `paired`: public keys that people on both sides compared."""

    seed: bytes
    centre: str = ""
    paired: frozenset[str] = frozenset()

    @property
    def public_key(self) -> str:
        return public_key_of(self.seed)

    def trust(self, connection: Connection, tips: Iterable[SignedTip]) -> Trust:
        """Whom it believes of those who signed these tips, as far as was heard until now."""
        keys = frozenset(filter(None, (self.public_key, self.centre))) | self.paired
        return Trust(keys, self.centre).hearing(_notices(connection, _n.public_key.in_({tip.by for tip in tips})))


def signatures_for(connection: Connection, scope: str, entries: Sequence[Entry], unsigned: Iterable[str], signet: Signet) -> Signatures:
    """See sync.log.Log: what others signed as it came; our own name under the ends of streams that nobody else signed."""
    asked = islice(unsigned, TIPS_MOST)  # the rest when these are free
    waiting = {row.hash: (row.stream, row.n) for some in in_batches(asked) for row in _places(connection, scope, some)}
    ends = _ends(entries) | waiting
    kept = [tip for some in in_batches({entry.hash for entry in entries} | waiting.keys()) for tip in _tips_at(connection, some)]
    kept.sort(key=lambda tip: (tip.hash not in ends, -tip.n))
    ours = ends.keys() - {tip.hash for tip in kept} - _held(connection, ends)
    foreign = _signed_by_others(connection, {ends[entry_hash][0] for entry_hash in ours}, signet.public_key)
    places = [(*ends[entry_hash], entry_hash) for entry_hash in sorted(ours)]
    own = [sign_tip(signet.seed, scope, *place) for place in places if place[0] not in foreign]
    tips = (*own, *kept)[:TIPS_MOST]
    told = _notices(connection, _n.public_key.in_({tip.by for tip in tips}) | (_n.sort == "revocation"))
    return Signatures(tips, tuple(told[: SIGNED_MOST - TIPS_MOST]))


def certified_keys(connection: Connection) -> set[str]:
    """Public keys of devices that our centre certified and has not revoked since: each notice was checked when it was kept."""
    latest: dict[str, tuple[str, str]] = {}
    for row in connection.execute(select(_n.public_key, _n.sort, _n.data)):
        issued = (str(json.loads(bytes(row.data))["issued"]), row.sort)
        latest[row.public_key] = max(issued, latest.get(row.public_key, ("", "")))
    return {key for key, (_, sort) in latest.items() if sort == "certificate"}


def own_tips(connection: Connection, scope: str, hashes: Iterable[str], signet: Signet) -> tuple[SignedTip, ...]:
    """Our name under these entries, as far as they are here."""
    places = [row for some in in_batches(hashes) for row in _places(connection, scope, some)]
    return tuple(sign_tip(signet.seed, scope, row.stream, row.n, row.hash) for row in places)


def used_tips_by(connection: Connection, public_key: str) -> dict[str, list[str]]:
    """scope -> hashes that this device signed and that are not held."""
    found: dict[str, list[str]] = {}
    rows = connection.execute(select(_t.scope, _t.hash).where(_t.by == public_key).order_by(_t.n)).all()
    held = _held(connection, (row.hash for row in rows))
    for row in rows:
        if row.hash not in held:
            found.setdefault(row.scope, []).append(row.hash)
    return found


def waiting_for(connection: Connection, public_key: str) -> dict[str, list[str]]:
    """scope -> entries that are held because this device was shut out before they came."""
    signed = select(_t.stream).where(_t.by == public_key)
    held = select(held_table.c.hash).where(held_table.c.reason == "revoked")
    found: dict[str, list[str]] = {}
    for row in connection.execute(select(_e.scope, _e.hash).where(_e.stream.in_(signed), _e.hash.in_(held)).order_by(_e.lamport, _e.hash)):
        found.setdefault(row.scope, []).append(row.hash)
    return found


def _ends(entries: Sequence[Entry]) -> dict[str, tuple[str, int]]:
    """Entries of a batch that no other of it follows: hash -> (stream, n)."""
    followed = {entry.head.prev for entry in entries}
    return {entry.hash: (entry.head.stream, entry.head.n) for entry in entries if entry.hash not in followed}


def _places(connection: Connection, scope: str, hashes: list[str]) -> Iterator[Row[str, str, int]]:
    yield from connection.execute(select(_e.hash, _e.stream, _e.n).where(_e.scope == scope, _e.hash.in_(hashes)))


def _tips_at(connection: Connection, hashes: list[str]) -> list[SignedTip]:
    chosen = select(_t.stream, _t.n, _t.hash, _t.by, _t.signature).where(_t.hash.in_(hashes))
    return [SignedTip(*row) for row in connection.execute(chosen.order_by(_t.n, _t.hash, _t.by))]


def _held(connection: Connection, hashes: Iterable[str]) -> set[str]:
    """What we hold ourselves we do not vouch for."""
    found: set[str] = set()
    for some in in_batches(hashes):
        chosen = select(held_table.c.hash).where(held_table.c.hash.in_(some), held_table.c.reason.in_(WAITING))
        found |= set(connection.execute(chosen).scalars())
    return found


def _signed_by_others(connection: Connection, streams: Iterable[str], own: str) -> set[str]:
    chosen = select(_t.stream).where(_t.by != own)
    return {found for some in in_batches(streams) for found in connection.execute(chosen.where(_t.stream.in_(some))).scalars()}


def _notices(connection: Connection, chosen: ColumnElement[bool]) -> list[Notice]:
    rows = connection.execute(select(_n.data, _n.signature).where(chosen).order_by(_n.sort, _n.hash))
    return [Notice(bytes(row.data), row.signature) for row in rows]


def _notice_row(key: str, notice: Notice, told: Certificate | Revocation) -> dict[str, object]:
    sort = "certificate" if isinstance(told, Certificate) else "revocation"
    return {"hash": key, "public_key": told.public_key, "sort": sort, "data": notice.data, "signature": notice.signature}
