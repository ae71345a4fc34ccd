"""When copies are made: soon after each change of step, every five minutes when something changed, and once more at the end."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import move_step
from tests.copies.conftest import Copied
from workshop.app import build
from workshop.copies import copier as when
from workshop.copies.forgetting import forget_in_copies
from workshop.copies.second_place import choose_second_place
from workshop.copies.shape import copies_in
from workshop.record.erasing import Erased
from workshop.settings import open_folder


def awaited(truth: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.02)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same clockwork, a hundred times faster."""
    for name, seconds in (("EVERY", 3.0), ("LATE", 6.0), ("LOOK", 0.05), ("SETTLE", 0.02), ("BETWEEN", 0.2)):
        monkeypatch.setattr(when, name, seconds)


def made(room: Copied) -> int:
    return len(copies_in(room.folder.path / "backups"))


def test_a_change_of_step_is_copied_soon_and_many_together_once(room: Copied, hurried: None) -> None:
    room.copier.start()
    awaited(lambda: made(room) == 1)  # what was there at the start
    for state in ("paused", "open", "closed"):
        move_step(room.meeting, "scrivi", state, reason="andiamo avanti")
    began = time.monotonic()
    awaited(lambda: made(room) == 2, 2.5)
    assert time.monotonic() - began < when.EVERY


def test_what_people_write_is_copied_every_five_minutes_and_nothing_when_nobody_does(
    room: Copied, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(when, "EVERY", 0.5)
    room.copier.start()
    awaited(lambda: made(room) == 1)
    room.cards("Servono bagni")
    awaited(lambda: made(room) == 2)
    newest = copies_in(room.folder.path / "backups")[0]
    time.sleep(2 * when.EVERY)  # silence itself is what is looked at
    assert copies_in(room.folder.path / "backups")[0] == newest


def test_the_end_is_copied(room: Copied) -> None:
    room.copier.start()
    awaited(lambda: made(room) == 1)
    room.cards("Detta all’ultimo minuto")
    room.copier.close()
    assert made(room) == 2


def test_nothing_is_copied_of_a_room_where_nobody_prepared_anything(tmp_path: Path, hurried: None) -> None:
    building = build(open_folder(str(tmp_path)), mode="threading")
    assert building.house.copier
    building.house.copier.start()
    awaited(lambda: building.house.copier is not None and building.house.copier._copied != ())
    assert (copies_in(tmp_path / "backups"), building.house.copier.is_late()) == ([], False)
    building.close()


def test_a_disk_that_takes_no_copy_is_late_at_once_and_well_again_when_it_does(
    room: Copied, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No root is stopped by permissions: a file stands where the folder should be."""
    (room.folder.path / "backups").write_text("in the way")
    room.copier.start()
    awaited(room.copier.is_late)
    assert (room.copier.here.problem, room.copier.here.copy) == ("failed", None)
    (room.folder.path / "backups").unlink()
    awaited(lambda: not room.copier.is_late())
    assert room.copier.here.copy


def test_a_stick_that_comes_back_loses_the_copies_that_still_hold_what_was_erased_meanwhile(room: Copied) -> None:
    place = room.folder.path.parent / "stick"
    place.mkdir()
    room.building.house.keep_private(choose_second_place, str(place), apart=False)
    room.copier.copy_now()
    room.cards("Servono bagni")
    room.copier.copy_now()
    place.rename(place.with_name("out"))
    assert [copy.place for copy in forget_in_copies(room.copier, [Erased("ab" * 32, "cd" * 16)])] == [str(place)]
    place.with_name("out").rename(place)
    room.copier.carry_now()
    [own] = list(place.iterdir())
    assert [copy.digest for copy in copies_in(own)] == [room.copier.here.copy and room.copier.here.copy.digest]
