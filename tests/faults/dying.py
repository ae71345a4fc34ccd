"""Does one thing with a data folder and dies at the so-many-th statement that reaches the database; 0: never.

A line on standard input, for each of which a process of its own is forked; its exit code and its output come back as a line of JSON.
push FOLDER BATCH N      takes a batch in
answer FOLDER BATCH 0    takes it in and dies between COMMIT and the answer
rebuild FOLDER BATCH N   starts as a program whose rows are others, and folds them again
"""

import json
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


def forked(what: str, folder: str, batch: str, at: str) -> tuple[int, str]:
    """(exit code, output). Nothing was opened before the fork, and there is one thread."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(theirs, 1)
        try:
            {"push": push, "answer": answer, "rebuild": rebuild}[what](Path(folder), Path(batch), int(at))
        except BaseException as wrong:
            print(repr(wrong), flush=True)
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as output:
        told = output.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(forked(*json.loads(line))), flush=True)
