"""The personal code brings the same person back; wrong codes are counted."""

import re
import time

from tests.web.phones.conftest import Phone, RoomWithPhones
from workshop.private.guesses import note_guess
from workshop.private.rejoining import MOST_FROM_ONE, MOST_IN_ALL


def code_of(phone: Phone) -> str:
    found = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b", phone.page("/welcome"))
    assert found
    return found[0]


def test_the_code_on_another_phone_is_the_same_person(room: RoomWithPhones) -> None:
    first, second = room.someone(), room.phone()
    assert second.post("/rejoin", code=code_of(first).lower().replace("-", " ")).headers["Location"] == "/mine"
    assert room.actor_of(second) == room.actor_of(first)


def test_the_first_phone_goes_on(room: RoomWithPhones) -> None:
    first, second = room.someone(), room.phone()
    second.post("/rejoin", code=code_of(first))
    assert first.get("/mine").status_code == 200


def test_a_wrong_code_stays_in_its_box(room: RoomWithPhones) -> None:
    answer = room.phone().post("/rejoin", code="QQQ-QQQ")
    assert answer.status_code == 422
    assert 'value="QQQ-QQQ"' in answer.get_data(as_text=True)
    assert "This code is not right." in answer.get_data(as_text=True)


def test_after_ten_wrong_codes_even_the_right_one_waits(room: RoomWithPhones) -> None:
    right = code_of(room.someone())
    phone = room.phone()
    assert [phone.post("/rejoin", code="QQQ-QQQ").status_code for _ in range(MOST_FROM_ONE)] == [422] * MOST_FROM_ONE
    answer = phone.post("/rejoin", code=right)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 60
    assert "Too many tries." in answer.get_data(as_text=True)


def test_wrong_codes_from_everywhere_are_counted_together(room: RoomWithPhones) -> None:
    house, now = room.building.house, int(time.time())
    for _ in range(MOST_IN_ALL):
        house.keep_private(note_guess, "code:*", now)
    assert room.phone().post("/rejoin", code=code_of(room.someone())).status_code == 429


def test_the_address_of_a_phone_is_not_kept(room: RoomWithPhones) -> None:
    room.phone().post("/rejoin", code="QQQ-QQQ")
    with room.building.house.reading_private() as connection:
        kept = connection.exec_driver_sql("select what from guess").scalars().all()
    assert len(kept) == 2
    assert not any("127.0.0.1" in what for what in kept)
