"""Rows of syntheses: every version read back, validated or rectified, and the answers to each sentence."""

from dataclasses import asdict

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from sync.entry import Entry
from workshop.domain.synthesis import (
    HandsCounted,
    NoMinorityDeclared,
    PageTurned,
    ReadBackClosed,
    ReadBackOpened,
    SentenceAnswered,
    SynthesisRectified,
    SynthesisValidated,
)
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, placed
from workshop.record.rows.json_text import as_text

edition = Table(  # one version of a synthesis as a whole
    "edition",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("synthesis_id", String(32), nullable=False),
    Column("sort", String(12)),  # read_back, validated, rectified
    Column("number", Integer),
    Column("fingerprint", String(64)),
    Column("frozen", Text),
    Column("about_it", Text),  # the rest of the fact: counts, notes, reason
    Column("wall", String(20)),
    *added(),
    Index("edition_by_synthesis", "synthesis_id"),
)

answer = Table(
    "answer",
    ROWS,
    Column("read_back_id", String(32), primary_key=True),
    Column("sentence_id", String(32), primary_key=True),
    Column("voter", String(64), primary_key=True),
    Column("synthesis_id", String(32), nullable=False),
    Column("answer", String(10), nullable=False),
    Column("objection", Text),
    Column("in_bulk", Boolean, nullable=False),
    *placed(),
)

hands = Table(
    "hands",
    ROWS,
    Column("read_back_id", String(32), primary_key=True),
    Column("sentence_id", String(32), primary_key=True),
    Column("agree", Integer, nullable=False),
    Column("object", Integer, nullable=False),
    *placed(),
)


@folds(ReadBackOpened)
def _(rows: Rows, fact: ReadBackOpened | None, entry: Entry) -> None:
    _edition(rows, "read_back", fact, entry)
    rows.last(entry.head.about, "synthesis", {"state": "in_review", "read_back": entry.head.cause}, entry)
    rows.last(entry.head.about, "page", 0, entry)


@folds(SynthesisValidated)
def _(rows: Rows, fact: SynthesisValidated | None, entry: Entry) -> None:
    _edition(rows, "validated", fact, entry)
    rows.last(entry.head.about, "validated", True, entry)
    rows.last(entry.head.about, "state", "validated", entry)


@folds(SynthesisRectified)
def _(rows: Rows, fact: SynthesisRectified | None, entry: Entry) -> None:
    _edition(rows, "rectified", fact, entry)
    rows.last(entry.head.about, "validated", True, entry)


@folds(ReadBackClosed)
def _(rows: Rows, _fact: ReadBackClosed | None, entry: Entry) -> None:
    rows.last(entry.head.about, "synthesis", {"state": "draft", "read_back": ""}, entry)


@folds(NoMinorityDeclared)
def _(rows: Rows, fact: NoMinorityDeclared | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "no_minority", fact.none_expressed, entry)


@folds(PageTurned)
def _(rows: Rows, fact: PageTurned | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "page", fact.index, entry)


@folds(SentenceAnswered)
def _(rows: Rows, fact: SentenceAnswered | None, entry: Entry) -> None:
    if fact:
        rows.put(
            answer,
            entry,
            read_back_id=entry.head.about,
            sentence_id=fact.sentence_id,
            voter=fact.voter,
            synthesis_id=fact.synthesis_id,
            answer=fact.answer,
            objection=fact.objection,
            in_bulk=fact.in_bulk,
        )


@folds(HandsCounted)
def _(rows: Rows, fact: HandsCounted | None, entry: Entry) -> None:
    if fact:
        rows.put(hands, entry, read_back_id=entry.head.about, sentence_id=fact.sentence_id, agree=fact.agree, object=fact.object)


def _edition(rows: Rows, sort: str, fact: ReadBackOpened | SynthesisValidated | SynthesisRectified | None, entry: Entry) -> None:
    values = asdict(fact) if fact else {}
    frozen = values.pop("frozen", None)
    rows.first(
        edition,
        entry,
        fact is None,
        id=entry.head.cause,
        process_id=entry.head.scope,
        synthesis_id=entry.head.about,
        sort=sort,
        number=fact and fact.number,
        fingerprint=fact and fact.fingerprint,
        frozen=frozen and as_text(frozen),
        about_it=fact and as_text(values),
        wall=entry.head.wall,
    )
