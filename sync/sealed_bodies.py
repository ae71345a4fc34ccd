"""Bodies that travel closed: sealed for one reader, carried and kept by places that cannot open them, opened where that reader's key is.

They lie beside the log and never in it: what is kept here is believed by nobody. Only when it is opened is it compared with the hash in
the head, and then it is received like any other body. Asked for anew at each contact, so a line that is cut is just gone on with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeVar

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.signing import SigningKey, VerifyKey

from sync.entry import BODY_MOST
from sync.exchange import Patience, PeerProblem, Progress
from sync.log import BYTES_MOST, Load

BLOCK: Final = 1_024  # bytes: a vote, a seat and an objection in full are all as long, so that the length tells nothing
SEALED_MOST: Final = BODY_MOST + BLOCK + 48  # bytes; 48 are the box's own
NAMED_MOST: Final = 5_000  # hashes in one answer
T = TypeVar("T")


class NotOpened(ValueError):
    """It was not sealed for this key, or it is not what was sealed."""


class SealedBody(NamedTuple):
    """`hash`: of the entry whose body it is said to be."""

    hash: str
    data: bytes


class Chest(Protocol):
    """Where they lie, here or at the other end of a line. Everything at the other end may raise a PeerProblem."""

    def lacking(self, scope: str, load: Load, after: str = "") -> list[str]:
        """Entries of the load's sealed kinds that are here with neither their body nor one sealed for its reader, and were not erased:
        the first NAMED_MOST hashes after `after`, in order."""
        ...

    def sealed(self, scope: str, load: Load, hashes: Sequence[str]) -> list[SealedBody]:
        """Of these what is here, by hash: as it was kept, or sealed now. As many from the start as one batch takes."""
        ...

    def keep(self, scope: str, load: Load, bodies: Sequence[SealedBody]) -> int:
        """Those that are lacking here; how many were new."""
        ...


@dataclass(frozen=True, slots=True)
class Carried:
    """New to the other side, and new here. `problem`: why it ended early; what had arrived stays."""

    sent: int = 0
    received: int = 0
    problem: PeerProblem | None = None


Tell = Callable[[Progress], object]


def carry(here: Chest, there: Chest, scope: str, load: Load, tell: Tell = lambda _: None) -> Carried:
    """Both ways: so that whoever keeps them has them all, and equal digests can be said."""
    out, back = _Way(here, there, scope, load, tell), _Way(there, here, scope, load, tell)
    try:
        out.go()
        back.go()
    except PeerProblem as problem:
        return Carried(out.kept, back.kept, problem)
    return Carried(out.kept, back.kept)


def closed(body: bytes, reader: str) -> bytes:
    """For the holder of this ed25519 key (public, hex) alone; as long as all others of its block."""
    return SealedBox(VerifyKey(bytes.fromhex(reader)).to_curve25519_public_key()).encrypt(sodium_pad(body, BLOCK))


def opened(data: bytes, seed: bytes) -> bytes:
    """`seed`: the reader's 32 secret bytes. Raises NotOpened. Whether it is the right body, only the hash in its head says."""
    try:
        return sodium_unpad(SealedBox(SigningKey(seed).to_curve25519_private_key()).decrypt(data), BLOCK)
    except (CryptoError, ValueError, TypeError) as wrong:
        raise NotOpened from wrong


class _Way:
    """From one place to the other."""

    def __init__(self, giver: Chest, taker: Chest, scope: str, load: Load, tell: Tell) -> None:
        self._giver, self._taker, self._scope, self._load, self._tell = giver, taker, scope, load, tell
        self._patience, self.kept = Patience(), 0

    def go(self) -> None:
        after = ""
        while lacking := self._patience.takes(partial(self._lacking, after)):
            after, rest = lacking[-1], lacking
            while rest:
                done = self._patience.takes(partial(self._batch, rest))
                rest = [entry_hash for entry_hash in rest if entry_hash > done]

    def _lacking(self, after: str, _limit: int) -> list[str]:
        """In order and further on, whatever the other side says: never for ever."""
        return sorted(found for found in self._taker.lacking(self._scope, self._load, after) if found > after)

    def _batch(self, rest: list[str], limit: int) -> str:
        """The last hash that need not be asked for again."""
        asked = rest[:limit]
        if not (bodies := self._giver.sealed(self._scope, self._load, asked)):
            return asked[-1]
        kept = self._taker.keep(self._scope, self._load, bodies)
        self.kept += kept
        self._tell(Progress(kept, kept, sum(len(body.data) for body in bodies)))
        return max(bodies[-1].hash, asked[0])


def fitting(bodies: Sequence[SealedBody]) -> list[SealedBody]:
    """As many from the start as one batch takes; at least one."""
    taken: list[SealedBody] = []
    size = 0
    for body in bodies:
        size += len(body.data)
        if taken and size > BYTES_MOST:
            break
        taken.append(body)
    return taken
