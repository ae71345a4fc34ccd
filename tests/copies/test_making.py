"""Copies: verified before they are called done, of one moment, thinned out, and carried to a second place."""

import contextlib
import json
import shutil
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.copies.conftest import Copied, tavoli
from tests.support.server import a_server
from workshop.copies.checking import check
from workshop.copies.disk import MAKING, sha256_of
from workshop.copies.erasures import Erased, erasures_in, note_erasures
from workshop.copies.second_place import choose_second_place
from workshop.copies.shape import Copy, CopyUnusable, Told, copies_in, read_copy
from workshop.copies.thinning import to_keep
from workshop.record.log import count_entries
from workshop.record.verify import verify


def test_a_copy_says_how_many_entries_which_digest_and_what_it_is_about(room: Copied) -> None:
    room.cards("Servono bagni", "Servono panchine")
    copy = room.copier.copy_now()
    verdict = verify(room.building.house.store)
    assert (copy.entries, copy.digest) == (verdict.entries, verdict.digest)
    assert copy.told == Told(("Lucca In famiglia",), (("Laboratorio", "2020-10-24"),))
    assert sorted(copy.files) == ["keys/device.key", "private.db", "record.db"]
    assert check(copy.path) == copy


def test_a_copy_is_one_file_for_each_database_and_nothing_half_made_stays(room: Copied) -> None:
    place = room.folder.path / "backups"
    (place / f".20200101-000000-aa{MAKING}").mkdir(parents=True)
    room.copier.start()
    copy = room.copier.copy_now()
    assert sorted(path.name for path in copy.path.iterdir()) == ["copy.json", "keys", "private.db", "record.db"]
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


def test_people_go_on_writing_while_copies_are_made_and_every_copy_is_of_one_moment(room: Copied) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            room.cards("Servono bagni")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [room.copier.copy_now() for _ in range(6)]
    finally:
        stop.set()
        writer.join(20)
    assert [check(copy.path).entries for copy in copies] == sorted(copy.entries for copy in copies)
    assert copies[0].entries < copies[-1].entries < room.meeting.ask(count_entries) + 1


@pytest.mark.parametrize(
    ("name", "damage", "why"),
    [
        ("record.db", "flip", "file_changed"),
        ("private.db", "flip", "file_changed"),
        ("record.db", "cut", "file_changed"),
        ("keys/device.key", "gone", "file_missing"),
        ("record.db", "gone", "file_missing"),
        ("copy.json", "cut", "unreadable"),
        ("copy.json", "gone", "no_copy"),
    ],
)
def test_a_damaged_copy_is_none(room: Copied, name: str, damage: str, why: str) -> None:
    path = room.copier.copy_now().path
    file = path / name
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        middle = len(content) // 2
        file.write_bytes(content[:middle] if damage == "cut" else content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    with pytest.raises(CopyUnusable) as told:
        check(path)
    assert told.value.why == why


def test_a_copy_whose_page_leads_out_of_its_folder_is_none(room: Copied) -> None:
    path = room.copier.copy_now().path
    page = (path / "copy.json").read_text()
    for name in ("../../private.db", "keys/../../x", "/etc/passwd", "C:x"):
        (path / "copy.json").write_text(page.replace("keys/device.key", name))
        with pytest.raises(CopyUnusable):
            read_copy(path)


def test_a_database_that_the_copy_page_speaks_well_of_is_still_opened_and_looked_at(room: Copied) -> None:
    """Somebody's program copied a live file: its bytes are as listed, and it is no sound database."""
    path = room.copier.copy_now().path
    record = path / "record.db"
    with contextlib.closing(sqlite3.connect(record)) as connection:  # a table that is not asked for anything else
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'hands'").fetchone()[0]
    content = bytearray(record.read_bytes())
    content[(root - 1) * size : root * size] = bytes(size)
    record.write_bytes(content)
    page = json.loads((path / "copy.json").read_text())
    page["files"]["record.db"] = sha256_of(record)
    (path / "copy.json").write_text(json.dumps(page))
    with pytest.raises(CopyUnusable) as told:
        check(path)
    assert told.value.why == "not_sound"


def test_the_last_twelve_stay_and_the_last_of_each_hour_before() -> None:
    start = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    times = [start + timedelta(minutes=10 * i) for i in range(48)]  # eight hours
    made = [Copy(Path(f"{t:%H%M}"), f"{t:%Y-%m-%dT%H:%M:%SZ}", 1, "", Told((), ()), {}) for t in reversed(times)]
    kept = [copy.made[11:16] for copy in to_keep(made)]
    assert kept[:12] == [copy.made[11:16] for copy in made[:12]]
    assert kept[12:] == ["13:50", "12:50", "11:50", "10:50", "09:50", "08:50"]


def test_a_second_place_gets_the_same_copy_and_the_list_of_what_was_erased(room: Copied, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    room.building.house.keep_private(choose_second_place, str(stick), apart=False)
    note_erasures(room.folder.path / "backups", [Erased("ab" * 32, "cd" * 16)])
    copy = room.copier.copy_now()
    [own] = list(stick.iterdir())
    assert [check(there.path).digest for there in copies_in(own)] == [copy.digest]
    assert erasures_in(own) == {Erased("ab" * 32, "cd" * 16)}
    assert room.copier.there
    assert (room.copier.there.problem, room.copier.there.copy and room.copier.there.copy.entries) == ("", copy.entries)


def test_a_stick_that_is_out_is_said_and_gets_what_it_lacks_when_it_is_back(room: Copied, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    room.building.house.keep_private(choose_second_place, str(stick), apart=False)
    room.copier.copy_now()
    stick.rename(tmp_path / "pulled out")
    room.cards("Servono bagni")
    copy = room.copier.copy_now()
    assert room.copier.there
    assert (room.copier.there.problem, room.copier.is_late(), stick.exists()) == ("absent", False, False)
    (tmp_path / "pulled out").rename(stick)
    room.copier.carry_now()
    assert (room.copier.there.problem, room.copier.there.copy and room.copier.there.copy.digest) == ("", copy.digest)


def test_an_empty_mount_point_is_not_taken_for_the_stick(room: Copied, tmp_path: Path) -> None:
    """Chosen when it was another disk; now the same folder lies on the disk of the data."""
    (tmp_path / "mnt").mkdir()
    room.building.house.keep_private(choose_second_place, str(tmp_path / "mnt"), apart=True)
    room.copier.copy_now()
    assert room.copier.there
    assert (room.copier.there.problem, list((tmp_path / "mnt").iterdir())) == ("absent", [])


def test_the_command_line_makes_a_copy_while_the_server_runs_and_also_when_it_does_not(tmp_path: Path) -> None:
    data, stick = tmp_path / "data", tmp_path / "stick"
    stick.mkdir()
    assert tavoli("demo", "load", "--data", data).returncode == 0
    told = [tavoli("backup", "--data", data)]
    with a_server(data):
        told += [tavoli("backup", "--data", data), tavoli("backup", "--data", data, stick)]
    assert [(each.returncode, each.stderr) for each in told] == [(0, "")] * 3
    entries, digests, places = zip(*(each.stdout.splitlines() for each in told), strict=True)
    assert (set(entries), len(set(digests))) == ({entries[0]}, 1)
    assert [Path(place).parent.parent for place in places] == [data, data, stick]
    assert [check(Path(place)).digest for place in places] == list(digests)


def test_a_copy_to_a_stick_that_is_not_in_is_one_clear_line(tmp_path: Path) -> None:
    assert tavoli("demo", "load", "--data", tmp_path / "data").returncode == 0
    refused = tavoli("backup", "--data", tmp_path / "data", tmp_path / "not in")
    assert (refused.returncode, refused.stderr) == (1, f"Error: There is no folder {tmp_path / 'not in'}. Is the stick in?\n")
    shutil.rmtree(tmp_path / "data")
    assert "There is no record" in tavoli("backup", "--data", tmp_path / "data").stderr
