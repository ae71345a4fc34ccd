"""Who is registered, on the pages: a list at the centre, a door in the room; each with forms alone."""

import re
from typing import Any

import pytest

from tests.web.lead.conftest import Room
from workshop.domain.ids import new_id
from workshop.domain.registration import Registration
from workshop.private import registrations as kept
from workshop.record.queries.processes import the_meeting

LIST = "Nome;Contatto;Tavolo\nAnna Lucchesi;anna@example.org;1\nNiccolò Pardini;0583 123456;2;sedia a rotelle\nIda Neri"


def a_meeting(place: Room) -> str:
    return place.from_preset()[1][1]


def path(meeting: str) -> str:
    return f"/meetings/{meeting}/registrations"


def page(place: Room, meeting: str, more: str = "") -> str:
    answer = place.lead.get(f"{path(meeting)}{more}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return str(answer.text)


def people(place: Room, meeting: str) -> list[Registration]:
    found: list[Registration] = place.ask_private(kept.registrations_of, meeting)
    return found


def pasted(place: Room, meeting: str, text: str = LIST) -> str:
    return str(place.lead.post(f"{path(meeting)}/lines", lines=text).text)


def brought(room: Room, meeting: str, *names: str) -> list[str]:
    """As a parcel brings them; their ids."""
    process = room.ask(the_meeting, meeting).process_id
    told = [Registration(id=new_id(), process_id=process, meeting_id=meeting, name=name) for name in names]
    room.building.house.keep_private(kept.take_in, process, told)
    return [each.id for each in told]


def shown(text: str) -> list[str]:
    return re.findall(r"<strong><bdi>([^<]+)</bdi></strong>", text)


@pytest.fixture(params=["room", "central"])
def place(request: pytest.FixtureRequest) -> Room:
    found: Room = request.getfixturevalue(request.param)
    return found


def test_an_empty_list_says_what_to_do(place: Room) -> None:
    text = page(place, a_meeting(place))
    assert "Non c’è ancora nessun iscritto." in text
    assert "Togli" not in text


def test_the_list_is_reached_from_the_page_of_the_meeting(room: Room) -> None:
    meeting = a_meeting(room)
    for address in (f"/setup/meetings/{meeting}", f"/lead/meetings/{meeting}"):
        assert f'href="{path(meeting)}"' in room.lead.get(address).text


def test_one_person_is_added_by_the_form_and_twice_is_once(place: Room) -> None:
    meeting, form_id = a_meeting(place), new_id()
    for _ in range(2):
        answer = place.lead.post(
            path(meeting), command_id=form_id, name="Anna Lucchesi", contact="anna@example.org", needs="interprete LIS"
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, path(meeting))
    assert [(each.name, each.contact, each.needs, each.own) for each in people(place, meeting)] == [
        ("Anna Lucchesi", "anna@example.org", "interprete LIS", True)
    ]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"name": " "}, "NameMissing"),
        ({"name": "Anna", "contact": "dietro la chiesa"}, "ContactUnreadable"),
        ({"name": "Anna", "needs": "x" * 201}, "NeedsTooLong"),
        ({"name": "Anna", "work_table_id": "f" * 32}, "NotInList"),
        ({"name": "Anna", "category": "king"}, "NotInList"),
    ],
)
def test_a_person_that_cannot_be_kept_is_refused_with_words(place: Room, told: dict[str, str], error: str) -> None:
    meeting = a_meeting(place)
    answer = place.lead.client.post(
        path(meeting), json={"command_id": new_id(), **told}, headers={"Origin": "http://localhost", "Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["error"]) == (422, error)
    assert answer.json["title"]
    assert people(place, meeting) == []


def test_a_pasted_list_is_kept_line_by_line_and_twice_adds_nobody(place: Room) -> None:
    meeting = a_meeting(place)
    assert "3 persone aggiunte." in pasted(place, meeting)
    assert [(each.name, bool(each.work_table_id), each.needs) for each in people(place, meeting)] == [
        ("Anna Lucchesi", True, ""),
        ("Ida Neri", False, ""),
        ("Niccolò Pardini", True, "sedia a rotelle"),
    ]
    assert "C’erano già tutte." in pasted(place, meeting)
    assert len(people(place, meeting)) == 3


def test_lines_that_cannot_be_read_come_back_with_their_reason(place: Room) -> None:
    meeting = a_meeting(place)
    text = pasted(place, meeting, "Anna Lucchesi\nPardini, Niccolò\nIda; ; 77")
    assert "1 persona aggiunta." in text
    assert "Riga 2: Non è né un indirizzo e-mail né un numero di telefono. Correggi «Niccolò»" in text
    assert "Riga 3: L’incontro non ha nessun tavolo «77»." in text
    assert "Pardini, Niccolò\nIda; ; 77</textarea>" in text
    assert [each.name for each in people(place, meeting)] == ["Anna Lucchesi"]


def test_a_search_needs_no_script(place: Room) -> None:
    meeting = a_meeting(place)
    pasted(place, meeting)
    assert shown(page(place, meeting, "?q=niccolo"))[-1:] == ["Niccolò Pardini"]
    assert shown(page(place, meeting, "?q=LUCCH")) == ["Anna Lucchesi"]
    assert "Nessuno con questo nome." in page(place, meeting, "?q=%3Cscript%3E")


def test_somebody_is_changed_and_removed(place: Room) -> None:
    meeting = a_meeting(place)
    pasted(place, meeting, "Anna Luchesi")
    [anna] = people(place, meeting)
    assert "Anna Luchesi" in place.lead.get(f"/registrations/{anna.id}").text
    assert place.lead.post(f"/registrations/{anna.id}", name="Anna Lucchesi", contact="0583 123456").status_code == 303
    assert [(each.id, each.name, each.contact) for each in people(place, meeting)] == [(anna.id, "Anna Lucchesi", "0583 123456")]
    assert place.lead.post(f"/registrations/{anna.id}/remove").headers["Location"] == path(meeting)
    assert place.lead.get(f"/registrations/{anna.id}").status_code == 404


def test_all_names_are_removed_after_being_asked(place: Room) -> None:
    meeting = a_meeting(place)
    pasted(place, meeting)
    assert "Si tolgono 3 persone" in place.lead.get(f"{path(meeting)}/remove").text
    assert len(people(place, meeting)) == 3
    assert place.lead.post(f"{path(meeting)}/remove").status_code == 303
    assert people(place, meeting) == []


def test_removed_names_stand_in_no_file_of_the_folder(room: Room) -> None:
    """Neither in the database and its log file, nor in the copies that were made before."""
    meeting, house = a_meeting(room), room.building.house
    pasted(room, meeting)
    assert house.copier
    house.copier.copy_now()
    files = lambda: [file for file in house.folder.path.rglob("*") if file.is_file() and b"Niccol\xc3\xb2 Pardini" in file.read_bytes()]  # noqa: E731
    assert len(files()) >= 2, "the copy does not hold the names: the test did not test"
    assert room.lead.post(f"{path(meeting)}/remove").headers["Location"] == path(meeting)
    assert files() == []


def test_a_copy_that_could_not_be_reached_is_told(room: Room, tmp_path: Any) -> None:
    meeting = a_meeting(room)
    assert "Le copie di prima contengono ancora i nomi." in page(room, meeting, "?left=1")
    assert "Le copie di prima" not in page(room, meeting, "?left=%C2%B2x")


def test_at_the_door_one_tap_marks_who_arrived_and_one_takes_it_back(room: Room) -> None:
    meeting = a_meeting(room)
    pasted(room, meeting)
    ida = next(each for each in people(room, meeting) if each.name == "Ida Neri")
    marked = room.lead.post(f"/registrations/{ida.id}/came", came="1", q="ida & nèri")
    assert marked.headers["Location"] == f"{path(meeting)}?q=ida+%26+n%C3%A8ri#p-{ida.id}"
    assert "1 di 3 arrivati" in page(room, meeting)
    assert room.lead.post(f"/registrations/{ida.id}/came").headers["Location"] == f"{path(meeting)}#p-{ida.id}"
    assert "0 di 3 arrivati" in page(room, meeting)


def test_who_is_added_at_the_door_is_here(room: Room) -> None:
    meeting = a_meeting(room)
    room.lead.post(path(meeting), name="Pia", came="1")
    assert "1 di 1 arrivati" in page(room, meeting)


def test_the_door_shows_no_contact_and_the_centre_does(room: Room) -> None:
    meeting = a_meeting(room)
    pasted(room, meeting)
    assert "anna@example.org" not in page(room, meeting)


def test_the_centre_shows_contacts_and_marks_nobody(central: Room) -> None:
    meeting = a_meeting(central)
    pasted(central, meeting)
    assert "anna@example.org" in page(central, meeting)
    assert central.lead.post(f"/registrations/{people(central, meeting)[0].id}/came", came="1").status_code == 404


def test_the_sheet_to_sign_has_names_and_no_contacts(place: Room) -> None:
    meeting = a_meeting(place)
    pasted(place, meeting)
    text = place.lead.get(f"{path(meeting)}/sheet").text
    assert all(each in text for each in ("Anna Lucchesi", "sedia a rotelle", "Firma"))
    assert "anna@example.org" not in text


def test_what_came_from_the_centre_is_changed_there(room: Room) -> None:
    meeting = a_meeting(room)
    [anna] = brought(room, meeting, "Anna Lucchesi")
    assert "Chi organizza la cambia o la toglie lì" in room.lead.get(f"/registrations/{anna}").text
    assert room.lead.post(f"/registrations/{anna}", name="Pia").status_code == 409
    assert room.lead.post(f"/registrations/{anna}/remove").status_code == 409
    assert room.lead.post(f"/registrations/{anna}/came", came="1").status_code == 303


def test_names_removed_in_the_room_may_be_let_in_again(room: Room) -> None:
    meeting = a_meeting(room)
    brought(room, meeting, "Anna Lucchesi")
    room.lead.post(f"{path(meeting)}/remove")
    brought(room, meeting, "Anna Lucchesi")
    assert "Il prossimo contatto non li riporta." in page(room, meeting)
    assert people(room, meeting) == []
    assert room.lead.post(f"{path(meeting)}/again").status_code == 303
    brought(room, meeting, "Anna Lucchesi")
    assert [each.name for each in people(room, meeting)] == ["Anna Lucchesi"]


def test_words_of_a_name_are_shown_as_words(place: Room) -> None:
    meeting = a_meeting(place)
    name = "<b onclick=alert(1)>Anna</b> {{ 7*7 }}"
    pasted(place, meeting, name)
    for address in (path(meeting), f"{path(meeting)}/sheet", f"/registrations/{people(place, meeting)[0].id}"):
        text = place.lead.get(address).text
        assert "<b onclick" not in text
        assert "&lt;b onclick=alert(1)&gt;Anna&lt;/b&gt; {{ 7*7 }}" in text


def test_three_hundred_people_are_shown_at_once(place: Room) -> None:
    meeting = a_meeting(place)
    pasted(place, meeting, "\n".join(f"Persona {n}; persona{n}@example.org; 1; interprete" for n in range(300)))
    assert len(shown(page(place, meeting))) == 300
