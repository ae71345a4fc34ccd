"""Rows of dots: each voter's last ballot, paper totals, and the totals that were told."""

from dataclasses import asdict

from sqlalchemy import Column, Index, Integer, String, Table, Text

from sync.entry import Entry
from workshop.domain.dots import BallotClosed, DotsCast, PaperDotsCounted
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import placed
from workshop.record.rows.json_text import as_text

dots = Table(
    "dots",
    ROWS,
    Column("step_id", String(32), primary_key=True),
    Column("voter", String(64), primary_key=True),
    Column("work_table_id", String(32), nullable=False),
    Column("dots", Text, nullable=False),
    *placed(),
    Index("dots_by_table", "step_id", "work_table_id"),
)

paper_dots = Table(
    "paper_dots",
    ROWS,
    Column("step_id", String(32), primary_key=True),
    Column("work_table_id", String(32), primary_key=True),
    Column("dots", Text, nullable=False),
    Column("ballots", Integer, nullable=False),
    *placed(),
)


@folds(DotsCast)
def _(rows: Rows, fact: DotsCast | None, entry: Entry) -> None:
    if fact:
        rows.put(dots, entry, step_id=entry.head.about, voter=fact.voter, work_table_id=fact.work_table_id, dots=as_text(fact.dots))


@folds(PaperDotsCounted)
def _(rows: Rows, fact: PaperDotsCounted | None, entry: Entry) -> None:
    if fact:
        rows.put(
            paper_dots,
            entry,
            step_id=entry.head.about,
            work_table_id=fact.work_table_id,
            dots=as_text(fact.dots),
            ballots=fact.ballots,
        )


@folds(BallotClosed)
def _(rows: Rows, fact: BallotClosed | None, entry: Entry) -> None:
    if fact:
        rows.last(fact.work_table_id, f"ballot:{entry.head.about}", asdict(fact), entry)
