"""Rows of local resources: one versions field. That one was removed is a version too, so words written meanwhile do not go with it."""

from dataclasses import asdict

from sqlalchemy import Column, Index, String, Table

from sync.entry import Entry
from workshop.domain.local_resource import LocalResourceAdded, LocalResourceChanged, LocalResourceRemoved
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import REMOVED, added, edited

local_resource = Table(
    "local_resource",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    *added(),
    Index("local_resource_by_process", "process_id"),
)


@folds(LocalResourceAdded)
def _(rows: Rows, fact: LocalResourceAdded | None, entry: Entry) -> None:
    rows.first(local_resource, entry, fact is None, id=entry.head.about, process_id=entry.head.scope)
    rows.version("resource", fact and asdict(fact.resource), entry, is_stub=fact is None)


@folds(LocalResourceChanged)
def _(rows: Rows, fact: LocalResourceChanged | None, entry: Entry) -> None:
    edited(rows, "resource", fact and asdict(fact.resource), entry)


@folds(LocalResourceRemoved)
def _(rows: Rows, fact: LocalResourceRemoved | None, entry: Entry) -> None:
    edited(rows, "resource", fact and REMOVED, entry)
