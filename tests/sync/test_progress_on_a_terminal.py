"""`tavoli sync` draws a bar where somebody looks at a terminal, and only there; its last line stays one line for programs."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import a_meeting, a_room
from tests.support.server import Server, a_server
from tests.sync.test_two_processes import a_code, tavoli
from workshop.settings import device_key, open_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A laptop with something to send."""
    made = tmp_path / "laptop"
    device_key(open_folder(str(made)))
    room = a_room(made)
    a_meeting(room)
    room.close()
    return made


def on_a_terminal(*words: str) -> tuple[str, str]:
    """(what programs read, what the person sees): standard error is a terminal."""
    looked_at, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    command = [sys.executable, "-m", "workshop.cli", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env=environment, text=True, encoding="utf-8") as process:
        os.close(terminal)
        seen = _all_of(looked_at)
        assert process.stdout
        told = process.stdout.read()
    assert process.returncode == 0, seen
    return told, seen


def _all_of(terminal: int) -> str:
    """Until its other end is closed, which Linux tells as an error."""
    parts = []
    try:
        while part := os.read(terminal, 4096):
            parts.append(part)
    except OSError:
        pass
    finally:
        os.close(terminal)
    return b"".join(parts).decode("utf-8", "replace")


def linked(folder: Path, centre: Server) -> None:
    assert tavoli("enrol", "--data", str(folder), centre.url, a_code(centre)).returncode == 0


def test_sync_shows_a_bar_on_a_terminal_and_one_line_to_programs(folder: Path, tmp_path: Path) -> None:
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        linked(folder, centre)
        told, seen = on_a_terminal("sync", "--data", str(folder))
        quiet = tavoli("sync", "--data", str(folder))
    assert told.splitlines()[-1].startswith("sent ")
    assert told.splitlines()[-1].endswith(", identical")
    assert "items" in seen
    assert "━" in seen
    assert (quiet.stderr, quiet.stdout.splitlines()[-1]) == ("", "sent 0, received 0, identical")
