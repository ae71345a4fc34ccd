"""Rows of contributions: identity here, texts, places and merges as versions, small acts as last words."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from sync.entry import Entry
from workshop.domain.contribution import (
    ContributionAdded,
    ContributionCorrected,
    ContributionLeftOut,
    ContributionMerged,
    ContributionRedacted,
    ContributionTended,
    ContributionTranslated,
    ContributionWithdrawn,
)
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, edited

contribution = Table(
    "contribution",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("meeting_id", String(32)),
    Column("work_table_id", String(32)),
    Column("step_id", String(32)),
    Column("kind", String(20)),
    Column("language", String(8)),
    Column("channel", String(10)),
    Column("number", Integer),
    Column("seq", Integer),
    Column("late", Boolean),
    Column("hints", String(40)),
    Column("participant_id", String(32)),
    Column("paper_number", String(12)),
    Column("wall", String(20)),
    *added(),
    Index("contribution_by_table", "work_table_id", "seq"),
    Index("contribution_by_number", "meeting_id", "number"),
    Index("contribution_by_participant", "participant_id", "step_id"),
)


@folds(ContributionAdded)
def _(rows: Rows, fact: ContributionAdded | None, entry: Entry) -> None:
    rows.first(
        contribution,
        entry,
        fact is None,
        id=entry.head.about,
        process_id=entry.head.scope,
        meeting_id=fact and fact.meeting_id,
        work_table_id=fact and fact.work_table_id,
        step_id=fact and fact.step_id,
        kind=fact and fact.card_kind,
        language=fact and fact.language,
        channel=fact and fact.channel,
        number=fact and fact.number,
        seq=fact and fact.seq,
        late=fact and fact.late,
        hints=fact and " ".join(fact.hints),
        participant_id=fact and fact.participant_id,
        paper_number=fact and fact.paper_number,
        wall=entry.head.wall,
    )
    rows.version("text", fact and fact.text, entry, is_stub=fact is None)
    if fact and fact.translation:
        rows.version("translation", fact.translation, entry, is_stub=False)


@folds(ContributionCorrected)
def _(rows: Rows, fact: ContributionCorrected | None, entry: Entry) -> None:
    edited(rows, "text", fact and fact.text, entry)
    if fact:
        rows.last(entry.head.about, "hints", list(fact.hints), entry)


@folds(ContributionRedacted)
def _(rows: Rows, fact: ContributionRedacted | None, entry: Entry) -> None:
    edited(rows, "text", fact and fact.text, entry, reason=fact.reason if fact else "")
    rows.last(entry.head.about, "redacted", True, entry)
    rows.last(entry.head.about, "hints", [], entry)


@folds(ContributionTranslated)
def _(rows: Rows, fact: ContributionTranslated | None, entry: Entry) -> None:
    edited(rows, "translation", fact and fact.translation, entry)


@folds(ContributionMerged)
def _(rows: Rows, fact: ContributionMerged | None, entry: Entry) -> None:
    edited(rows, "card_merged_into", fact and fact.into_id, entry, board=fact.work_table_id if fact else "")


@folds(ContributionWithdrawn)
def _(rows: Rows, fact: ContributionWithdrawn | None, entry: Entry) -> None:
    rows.last(entry.head.about, "withdrawn", True, entry)
    if fact:
        rows.last(entry.head.about, "saw", list(fact.saw), entry)


@folds(ContributionTended)
def _(rows: Rows, fact: ContributionTended | None, entry: Entry) -> None:
    if fact and fact.act == "reviewed":
        rows.last(entry.head.about, "hints", [], entry)  # what is written later asks for review again
    elif fact:
        rows.last(entry.head.about, fact.act, True, entry)


@folds(ContributionLeftOut)
def _(rows: Rows, fact: ContributionLeftOut | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "left_out", fact.reason, entry)
