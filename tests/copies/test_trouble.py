"""Folders in trouble: damaged, half gone, newer, closed. One clear sentence, a way out that works, and never a start from empty."""

import contextlib
import hashlib
import os
import shlex
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.copies.conftest import open_copied, tavoli
from tests.support.server import a_server
from workshop.copies.disk import RESERVE

WITHOUT_POWERS = ("unshare", "--user") if os.geteuid() == 0 else ()  # root reads everything


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A room that was closed, with a copy made after its last card."""
    room = open_copied(tmp_path / "data")
    room.cards("Servono bagni", "Servono panchine", "Servono altalene")
    room.copier.copy_now()
    room.building.close()
    return tmp_path / "data"


def marks(data: Path) -> dict[str, str]:
    """Every file of the folder, but for the lock, and what is in it."""
    files = [path for path in data.rglob("*") if path.is_file() and path.name not in {"serving.lock", "record.db-shm", "private.db-shm"}]
    return {str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def refused(data: Path, through: tuple[str, ...] = ()) -> str:
    """What `serve` says in one line, having changed nothing."""
    before = marks(data)
    told = tavoli("serve", "--no-browser", "--port", "0", "--data", data, through=through)
    assert (told.returncode, told.stderr.count("\n"), "Traceback" in told.stderr) == (1, 1, False), told.stderr
    assert marks(data) == before
    return told.stderr


def follow(said: str, data: Path) -> None:
    """The way out, typed as it was told; then the room is there again, with its cards."""
    restore = said.split(": tavoli restore ")[1].split(" and then: ")[0]
    done = tavoli("restore", *shlex.split(restore))
    assert (done.returncode, "every one as it was written" in done.stdout) == (0, True), done.stderr
    new = Path(f"{data}-restored")
    assert said.endswith(f"and then: tavoli serve --data {new}\n")
    with a_server(new):
        assert tavoli("verify", "--data", new).returncode == 0


@pytest.mark.parametrize(("gone", "says"), [("record.db", "The record (record.db) is missing."), ("private.db", "The private database")])
def test_one_database_without_the_other_is_no_empty_room(data: Path, gone: str, says: str) -> None:
    (data / gone).unlink()
    said = refused(data)
    assert says in said
    assert "was left as it is. The newest good copy is of 20" in said
    assert not (data / gone).exists()
    follow(said, data)


def test_the_key_gone_is_said_because_phones_would_not_be_recognised(data: Path) -> None:
    (data / "keys" / "device.key").unlink()
    said = refused(data)
    assert "keys/device.key) is missing" in said
    follow(said, data)


@pytest.mark.parametrize("name", ["record.db", "private.db"])
@pytest.mark.parametrize("damage", ["page", "head", "cut"])
def test_a_damaged_database_is_found_at_the_start(data: Path, name: str, damage: str) -> None:
    content = bytearray((data / name).read_bytes())
    if damage == "page":  # the second page: the root of the first table
        content[4096:8192] = os.urandom(4096)
    elif damage == "head":
        content[:64] = b"This is no database, but once it was one. Somebody wrote over it"
    else:
        del content[len(content) // 2 :]
    (data / name).write_bytes(content)
    said = refused(data)
    assert "damaged" in said
    follow(said, data)


def test_one_flipped_bit_in_what_somebody_wrote_is_found_though_the_database_calls_itself_sound(data: Path) -> None:
    content = bytearray((data / "record.db").read_bytes())
    with contextlib.closing(sqlite3.connect(f"file:{data}/record.db?mode=ro&immutable=1", uri=True)) as connection:
        bodies = [body for (body,) in connection.execute("SELECT body FROM entry") if b"Servono panchine" in body]
    content[content.index(bodies[0]) + len(bodies[0]) // 2] ^= 1
    (data / "record.db").write_bytes(content)
    with sqlite3.connect(data / "record.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    said = refused(data)
    assert "is damaged (entry " in said
    follow(said, data)


@pytest.mark.parametrize("name", ["record.db", "private.db"])
def test_a_database_of_a_newer_version_is_not_touched(data: Path, name: str) -> None:
    with sqlite3.connect(data / name) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        connection.execute("PRAGMA user_version=2")
    connection.close()
    assert "was written by a newer Tavoli. Start that one, or a newer one." in refused(data)


@pytest.mark.parametrize("name", ["record.db", "private.db"])
def test_a_database_that_may_not_be_read_is_said_so(data: Path, name: str) -> None:
    (data / name).chmod(0)
    said = refused(data, WITHOUT_POWERS) if not WITHOUT_POWERS else ""
    if WITHOUT_POWERS:  # in a user namespace the tests' own files are somebody else's
        told = tavoli("serve", "--no-browser", "--port", "0", "--data", data, through=WITHOUT_POWERS)
        said = told.stderr
        assert (told.returncode, said.count("\n")) == (1, 1)
    assert "cannot be " in said


def test_when_no_copy_is_good_it_says_so_and_names_the_command(data: Path) -> None:
    for copy in (data / "backups").iterdir():
        (copy / "record.db").write_bytes(b"x")
    (data / "record.db").unlink()
    said = refused(data)
    assert f"No good copy was found here or on a stick; when you have one: tavoli restore --data {data}-restored COPY" in said


def test_a_copy_on_a_stick_is_found_too(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    (stick / "tavoli-1").mkdir(parents=True)
    [copy] = (data / "backups").iterdir()
    shutil.move(copy, stick / "tavoli-1" / copy.name)
    monkeypatch.setenv("TAVOLI_STICKS", str(stick))
    (data / "record.db").unlink()
    said = refused(data)
    assert str(stick / "tavoli-1" / copy.name) in said
    follow(said, data)


def test_a_first_start_that_was_cut_before_the_second_database_just_starts(tmp_path: Path) -> None:
    room = open_copied(tmp_path / "other")
    room.building.close()
    with a_server(tmp_path / "data"):
        pass
    for left in ("private.db", "place"):
        (tmp_path / "data" / left).unlink(missing_ok=True)
    with a_server(tmp_path / "data") as again:
        assert again.passphrase


def test_a_full_disk_gets_no_copy_that_would_take_the_space_of_the_record(data: Path, tmp_path: Path) -> None:
    assert RESERVE >= 32 * 1024 * 1024
    small = tmp_path / "small"
    small.mkdir()
    namespace = ("unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--mount", "sh", "-c")
    script = f'mount -t tmpfs -o size=20m tmpfs "{small}" && cp -a "{data}/." "{small}" && exec "$@"'
    told = tavoli("backup", "--data", small, through=(*namespace, script, "sh"))
    assert (told.returncode, "There is not enough space for a copy at" in told.stderr) == (1, True), told.stderr
