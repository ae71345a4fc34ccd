"""Entries that come from peers: the one place where `sync` meets the record. Refused, held or folded; never lost, never doubled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, cast

from sqlalchemy import Connection, Select, delete, select

from sync.entry import Entry, Head
from sync.log import ENTRIES_MOST, EVERYTHING, START, Digest, Load, Place, Raw, Received, Refused, Tips, sift
from sync.signing import UNSIGNED, Judged, Notice, Signatures, SignedTip, judge
from workshop.record import log, signed, tips
from workshop.record.coverage import Covered, cover, waiting_in
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.erasing import without_erased
from workshop.record.fold import fold_batch, keep_held
from workshop.record.log import entry_of, entry_table, held_table, in_batches
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
    """The record as `sync.log.Log`. Reads on readers, writes by the desk; used from any thread.

    With a `signet` it signs what it gives and holds what no trusted device signed. Without one it neither signs nor asks for signatures:
    only for logs that never meet anybody they do not know.
    """

    store: Store
    desk: Desk
    signet: signed.Signet | None = None

    def scopes(self) -> list[str]:
        with self.store.readers.connect() as connection:
            return log.scopes(connection)

    def tips(self, scope: str, load: Load = EVERYTHING) -> Tips:
        with self.store.readers.connect() as connection:
            return tips.tips(connection, scope, load)

    def entries_beyond(
        self, scope: str, peer: Tips, limit: int = ENTRIES_MOST, after: Place = START, load: Load = EVERYTHING
    ) -> list[Entry]:
        with self.store.readers.connect() as connection:
            return tips.entries_beyond(connection, scope, peer, limit, after, load)

    def signatures(self, scope: str, entries: Sequence[Entry], unsigned: Iterable[str] = ()) -> Signatures:
        if self.signet is None:
            return UNSIGNED
        with self.store.readers.connect() as connection:
            return signed.signatures_for(connection, scope, entries, unsigned, self.signet)

    def receive(self, scope: str, batch: Sequence[Raw], signatures: Signatures = UNSIGNED) -> Received:
        entries, refused = sift(scope, batch)
        judged = self._judge(scope, signatures)
        received = Received(known=len(batch) - len(entries) - len(refused), refused=tuple(refused))
        for some in list(in_batches(entries, ENTRIES_MOST)) or [[]]:
            received += self._receive(scope, some, judged)
        return received

    def digest(self, scope: str, load: Load = EVERYTHING) -> Digest:
        with self.store.readers.connect() as connection:
            return tips.digest(connection, scope, load)

    def hear(self, notices: Iterable[Notice]) -> None:
        """Keep what our centre said of devices."""
        if self.signet and (told := tuple(notices)):
            centre = self.signet.centre
            self.desk.submit(lambda writer: signed.keep_notices(writer.connection, told, centre))

    def accept(self, scope: str, hashes: Iterable[str]) -> Received:
        """Vouch for entries that are held here, and for all before them: used from now on, here and wherever they meet this word."""
        return self.receive(scope, (), Signatures(self._own_tips(scope, hashes)))

    def vouch_for(self, public_key: str) -> None:
        """Put our own name beside this device's under what it signed and we use: when its word counts no more, ours does."""
        with self.store.readers.connect() as connection:
            signed_by = signed.used_tips_by(connection, public_key)
        for scope, hashes in signed_by.items():
            own = self._own_tips(scope, hashes)
            self.desk.submit(partial(_keep_tips, scope, own))

    def _own_tips(self, scope: str, hashes: Iterable[str]) -> tuple[SignedTip, ...]:
        if self.signet is None:
            return ()
        with self.store.readers.connect() as connection:
            return signed.own_tips(connection, scope, hashes, self.signet)

    def _judge(self, scope: str, signatures: Signatures) -> Judged | None:
        """Checked before the writer is asked for its time. None: nobody asks for signatures here."""
        if self.signet is None:
            return None
        self.hear(signatures.notices)
        with self.store.readers.connect() as connection:
            return judge(scope, signatures.tips, self.signet.trust(connection, signatures.tips))

    def _receive(self, scope: str, entries: list[Entry], judged: Judged | None) -> Received:
        return cast("Received", self.desk.submit(lambda writer: receive(writer, scope, entries, judged)))


def _keep_tips(scope: str, tips: tuple[SignedTip, ...], writer: Writer) -> None:
    signed.keep_tips(writer.connection, scope, tips)


def receive(writer: Writer, scope: str, entries: list[Entry], judged: Judged | None = None) -> Received:
    """Take a batch in, inside the writer's transaction: one query for what is known, one insert, one fold. `entries` by place.

    `judged` None: whoever gave them is believed."""
    connection = writer.connection
    reach = writer.lock_scope(scope)
    entries = without_erased(connection, entries)
    known = _known(connection, entries)
    following, refused = _follow(entries, known)
    told = _covered(connection, scope, following, judged)
    filled = [entry for entry in entries if entry.body_bytes is not None and entry.hash in known and not known[entry.hash].has_body]
    log.store(connection, told.fresh)
    log.fill(connection, filled)
    keep_held(connection, told.fresh, told.waiting)
    signed.keep_tips(connection, scope, told.kept)
    foldable = _foldable(connection, scope, told, filled)
    reach, held = _take_in(connection, scope, reach, foldable)
    _tell(writer, scope, reach, told.fresh, bool(foldable))
    stored, refused = len(told.fresh) + len(filled), [*refused, *told.refused]
    return Received(stored, len(entries) - stored - len(refused), held + len(told.waiting), tuple(refused))


def _covered(connection: Connection, scope: str, following: list[Entry], judged: Judged | None) -> Covered:
    if judged is None:
        return Covered(following, [], {}, frozenset(), ())
    return cover(connection, scope, following, judged)


def _foldable(connection: Connection, scope: str, told: Covered, filled: list[Entry]) -> dict[str, Entry]:
    """What a signature covers: of what came now, and of what waited for it."""
    _release(connection, told.freed)
    waiting = waiting_in(connection, scope, (entry.hash for entry in filled)) if filled else set()
    freed = _entries(connection, told.freed)
    return {entry.hash: entry for entry in (*told.fresh, *filled, *freed) if entry.hash not in told.waiting and entry.hash not in waiting}


def _release(connection: Connection, freed: Iterable[str]) -> None:
    for some in in_batches(freed):
        connection.execute(delete(held_table).where(held_table.c.hash.in_(some)))


def _take_in(connection: Connection, scope: str, reach: int, come: dict[str, Entry]) -> tuple[int, int]:
    """Fold what is within reach; (new reach, how many of these are held). Any order of arrival holds the same entries in the end."""
    reach, woken = _stretch(connection, scope, reach)
    within = [entry for entry in come.values() if entry.head.lamport <= reach]
    beyond = [entry for entry in come.values() if entry.head.lamport > reach]
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
    waiting = select(held_table.c.hash).where(held_table.c.scope == scope, held_table.c.reason.in_(log.WAITING))
    here = (_e.scope == scope) & _e.hash.not_in(waiting)
    chosen = select(_e.hash, _e.lamport).where(here, _e.lamport > reach, _e.lamport <= reach + LAMPORT_JUMP)
    return chosen.order_by(_e.lamport, _e.hash)


def _entries(connection: Connection, hashes: Iterable[str]) -> list[Entry]:
    return [
        entry_of(row)
        for some in in_batches(hashes)
        for row in connection.execute(select(_e.head, _e.body).where(_e.hash.in_(some)).order_by(_e.lamport, _e.hash))
    ]


def _tell(writer: Writer, scope: str, reach: int, fresh: list[Entry], is_news: bool) -> None:
    writer.heard(scope, reach)
    if any(writer.owns(entry.head.stream, scope) for entry in fresh):
        writer.leave_stream(scope)  # somebody else writes to it: this computer was cloned while it ran
    if fresh or is_news:
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
