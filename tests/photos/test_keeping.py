"""What the record says of photos, and what therefore lies on the shelf: on both databases, after removals, erasures and power cuts."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.builders import Meeting, a_facilitator, a_meeting, a_participant, a_photo, a_room, a_scribe, an_organiser
from workshop.domain.people import Actor, Role
from workshop.domain.photo import RemovePhoto
from workshop.domain.refusal import NotAllowed, NotFound, Refusal
from workshop.photos.keeping import ORPHAN, tidy
from workshop.photos.refusals import PhotoSpace
from workshop.photos.shelf import Shelf, check_space
from workshop.record.desk import DirectDesk
from workshop.record.fold import rebuild
from workshop.record.log import entry_table
from workshop.record.queries.photos import bytes_named, device_of, photos_at, the_photo


@pytest.fixture(params=["sqlite", "postgresql"])
def meeting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Meeting]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    room = a_room(tmp_path, url, DirectDesk, device="3f9a1c0b7d2e")
    yield a_meeting(room, tables=2)
    room.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "photos")


def here(shelf: Shelf) -> set[str]:
    return set(shelf.here())


def tidied(meeting: Meeting, shelf: Shelf) -> set[str]:
    tidy(meeting.room.store, shelf)
    return here(shelf)


def test_photos_of_a_table_in_the_order_they_were_added(meeting: Meeting) -> None:
    first, second = a_photo(meeting, data=b"1", caption="La mappa"), a_photo(meeting, data=b"2", caption="خريطة")
    a_photo(meeting, data=b"3", table=meeting.tables[1])
    found = meeting.ask(photos_at, meeting.table)
    assert [(photo.id, photo.caption) for photo in found] == [(first, "La mappa"), (second, "خريطة")]
    assert len(meeting.ask(bytes_named, meeting.process_id)) == 3
    assert meeting.ask(device_of, meeting.process_id, found[0].stream) == "3f9a1c0b7d2e"
    with pytest.raises(NotFound):
        meeting.ask(the_photo, "0" * 32)


def test_who_may_add_and_remove(meeting: Meeting) -> None:
    def tries(who: Actor) -> tuple[str, str]:
        photo, found = a_photo(meeting), []
        for act in (lambda: a_photo(meeting, who), lambda: meeting.do(RemovePhoto, who, photo_id=photo, reason="non serve")):
            try:
                act()
                found.append("may")
            except Refusal as refused:
                found.append(type(refused).__name__)
        return (found[0], found[1])

    elsewhere = Actor(role=Role.SCRIBE, id="9" * 32, tables=frozenset({meeting.tables[1]}))
    people = (a_facilitator(meeting), a_scribe(meeting), meeting.lead, an_organiser(), elsewhere, a_participant(meeting))
    no = NotAllowed.__name__
    assert [tries(who) for who in people] == [("may", "may")] * 3 + [(no, "may"), (no, no), (no, no)]


def test_what_was_removed_goes_and_equal_bytes_of_another_photo_stay(meeting: Meeting, shelf: Shelf) -> None:
    for data in (b"shared", b"alone"):
        shelf.put(data)
    shared, alone, _other = (a_photo(meeting, data=data) for data in (b"shared", b"alone", b"shared"))
    for photo in (shared, alone):
        meeting.do(RemovePhoto, meeting.lead, photo_id=photo, reason="non serve")
    assert tidied(meeting, shelf) == {shelf.put(b"shared")}
    assert (shelf.root / "removed.txt").read_text().split() == [meeting.ask(the_photo, alone).sha256]


def test_an_erased_photo_takes_its_bytes_with_it(meeting: Meeting, shelf: Shelf) -> None:
    """Its name went with its body: whatever nobody names goes."""
    kept, erased = shelf.put(b"kept"), a_photo(meeting, data=b"erased")
    shelf.put(b"erased")
    a_photo(meeting, data=b"kept")
    assert len(tidied(meeting, shelf)) == 2
    with meeting.room.store.writer.begin() as connection:
        connection.execute(update(entry_table).where(entry_table.c.about == erased).values(body=None))
        rebuild(connection)
    assert tidied(meeting, shelf) == {kept}
    assert [photo.sha256 for photo in meeting.ask(photos_at, meeting.table)] == [kept]


def test_bytes_whose_fact_has_not_come_yet_stay_for_a_day(meeting: Meeting, shelf: Shelf) -> None:
    young, old = shelf.put(b"young"), shelf.put(b"old")
    os.utime(shelf.path(old), (time.time() - ORPHAN - 60,) * 2)
    assert tidied(meeting, shelf) == {young}
    assert not (shelf.root / "removed.txt").exists()  # nobody removed it: a copy may bring it back


def test_photos_leave_the_disk_to_the_record(tmp_path: Path) -> None:
    with pytest.raises(PhotoSpace):
        check_space(tmp_path, 10**15)
