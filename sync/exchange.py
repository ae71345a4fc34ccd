"""One contact: ask what the peer has, send what it lacks, take what we lack, compare digests. Cut anywhere, it is just done again.

A `Peer` may be a place at the other end of a line, or anything else that has tips and takes batches.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

from sync.entry import Entry
from sync.log import ENTRIES_MOST, EVERYTHING, START, Digest, Load, Log, Place, Raw, Received, Refused, Tips, count_missing, sift
from sync.signing import UNSIGNED, Signatures

ROUNDS: Final = 3  # people go on writing while logs meet: what came meanwhile goes in the next round
PAGES_ROOM: Final = 100  # pages of one pull beyond one for each item that the peer's tips promise
PAGES_MOST: Final = 5_000  # whatever they promise; the next contact goes on from there
REFUSED_MOST: Final = 1_000  # entries that are refused before the rest is not asked for
PULL_MOST: Final = 1_800.0  # seconds for one pull
TRIES: Final = 4  # of one batch over a line that is cut again and again, each smaller than the one before
T = TypeVar("T")


class PeerProblem(Exception):
    """The contact ended early; nothing is lost, the next one goes on. `reason` is a short word, `detail` is for people who look closer."""

    reason = "problem"
    may_pass = False  # whether trying again at once, with less, may help

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.reason}: {detail}" if detail else self.reason)
        self.detail = detail


class Stopped(PeerProblem):
    """Somebody here wants it to end. Raised by whoever is told how far it is, so between two batches: both sides keep what they have."""

    reason = "stopped"


class GivesNoEnd(PeerProblem):
    """The peer gives page after page, more than its tips promised or than can be taken: a contact ends all the same. What came is kept."""

    reason = "no_end"


class Page(NamedTuple):
    """A batch that the peer gives, by place."""

    batch: Sequence[Raw]
    more: bool
    signatures: Signatures = UNSIGNED


class Peer(Protocol):
    """The other side. Everything may raise a PeerProblem."""

    def tips(self, scope: str, load: Load) -> Tips: ...

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received: ...

    def pull(self, scope: str, tips: Tips, after: Place, limit: int) -> Page: ...

    def digest(self, scope: str, load: Load, mine: Digest) -> Digest:
        """`mine`: what is here, so that the peer too knows how the contact ended."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of about `total` items; `size` bytes of entries so far."""

    done: int = 0
    total: int = 0
    size: int = 0

    def __add__(self, other: "Progress") -> "Progress":
        done = self.done + other.done
        return Progress(done, max(done, self.total + other.total), self.size + other.size)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Items that were new to the peer, items that were new here; `identical` only when both digests were equal in this contact.

    `held`: of those that were new to the peer, how many it keeps without using them. `bodies`: how many left this place, by kind.
    `sealed`: how many left sealed for somebody who is not the peer. `problem` says why the contact ended early. What was stored until
    then stays stored, on both sides. `both`: tips that both sides have, when that is known without asking once more: nothing had to move.
    """

    sent: int = 0
    received: int = 0
    identical: bool = False
    refused: tuple[Refused, ...] = ()
    problem: PeerProblem | None = None
    held: int = 0
    bodies: Mapping[str, int] = field(default_factory=dict)
    sealed: int = 0
    both: Tips | None = None
    from_nothing: bool = field(default=False, compare=False)  # the peer had nothing of this scope when the contact began

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.sent + other.sent,
            self.received + other.received,
            self.identical and other.identical,
            (*self.refused, *other.refused),
            self.problem or other.problem,
            self.held + other.held,
            Counter(self.bodies) + Counter(other.bodies),
            self.sealed + other.sealed,
        )


Tell: TypeAlias = Callable[[Progress], object]


def exchange(log: Log, peer: Peer, scope: str, tell: Tell = lambda _: None, load: Load = EVERYTHING) -> Outcome:
    """`tell` hears of the progress. `load`: which bodies leave this place; all heads do, and whatever the peer gives is taken.

    `tell` may end it by raising Stopped. "Identical" then means: the same entries, and the same bodies of those that the load carries.
    """
    contact = _Contact(log, peer, scope, tell, load)
    try:
        for _ in range(ROUNDS):
            moved = contact.round()
            if contact.is_identical() or not moved:
                break
    except PeerProblem as problem:
        return contact.outcome(problem)
    return contact.outcome()


@dataclass(slots=True)
class Patience:
    """With a line that is cut: what does not come through is tried again with a quarter, what does lets the next be larger."""

    limit: int = ENTRIES_MOST

    def takes(self, attempt: Callable[[int], T]) -> T:
        """`attempt` is told how many items to move at most. Raises the PeerProblem that it could not pass."""
        for left in reversed(range(TRIES)):
            try:
                done = attempt(self.limit)
            except PeerProblem as problem:
                if not (left and problem.may_pass):
                    raise
                self.limit = max(1, self.limit // 4)
            else:
                self.limit = min(ENTRIES_MOST, self.limit * 2)
                break
        return done


class _Contact:
    def __init__(self, log: Log, peer: Peer, scope: str, tell: Tell, load: Load) -> None:
        self._log, self._peer, self._scope, self._tell, self._load = log, peer, scope, tell, load
        self._progress, self._patience = Progress(), Patience()
        self._sent, self._received, self._identical = Received(), Received(), False
        self._mine, self._from_nothing = Tips(), False
        self._left: dict[str, str] = {}  # hash -> kind of each body that the peer has answered for, however often it was sent

    def round(self) -> bool:
        """Both ways once; whether anything was new to anybody."""
        before = self._sent.stored + self._received.stored
        theirs, mine = self._peer.tips(self._scope, self._load), self._log.tips(self._scope, self._load)
        self._from_nothing |= not (theirs.streams or self._sent.stored)
        self._mine = mine
        self._count(Progress(total=count_missing(mine, theirs) + count_missing(theirs, mine)))
        self._vouch(theirs)
        differ = theirs.streams != mine.streams
        if differ or theirs.withheld:
            self._push(theirs)
        if differ or mine.withheld or mine.unsigned:
            self._pull(mine, min(PAGES_MOST, PAGES_ROOM + _promised(theirs, mine)))
        return self._sent.stored + self._received.stored > before

    def is_identical(self) -> bool:
        mine = self._log.digest(self._scope, self._load)
        self._identical = mine == self._peer.digest(self._scope, self._load, mine)
        return self._identical

    def outcome(self, problem: PeerProblem | None = None) -> Outcome:
        refused = tuple(dict.fromkeys((*self._sent.refused, *self._received.refused)))
        told = (self._sent.stored, self._received.stored, self._identical and not problem)
        still = self._identical and not (problem or self._sent.stored or self._received.stored)
        told_of = Outcome(*told, refused, problem, self._sent.held, Counter(self._left.values()))
        return replace(told_of, both=self._mine if still else None, from_nothing=self._from_nothing)

    def _vouch(self, theirs: Tips) -> None:
        """What the peer has and holds is freed by a signature alone."""
        if theirs.unsigned and (signatures := self._log.signatures(self._scope, (), theirs.unsigned)).tips:
            self._sent += self._peer.push(self._scope, (), signatures)

    def _push(self, theirs: Tips) -> None:
        after = START
        while entries := self._patience.takes(partial(self._send, theirs, after)):
            after = entries[-1].place
            self._count(_moved(Raw(entry.head_bytes, entry.body_bytes) for entry in entries))

    def _send(self, theirs: Tips, after: Place, limit: int) -> list[Entry]:
        if entries := self._log.entries_beyond(self._scope, theirs, limit, after, self._load):
            told = self._peer.push(self._scope, entries, self._log.signatures(self._scope, entries))
            self._sent += told
            refused = {each.hash for each in told.refused}
            self._left |= {each.hash: each.head.kind for each in entries if each.body_bytes is not None and each.hash not in refused}
        return entries

    def _pull(self, mine: Tips, pages: int) -> None:
        """`mine` from before the contact, and a place that goes on: so every page brings other entries, whatever branches there are."""
        after, more, until = START, True, time.monotonic() + PULL_MOST
        while more:
            if pages == 0 or time.monotonic() > until or len(self._received.refused) > REFUSED_MOST:
                raise GivesNoEnd
            pages -= 1
            page = self._patience.takes(partial(self._peer.pull, self._scope, mine, after))
            self._received += self._log.receive(self._scope, page.batch, page.signatures)
            self._count(_moved(page.batch))
            last = _last_place(self._scope, page)
            more, after = page.more and last > after, max(after, last)

    def _count(self, more: Progress) -> None:
        self._progress += more
        self._tell(self._progress)


def _promised(theirs: Tips, mine: Tips) -> int:
    """At most so many items the peer may have for us: a stream that is not the same here may come as a whole."""
    other = [branches for stream, branches in theirs.streams.items() if not {*branches} <= {*mine.streams.get(stream, ())}]
    return sum(tip.n for branches in other for tip in branches) + len(mine.withheld)


def _moved(batch: Iterable[Raw]) -> Progress:
    sizes = [len(raw.head) + len(raw.body or b"") for raw in batch]
    return Progress(done=len(sizes), size=sum(sizes))


def _last_place(scope: str, page: Page) -> Place:
    entries, _ = sift(scope, page.batch)
    return entries[-1].place if entries else START
