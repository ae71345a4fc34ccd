"""Takes a batch in and dies at the so-many-th statement that reaches the database: `python -m tests.faults.dying FOLDER BATCH N`."""

import os
import sys
from pathlib import Path
from typing import Any

from sync import wire
from tests.builders import a_room
from workshop.record.desk import DirectDesk
from workshop.record.peers import PeerLog

DIED = 9


def main(folder: str, batch: str, at: int) -> None:
    room = a_room(Path(folder), desk=DirectDesk)
    driver: Any = room.desk.writer.connection.connection.dbapi_connection  # type: ignore[attr-defined]
    calls = 0

    def count(_statement: str) -> None:
        nonlocal calls
        calls += 1
        if calls == at:
            os._exit(DIED)

    driver.set_trace_callback(count)
    data = Path(batch).read_bytes()
    scope = Path(batch).stem
    received = PeerLog(room.store, room.desk).receive(scope, *wire.unpack([data]))
    print(received.stored, calls, flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
