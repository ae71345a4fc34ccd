"""Starting where it cannot: a folder that is served, not a folder, not ours to write, damaged; a port that is none. One line each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import a_server
from workshop.settings import open_folder

WITHOUT_POWERS = ["unshare", "--user"]  # root may write everywhere: so as nobody in particular, who still owns root's files


def serve(data: Path, *through: str, port: str = "0") -> subprocess.CompletedProcess[str]:
    """A server that is expected to refuse."""
    command = [*through, sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", port, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


def one_line(refused: subprocess.CompletedProcess[str]) -> str:
    """What it said, when it is one line and exit code 1."""
    assert (refused.returncode, refused.stderr.count("\n"), "Traceback" in refused.stderr) == (1, 1, False), refused.stderr
    return refused.stderr


def test_of_two_servers_started_at_once_one_serves_and_the_other_says_where(tmp_path: Path) -> None:
    with a_server(tmp_path) as first:
        command = [sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", "0", "--data", str(tmp_path)]
        others = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        told = [(other.communicate(timeout=30)[1], other.returncode) for other in others]
        assert told == [(f"Error: Another Tavoli serves this data folder already, at {first.url}\n", 1)] * 3


def tavoli(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workshop.cli", *words, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_other_commands_on_a_served_folder_say_so_too(tmp_path: Path) -> None:
    with a_server(tmp_path) as first:
        found = tavoli("rebuild", data=tmp_path)
    assert (found.returncode, first.url in found.stderr, "Traceback" in found.stderr) == (1, True, False)


def test_the_demonstration_is_loaded_by_the_server_that_runs_on_the_folder(tmp_path: Path) -> None:
    with a_server(tmp_path):
        told = [tavoli("demo", "load", data=tmp_path) for _ in range(2)]
    assert [(each.returncode, each.stderr) for each in told] == [(0, ""), (0, "")]
    assert ("76 carte" in told[0].stdout, "Nothing was loaded" in told[1].stdout) == (True, True)
    assert "Nothing was loaded" in tavoli("demo", "load", data=tmp_path).stdout  # it is there, and stays


def test_where_no_demonstration_may_be_loaded_the_command_fails_and_says_so(tmp_path: Path) -> None:
    """A folder that somebody else works on, without being a server."""
    with open_folder(str(tmp_path)).served_at(""):
        found = tavoli("demo", "load", data=tmp_path)
    assert (found.returncode, "Another Tavoli" in found.stderr, "Traceback" in found.stderr) == (1, True, False)


@pytest.mark.parametrize("asked", ["file", "file/below", "x" * 300])
def test_a_data_folder_that_cannot_be_one_is_one_clear_line(tmp_path: Path, asked: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "cannot be used" in one_line(serve(tmp_path / asked))


def test_a_data_folder_that_is_not_ours_to_write_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "cannot be used" in one_line(serve(tmp_path / "closed", *(WITHOUT_POWERS if os.geteuid() == 0 else [])))
    assert (tmp_path / "closed").stat().st_mode & 0o777 == 0o500


def test_nobody_else_on_this_computer_reads_what_is_made(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with a_server(tmp_path):
        made = [path for path in tmp_path.rglob("*") if path.name != "keys"]
        assert [str(path) for path in made if path.stat().st_mode & 0o077] == []
    assert {path.name for path in made} >= {"record.db", "private.db", "serving.lock", "device.key"}
    assert tmp_path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["record.db", "private.db"])
def test_a_database_that_is_none_is_one_clear_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"This is no database, but it is long enough to be looked at.\n" * 200)
    assert "cannot be read" in one_line(serve(tmp_path))
    assert (tmp_path / name).read_bytes().startswith(b"This is no database")


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_is_none_is_one_clear_line(tmp_path: Path, port: str) -> None:
    assert f"Port {port} cannot be used" in one_line(serve(tmp_path, port=port))
