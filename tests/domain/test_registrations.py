"""Registrations: what is kept of a person, how long it may be, and how a pasted list is read."""

import pytest

from workshop.domain.refusal import NotInList, Refusal, TextUnreadable
from workshop.domain.registration import (
    CONTACT_MOST,
    NAME_MOST,
    NEEDS_MOST,
    PEOPLE_MOST,
    ContactUnreadable,
    ListIsFull,
    NameMissing,
    NameTooLong,
    NeedsTooLong,
    NoSuchTable,
    Registration,
    WrittenAtTheCentre,
    check_own,
    check_room_for,
    registered,
)
from workshop.domain.registration_lines import LINES_MOST, Read, TooManyColumns, TooManyLines, read_lines

BLANK = Registration(id="", process_id="p" * 32, meeting_id="m" * 32, name="")
TABLES = {"1": "one", "2": "two", "spazi aperti": "two"}


def a_registration(**told: str) -> Registration:
    return Registration(**{"id": "a" * 32, "process_id": "p" * 32, "meeting_id": "m" * 32, "name": "Anna Lucchesi", **told})  # type: ignore[arg-type]


def read(text: str) -> Read:
    return read_lines(text, BLANK, TABLES)


def told(found: Read) -> list[tuple[str, str, str, str]]:
    return [(each.name, each.contact, each.work_table_id, each.needs) for each in found.people]


def reasons(found: Read) -> list[tuple[int, type[Refusal]]]:
    return [(each.number, type(each.why)) for each in found.unread]


def test_a_name_alone_is_enough_and_stands_on_one_line() -> None:
    assert registered(a_registration(name="  Anna\n Maria\tLucchesi ")).name == "Anna Maria Lucchesi"


@pytest.mark.parametrize(
    "contact", ["", "anna@example.org", "anna.l+sala@posta.example.org", "0583 123456", "+39 333 019 2837", "(0583) 12.34.56"]
)
def test_a_contact_is_an_address_or_a_number_or_nothing(contact: str) -> None:
    assert registered(a_registration(contact=f" {contact} ")).contact == contact


@pytest.mark.parametrize(
    ("told", "refusal", "field"),
    [
        ({"name": " \n "}, NameMissing, "name"),
        ({"name": "è" * (NAME_MOST + 1)}, NameTooLong, "name"),
        ({"name": "Anna\0"}, TextUnreadable, "name"),
        ({"contact": "Lucchesi"}, ContactUnreadable, "contact"),
        ({"contact": "anna@example"}, ContactUnreadable, "contact"),
        ({"contact": "12345"}, ContactUnreadable, "contact"),
        ({"contact": "a@b.it, c@d.it"}, ContactUnreadable, "contact"),
        ({"contact": f"{'a' * CONTACT_MOST}@example.org"}, ContactUnreadable, "contact"),
        ({"needs": "x" * (NEEDS_MOST + 1)}, NeedsTooLong, "needs"),
        ({"category": "king"}, NotInList, "category"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(told: dict[str, str], refusal: type[Refusal], field: str) -> None:
    with pytest.raises(refusal) as refused:
        registered(a_registration(**told))
    assert refused.value.field == field


def test_a_process_has_room_for_so_many_people() -> None:
    check_room_for(PEOPLE_MOST - 1, 1)
    with pytest.raises(ListIsFull):
        check_room_for(PEOPLE_MOST, 1)


def test_who_came_in_a_parcel_is_changed_where_it_was_written() -> None:
    with pytest.raises(WrittenAtTheCentre):
        check_own(Registration(id="a", process_id="p", meeting_id="m", name="Anna", own=False))


@pytest.mark.parametrize("parting", ["; ", ",", "\t"])
def test_a_list_is_read_by_semicolons_commas_or_tabs(parting: str) -> None:
    lines = [
        ("Nome", "contatto", "tavolo", "note"),
        ("Anna Lucchesi", "anna@example.org", "2", "sedia a rotelle"),
        ("Piero", "", "Spazi aperti", ""),
        ("Ida",),
    ]
    found = read("\r\n".join(parting.join(cells) for cells in lines))
    assert told(found) == [
        ("Anna Lucchesi", "anna@example.org", "two", "sedia a rotelle"),
        ("Piero", "", "two", ""),
        ("Ida", "", "", ""),
    ]
    assert found.unread == ()


@pytest.mark.parametrize("table", ["2", "T2", "tavolo 2", "TAVOLO 2", "spazi APERTI"])
def test_a_table_is_named_as_people_name_it(table: str) -> None:
    assert told(read(f"Anna; ; {table}")) == [("Anna", "", "two", "")]


def test_what_stands_in_quotes_is_one_cell() -> None:
    assert told(read('"Lucchesi, Anna",anna@example.org')) == [("Lucchesi, Anna", "anna@example.org", "", "")]


def test_what_cannot_be_read_is_given_back_with_its_line_and_reason_and_the_rest_is_kept() -> None:
    found = read("Anna; anna@example.org\n\n; x@example.org\nLucchesi, Piero\nIda;;9\nPia;;;a;b\n" + "è" * 81)
    assert told(found) == [("Anna", "anna@example.org", "", "")]
    assert reasons(found) == [(3, NameMissing), (4, ContactUnreadable), (5, NoSuchTable), (6, TooManyColumns), (7, NameTooLong)]
    assert found.left.splitlines()[:2] == ["; x@example.org", "Lucchesi, Piero"]


@pytest.mark.parametrize("line", ['"', '"""', ";;;", "\t\t", "\x0b", "," * 200_000, "x" * 200_000, "'; DROP TABLE registration; --"])
def test_an_odd_line_is_given_back_and_breaks_nothing(line: str) -> None:
    found = read(f"Anna\n{line}")
    assert [each.name for each in found.people][:1] == ["Anna"]


def test_at_most_a_thousand_lines_at_once() -> None:
    assert len(read("\n".join(f"Anna {n}" for n in range(LINES_MOST))).people) == LINES_MOST
    with pytest.raises(TooManyLines):
        read("Anna\n" * (LINES_MOST + 1))


def test_a_list_without_a_line_is_none() -> None:
    with pytest.raises(NameMissing):
        read(" \n\r\n")


def test_one_person_typed_in_two_ways_has_one_mark() -> None:
    one, two = read("Anna  Lucchesi; 0583 12 34 56\nANNA LUCCHESI; 0583.123456").people
    assert one.mark == two.mark
