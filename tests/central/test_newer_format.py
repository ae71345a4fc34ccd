"""A record of a newer program is not opened by an older one: it says so in one sentence and changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from tests.builders import Room, a_process, a_room
from workshop.record.database import FORMAT, WrittenByNewer
from workshop.record.desk import DirectDesk
from workshop.record.fold import meta_table, rebuild, rows_digest


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgres_url")) if request.param == "postgresql" else ""


def newer(room: Room) -> None:
    """As a newer program leaves it: its own format, and rows that it folded."""
    with room.store.writer.begin() as connection:
        connection.execute(update(meta_table).where(meta_table.c.key == "format").values(value=str(FORMAT + 1)))
        connection.execute(update(meta_table).where(meta_table.c.key == "rows").values(value="newer"))


def everything(connection: Connection) -> tuple[list[str], str]:
    return [f"{row}" for row in connection.execute(select(meta_table).order_by(meta_table.c.key))], rows_digest(connection)


def test_a_record_of_a_newer_format_is_left_as_it_is(tmp_path: Path, url: str) -> None:
    room = a_room(tmp_path, url, DirectDesk)
    a_process(room)
    newer(room)
    before = room.ask(everything)
    with pytest.raises(WrittenByNewer):
        a_room(tmp_path, url, DirectDesk)
    assert room.ask(everything) == before
    room.close()


def test_folding_again_keeps_the_format(tmp_path: Path, url: str) -> None:
    room = a_room(tmp_path, url, DirectDesk)
    with room.store.writer.begin() as connection:
        rebuild(connection)
        assert connection.execute(select(meta_table.c.value).where(meta_table.c.key == "format")).scalar() == str(FORMAT)
    room.close()


def test_an_older_centre_says_so_in_one_line(tmp_path: Path, postgres_url: str) -> None:
    room = a_room(tmp_path, postgres_url, DirectDesk)
    newer(room)
    room.close()
    command = [sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", "0", "--central", "--try"]
    command += ["--data", str(tmp_path / "centre")]
    env = {**os.environ, "DATABASE_URL": postgres_url}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    said = "Error: The record was written by a newer Tavoli. Start that one, or a newer one. Nothing was changed.\n"
    assert (done.returncode, done.stderr) == (1, said)
