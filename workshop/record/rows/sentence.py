"""Rows of sentences: identity here, words as versions, evidence, order and removal as last words."""

from dataclasses import asdict

from sqlalchemy import Column, Index, String, Table

from sync.entry import Entry
from workshop.domain.sentence import EvidenceCited, SentenceAdded, SentencePlaced, SentenceRemoved, SentenceRewritten
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, edited, placed

sentence = Table(
    "sentence",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("synthesis_id", String(32)),
    Column("section", String(20)),
    Column("from_answer", String(100)),
    *added(),
    Index("sentence_by_synthesis", "synthesis_id"),
)

evidence = Table(
    "evidence",
    ROWS,
    Column("sentence_id", String(32), primary_key=True),
    Column("evidence_id", String(32), primary_key=True),
    Column("present", String(3), nullable=False),
    *placed(),
    Index("evidence_by_thing", "evidence_id"),
)


@folds(SentenceAdded)
def _(rows: Rows, fact: SentenceAdded | None, entry: Entry) -> None:
    rows.first(
        sentence,
        entry,
        fact is None,
        id=entry.head.about,
        process_id=entry.head.scope,
        synthesis_id=fact and fact.synthesis_id,
        section=fact and fact.section,
        from_answer=fact and fact.from_answer,
    )
    rows.version("wording", fact and asdict(fact.wording), entry, is_stub=fact is None)
    if fact:
        rows.last(entry.head.about, "position", fact.position, entry)
        for thing_id in fact.evidence:
            rows.put(evidence, entry, sentence_id=entry.head.about, evidence_id=thing_id, present="yes")


@folds(SentenceRewritten)
def _(rows: Rows, fact: SentenceRewritten | None, entry: Entry) -> None:
    edited(rows, "wording", fact and asdict(fact.wording), entry)


@folds(EvidenceCited)
def _(rows: Rows, fact: EvidenceCited | None, entry: Entry) -> None:
    if fact:
        present = "yes" if fact.present else "no"
        rows.put(evidence, entry, sentence_id=entry.head.about, evidence_id=fact.evidence_id, present=present)


@folds(SentencePlaced)
def _(rows: Rows, fact: SentencePlaced | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "position", fact.position, entry)


@folds(SentenceRemoved)
def _(rows: Rows, fact: SentenceRemoved | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "removed", fact.removed, entry)
        rows.last(entry.head.about, "saw", list(fact.saw), entry)
