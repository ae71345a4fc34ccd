"""What the room's screen shows: a last word of the meeting."""

from sync.entry import Entry
from workshop.domain.screen import ScreenTurned
from workshop.record.fold import Rows, folds


@folds(ScreenTurned)
def _(rows: Rows, fact: ScreenTurned | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, "screen", {"view": fact.view, "work_table_id": fact.work_table_id}, entry)
