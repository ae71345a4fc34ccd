"""The door of a meeting: scan, sit down, get a personal code; and everything that can be in the way."""

import re

from tests.builders import a_meeting, a_participant
from tests.web.phones.conftest import RoomWithPhones
from workshop.domain.ids import new_id
from workshop.domain.meeting import MoveMeeting
from workshop.domain.work_table import MoveTable
from workshop.private.settings_kept import keep_setting
from workshop.record.queries.tables import people_at, seats_taken

CODE = re.compile(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b")


def test_the_code_of_a_table_opens_its_door(room: RoomWithPhones) -> None:
    page = room.phone().page(f"/t/{room.code_of(room.meeting.table).lower()}")
    assert "Hello! Have a seat with us." in page
    assert f'value="{room.meeting.table}" required checked' in page


def test_the_door_promises_what_is_kept_in_three_lines(room: RoomWithPhones) -> None:
    page = room.phone().page("/")
    assert page.count("<li>") == 3
    assert "Later the public body receives the synthesis." in page
    room.building.house.keep_private(keep_setting, "profile", "contributions")
    assert "Later the public body receives the synthesis and the cards, without names." in room.phone().page("/")
    assert 'href="/privacy?meeting=' in page


def test_the_long_notice_names_who_is_responsible(room: RoomWithPhones) -> None:
    page = room.phone().page(f"/privacy?meeting={room.meeting.id}")
    assert "famiglia@example.org" in page
    assert "CC-BY-4.0" in page


def test_who_comes_in_gets_a_seat_and_a_code(room: RoomWithPhones) -> None:
    phone = room.someone(nickname="Nonna Pina")
    welcome = phone.page("/welcome")
    code = CODE.search(welcome)
    assert code
    assert code[0] in phone.page("/mine")
    assert room.meeting.ask(seats_taken, room.meeting.table) == 1


def test_the_same_form_sent_twice_is_one_person(room: RoomWithPhones) -> None:
    told = {"command_id": new_id(), "meeting_id": room.meeting.id, "work_table_id": room.meeting.table, "language": "it"}
    first, second = room.phone(), room.phone()
    first.post("/join", **told)
    second.post("/join", **told)
    assert room.actor_of(first) == room.actor_of(second)
    assert room.meeting.ask(seats_taken, room.meeting.table) == 1


def test_what_stands_in_the_record_does_not_open_the_door_again(room: RoomWithPhones) -> None:
    """The cause of the entry travels with heads; the form's id, which would make the same person again, does not."""
    form_id = new_id()
    room.someone(command_id=form_id)
    with room.building.house.reading() as connection:
        causes = connection.exec_driver_sql("select cause from entry").scalars().all()
    assert form_id not in causes


def test_a_full_table_says_so_and_keeps_what_was_chosen(room: RoomWithPhones) -> None:
    for _ in range(12):
        a_participant(room.meeting)
    answer = room.phone().post(
        "/join", command_id=new_id(), meeting_id=room.meeting.id, work_table_id=room.meeting.table, nickname="Gigi", category="business"
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "The table is full." in page
    assert 'value="Gigi"' in page
    assert 'value="business" selected' in page


def test_a_nickname_too_long_comes_back_in_its_box(room: RoomWithPhones) -> None:
    answer = room.phone().post(
        "/join", command_id=new_id(), meeting_id=room.meeting.id, work_table_id=room.meeting.table, nickname="x" * 25
    )
    assert answer.status_code == 422
    assert "x" * 25 in answer.get_data(as_text=True)


def test_a_wrong_code_is_not_here_and_asks_again(room: RoomWithPhones) -> None:
    answer = room.phone().get("/t/QQQQ")
    assert answer.status_code == 404
    assert "QQQQ" in answer.get_data(as_text=True)
    assert room.phone().get("/t?code=qq-qq").headers["Location"] == "/t/QQQQ"


def test_a_meeting_that_is_over_lets_nobody_in(room: RoomWithPhones) -> None:
    room.meeting.do(MoveMeeting, room.meeting.lead, meeting_id=room.meeting.id, state="closed")
    assert "This meeting is over." in room.phone().page(f"/t/{room.code_of(room.meeting.table)}")
    assert "No meeting is open now." in room.phone().page("/")
    told = {"command_id": new_id(), "meeting_id": room.meeting.id, "work_table_id": room.meeting.table}
    assert room.phone().post("/join", **told).status_code == 409


def test_a_table_that_has_ended_seats_nobody_and_offers_the_others(room: RoomWithPhones) -> None:
    for state in ("open", "closed"):
        room.meeting.do(MoveTable, room.meeting.lead, work_table_id=room.meeting.table, state=state)
    page = room.phone().page(f"/t/{room.code_of(room.meeting.table)}")
    assert ("Table 1 has ended: choose another one." in page, room.meeting.tables[1] in page, room.meeting.table in page) == (
        True,
        True,
        False,
    )
    told = {"command_id": new_id(), "meeting_id": room.meeting.id, "work_table_id": room.meeting.table, "nickname": "Gigi"}
    refused = room.phone().post("/join", **told)
    assert (refused.status_code, 'value="Gigi"' in refused.text) == (409, True)


def test_the_phones_of_a_merged_table_say_where_to_sit_now(room: RoomWithPhones) -> None:
    phone, other = room.someone(), room.meeting.tables[1]
    room.meeting.do(MoveTable, room.meeting.lead, work_table_id=room.meeting.table, state="merged", into_id=other)
    page = phone.page("/write")
    assert ("Your table goes on with table 2." in page, f'value="{other}"' in page) == (True, True)
    assert phone.post("/seat", command_id=new_id(), work_table_id=other).status_code == 303
    assert "Your table goes on" not in phone.page("/write")
    assert "Table 2, from the code you scanned" in room.phone().page(f"/t/{room.code_of(room.meeting.table)}")


def test_with_two_meetings_one_chooses(room: RoomWithPhones) -> None:
    other = a_meeting(room.meeting.room)
    page = room.phone().page("/")
    assert f"/m/{room.meeting.id}" in page
    assert f"/m/{other.id}" in page


def test_who_is_in_already_goes_on_or_moves_to_the_table_scanned(room: RoomWithPhones) -> None:
    phone, other = room.someone(), room.meeting.tables[1]
    assert phone.get("/").headers["Location"] == "/write"
    page = phone.page(f"/t/{room.code_of(other)}")
    assert "Move to table 2" in page
    assert "Stay at table 1" in page
    assert phone.post("/seat", command_id=new_id(), work_table_id=other).status_code == 303
    assert room.meeting.ask(people_at, room.meeting.id) == {other: 1}


def test_coming_in_again_from_an_old_page_does_not_make_another_person(room: RoomWithPhones) -> None:
    phone = room.someone()
    answer = phone.post("/join", command_id=new_id(), meeting_id=room.meeting.id, work_table_id=room.meeting.tables[1])
    assert answer.headers["Location"] == f"/m/{room.meeting.id}"
    assert room.meeting.ask(people_at, room.meeting.id) == {room.meeting.table: 1}


def test_somebody_else_leaves_the_phone_free_first(room: RoomWithPhones) -> None:
    phone = room.someone()
    token = phone.client.get_cookie(f"{room.building.house.cookie}_p").value
    assert phone.post("/leave", command_id=new_id()).status_code == 303
    assert "Hello! Have a seat with us." in phone.page("/")
    phone.client.set_cookie(f"{room.building.house.cookie}_p", token)
    assert phone.get("/mine").status_code == 401


def test_every_page_of_the_door_speaks_italian_and_english(room: RoomWithPhones) -> None:
    for path in ("/", "/rejoin", "/privacy", f"/t/{room.code_of(room.meeting.table)}"):
        assert 'lang="it"' in room.phone().get(f"{path}?lang=it").get_data(as_text=True)
        assert 'lang="en"' in room.phone().get(f"{path}?lang=en").get_data(as_text=True)


def test_the_first_page_is_at_most_40_kilobytes_with_all_it_loads(room: RoomWithPhones) -> None:
    phone = room.phone()
    page = phone.get(f"/t/{room.code_of(room.meeting.table)}")
    asked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.get_data(as_text=True)))
    sizes = {path: len(phone.client.get(path, headers={"Accept-Encoding": "gzip"}).data) for path in asked}
    assert len(page.data) + sum(sizes.values()) <= 40_000, sizes
