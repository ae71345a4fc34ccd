"""The opening of a stream changes no row: it is read from the log when somebody asks which device wrote what."""

from sync.entry import Entry
from workshop.domain.stream import StreamOpened
from workshop.record.fold import Rows, folds


@folds(StreamOpened)
def _(_rows: Rows, _fact: StreamOpened | None, _entry: Entry) -> None:
    return
