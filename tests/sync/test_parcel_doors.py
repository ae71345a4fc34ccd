"""Who is given a parcel: an enrolled computer, for its own processes, and nobody else; and a centre answers whatever it is asked."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.parcel import BYTES_MOST, ParcelUnusable, fetch
from sync.signing import public_key_of
from sync.transport import NotEnrolled, RefusedThere
from tests.sync.streams import new_id
from tests.sync.test_centre import NOW, Centre, a_centre, told
from workshop.app import build
from workshop.domain.registration import CONTACT_MOST, NAME_MOST, NEEDS_MOST, PEOPLE_MOST, Registration
from workshop.private import peers
from workshop.private.registrations import add_all
from workshop.settings import open_folder
from workshop.web.parcel_courier import item_of, read_item

QUESTION = json.dumps({"question": "0" * 32}).encode()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with a_centre(tmp_path / "centre") as running:
        yield running


def somebody(scope: str, name: str = "Canarina Aurelia", **more: str) -> Registration:
    return Registration(id=new_id(), process_id=scope, meeting_id=new_id(), name=name, **more)  # type: ignore[arg-type]


def registered(centre: Centre, *people: Registration) -> None:
    for each in people:
        centre.building.house.keep_private(add_all, each.meeting_id, [each])


def names(centre: Centre, scope: str) -> list[str]:
    return [item["name"] for item in fetch(centre.peer(), centre.caller(), scope)]


def test_an_enrolled_computer_is_given_the_names_of_one_process(centre: Centre) -> None:
    here, there = new_id(), new_id()
    registered(centre, somebody(here), somebody(here, "Pietro"), somebody(there, "Altrove"))
    assert names(centre, here) == ["Canarina Aurelia", "Pietro"]
    assert names(centre, new_id()) == []


def test_who_arrived_and_where_it_was_written_stay_where_they_are(centre: Centre) -> None:
    scope = new_id()
    registered(centre, replace(somebody(scope), came=True))
    [item] = fetch(centre.peer(), centre.caller(), scope)
    assert set(item) == {"id", "meeting_id", "name", "contact", "work_table_id", "category", "needs", "created"}


def test_a_computer_enrolled_for_another_process_is_given_nothing(centre: Centre) -> None:
    scope, other = new_id(), b"O" * 32
    registered(centre, somebody(scope))
    centre.building.house.keep_private(
        lambda private: peers.enrol(
            private, peers.make_code(private, NOW, frozenset({new_id()})), "Altra", public_key_of(other), "here", NOW
        )
    )
    limited = replace(centre, seed=other)
    assert told(limited.post(f"{scope}/parcel", QUESTION)) == (403, "NotOfThisComputer")
    with pytest.raises(NotEnrolled):
        fetch(limited.peer(), limited.caller(), scope)


def test_a_computer_that_was_shut_out_is_given_nothing(centre: Centre) -> None:
    scope = new_id()
    registered(centre, somebody(scope))
    [device] = centre.building.house.ask_private(peers.devices)
    centre.building.house.keep_private(peers.revoke_device, device.id)
    assert told(centre.post(f"{scope}/parcel", QUESTION)) == (401, "NotEnrolledHere")


def test_nobody_without_a_key_is_given_anything(centre: Centre) -> None:
    scope = new_id()
    assert told(centre.post(f"{scope}/parcel", QUESTION, Authorization="")) == (401, "NotEnrolledHere")
    assert told(replace(centre, seed=b"S" * 32).post(f"{scope}/parcel", QUESTION)) == (401, "NotEnrolledHere")


@pytest.mark.parametrize("asked", [b"", b"[]", b"{}", b'{"question":7}', b'{"question":"ab"}', b"[" * 90_000, b"\xff" * 99])
def test_a_question_that_cannot_be_read_is_refused_with_a_reason(centre: Centre, asked: bytes) -> None:
    assert told(centre.post(f"{new_id()}/parcel", asked)) == (422, "BatchUnreadable")


def test_laptops_of_a_room_give_each_other_no_names(tmp_path: Path) -> None:
    """A paired laptop may ask for every process; of this it is told that there is no such thing."""
    building = build(open_folder(str(tmp_path / "room")), "room", "threading", lambda: {"localhost"})
    assert [rule.rule for rule in building.app.url_map.iter_rules() if "parcel" in rule.rule] == []
    building.close()


def test_a_centre_that_knows_no_parcels_refuses_and_no_more(centre: Centre) -> None:
    with pytest.raises(RefusedThere):
        fetch(centre.peer(), centre.caller(), "no-scope")


def test_the_answer_to_somebody_else_is_no_answer(centre: Centre) -> None:
    scope = new_id()
    registered(centre, somebody(scope))
    with pytest.raises(ParcelUnusable):
        fetch(centre.peer(), replace(centre.caller(), to=public_key_of(b"X" * 32), seed=b"L" * 32), scope)


def test_a_full_list_of_the_longest_names_fits_in_one_parcel(centre: Centre) -> None:
    """The limit of a process and the limit of a parcel are one, whatever letters people have."""
    scope, wide = new_id(), "\U0001f986"
    longest = replace(somebody(scope, wide * NAME_MOST), contact=f"{wide * (CONTACT_MOST - 12)}@example.org", needs=wide * NEEDS_MOST)
    longest = replace(longest, category="third_sector", work_table_id=new_id(), created="2026-11-27T16:58Z")
    people = [replace(longest, id=new_id(), name=f"{n:04}{longest.name[4:]}") for n in range(PEOPLE_MOST)]
    assert sum(len(json.dumps(item_of(each), ensure_ascii=False).encode()) for each in people) < BYTES_MOST
    registered_at_once = centre.building.house.keep_private(add_all, people[0].meeting_id, people)
    assert (registered_at_once, len(names(centre, scope))) == (PEOPLE_MOST, PEOPLE_MOST)


GOOD = item_of(somebody("a" * 32))


def test_an_item_is_read_as_it_was_written() -> None:
    found = read_item(GOOD | {"of a newer centre": {"x": [1]}}, "a" * 32)
    assert found
    assert item_of(found) == GOOD
    assert (found.came, found.own) == (False, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"id": None},
        {"id": "F" * 32},
        {"meeting_id": "../" * 8},
        {"name": ""},
        {"name": 7},
        {"name": ["Anna"]},
        {"name": "x" * 10_000},
        {"name": "Anna\0"},
        {"name": "\ud800"},
        {"contact": "javascript:alert(1)"},
        {"contact": {"a": 1}},
        {"work_table_id": "' OR 1=1 --"},
        {"category": "king"},
        {"needs": "x" * 10_000},
        {"created": "x" * 100},
        {"created": "\ud800"},
    ],
)
def test_an_item_that_cannot_be_kept_is_left_out(wrong: dict[str, object]) -> None:
    assert read_item(GOOD | wrong, "a" * 32) is None
