"""The log that two places keep: what an adapter must offer so that logs can meet, and the words they meet with.

Nothing that is stored about a peer is believed when something is sent: tips are computed from the log at each contact, so a
restored, cloned or emptied computer is served what it really lacks. Resuming is asking again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeAlias

from sync.entry import Entry, Unreadable, read_entry, sha256
from sync.signing import UNSIGNED, Signatures

ENTRIES_MOST: Final = 500  # in one batch
BYTES_MOST: Final = 1_000_000  # of heads and bodies in one batch; a single larger entry travels alone
WITHHELD_MOST: Final = 20_000  # hashes named in one request for bodies
START: Final = (0, "")

Place: TypeAlias = tuple[int, str]  # (lamport, hash): the order of all entries of a scope


class Raw(NamedTuple):
    """Bytes that say they are an entry. Nothing is believed before `sift`."""

    head: bytes
    body: bytes | None


class Tip(NamedTuple):
    """The last entry of a branch. A stream has one branch, unless a running computer was cloned."""

    n: int
    hash: str


@dataclass(frozen=True, slots=True)
class Tips:
    """What a place has of a scope: the tips of each stream, entries whose body it lacks and would take, and those of the tips
    that it holds because no signature covers them yet."""

    streams: Mapping[str, tuple[Tip, ...]] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    unsigned: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Load:
    """Which bodies travel; all heads always do. `kinds` None: all of them, `but` for these. Kinds that nobody named stay where they are.

    `sealed`: kinds whose bodies travel only for who holds the key of `reader` (its public key in hex); see `sync.sealed_bodies`."""

    kinds: frozenset[str] | None = None
    sealed: frozenset[str] = frozenset()
    reader: str = ""
    but: frozenset[str] = frozenset()

    def carries(self, kind: str) -> bool:
        return (self.kinds is None or kind in self.kinds) and kind not in self.but


EVERYTHING: Final = Load()


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that was not taken. `why`: head, body, size, scope, gap (what comes before it is missing), chain (it contradicts that),
    signature (one that does not match)."""

    hash: str
    why: str


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch. `stored` counts entries and bodies that were new here, `held` those of them that were not understood."""

    stored: int = 0
    known: int = 0
    held: int = 0
    refused: tuple[Refused, ...] = ()

    def __add__(self, other: "Received") -> "Received":
        return Received(self.stored + other.stored, self.known + other.known, self.held + other.held, (*self.refused, *other.refused))


@dataclass(frozen=True, slots=True)
class Digest:
    """Equal digests are the only ground to say "identical": SHA-256 over the sorted hashes, each with whether its body is here.

    Of a load: a body that does not travel counts as one that is not there, on both sides; one that travels sealed counts as there
    wherever it is, open or sealed for the reader."""

    entries: int
    bodies: int
    sha256: str


class Log(Protocol):
    """What an adapter must offer. `tests/sync/acceptance.py` is the suite that each one passes."""

    def scopes(self) -> list[str]:
        """All scopes of which there is at least one entry."""
        ...

    def tips(self, scope: str, load: Load = EVERYTHING) -> Tips:
        """Computed from the log now, never remembered. `withheld` names only bodies that the load carries."""
        ...

    def entries_beyond(
        self, scope: str, peer: Tips, limit: int = ENTRIES_MOST, after: Place = START, load: Load = EVERYTHING
    ) -> list[Entry]:
        """What a peer with these tips lacks, by place, from the first place after `after`: at most one batch of `limit` entries.

        A stream of which no tip of the peer is known is sent as a whole. Bodies that the load does not carry are left out.
        """
        ...

    def signatures(self, scope: str, entries: Sequence[Entry], unsigned: Iterable[str] = ()) -> Signatures:
        """What travels with these entries, so that the receiver can trust them: signed tips that came with them, or our own at their ends.

        `unsigned`: hashes of tips that the peer has and holds; it is given what covers them, if anything does.
        """
        ...

    def receive(self, scope: str, batch: Sequence[Raw], signatures: Signatures = UNSIGNED) -> Received:
        """Take what is new. Entries of a batch may come in any order, but none before the one it follows."""
        ...

    def digest(self, scope: str, load: Load = EVERYTHING) -> Digest: ...


def sift(scope: str, batch: Iterable[Raw]) -> tuple[list[Entry], list[Refused]]:
    """Entries whose bytes agree with themselves, by place and each once; and those that cannot be entries of this scope."""
    entries: dict[str, Entry] = {}
    refused = []
    for raw in batch:
        try:
            entry = read_entry(raw.head, raw.body)
        except Unreadable as wrong:
            refused.append(Refused(sha256(raw.head), str(wrong)))
            continue
        if entry.head.scope != scope:
            refused.append(Refused(entry.hash, "scope"))
        elif entry.body_bytes is not None or entry.hash not in entries:
            entries[entry.hash] = entry
    return sorted(entries.values(), key=lambda entry: entry.place), refused


def fitting(entries: Iterable[Entry], limit: int = ENTRIES_MOST) -> list[Entry]:
    """As many from the start as one batch takes; at least one."""
    taken: list[Entry] = []
    size = 0
    for entry in entries:
        size += len(entry.head_bytes) + len(entry.body_bytes or b"")
        if taken and (len(taken) >= limit or size > BYTES_MOST):
            break
        taken.append(entry)
    return taken


def count_missing(mine: Tips, theirs: Tips) -> int:
    """About how many entries I have and they lack, for a progress bar: exact unless a stream has branches."""
    most = {stream: max(tip.n for tip in branches) for stream, branches in theirs.streams.items() if branches}
    return sum(max(0, max(tip.n for tip in branches) - most.get(stream, 0)) for stream, branches in mine.streams.items() if branches)


def digest_of(bodied: Iterable[str], bare: Iterable[str]) -> Digest:
    """From the hashes of every entry of a scope: those whose body is here, and the others."""
    lines = [entry_hash + "+" for entry_hash in bodied]
    bodies = len(lines)
    lines += [entry_hash + "-" for entry_hash in bare]
    return Digest(len(lines), bodies, sha256("\n".join(sorted(lines)).encode()))
