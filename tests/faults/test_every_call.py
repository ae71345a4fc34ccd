"""A push, or the folding of rows, that dies at its k-th statement: all is there or nothing, and the next time brings the rest."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from sync import wire
from sync.log import Digest
from tests.builders import a_card, a_facilitator, a_meeting, a_room, a_step_open
from tests.faults.dying import DIED
from workshop.record.desk import DirectDesk
from workshop.record.fold import rows_digest
from workshop.record.log import entries_in_order
from workshop.record.peers import PeerLog
from workshop.record.verify import verify

pytestmark = pytest.mark.timeout(7_200 if os.environ.get("TAVOLI_EVERY") else 400)
SMALL = 120  # statements


@pytest.fixture(scope="module", params=[12, 200])
def batch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many entries of a real afternoon, packed as a push; named by their scope."""
    folder = tmp_path_factory.mktemp("source")
    room = a_room(folder, desk=DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    who = a_facilitator(meeting)
    with room.store.readers.connect() as connection:
        while len(entries := list(entries_in_order(connection, meeting.process_id))) < request.param:
            a_card(meeting, who, f"Servono fasciatoi, numero {len(entries)}")
    path = folder / f"{meeting.process_id}.push"
    path.write_bytes(wire.pack(entries[: request.param]))
    room.close()
    return path


@dataclass(frozen=True, slots=True)
class Died:
    code: int
    told: str


Dying: TypeAlias = Callable[[str, Path, Path, int], Died]


@pytest.fixture(scope="module")
def dying() -> Iterator[Dying]:
    """See tests.faults.dying."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.dying"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as forking:
        assert forking.stdin and forking.stdout
        asked, told = forking.stdin, forking.stdout

        def one(what: str, folder: Path, batch: Path, at: int) -> Died:
            print(json.dumps([what, str(folder), str(batch), str(at)]), file=asked, flush=True)
            return Died(*json.loads(told.readline()))

        yield one
        asked.close()


def test_whatever_statement_it_dies_at_nothing_is_half_there(batch: Path, dying: Dying, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    a_room(empty, desk=DirectDesk).close()
    done = dying("push", _copy(empty, tmp_path / "whole"), batch, 0)
    stored, calls = map(int, done.told.split())
    assert stored == _count(batch)
    found = set()
    for k in _points(calls):
        folder = _copy(empty, tmp_path / f"died-{k}")
        assert dying("push", folder, batch, k).code == DIED
        found.add(_entries_then_all(folder, batch))
        shutil.rmtree(folder)
    assert found == {0}  # the last statement is COMMIT, and it died just before


def test_what_was_committed_and_not_answered_is_all_there_and_known_when_it_is_sent_again(
    batch: Path, dying: Dying, tmp_path: Path
) -> None:
    assert dying("answer", tmp_path, batch, 0).code == DIED
    assert _entries_then_all(tmp_path, batch) == _count(batch)


@pytest.mark.parametrize("batch", [12], indirect=True)
def test_rows_of_another_program_are_folded_again_whenever_it_dies_meanwhile(batch: Path, dying: Dying, tmp_path: Path) -> None:
    """The log is not touched, and whichever statement it died at, the next start folds them all."""
    old = tmp_path / "old"
    old.mkdir()
    before = _rows_of_another_program(old, batch)
    calls = int(dying("rebuild", _copy(old, tmp_path / "whole"), batch, 0).told)
    points = range(1, calls + 1) if os.environ.get("TAVOLI_EVERY") else sorted({1, 2, *range(3, calls, calls // 6), calls - 1, calls})
    for k in points:
        folder = _copy(old, tmp_path / f"died-{k}")
        assert dying("rebuild", folder, batch, k).code == DIED
        assert _started(folder, batch) == before, k
        shutil.rmtree(folder)


def _rows_of_another_program(folder: Path, batch: Path) -> tuple[Digest, str]:
    """A record whose rows were folded by a program that is not this one: some of them wrong. What they should be."""
    room = a_room(folder, desk=DirectDesk)
    PeerLog(room.store, room.desk).receive(batch.stem, *wire.unpack([batch.read_bytes()]))
    room.close()
    right = _started(folder, batch)
    with contextlib.closing(sqlite3.connect(folder / "record.db")) as connection:
        connection.execute("UPDATE meta SET value = 'another' WHERE key = 'rows'")
        connection.execute("UPDATE work_table SET id = 'wrong'")
        connection.commit()
    return right


def _started(folder: Path, batch: Path) -> tuple[Digest, str]:
    room = a_room(folder, desk=DirectDesk)
    assert verify(room.store).is_good
    found = PeerLog(room.store, room.desk).digest(batch.stem), room.ask(rows_digest)
    room.close()
    return found


def _entries_then_all(folder: Path, batch: Path) -> int:
    """How many there are after the death; then the same push again brings all of them."""
    room = a_room(folder, desk=DirectDesk)
    log = PeerLog(room.store, room.desk)
    left = log.digest(batch.stem).entries
    assert verify(room.store).is_good
    assert log.receive(batch.stem, *wire.unpack([batch.read_bytes()])).stored == _count(batch) - left
    assert log.digest(batch.stem).entries == _count(batch)
    assert verify(room.store).is_good
    room.close()
    return left


def _points(calls: int) -> list[int]:
    """Every one of a small push; of a large one the ends and some between, or every one when asked for."""
    if calls <= SMALL or os.environ.get("TAVOLI_EVERY"):
        return list(range(1, calls + 1))
    return sorted({*range(1, 8), *range(8, calls - 8, calls // 12), *range(calls - 7, calls + 1)})


def _count(batch: Path) -> int:
    return len(wire.unpack([batch.read_bytes()]).entries)


def _copy(source: Path, target: Path) -> Path:
    shutil.copytree(source, target)
    return target
