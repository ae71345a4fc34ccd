"""Rows of photos: which bytes a table's photo has. That one was removed is a last word, heard even where its reason did not travel."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from sync.entry import Entry
from workshop.domain.photo import PhotoAdded, PhotoRemoved
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added

photo = Table(
    "photo",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("work_table_id", String(32)),
    Column("step_id", String(32)),
    Column("sha256", String(64)),
    Column("size", Integer),
    Column("media_type", String(40)),
    Column("width", Integer),
    Column("height", Integer),
    Column("caption", Text),
    Column("wall", String(20)),
    Column("stream", String(32)),
    *added(),
    Index("photo_by_table", "work_table_id"),
    Index("photo_by_process", "process_id"),
)


@folds(PhotoAdded)
def _(rows: Rows, fact: PhotoAdded | None, entry: Entry) -> None:
    rows.first(
        photo,
        entry,
        fact is None,
        id=entry.head.about,
        process_id=entry.head.scope,
        work_table_id=fact and fact.work_table_id,
        step_id=fact and fact.step_id,
        sha256=fact and fact.sha256,
        size=fact and fact.size,
        media_type=fact and fact.media_type,
        width=fact and fact.width,
        height=fact and fact.height,
        caption=fact and fact.caption,
        wall=entry.head.wall,
        stream=entry.head.stream,
    )


@folds(PhotoRemoved)
def _(rows: Rows, fact: PhotoRemoved | None, entry: Entry) -> None:
    rows.last(entry.head.about, "removed", fact.reason if fact else "", entry)
