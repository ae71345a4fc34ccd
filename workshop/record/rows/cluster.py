"""Rows of clusters. Where a card lies is a version of the card; each edit names the board it belongs to, so it can be undone."""

from sqlalchemy import Column, Index, String, Table

from sync.entry import Entry
from workshop.domain.cluster import (
    BoardActUndone,
    CardPlaced,
    ClusterAdded,
    ClusterMerged,
    ClusterOrdered,
    ClusterRemoved,
    ClusterTitled,
)
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, edited

cluster = Table(
    "cluster",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("work_table_id", String(32)),
    *added(),
    Index("cluster_by_table", "work_table_id"),
)

undone = Table("undone", ROWS, Column("act_id", String(32), primary_key=True), Column("by_id", String(32), primary_key=True))


@folds(CardPlaced)
def _(rows: Rows, fact: CardPlaced | None, entry: Entry) -> None:
    edited(rows, "place", fact and fact.place, entry, board=fact.work_table_id if fact else "")


@folds(ClusterAdded)
def _(rows: Rows, fact: ClusterAdded | None, entry: Entry) -> None:
    board = fact.work_table_id if fact else ""
    rows.first(cluster, entry, fact is None, id=entry.head.about, process_id=entry.head.scope, work_table_id=fact and fact.work_table_id)
    rows.version("title", fact and [fact.title, ""], entry, is_stub=fact is None)
    rows.version("position", fact and fact.position, entry, is_stub=fact is None)
    rows.version("removed", False, entry, is_stub=fact is None, board=board)


@folds(ClusterTitled)
def _(rows: Rows, fact: ClusterTitled | None, entry: Entry) -> None:
    value = fact and [fact.title, fact.description]
    edited(rows, "title", value, entry, board=fact.work_table_id if fact else "")


@folds(ClusterMerged)
def _(rows: Rows, fact: ClusterMerged | None, entry: Entry) -> None:
    edited(rows, "merged_into", fact and fact.into_id, entry, board=fact.work_table_id if fact else "")


@folds(ClusterOrdered)
def _(rows: Rows, fact: ClusterOrdered | None, entry: Entry) -> None:
    edited(rows, "position", fact and fact.position, entry, board=fact.work_table_id if fact else "")


@folds(ClusterRemoved)
def _(rows: Rows, fact: ClusterRemoved | None, entry: Entry) -> None:
    edited(rows, "removed", fact and fact.removed, entry, board=fact.work_table_id if fact else "")


@folds(BoardActUndone)
def _(rows: Rows, _fact: BoardActUndone | None, entry: Entry) -> None:
    rows.grow(undone, act_id=entry.head.about, by_id=entry.head.cause)
