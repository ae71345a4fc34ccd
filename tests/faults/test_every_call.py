"""A push that dies at its k-th statement, for every k: all of it is there or none of it, and the next push brings the rest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sync import wire
from tests.builders import a_card, a_facilitator, a_meeting, a_room, a_step_open
from tests.faults.dying import DIED
from workshop.record.desk import DirectDesk
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


def pushed(folder: Path, batch: Path, at: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.faults.dying", str(folder), str(batch), str(at)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_whatever_statement_it_dies_at_nothing_is_half_there(batch: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    a_room(empty, desk=DirectDesk).close()
    done = pushed(_copy(empty, tmp_path / "whole"), batch, 0)
    stored, calls = map(int, done.stdout.split())
    assert stored == _count(batch), done.stderr
    found = set()
    for k in _points(calls):
        folder = _copy(empty, tmp_path / f"died-{k}")
        assert pushed(folder, batch, k).returncode == DIED
        found.add(_entries_then_all(folder, batch))
        shutil.rmtree(folder)
    assert found == {0}  # the last statement is COMMIT, and it died just before


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
