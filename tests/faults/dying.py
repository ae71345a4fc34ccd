"""Does one thing with a data folder and dies at the so-many-th statement that reaches the database; 0: never.

python -m tests.faults.dying push FOLDER BATCH N      takes a batch in
python -m tests.faults.dying answer FOLDER BATCH 0    takes it in and dies between COMMIT and the answer
python -m tests.faults.dying rebuild FOLDER - N       starts as a program whose rows are others, and folds them again
"""

import os
import sys
from pathlib import Path
from typing import Any

from sync import wire
from tests.builders import Room, a_room
from workshop.record import rows
from workshop.record.database import open_store
from workshop.record.desk import DirectDesk, Listener
from workshop.record.fold import prepare
from workshop.record.peers import PeerLog
from workshop.record.writer import Writer

DIED = 9


class Count:
    """Statements of one connection. The driver tells of each before it is carried out."""

    def __init__(self, driver: Any, at: int) -> None:
        self.calls, self.at = 0, at
        driver.set_trace_callback(self)

    def __call__(self, _statement: str) -> None:
        self.calls += 1
        if self.calls == self.at:
            os._exit(DIED)


class DyingBeforeTheAnswer(DirectDesk):
    """Announcements are made after COMMIT and before the caller has the answer."""

    def __init__(self, writer: Writer, _listener: Listener) -> None:
        super().__init__(writer, lambda _news: os._exit(DIED))


def push(folder: Path, batch: Path, at: int) -> None:
    room = a_room(folder, desk=DirectDesk)
    count = Count(room.desk.writer.connection.connection.dbapi_connection, at)  # type: ignore[attr-defined]
    print(_take(room, batch), count.calls, flush=True)


def answer(folder: Path, batch: Path, _at: int) -> None:
    print(_take(a_room(folder, desk=DyingBeforeTheAnswer), batch), flush=True)


def rebuild(folder: Path, _batch: Path, at: int) -> None:
    rows.every_noun()
    store = open_store(f"sqlite:///{folder}/record.db")
    with store.writer.connect() as connection:
        count = Count(connection.connection.dbapi_connection, at)
    with store.writer.begin() as connection:
        assert prepare(connection), "nothing was folded again"
    print(count.calls, flush=True)


def _take(room: Room, batch: Path) -> int:
    return PeerLog(room.store, room.desk).receive(batch.stem, *wire.unpack([batch.read_bytes()])).stored


if __name__ == "__main__":
    {"push": push, "answer": answer, "rebuild": rebuild}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    os._exit(0)
