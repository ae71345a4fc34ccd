"""`tavoli verify`: one changed byte anywhere in the log is found and named; rows that were tampered with are noticed."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, text, update

from tests.builders import Meeting, Room, a_card, a_meeting, a_participant, a_room, a_step_open
from workshop.record.desk import DirectDesk
from workshop.record.log import entry_table
from workshop.record.verify import Verdict, rebuild, verify

_e = entry_table.c


@pytest.fixture
def kept(own_room: Room) -> Room:
    """A room with one card, on both databases."""
    meeting = a_meeting(own_room)
    a_step_open(meeting, "scrivi")
    a_card(meeting, a_participant(meeting))
    return own_room


def hashes(room: Room) -> list[str]:
    with room.store.readers.connect() as connection:
        return list(connection.execute(select(_e.hash).order_by(_e.scope, _e.lamport, _e.hash)).scalars())


def change(room: Room, entry_hash: str, **values: object) -> None:
    def done(connection: Connection) -> None:
        connection.execute(update(entry_table).where(_e.hash == entry_hash).values(**values))

    room.desk.submit(lambda writer: done(writer.connection))


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_a_record_as_it_was_written_is_good(kept: Room) -> None:
    verdict = verify(kept.store)
    assert (verdict.entries, verdict.rows_equal_rebuild, verdict.first_bad, verdict.reason) == (len(hashes(kept)), True, None, "")


@pytest.mark.parametrize("column", ["head", "body"])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.7, 0.999])
def test_one_flipped_bit_is_found_and_its_entry_named(kept: Room, column: str, part: float) -> None:
    entry_hash = hashes(kept)[4]
    with kept.store.readers.connect() as connection:
        data = bytes(connection.execute(select(_e[column]).where(_e.hash == entry_hash)).scalar_one())
    change(kept, entry_hash, **{column: flipped(data, int(part * len(data)))})
    assert verify(kept.store) == Verdict(0, "", False, entry_hash, column)


def test_of_two_bad_entries_the_first_is_named(kept: Room) -> None:
    early, late = hashes(kept)[2], hashes(kept)[5]
    change(kept, late, body=b"x")
    change(kept, early, body=b"x")
    assert verify(kept.store).first_bad == early


@pytest.mark.parametrize("values", [{"n": 99}, {"kind": "a.b/1"}, {"about": "0" * 32}, {"cause": "0" * 32}, {"stream": "0" * 32}])
def test_a_column_that_says_something_else_than_its_head_is_found(kept: Room, values: dict[str, object]) -> None:
    entry_hash = hashes(kept)[3]
    change(kept, entry_hash, **values)
    assert verify(kept.store) == Verdict(0, "", False, entry_hash, "columns")


def test_an_entry_taken_out_of_the_middle_is_noticed(kept: Room) -> None:
    gone, following = hashes(kept)[3], hashes(kept)[4]
    kept.desk.submit(lambda writer: writer.connection.execute(delete(entry_table).where(_e.hash == gone)) and None)
    assert verify(kept.store) == Verdict(0, "", False, following, "chain")


def test_rows_that_were_tampered_with_are_noticed_and_rebuilt(kept: Room) -> None:
    kept.desk.submit(lambda writer: writer.connection.execute(text("UPDATE contribution SET number = 999")) and None)
    assert (verify(kept.store).rows_equal_rebuild, verify(kept.store).reason) == (False, "rows_differ")
    rebuild(kept.store)
    assert verify(kept.store).is_good


def test_a_body_that_was_erased_leaves_a_record_that_verifies(kept: Room) -> None:
    with kept.store.readers.connect() as connection:
        card = connection.execute(select(_e.hash).where(_e.kind == "contribution.added/1")).scalar_one()
    change(kept, card, body=None)
    rebuild(kept.store)
    assert verify(kept.store).is_good


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A record on disk that nobody has open."""
    room = a_room(tmp_path, desk=DirectDesk)
    meeting: Meeting = a_meeting(room)
    assert meeting.tables
    room.close()
    return tmp_path


def tavoli(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "workshop.cli", *words], capture_output=True, text=True, check=False, timeout=60)


def test_the_command_line_names_the_entry_and_exits_with_1(folder: Path) -> None:
    assert tavoli("verify", "--data", str(folder)).returncode == 0
    data = (folder / "record.db").read_bytes()
    at = data.index(b'{"salt":"') + 20  # in the body of some entry
    (folder / "record.db").write_bytes(flipped(data, at))
    done = tavoli("verify", "--data", str(folder))
    assert done.returncode == 1
    assert "the body of this entry was changed" in done.stdout


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "record.db").write_bytes(b"not a database at all" * 500)
    done = tavoli("verify", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "The record cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr
