"""Bodies go, the chain stays: which entries carry a person's words, and how they leave the database and its log file."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import Connection, Select, delete, select, union, update

from sync.entry import Entry
from workshop.domain.contribution import ContributionAdded, ContributionCorrected, ContributionRedacted, ContributionTranslated
from workshop.domain.erasure import ErasureConfirmed, WordsErased
from workshop.record.fold import rebuild
from workshop.record.log import entries_in_order, entry_table, in_batches, sealed_table
from workshop.record.rows.erasure import confirmed, erased, erasure

_e: Final = entry_table.c
WORDS: Final = frozenset(kind.kind for kind in (ContributionAdded, ContributionCorrected, ContributionRedacted, ContributionTranslated))
STAYS: Final = frozenset({WordsErased.kind, ErasureConfirmed.kind})


class Erased(NamedTuple):
    """An entry without words from now on. `cause`: the command that led to it: phones are not asked for it again."""

    entry_hash: str
    cause: str = ""


class Waiting(NamedTuple):
    """An erasure that this place has not confirmed yet."""

    erasure_id: str
    scope: str


def words_of_person(connection: Connection, scope: str, marks: Iterable[str]) -> tuple[list[str], int]:
    """(hashes of entries, cards): whatever body names one of `marks` (the participant, and their voter in open ballots), and all
    that was written on their cards. Reads the whole scope: bodies have no index by person, on purpose."""
    needles = [mark.encode() for mark in marks if mark]
    told = (entry for entry in entries_in_order(connection, scope) if entry.body_bytes and entry.head.kind not in STAYS)
    found = [entry for entry in told if any(needle in (entry.body_bytes or b"") for needle in needles)]
    cards = {entry.head.about for entry in found if entry.head.kind == ContributionAdded.kind}
    hashes = dict.fromkeys(entry.hash for entry in found)
    for card in cards:
        hashes |= dict.fromkeys(words_of_card(connection, scope, card))
    return list(hashes), len(cards)


def words_of_card(connection: Connection, scope: str, card: str) -> list[str]:
    chosen = select(_e.hash).where(_e.scope == scope, _e.about == card, _e.kind.in_(WORDS), _e.body.is_not(None))
    return list(connection.execute(chosen.order_by(_e.lamport, _e.hash)).scalars())


def gone() -> Select[str]:
    """Hashes without words from now on: those that an erasure names; what the same command led to at another place, where a phone had
    sent it too; and whatever else was written on an erased card where nobody had heard of its erasure."""
    named = select(_e.scope, _e.cause, _e.about, _e.kind).where(_e.hash.in_(select(erased.c.entry_hash))).subquery()
    twins = select(_e.hash).join(named, (_e.scope == named.c.scope) & (_e.cause == named.c.cause))
    of_the_card = (_e.about == named.c.about) & (_e.scope == named.c.scope) & (named.c.kind == ContributionAdded.kind)
    words = select(_e.hash).join(named, of_the_card).where(_e.kind.in_(WORDS))
    return select(union(select(erased.c.entry_hash.label("hash")), twins, words).subquery().c.hash)


def anything_erased(connection: Connection) -> bool:
    """Mostly not: then nobody need look for what is `gone`."""
    return connection.execute(select(erased.c.entry_hash).limit(1)).first() is not None


def without_erased(connection: Connection, entries: list[Entry]) -> list[Entry]:
    """What was erased does not come back by sync, whoever still has it."""
    if not anything_erased(connection):
        return entries
    hashes, causes, cards = _erased_among(connection, [entry for entry in entries if entry.body_bytes is not None])
    if not hashes and not causes:
        return entries
    return [replace(entry, body_bytes=None) if _is_erased(entry, hashes, causes, cards) else entry for entry in entries]


def _is_erased(entry: Entry, hashes: set[str], causes: set[tuple[str, str]], cards: set[str]) -> bool:
    head = entry.head
    return entry.hash in hashes or (head.scope, head.cause) in causes or (head.kind in WORDS and head.about in cards)


def _erased_among(connection: Connection, entries: list[Entry]) -> tuple[set[str], set[tuple[str, str]], set[str]]:
    """Of these entries: hashes that an erasure names, (scope, cause) of their twins, cards. Entries need not be here yet."""
    hashes: set[str] = set()
    causes: set[tuple[str, str]] = set()
    cards: set[str] = set()
    named = select(erased.c.entry_hash)
    for some in in_batches(entries):
        hashes |= set(connection.execute(named.where(erased.c.entry_hash.in_([entry.hash for entry in some]))).scalars())
        alike = _e.cause.in_({entry.head.cause for entry in some}) | _e.about.in_({entry.head.about for entry in some})
        here = select(_e.scope, _e.cause, _e.about, _e.kind).where(_e.hash.in_(named), alike)
        for row in connection.execute(here):
            causes.add((row.scope, row.cause))
            cards |= {row.about} if row.kind == ContributionAdded.kind else set()
    return hashes, causes, cards


def to_drop(connection: Connection) -> list[Erased]:
    """Entries that must have no body and still have one, be it sealed."""
    has_one = _e.body.is_not(None) | _e.hash.in_(select(sealed_table.c.hash))
    chosen = select(_e.hash, _e.cause).where(has_one, _e.hash.in_(gone()))
    return [Erased(*row) for row in connection.execute(chosen)]


def all_erased(connection: Connection) -> list[Erased]:
    chosen = select(_e.hash, _e.cause).where(_e.hash.in_(gone()))
    return [Erased(*row) for row in connection.execute(chosen)]


def drop_bodies(connection: Connection, hashes: Iterable[str]) -> int:
    """Bodies of these entries go, sealed ones too, and all rows are folded again from what is left; how many bodies were there."""
    gone = 0
    for some in in_batches(sorted(hashes)):
        connection.execute(delete(sealed_table).where(sealed_table.c.hash.in_(some)))
        here = update(entry_table).where(_e.hash.in_(some), _e.body.is_not(None)).values(body=None)
        gone += connection.execute(here).rowcount
    if gone:
        rebuild(connection)
    return gone


def unconfirmed(connection: Connection, place: str) -> list[Waiting]:
    done = select(confirmed.c.erasure_id).where(confirmed.c.place == place)
    chosen = select(erasure.c.id, erasure.c.process_id).where(erasure.c.stub.is_(False), erasure.c.id.not_in(done))
    return [Waiting(*row) for row in connection.execute(chosen.order_by(erasure.c.lamport))]


def has_confirmed(connection: Connection, erasure_id: str, place: str) -> bool:
    chosen = select(confirmed.c.place).where(confirmed.c.erasure_id == erasure_id, confirmed.c.place == place)
    return connection.execute(chosen).first() is not None


def words_erased(connection: Connection, erasure_id: str) -> list[tuple[int, str]]:
    """(lamport, kind) of the entries that it took away, as far as they are here."""
    chosen = select(_e.lamport, _e.kind).where(_e.hash.in_(select(erased.c.entry_hash).where(erased.c.erasure_id == erasure_id)))
    return [(row.lamport, row.kind) for row in connection.execute(chosen)]
