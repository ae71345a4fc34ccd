"""Rows of good practices: one versions field. That one was removed is a version too, so words written meanwhile do not go with it."""

from dataclasses import asdict

from sqlalchemy import Column, Index, String, Table

from sync.entry import Entry
from workshop.domain.good_practice import GoodPracticeAdded, GoodPracticeChanged, GoodPracticeRemoved
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import REMOVED, added, edited

good_practice = Table(
    "good_practice",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    *added(),
    Index("good_practice_by_process", "process_id"),
)


@folds(GoodPracticeAdded)
def _(rows: Rows, fact: GoodPracticeAdded | None, entry: Entry) -> None:
    rows.first(good_practice, entry, fact is None, id=entry.head.about, process_id=entry.head.scope)
    rows.version("practice", fact and asdict(fact.practice), entry, is_stub=fact is None)


@folds(GoodPracticeChanged)
def _(rows: Rows, fact: GoodPracticeChanged | None, entry: Entry) -> None:
    edited(rows, "practice", fact and asdict(fact.practice), entry)


@folds(GoodPracticeRemoved)
def _(rows: Rows, fact: GoodPracticeRemoved | None, entry: Entry) -> None:
    edited(rows, "practice", fact and REMOVED, entry)
