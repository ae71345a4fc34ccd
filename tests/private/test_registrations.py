"""Registrations in the private database: added once, found by any part, replaced by what a parcel brings, removed after the day."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from workshop.domain.ids import new_id
from workshop.domain.refusal import IdAlreadyUsed, NotFound
from workshop.domain.registration import PEOPLE_MOST, ListIsFull, Registration, WrittenAtTheCentre
from workshop.private import registrations as kept

PROCESS, MEETING, OTHER = new_id(), new_id(), new_id()


def somebody(name: str = "Anna Lucchesi", **told: object) -> Registration:
    return replace(Registration(id=new_id(), process_id=PROCESS, meeting_id=MEETING, name=name), **told)  # type: ignore[arg-type]


def names(connection: Connection, meeting_id: str = MEETING, asked: str = "") -> list[str]:
    return [each.name for each in kept.registrations_of(connection, meeting_id, asked)]


def test_a_form_sent_twice_adds_one_and_with_another_name_is_refused(connection: Connection) -> None:
    wish = somebody()
    kept.add(connection, wish)
    kept.add(connection, replace(wish, created="2026-11-27T10:00Z"))
    assert names(connection) == ["Anna Lucchesi"]
    with pytest.raises(IdAlreadyUsed):
        kept.add(connection, replace(wish, name="Piero"))


def test_a_list_pasted_twice_adds_each_once(connection: Connection) -> None:
    people = [somebody("Anna"), somebody("Piero"), somebody("ANNA ")]
    assert [kept.add_all(connection, MEETING, people) for _ in range(2)] == [2, 0]
    assert kept.add_all(connection, MEETING, [somebody("Anna", contact="anna@example.org")]) == 1  # another Anna
    assert kept.count(connection, MEETING) == kept.Count(0, 3)


def test_a_list_that_does_not_fit_adds_nobody(connection: Connection) -> None:
    kept.add_all(connection, MEETING, [somebody(f"Anna {n}") for n in range(PEOPLE_MOST - 1)])
    with pytest.raises(ListIsFull):
        kept.add_all(connection, OTHER, [somebody(f"Piero {n}", meeting_id=OTHER) for n in range(2)])
    assert names(connection, OTHER) == []


@pytest.mark.parametrize("asked", ["lucch", "ANNA LUCCHESI", "lucchesi anna", "niccolo", "333", "rotelle", "  "])
def test_somebody_is_found_by_any_part_of_name_contact_or_needs(connection: Connection, asked: str) -> None:
    kept.add(connection, somebody("Anna Lucchesi Niccolò", contact="333 0192837", needs="sedia a rotelle"))
    assert names(connection, asked=asked) == ["Anna Lucchesi Niccolò"]


@pytest.mark.parametrize("asked", ["piero", "%", "_", "anna piero"])
def test_others_are_not_found(connection: Connection, asked: str) -> None:
    kept.add(connection, somebody())
    assert names(connection, asked=asked) == []


def test_who_arrived_is_counted_and_can_be_taken_back(connection: Connection) -> None:
    one = kept.add(connection, somebody())
    kept.add(connection, somebody("Piero"))
    kept.mark_came(connection, one.id, came=True)
    assert kept.count(connection, MEETING) == kept.Count(1, 2)
    kept.mark_came(connection, one.id, came=False)
    assert kept.count(connection, MEETING) == kept.Count(0, 2)
    with pytest.raises(NotFound):
        kept.mark_came(connection, new_id(), came=True)


def test_a_parcel_replaces_what_an_earlier_one_brought_and_keeps_what_is_known_here(connection: Connection) -> None:
    anna, piero, ida = somebody("Anna"), somebody("Piero"), somebody("Ida")
    assert kept.take_in(connection, PROCESS, [anna, piero]) == (2, 0)
    kept.add(connection, somebody("Alla porta", came=True))
    kept.mark_came(connection, anna.id, came=True)
    assert kept.take_in(connection, PROCESS, [replace(anna, name="Anna Rossi"), ida]) == (2, 1)
    people = kept.registrations_of(connection, MEETING)
    assert [(each.name, each.came, each.own) for each in people] == [
        ("Alla porta", True, True),
        ("Anna Rossi", True, False),
        ("Ida", False, False),
    ]


def test_a_parcel_takes_no_id_that_somebody_else_has(connection: Connection) -> None:
    at_the_door, elsewhere = kept.add(connection, somebody("Alla porta")), somebody("Altrove", process_id=OTHER)
    kept.take_in(connection, OTHER, [elsewhere])
    wicked = [somebody("Usurpatrice", id=each.id) for each in (at_the_door, elsewhere)]
    assert kept.take_in(connection, PROCESS, [*wicked, somebody("Anna")]) == (1, 0)
    assert names(connection) == ["Alla porta", "Altrove", "Anna"]


def test_who_came_in_a_parcel_is_neither_changed_nor_removed_here(connection: Connection) -> None:
    anna = somebody("Anna")
    kept.take_in(connection, PROCESS, [anna])
    for act in (lambda: kept.change(connection, anna.id, {"name": "Pia"}), lambda: kept.remove(connection, anna.id)):
        with pytest.raises(WrittenAtTheCentre):
            act()
    assert names(connection) == ["Anna"]


def test_names_that_were_removed_in_the_room_do_not_come_back_by_themselves(connection: Connection) -> None:
    anna, later = somebody("Anna"), somebody("Pia", meeting_id=OTHER)
    kept.take_in(connection, PROCESS, [anna, later])
    assert kept.remove_all(connection, MEETING, keep_out=True) == 1
    assert kept.take_in(connection, PROCESS, [anna, later]) == (1, 0)
    assert (names(connection), names(connection, OTHER)) == ([], ["Pia"])
    kept.let_in(connection, MEETING)
    assert kept.take_in(connection, PROCESS, [anna, later]) == (2, 0)
