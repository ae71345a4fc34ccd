"""What was looked at and stays as it is: a last word of the thing, or of the process."""

from sync.entry import Entry
from workshop.domain.review import DifferenceNoted
from workshop.record.fold import Rows, folds


@folds(DifferenceNoted)
def _(rows: Rows, fact: DifferenceNoted | None, entry: Entry) -> None:
    if fact:
        rows.last(entry.head.about, f"noted:{fact.matter}", fact.seen, entry)
