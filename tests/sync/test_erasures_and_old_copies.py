"""What was written before an erasure and comes again after it, in a bundle or a backup, does not bring the words back."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.signing import certify, public_key_of
from tests.builders import Meeting, a_card, a_meeting, a_participant, a_room, a_step_open
from tests.copies.conftest import tavoli
from workshop.domain.erasure import EraseOwnWords
from workshop.domain.people import Actor
from workshop.domain.profiles import Profile
from workshop.private.copies_out import left_of
from workshop.private.peers import Centre, keep_centre
from workshop.record.desk import DirectDesk
from workshop.record.log import entries_in_order
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.erasures import ErasureShown, erasures
from workshop.record.verify import verify
from workshop.settings import Folder, device_key, device_name, open_folder
from workshop.web.bundling import Bundler
from workshop.web.eraser import Eraser
from workshop.web.signets import log_of

WORDS = "Fasciatoi-Zebedeo-7391"
WAYS = pytest.mark.parametrize("is_open", [True, False], ids=["open", "sealed"])
SORTS = pytest.mark.parametrize("sort", ["room", "central"])


class Place:
    """A computer with a record; nothing happens here by itself. The centre of these tests has certified it."""

    def __init__(self, data: Path, sort: str = "room", url: str = "") -> None:
        self.folder: Folder = open_folder(str(data))
        self.key = public_key_of(device_key(self.folder))
        self.name = device_name(self.folder)
        self.room = a_room(data, url, DirectDesk, program="tavoli", device=self.name)
        self.sort = sort

    def knows(self, seed: bytes, places: tuple["Place", ...]) -> None:
        """The computers that the centre with this seed has certified."""
        centre = Centre("9" * 32, "Archivio", "https://archivio.example", public_key_of(seed))
        if self.sort == "room":
            self.room.desk.submit(lambda writer: keep_centre(writer.private, centre))
        notices = [certify(seed, f"{n:032x}", each.key, None, f"2026-11-22T10:00:0{n}.000000Z") for n, each in enumerate(places)]
        log_of(self.folder, self.room.store, self.room.private, self.room.desk, self.sort).hear(notices)

    def bundler(self) -> Bundler:
        return Bundler(self.folder, self.room.store, self.room.private, self.room.desk, self.sort)

    def bundle(self, scope: str, *, is_open: bool) -> bytes:
        file = io.BytesIO()
        self.bundler().write(file, "lucca.tavoli", scope, Profile.CONTRIBUTIONS, is_open=is_open)
        return file.getvalue()

    def take_in(self, data: bytes) -> None:
        assert self.bundler().take_in(io.BytesIO(data), "lucca.tavoli").why == ""

    def carry_out(self) -> int:
        return Eraser(self.room.store, self.room.desk, self.name).run()

    def has_words(self) -> bool:
        with self.room.store.readers.connect() as connection:
            return WORDS.encode() in b"\n".join(entry.body_bytes or b"" for entry in entries_in_order(connection))

    def shows(self, table: str) -> list[str]:
        return [card.text for card in self.room.ask(cards_of_table, table)]

    def erasure(self) -> ErasureShown:
        [found] = self.room.ask(erasures, lambda _scope: frozenset())
        return found

    def close(self) -> None:
        self.room.close()


@pytest.fixture
def a_place(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    made: list[Place] = []

    def make(name: str, sort: str = "room", url: str = "") -> Place:
        made.append(Place(tmp_path / name, sort, url))
        return made[-1]

    yield make
    for each in made:
        each.close()


def a_day(place: Place) -> tuple[Meeting, Actor]:
    meeting = a_meeting(place.room)
    a_step_open(meeting, "scrivi")
    guest = a_participant(meeting)
    a_card(meeting, guest, WORDS)
    a_card(meeting, a_participant(meeting), "Un parco")
    return meeting, guest


def erase(place: Place, meeting: Meeting, guest: Actor) -> None:
    meeting.do(EraseOwnWords, guest, participant_id=guest.id)
    assert place.carry_out() == 1
    assert not place.has_words()


def test_on_the_laptop_that_made_it(a_place: Callable[..., Place]) -> None:
    laptop = a_place("laptop")
    meeting, guest = a_day(laptop)
    old = laptop.bundle(meeting.process_id, is_open=True)
    erase(laptop, meeting, guest)
    laptop.take_in(old)
    assert laptop.shows(meeting.table) == ["Un parco"]
    assert not laptop.has_words()
    assert verify(laptop.room.store).is_good


@WAYS
@SORTS
def test_on_another_computer_that_has_heard_of_the_erasure(a_place: Callable[..., Place], sort: str, is_open: bool) -> None:
    laptop, other = a_place("laptop"), a_place("other", sort)
    _introduce(laptop, other)
    meeting, guest = a_day(laptop)
    old = laptop.bundle(meeting.process_id, is_open=is_open)
    other.take_in(old)
    assert other.has_words()
    erase(laptop, meeting, guest)
    other.take_in(laptop.bundle(meeting.process_id, is_open=is_open))
    assert other.carry_out() == 1
    other.take_in(old)
    assert not other.has_words()
    assert other.shows(meeting.table) == ["Un parco"]
    assert verify(other.room.store).is_good
    laptop.take_in(other.bundle(meeting.process_id, is_open=is_open))
    assert {each.place for each in laptop.erasure().confirmed} == {laptop.name, other.name}


@WAYS
def test_on_a_computer_that_first_gets_the_old_one_and_then_the_new_one(a_place: Callable[..., Place], is_open: bool) -> None:
    laptop, late = a_place("laptop"), a_place("late")
    _introduce(laptop, late)
    meeting, guest = a_day(laptop)
    old = laptop.bundle(meeting.process_id, is_open=is_open)
    erase(laptop, meeting, guest)
    new = laptop.bundle(meeting.process_id, is_open=is_open)
    late.take_in(new)
    late.take_in(old)
    assert not late.has_words()
    assert late.carry_out() == 1
    assert late.shows(meeting.table) == ["Un parco"]


@WAYS
def test_a_bundle_of_another_laptop_that_had_the_words(a_place: Callable[..., Place], is_open: bool) -> None:
    """And that laptop says that a file of its own is still about."""
    laptop, other = a_place("laptop"), a_place("other")
    _introduce(laptop, other)
    meeting, guest = a_day(laptop)
    other.take_in(laptop.bundle(meeting.process_id, is_open=is_open))
    old = other.bundle(meeting.process_id, is_open=is_open)
    erase(laptop, meeting, guest)
    laptop.take_in(old)
    assert not laptop.has_words()
    other.take_in(laptop.bundle(meeting.process_id, is_open=is_open))
    assert other.carry_out() == 1
    laptop.take_in(other.bundle(meeting.process_id, is_open=is_open))
    told = {each.place: each.copies_left for each in laptop.erasure().confirmed}
    assert told == {laptop.name: 1, other.name: 1}
    [left] = other.room.ask_private(left_of, laptop.erasure().id)
    assert (left.sort, left.name, left.is_sealed) == ("bundle", "lucca.tavoli", not is_open)


def test_on_a_central_record_in_postgresql(a_place: Callable[..., Place], postgres_url: str) -> None:
    laptop, centre = a_place("laptop"), a_place("centre", "central", postgres_url)
    _introduce(laptop, centre)
    meeting, guest = a_day(laptop)
    old = laptop.bundle(meeting.process_id, is_open=False)
    centre.take_in(old)
    erase(laptop, meeting, guest)
    centre.take_in(laptop.bundle(meeting.process_id, is_open=False))
    assert centre.carry_out() == 1
    centre.take_in(old)
    assert not centre.has_words()
    assert centre.shows(meeting.table) == ["Un parco"]


def test_an_old_backup_loses_the_words_when_it_hears_of_the_erasure_and_gives_them_to_nobody(
    a_place: Callable[..., Place], tmp_path: Path
) -> None:
    """It lay where no list of erasures is: so it has them until a bundle from after the erasure comes."""
    laptop, other, elsewhere = a_place("laptop"), a_place("other"), tmp_path / "elsewhere"
    _introduce(laptop, other)
    meeting, guest = a_day(laptop)
    other.take_in(laptop.bundle(meeting.process_id, is_open=True))
    elsewhere.mkdir()
    assert tavoli("backup", "--data", tmp_path / "laptop", elsewhere).returncode == 0
    erase(laptop, meeting, guest)
    other.take_in(laptop.bundle(meeting.process_id, is_open=True))
    assert other.carry_out() == 1
    assert tavoli("restore", "--data", tmp_path / "restored", elsewhere).returncode == 0
    restored = a_place("restored")
    assert restored.has_words()
    other.take_in(restored.bundle(meeting.process_id, is_open=True))
    assert not other.has_words()
    restored.take_in(other.bundle(meeting.process_id, is_open=True))
    restored.carry_out()
    assert not restored.has_words()
    assert restored.shows(meeting.table) == ["Un parco"]
    assert verify(restored.room.store).is_good


def _introduce(*places: Place) -> None:
    """By a centre that is not there, or by the one among them."""
    seed = next((device_key(each.folder) for each in places if each.sort == "central"), b"\x09" * 32)
    for each in places:
        each.knows(seed, places)
