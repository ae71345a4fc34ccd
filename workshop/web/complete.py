"""Complete records: an organiser makes the key that opens what single people did, and opens it. Its secret half is never kept."""

import secrets
import threading
from dataclasses import dataclass, field

from sqlalchemy import Connection

from sync.exchange import Progress, Stopped
from sync.paper_key import SEED, NotAKey, read_written, written
from sync.signing import announce_reader, fingerprint, public_key_of
from workshop.domain.refusal import Refusal, Sort
from workshop.record.peers import PeerLog
from workshop.record.sealed import Opened, open_all, sealed_here
from workshop.settings import device_key
from workshop.web.house import House
from workshop.web.readers import keep_announced
from workshop.web.signets import moment


class KeyUnreadable(Refusal):
    """It is not a key, or a letter of it is wrong."""


class SealedForAnotherKey(Refusal):
    """It is a key, and nothing here was sealed for it. Detail: fingerprint (of this one), wanted (of those that open something)."""


class NothingSealed(Refusal):
    """There is nothing to open here."""

    sort = Sort.OUT_OF_STEP


class OpenerIsBusy(Refusal):
    """Something is being opened: look how far it is."""

    sort = Sort.OUT_OF_STEP


@dataclass(slots=True)
class Opener:
    """Opens in a thread of its own, for pages that look how far it is: 20,000 bodies take half a minute. The key lives in that thread."""

    progress: Progress = field(default_factory=Progress)
    _told: Opened | Refusal | None = None
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _wish: threading.Event = field(default_factory=threading.Event)  # somebody wants it to end

    @property
    def is_under_way(self) -> bool:
        return self._alone.locked()

    def begin(self, log: PeerLog, typed: str) -> threading.Thread:
        """Raises KeyUnreadable, NothingSealed, SealedForAnotherKey, OpenerIsBusy before anything is opened."""
        seed, total = checked(log, typed)
        if not self._alone.acquire(blocking=False):
            raise OpenerIsBusy("key")
        self._wish.clear()
        self._told, self.progress = None, Progress(total=total)
        thread = threading.Thread(target=self._open, args=(log, seed, total), daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """After what is being opened now; what was opened stays open."""
        if self.is_under_way:
            self._wish.set()

    def take_told(self) -> Opened | Refusal | None:
        """What the last key opened, or why it ended, told once."""
        told, self._told = self._told, None
        return told

    def _open(self, log: PeerLog, seed: bytes, total: int) -> None:
        def tell(done: int) -> None:
            self.progress = Progress(done, total)
            if self._wish.is_set():
                raise Stopped

        try:
            self._told = open_all(log, seed, tell)
        except Stopped:
            pass  # whoever stopped it sees what is still sealed
        except Refusal as refusal:
            self._told = refusal
        finally:
            self._alone.release()


def make_key(home: House) -> tuple[str, str]:
    """(the key as it is kept on paper, its fingerprint). From now on rooms seal for it; what an earlier one opens, it goes on opening."""
    seed, own = secrets.token_bytes(SEED), device_key(home.folder)
    notice = announce_reader(own, public_key_of(seed), moment())
    home.keep_private(keep_announced, notice, public_key_of(own))
    return written(seed), fingerprint(public_key_of(seed))


def seed_of(typed: str) -> bytes:
    """Raises KeyUnreadable."""
    try:
        return read_written(typed)
    except NotAKey as wrong:
        raise KeyUnreadable("key") from wrong


def open_with(log: PeerLog, typed: str) -> Opened:
    """Blocks. Raises KeyUnreadable, NothingSealed, SealedForAnotherKey."""
    seed, _ = checked(log, typed)
    return open_all(log, seed)


def checked(log: PeerLog, typed: str) -> tuple[bytes, int]:
    """(the key's seed, how many bodies it opens). Raises KeyUnreadable, NothingSealed, SealedForAnotherKey."""
    seed = seed_of(typed)
    with log.store.readers.connect() as record:
        return seed, _count_for(record, public_key_of(seed))


def fingerprints_here(record: Connection) -> list[tuple[str, int]]:
    """(fingerprint, how many bodies) of every key for which something is sealed here."""
    return [(fingerprint(key), count) for key, count in sealed_here(record).items()]


def _count_for(record: Connection, public_key: str) -> int:
    here = sealed_here(record)
    if not here:
        raise NothingSealed("key")
    if public_key not in here:
        raise SealedForAnotherKey("key", fingerprint=fingerprint(public_key), wanted=", ".join(map(fingerprint, here)))
    return here[public_key]
