"""Restore: the same room on another computer, verified, never over anything, without what was erased since."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.copies.conftest import Copied, open_copied, tavoli
from workshop.app import build
from workshop.copies.erasures import note_erasures
from workshop.copies.restoring import NotEmpty, put_in_place, restore, stage, the_copy
from workshop.copies.shape import CopyUnusable, read_copy
from workshop.record.erasing import Erased
from workshop.record.log import entry_table
from workshop.record.verify import verify
from workshop.settings import device_key, open_folder

e = entry_table.c


def test_a_restored_room_is_the_same_room_and_writes_in_a_new_stream(room: Copied, tmp_path: Path) -> None:
    room.cards("Servono bagni", "Servono panchine")
    copy = room.copier.copy_now()
    restored = restore(tmp_path / "new", copy.path)
    assert (restored.entries, restored.digest, restored.erased) == (copy.entries, copy.digest, 0)
    folder = open_folder(str(tmp_path / "new"))
    assert device_key(folder) == device_key(room.folder)  # phones and the centre recognise it

    again = build(folder, mode="threading")
    with again.house.reading() as connection:
        streams = set(connection.execute(select(e.stream)).scalars())
    other = Copied(again, room.meeting, room.who)
    room.meeting.room.door, door = type(room.meeting.room.door)(again.house.desk), room.meeting.room.door
    other.cards("Scritta dopo, sul secondo computer")
    room.meeting.room.door = door
    with again.house.reading() as connection:
        assert len(set(connection.execute(select(e.stream)).scalars()) - streams) == 1
    assert verify(again.house.store).is_good
    again.close()


def test_restore_takes_the_newest_of_a_place_and_its_page_too(room: Copied, tmp_path: Path) -> None:
    room.copier.copy_now(tmp_path)
    room.cards("Servono bagni")
    newest = room.copier.copy_now(tmp_path)
    assert {the_copy(where).path for where in (tmp_path, newest.path.parent, newest.path, newest.path / "copy.json")} == {newest.path}


@pytest.mark.parametrize("there", ["record.db", "a photo.jpg"])
def test_restore_never_overwrites_anything(room: Copied, tmp_path: Path, there: str) -> None:
    copy = room.copier.copy_now()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / there).write_bytes(b"mine")
    refused = tavoli("restore", "--data", tmp_path / "new", copy.path)
    assert (refused.returncode, refused.stdout) == (1, "")
    new = tmp_path / "new"
    assert refused.stderr == f"Error: The folder {new} is not empty, and nothing is overwritten. Name a new one: --data {new}-restored\n"
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "new").iterdir()] == [(there, b"mine")]


def test_a_bad_copy_is_refused_in_one_line_and_leaves_nothing(room: Copied, tmp_path: Path) -> None:
    copy = room.copier.copy_now()
    (copy.path / "private.db").unlink()
    refused = tavoli("restore", "--data", tmp_path / "new", copy.path)
    assert refused.stderr == f"Error: The copy {copy.path} is not whole: private.db is missing. Use another copy.\n"
    assert [path for path in (tmp_path / "new").rglob("*") if path.is_file()] == []
    refused = tavoli("restore", "--data", tmp_path / "new", tmp_path / "nowhere")
    assert "There is no copy in" in refused.stderr


def test_a_copy_of_a_newer_version_is_said_so(room: Copied, tmp_path: Path) -> None:
    copy = room.copier.copy_now()
    page = (copy.path / "copy.json").read_text()
    (copy.path / "copy.json").write_text(page.replace('"format": 1', '"format": 2'))
    refused = tavoli("restore", "--data", tmp_path / "new", copy.path)
    assert (refused.returncode, "was made by a newer Tavoli" in refused.stderr) == (1, True)


def test_a_disk_without_room_takes_nothing_and_says_so(room: Copied, tmp_path: Path) -> None:
    copy = room.copier.copy_now()
    through = ("unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--mount", "sh", "-c")
    (tmp_path / "small").mkdir()
    script = f'mount -t tmpfs -o size=1m tmpfs "{tmp_path}/small" && exec "$@"'
    refused = tavoli("restore", "--data", tmp_path / "small" / "new", copy.path, through=(*through, script, "sh"))
    assert (refused.returncode, "There is not enough space for a copy" in refused.stderr) == (1, True), refused.stderr


def test_what_was_erased_after_the_copy_does_not_come_back_with_it(room: Copied, tmp_path: Path) -> None:
    words = "Mi chiamo Ada e abito in via Roma"
    room.cards("Servono bagni", words)
    copy = room.copier.copy_now()
    with room.building.house.reading() as connection:
        entry = next(row for row in connection.execute(select(e.hash, e.cause, e.body)) if words.encode() in bytes(row.body))
    note_erasures(copy.path.parent, [Erased(entry.hash, entry.cause)])
    told = tavoli("restore", "--data", tmp_path / "new", copy.path)
    assert "1 texts were left out" in told.stdout
    assert [path.name for path in (tmp_path / "new").rglob("*") if path.is_file() and words.encode() in path.read_bytes()] == []
    assert tavoli("verify", "--data", tmp_path / "new").returncode == 0
    assert entry.hash in (tmp_path / "new" / "backups" / "erasures.txt").read_text()


@pytest.mark.parametrize("done", range(4))
def test_a_restore_that_was_cut_goes_on_at_the_next_start(tmp_path: Path, done: int) -> None:
    """The power went after `done` of the files were in their place."""
    room = open_copied(tmp_path / "data")
    room.cards("Servono bagni")
    copy = room.copier.copy_now(tmp_path)
    room.building.close()
    folder = open_folder(str(tmp_path / "new"))
    build(folder, mode="threading").close()  # an empty room was started first
    stage(folder, read_copy(copy.path))
    staged = folder.path / "restoring"
    for name in ["keys/device.key", "private.db", "record.db"][:done]:
        (folder.path / name).unlink()
        (staged / name).rename(folder.path / name)
    assert put_in_place(folder)
    assert not staged.exists()
    building = build(folder, mode="threading")
    found = verify(building.house.store)
    assert (found.digest, found.is_good, device_key(folder)) == (copy.digest, True, (copy.path / "keys" / "device.key").read_bytes())
    building.close()


def test_a_room_where_somebody_has_written_meanwhile_is_not_replaced(room: Copied, tmp_path: Path) -> None:
    copy = room.copier.copy_now(tmp_path)
    other = open_copied(tmp_path / "other")
    other.building.close()
    before = (tmp_path / "other" / "record.db").read_bytes()
    stage(other.folder, copy)
    with pytest.raises(NotEmpty):
        put_in_place(other.folder)
    assert (tmp_path / "other" / "record.db").read_bytes() == before
    with pytest.raises(CopyUnusable):
        the_copy(tmp_path / "other" / "restoring")
    shutil.rmtree(tmp_path / "other")
