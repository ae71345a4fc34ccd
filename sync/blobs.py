"""Bytes that entries name by their SHA-256 and that travel apart: after all entries, in pieces, each going on at the byte where it was.

Nobody remembers how far a blob has come: who has it asks, at each contact, how many of its first bytes are there. A piece that does not
fit there is refused with that number; a blob counts only when its hash has been computed. One that fails never stops the others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol, TypeAlias, TypeVar

from sync.exchange import PeerProblem

PIECE_LEAST: Final = 16 * 1024  # bytes: the first one of a contact, so that any line that carries something brings it further
PIECE_MOST: Final = 1024 * 1024  # pieces double while the line is good
NAMED_MOST: Final = 5_000  # hashes in one question
TRIES: Final = 3  # of one blob over a line that is cut again and again
T = TypeVar("T")


class BlobRefused(Exception):
    """This blob is not taken or not given: unknown there, gone, other bytes than its hash says. The others go on."""


class Shelf(Protocol):
    """Where blobs lie. What it names is bounded: nothing that a stranger wrote in an entry makes it keep more than it wants."""

    def named(self, scope: str) -> Mapping[str, int]:
        """SHA-256 -> size of every blob that entries of this scope name and that may lie here, in the order in which they should travel."""
        ...

    def held(self, sha256: str) -> int:
        """How many of its first bytes are here."""
        ...

    def read(self, sha256: str, start: int, most: int) -> bytes:
        """Of a whole blob; b"" when it is not here."""
        ...

    def add(self, sha256: str, size: int, start: int, data: bytes) -> int:
        """The next piece; how many bytes are here now. Raises BlobRefused when it does not fit, or the whole is not what the hash says."""
        ...


class BlobPeer(Protocol):
    """The other side. Everything may raise a PeerProblem, which ends the contact, or BlobRefused, which does not."""

    def missing(self, scope: str, hashes: list[str]) -> Mapping[str, int]:
        """Those of these that it lacks and would take -> how many of the first bytes it has."""
        ...

    def put(self, scope: str, sha256: str, size: int, start: int, data: bytes) -> int:
        """How many bytes it has now."""
        ...

    def get(self, scope: str, sha256: str, start: int, most: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Carried:
    """Blobs that are whole on the other side, or here, since this contact; `waiting`: named here, and not whole here.

    `size`: bytes that went over the line. `problem` says why it ended early; what had arrived stays."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    refused: int = 0
    size: int = 0
    problem: PeerProblem | None = None

    def __add__(self, other: "Carried") -> "Carried":
        return Carried(
            self.sent + other.sent,
            self.received + other.received,
            self.waiting + other.waiting,
            self.refused + other.refused,
            self.size + other.size,
            self.problem or other.problem,
        )


Tell: TypeAlias = Callable[[Carried, int], object]  # what is done, and of how many blobs


def carry(shelf: Shelf, peer: BlobPeer, scope: str, gives: bool = True, tell: Tell = lambda _done, _of: None) -> Carried:
    """Both ways. `gives`: whether blobs of this scope may leave this place."""
    contact = _Contact(shelf, peer, scope, tell)
    try:
        contact.run(gives)
    except PeerProblem as problem:
        return contact.outcome(problem)
    return contact.outcome()


class _Contact:
    def __init__(self, shelf: Shelf, peer: BlobPeer, scope: str, tell: Tell) -> None:
        self._shelf, self._peer, self._scope, self._tell = shelf, peer, scope, tell
        self._done, self._total, self._piece = Carried(), 0, PIECE_LEAST

    def run(self, gives: bool) -> None:
        named = self._shelf.named(self._scope)
        whole = [sha256 for sha256, size in named.items() if self._shelf.held(sha256) == size]
        lacking = self._lacking_there(whole) if gives else {}
        here = named.keys() - set(whole)
        self._total = len(lacking) + len(here)
        for sha256 in (sha256 for sha256 in whole if sha256 in lacking):
            self._one(sha256, named[sha256], self._send, Carried(sent=1))
        for sha256 in (sha256 for sha256 in named if sha256 in here):
            self._one(sha256, named[sha256], self._fetch, Carried(received=1))

    def outcome(self, problem: PeerProblem | None = None) -> Carried:
        named = self._shelf.named(self._scope)
        waiting = sum(self._shelf.held(sha256) != size for sha256, size in named.items())
        return self._done + Carried(waiting=waiting, problem=problem)

    def _lacking_there(self, whole: list[str]) -> dict[str, int]:
        return {sha256: held for some in _in_batches(whole, NAMED_MOST) for sha256, held in self._peer.missing(self._scope, some).items()}

    def _one(self, sha256: str, size: int, move: Callable[[str, int], bool], counts: Carried) -> None:
        """A line that is cut is tried again, with smaller pieces, from the byte where it was."""
        for left in reversed(range(TRIES)):
            try:
                self._count(counts if move(sha256, size) else Carried(refused=1))
            except BlobRefused:
                self._count(Carried(refused=1))
            except PeerProblem as problem:
                if not (left and problem.may_pass):
                    raise
                self._piece = max(PIECE_LEAST, self._piece // 4)
                continue
            break

    def _send(self, sha256: str, size: int) -> bool:
        held = self._peer.missing(self._scope, [sha256]).get(sha256)
        while held is not None and held < size:
            data = self._shelf.read(sha256, held, min(self._piece, size - held))
            now = self._peer.put(self._scope, sha256, size, held, data) if data else held
            if now <= held:
                return False  # gone meanwhile, or a peer that does not count: never for ever
            self._moved(now - held)
            held = now
        return True

    def _fetch(self, sha256: str, size: int) -> bool:
        while (held := self._shelf.held(sha256)) < size:
            data = self._peer.get(self._scope, sha256, held, min(self._piece, size - held))
            if not data or self._shelf.add(sha256, size, held, data[: size - held]) <= held:
                return False
            self._moved(len(data))
        return True

    def _moved(self, size: int) -> None:
        self._piece = min(PIECE_MOST, self._piece * 2)
        self._count(Carried(size=size))

    def _count(self, more: Carried) -> None:
        self._done += more
        self._tell(self._done, self._total)


def _in_batches(items: Iterable[T], most: int) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, most)):
        yield some
