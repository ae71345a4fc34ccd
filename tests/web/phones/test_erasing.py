"""Taking one's words back: told before, done once, gone from every page and from the copies."""

import re
import threading

import pytest

from tests.builders import a_card, a_facilitator, a_step_open
from tests.web.phones.conftest import Phone, RoomWithPhones
from workshop.copies.erasures import erasures_in
from workshop.copies.restoring import BACKUPS
from workshop.copies.shape import copies_in
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.private.people import person
from workshop.private.staff import make_lead
from workshop.private.tokens import issue_token
from workshop.record.erasing import unconfirmed

WORDS = "Fasciatoi-Zebedeo-7391"


@pytest.fixture
def phone(room: RoomWithPhones) -> Phone:
    a_step_open(room.meeting, "scrivi")
    phone = room.someone(nickname="Zebedea")
    table = room.meeting.table
    told = {"command_id": new_id(), "step_id": room.meeting.steps["scrivi"], "kind": "need", "text": WORDS}
    assert phone.post(f"/tables/{table}/cards", **told).status_code == 303
    return phone


def lead_of(room: RoomWithPhones) -> Phone:
    home, lead = room.building.house, room.phone()
    token = home.keep_private(issue_token, Role.LEAD, home.keep_private(make_lead, Role.LEAD, "sole-mare"), room.meeting.id)
    lead.client.set_cookie(f"{home.cookie}_s", token)
    return lead


def wait_until_gone(room: RoomWithPhones) -> None:
    """The eraser works in a thread of its own."""
    home, done = room.building.house, threading.Event()
    assert home.eraser
    while home.ask(unconfirmed, home.eraser.place):
        done.wait(0.02)


def test_before_anything_happens_the_page_says_what_goes_and_what_stays(room: RoomWithPhones, phone: Phone) -> None:
    assert "Take my words back" in phone.page("/mine")
    page = phone.page("/erase")
    assert "You wrote 1 card." in page
    assert "cannot be undone" in page
    assert WORDS in phone.page("/mine")


def test_afterwards_nothing_of_it_is_shown_and_the_phone_is_nobodys(room: RoomWithPhones, phone: Phone) -> None:
    who = room.actor_of(phone)
    code = room.building.house.ask_private(person, who.id)
    assert code
    answer = phone.post("/erase", command_id=new_id())
    assert (answer.status_code, answer.location) == (303, "/erased")
    assert "Your words were erased" in phone.page("/erased")
    assert phone.get("/mine").status_code in {302, 303, 401}
    assert room.phone().post("/rejoin", code=code.code).status_code == 422 or "/mine" not in (
        room.phone().post("/rejoin", code=code.code).location or ""
    )
    wait_until_gone(room)
    neighbour = room.someone()
    assert WORDS not in neighbour.page("/table")


def test_pressed_twice_it_is_done_once_and_says_so(room: RoomWithPhones, phone: Phone) -> None:
    told = {"command_id": new_id()}
    phone.post("/erase", **told)
    again = phone.post("/erase", **told)
    assert (again.status_code, again.location) == (303, "/erased")
    assert "0" not in re.findall(r"<strong>(\d+) card", lead_of(room).page("/erasures"))


def test_who_organises_sees_which_computers_have_confirmed(room: RoomWithPhones, phone: Phone) -> None:
    lead = lead_of(room)
    assert "Nobody has asked for it." in lead.page("/erasures")
    phone.post("/erase", command_id=new_id())
    wait_until_gone(room)
    page = lead.page("/erasures")
    assert "1 card" in page
    assert "This computer: gone" in page
    assert "Gone everywhere" in page


def test_somebody_who_went_home_asks_with_the_code(room: RoomWithPhones, phone: Phone) -> None:
    lead, who = lead_of(room), room.actor_of(phone)
    known = room.building.house.ask_private(person, who.id)
    assert known
    wrong = lead.post("/erasures", command_id=new_id(), code="ZZZ-ZZZ")
    assert wrong.status_code == 422
    assert WORDS in phone.page("/mine")
    assert lead.post("/erasures", command_id=new_id(), code=known.code).status_code == 303
    wait_until_gone(room)
    assert "1 card" in lead.page("/erasures")
    assert WORDS not in room.someone().page("/table")


def test_one_card_goes_from_its_thread(room: RoomWithPhones, phone: Phone) -> None:
    lead = lead_of(room)
    card = a_card(room.meeting, a_facilitator(room.meeting), f"{WORDS} su carta")
    page = lead.page(f"/threads/cards/{card}")
    assert f"/threads/cards/{card}/erase" in page
    assert f"{WORDS} su carta" in lead.page(f"/threads/cards/{card}/erase")
    assert lead.post(f"/threads/cards/{card}/erase", command_id=new_id()).location == "/erasures"
    wait_until_gone(room)
    assert f"{WORDS} su carta" not in lead.page(f"/tables/{room.meeting.table}")


@pytest.mark.parametrize("path", ["/erasures", "/threads/cards/{card}/erase"])
def test_nobody_else_comes_near(room: RoomWithPhones, phone: Phone, path: str) -> None:
    card = a_card(room.meeting, a_facilitator(room.meeting), WORDS)
    where = path.format(card=card)
    for who in (phone, room.phone()):
        assert who.get(where).status_code in {303, 401, 403}
        assert who.post(where, command_id=new_id(), code="AAA-AAA").status_code in {303, 401, 403}
    assert WORDS in phone.page("/mine")


def test_copies_forget_too(room: RoomWithPhones, phone: Phone) -> None:
    home = room.building.house
    assert home.copier
    before = home.copier.copy_now()
    assert WORDS.encode() in b"".join(path.read_bytes() for path in before.path.rglob("*.db"))
    phone.post("/erase", command_id=new_id())
    wait_until_gone(room)
    places = home.folder.path / BACKUPS
    assert before.path not in [copy.path for copy in copies_in(places)]
    assert len(copies_in(places)) == 1
    assert len(erasures_in(places)) >= 3  # joining, the seat, the card
    assert WORDS.encode() not in b"".join(path.read_bytes() for path in places.rglob("*") if path.is_file())
