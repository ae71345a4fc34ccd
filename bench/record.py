"""The record: rebuilding 20,000 entries, and one table's page with and without 10,000 cards elsewhere."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.room import Preparing, prepare_room
from workshop.record.fold import rebuild
from workshop.record.log import count_entries
from workshop.record.queries.boards import the_board


def measure_rebuild(entries: int = 20_000) -> dict[str, Any]:
    """Writes that many cards through the front door, then drops all rows and folds the whole log."""
    with tempfile.TemporaryDirectory() as folder:
        room = prepare_room(Path(folder), 12)
        at = Preparing(Path(folder))
        began = time.perf_counter()
        at.cards(room, room.tables[0], entries)
        writing = time.perf_counter() - began
        with at.store.writer.begin() as connection:
            began = time.perf_counter()
            folded = rebuild(connection)
            seconds = time.perf_counter() - began
            size = sum(f.stat().st_size for f in Path(folder).glob("record.db*"))
            total = count_entries(connection)
        at.close()
        return {
            "rebuild_20000_s": round(seconds, 2),
            "rebuild_entries": total,
            "folded": folded,
            "commands_per_s_one_writer": round(entries / writing),
            "bytes_per_entry": round(size / total),
        }


def measure_page_of_one_table(elsewhere: int = 10_000) -> dict[str, Any]:
    """Median time of reading one table's board of 30 cards, before and after 10,000 cards at another table: a ratio near 1."""
    with tempfile.TemporaryDirectory() as folder:
        room = prepare_room(Path(folder), 24)
        at = Preparing(Path(folder))
        at.cards(room, room.tables[0], 30)
        before = _median(lambda: _read(at, room.tables[0]))
        at.cards(room, room.tables[1], elsewhere)
        after = _median(lambda: _read(at, room.tables[0]))
        at.close()
        return {"board_ms": round(before, 2), "board_with_10000_elsewhere_ms": round(after, 2), "board_ratio": round(after / before, 2)}


def _read(at: Preparing, table: str) -> None:
    with at.store.readers.connect() as reader:
        the_board(reader, table)


def _median(call: Callable[[], None], times: int = 30) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)
