"""Steps have no table: their state at each table, and each table's current step, are last words."""

from sync.entry import Entry
from workshop.domain.limits import StepLimited
from workshop.domain.step import StepExtended, StepMoved
from workshop.record.fold import Rows, folds


@folds(StepMoved)
def _(rows: Rows, fact: StepMoved | None, entry: Entry) -> None:
    if fact is None:
        return
    where = fact.work_table_id or fact.meeting_id
    rows.last(where, f"step:{entry.head.about}", {"state": fact.state, "at": fact.at, "began": fact.began, "spent": fact.spent}, entry)
    if fact.state == "open":
        rows.last(where, "step", entry.head.about, entry)
    if fact.table_state and fact.work_table_id:
        rows.last(where, "state", fact.table_state, entry)


@folds(StepLimited)
def _(rows: Rows, fact: StepLimited | None, entry: Entry) -> None:
    if fact:
        limits = {"quota": fact.quota, "votes": fact.votes, "per_item": fact.per_item}
        rows.last(fact.meeting_id, f"limits:{entry.head.about}", limits, entry)


@folds(StepExtended)
def _(rows: Rows, fact: StepExtended | None, entry: Entry) -> None:
    if fact:
        rows.last(fact.work_table_id or fact.meeting_id, f"more:{entry.head.about}:{entry.head.cause[:8]}", fact.minutes, entry)
