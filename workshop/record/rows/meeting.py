"""Rows of meetings: identity here, plan and running sheet as versions, state as a last word."""

from dataclasses import asdict

from sqlalchemy import Column, Index, Integer, String, Table

from sync.entry import Entry
from workshop.domain.meeting import MeetingMoved, MeetingPlanned, MeetingReplanned, RunningSheetSet
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, edited

meeting = Table(
    "meeting",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("position", Integer),
    *added(),
    Index("meeting_by_process", "process_id"),
)


@folds(MeetingPlanned)
def _(rows: Rows, fact: MeetingPlanned | None, entry: Entry) -> None:
    rows.first(meeting, entry, fact is None, id=entry.head.about, process_id=entry.head.scope, position=fact and fact.position)
    rows.version("plan", fact and asdict(fact.plan), entry, is_stub=fact is None)


@folds(MeetingReplanned)
def _(rows: Rows, fact: MeetingReplanned | None, entry: Entry) -> None:
    edited(rows, "plan", fact and asdict(fact.plan), entry, reason=fact.reason if fact else "")


@folds(MeetingMoved)
def _(rows: Rows, fact: MeetingMoved | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "state", fact.state, entry)


@folds(RunningSheetSet)
def _(rows: Rows, fact: RunningSheetSet | None, entry: Entry) -> None:
    edited(rows, "sheet", fact and asdict(fact), entry)
