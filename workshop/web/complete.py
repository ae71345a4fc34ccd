"""Complete records: an organiser makes the key that opens what single people did, and opens it. Its secret half is never kept."""

import secrets

from sqlalchemy import Connection

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
    seed = seed_of(typed)
    with log.store.readers.connect() as record:
        _check(record, public_key_of(seed))
    return open_all(log, seed)


def fingerprints_here(record: Connection) -> list[tuple[str, int]]:
    """(fingerprint, how many bodies) of every key for which something is sealed here."""
    return [(fingerprint(key), count) for key, count in sealed_here(record).items()]


def _check(record: Connection, public_key: str) -> None:
    here = sealed_here(record)
    if not here:
        raise NothingSealed("key")
    if public_key not in here:
        raise SealedForAnotherKey("key", fingerprint=fingerprint(public_key), wanted=", ".join(map(fingerprint, here)))
