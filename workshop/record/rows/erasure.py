"""Rows of erasures: which entries must have no body, and which places have said that they have none."""

from sqlalchemy import Column, Index, Integer, String, Table

from sync.entry import Entry
from workshop.domain.erasure import ErasureConfirmed, WordsErased
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, placed

erasure = Table(
    "erasure",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("cards", Integer),
    Column("asked_by", String(20)),
    Column("wall", String(20)),
    *added(),
    Index("erasure_by_process", "process_id"),
)

erased = Table(
    "erased",
    ROWS,
    Column("entry_hash", String(64), primary_key=True),
    Column("erasure_id", String(32), primary_key=True),
)

confirmed = Table(
    "erasure_confirmed",
    ROWS,
    Column("erasure_id", String(32), primary_key=True),
    Column("place", String(64), primary_key=True),
    Column("copies_left", Integer, nullable=False),
    Column("wall", String(20)),
    *placed(),
)


@folds(WordsErased)
def _(rows: Rows, fact: WordsErased | None, entry: Entry) -> None:
    rows.first(
        erasure,
        entry,
        is_stub=fact is None,
        id=entry.head.about,
        process_id=entry.head.scope,
        cards=fact and fact.cards,
        asked_by=fact and fact.asked_by,
        wall=entry.head.wall,
    )
    for entry_hash in fact.entries if fact else ():
        rows.grow(erased, entry_hash=entry_hash, erasure_id=entry.head.about)


@folds(ErasureConfirmed)
def _(rows: Rows, fact: ErasureConfirmed | None, entry: Entry) -> None:
    if fact:
        rows.put(
            confirmed,
            entry,
            erasure_id=entry.head.about,
            place=fact.place,
            copies_left=fact.copies_left,
            wall=entry.head.wall,
        )
