"""Rows of work tables: identity here, theme as versions, state as a last word."""

from dataclasses import asdict

from sqlalchemy import Column, Index, Integer, String, Table

from sync.entry import Entry
from workshop.domain.work_table import HelpCalled, TableMoved, TablePrepared, TableRethemed
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, edited

work_table = Table(
    "work_table",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("meeting_id", String(32)),
    Column("number", Integer),
    Column("join_code", String(12)),
    *added(),
    Index("work_table_by_meeting", "meeting_id"),
    Index("work_table_by_code", "join_code"),
)


@folds(TablePrepared)
def _(rows: Rows, fact: TablePrepared | None, entry: Entry) -> None:
    rows.first(
        work_table,
        entry,
        fact is None,
        id=entry.head.about,
        process_id=entry.head.scope,
        meeting_id=fact and fact.meeting_id,
        number=fact and fact.number,
        join_code=fact and fact.join_code,
    )
    rows.version("theme", fact and asdict(fact.theme), entry, is_stub=fact is None)


@folds(TableRethemed)
def _(rows: Rows, fact: TableRethemed | None, entry: Entry) -> None:
    edited(rows, "theme", fact and asdict(fact.theme), entry)


@folds(TableMoved)
def _(rows: Rows, fact: TableMoved | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "state", fact.state, entry)
        if fact.into_id:
            rows.last(entry.head.about, "merged_into", fact.into_id, entry)


@folds(HelpCalled)
def _(rows: Rows, fact: HelpCalled | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "help", {"state": fact.state, "at": fact.at}, entry)
