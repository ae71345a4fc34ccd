"""Rows of processes."""

from dataclasses import asdict

from sqlalchemy import Column, String, Table

from sync.entry import Entry
from workshop.domain.process import ProcessCreated, ProcessDescribed, ProcessMoved
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, edited

process = Table("process", ROWS, Column("id", String(32), primary_key=True), *added())


@folds(ProcessCreated)
def _(rows: Rows, fact: ProcessCreated | None, entry: Entry) -> None:
    rows.first(process, entry, fact is None, id=entry.head.about)
    rows.version("description", fact and asdict(fact.description), entry, is_stub=fact is None)


@folds(ProcessDescribed)
def _(rows: Rows, fact: ProcessDescribed | None, entry: Entry) -> None:
    edited(rows, "description", fact and asdict(fact.description), entry)


@folds(ProcessMoved)
def _(rows: Rows, fact: ProcessMoved | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "state", fact.state, entry)
        if fact.state != "suspended":
            rows.last(entry.head.about, "stood", fact.state, entry)
