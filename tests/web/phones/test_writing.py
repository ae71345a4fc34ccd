"""A card on its way from a phone: good and bad input, form and JSON, on time and late."""

from typing import Any

import pytest

from tests.builders import a_step_open, move_step
from tests.web.phones.conftest import Phone, RoomWithPhones
from workshop.domain.ids import new_id
from workshop.domain.meeting import MoveMeeting
from workshop.domain.work_table import MoveTable
from workshop.record.queries.cards import cards_of_table

DEEP = '{"text":' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.fixture
def writing(room: RoomWithPhones) -> RoomWithPhones:
    a_step_open(room.meeting, "scrivi")
    return room


def a_form(room: RoomWithPhones, **fields: Any) -> dict[str, Any]:
    usual = {"command_id": new_id(), "step_id": room.meeting.steps["scrivi"], "kind": "need", "text": "Servono fasciatoi", "language": "it"}
    return {**usual, **fields}


def path(room: RoomWithPhones) -> str:
    return f"/tables/{room.meeting.table}/cards"


def texts(room: RoomWithPhones) -> list[str | None]:
    return [card.text for card in room.meeting.ask(cards_of_table, room.meeting.table)]


def test_before_a_round_people_listen(room: RoomWithPhones) -> None:
    page = room.someone().page("/write")
    assert "Now we listen." in page
    assert "<form" not in page.split("<main")[1]


def test_an_open_round_asks_its_question_and_its_kinds(writing: RoomWithPhones) -> None:
    page = writing.someone().page("/write")
    assert "Che cosa serve alle famiglie?" in page
    assert page.count('name="kind"') == 5
    assert "You have 4 cards left in this round." in page


def test_a_card_by_form_comes_back_with_its_number_and_code(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    answer = phone.post(path(writing), **a_form(writing))
    assert answer.status_code == 303
    page = phone.page(answer.headers["Location"])
    assert "Received, no. 1" in page
    assert "T1-01" in page
    assert "You have 3 cards left in this round." in page


def test_the_outbox_gets_a_receipt(writing: RoomWithPhones) -> None:
    answer = writing.someone().send(path(writing), a_form(writing))
    assert answer.status_code == 201
    assert {name: answer.json[name] for name in ("number", "code", "late", "first_time", "words")} == {
        "number": 1,
        "code": "T1-01",
        "late": False,
        "first_time": True,
        "words": "Received, no. 1 (T1-01).",
    }


def test_the_same_bytes_again_get_the_same_receipt(writing: RoomWithPhones) -> None:
    phone, card = writing.someone(), a_form(writing)
    first, again = phone.send(path(writing), card), phone.send(path(writing), card)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json | {"first_time": False} == again.json
    assert texts(writing) == ["Servono fasciatoi"]


def test_the_same_id_with_other_words_is_a_conflict(writing: RoomWithPhones) -> None:
    phone, card = writing.someone(), a_form(writing)
    phone.send(path(writing), card)
    answer = phone.send(path(writing), card | {"text": "Servono bagni"})
    assert (answer.status_code, answer.json["error"]) == (409, "IdAlreadyUsed")
    assert texts(writing) == ["Servono fasciatoi"]


def test_somebody_elses_id_is_a_conflict(writing: RoomWithPhones) -> None:
    card = a_form(writing)
    writing.someone().send(path(writing), card)
    assert writing.someone().send(path(writing), card).status_code == 409


def test_after_a_conflict_a_plain_form_tries_again_with_a_fresh_id(writing: RoomWithPhones) -> None:
    phone, card = writing.someone(), a_form(writing)
    phone.post(path(writing), **card)
    page = phone.post(path(writing), **card | {"text": "Servono bagni"}).get_data(as_text=True)
    assert "Servono bagni" in page
    assert card["command_id"] not in page


def test_a_phone_without_a_seat_is_asked_who_it_is(writing: RoomWithPhones) -> None:
    answer = writing.phone().send(path(writing), a_form(writing))
    assert (answer.status_code, answer.json["error"]) == (401, "SignInFirst")
    page = writing.phone().get("/write")
    assert page.status_code == 401
    assert 'href="/rejoin"' in page.get_data(as_text=True)


def test_another_tables_phone_may_not_write_here(writing: RoomWithPhones) -> None:
    answer = writing.someone(writing.meeting.tables[1]).send(path(writing), a_form(writing))
    assert (answer.status_code, answer.json["error"]) == (403, "NotAllowed")


@pytest.mark.parametrize("where", ["/tables/nessuno/cards", f"/tables/{'0' * 32}/cards"])
def test_a_table_that_is_not_there_is_not_found(writing: RoomWithPhones, where: str) -> None:
    assert writing.someone().send(where, a_form(writing)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"text": ""}, "TextMissing"),
        ({"text": "  \n "}, "TextMissing"),
        ({"text": "no"}, "TextTooShort"),
        ({"text": "x" * 281}, "TextTooLong"),
        ({"text": "con \x00 dentro"}, "TextUnreadable"),
        ({"text": {"a": 1}}, "Malformed"),
        ({"text": None}, "Malformed"),
        ({"text": 7}, "Malformed"),
        ({"kind": "wish"}, "Malformed"),
        ({"kind": "topic"}, "KindNotAskedFor"),
        ({"language": "\x00"}, "TextUnreadable"),
        ({"command_id": "42"}, "Malformed"),
        ({"work_table_id": "0" * 32}, "FieldUnknown"),
        ({"participant_id": "0" * 32}, "FieldUnknown"),
        ({"late": False}, "FieldUnknown"),
    ],
)
def test_a_card_that_cannot_be_read_is_refused(writing: RoomWithPhones, wrong: dict[str, Any], error: str) -> None:
    answer = writing.someone().send(path(writing), a_form(writing, **wrong))
    assert (answer.status_code, answer.json["error"]) == (422, error)
    assert texts(writing) == []


@pytest.mark.parametrize("body", ["null", "[]", "42", '"text"', "{", "", "{}", DEEP, '{"text": NaN}', b"\xff\xfe"])
def test_json_of_another_shape_is_refused(writing: RoomWithPhones, body: str | bytes) -> None:
    assert writing.someone().send(path(writing), body).status_code == 422


def test_280_characters_fit_and_emoji_count_as_people_see_them(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    assert phone.send(path(writing), a_form(writing, text="è" * 280)).status_code == 201
    assert phone.send(path(writing), a_form(writing, text="🎉" * 280)).status_code == 201
    assert phone.post(path(writing), **a_form(writing, text="prima\r\nseconda")).status_code == 303
    assert texts(writing) == ["è" * 280, "🎉" * 280, "prima\nseconda"]


def test_words_that_were_refused_are_still_in_the_box(writing: RoomWithPhones) -> None:
    answer = writing.someone().post(path(writing), **a_form(writing, text="parola " * 50, kind="concern"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "The text is too long." in page
    assert "parola parola" in page
    assert 'value="concern" required checked' in page
    assert f'action="{path(writing)}"' in page


def test_the_quota_is_told_and_kept(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    for number in range(4):
        phone.send(path(writing), a_form(writing, text=f"Idea numero {number}"))
    answer = phone.send(path(writing), a_form(writing))
    assert (answer.status_code, answer.json["error"]) == (409, "QuotaUsed")
    page = phone.page("/write")
    assert "You have used your 4 cards of this round." in page
    assert "<textarea" not in page


def test_a_late_card_still_goes_and_says_so(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    a_step_open(writing.meeting, "lettura")
    assert "The round is over, your card is not." in phone.page("/write")
    answer = phone.send(path(writing), a_form(writing))
    assert answer.json["late"] is True
    assert "after the end of the round" in answer.json["words"]
    assert "Late" in phone.page("/mine")


def test_a_card_for_a_round_not_open_yet_is_refused(room: RoomWithPhones) -> None:
    answer = room.someone().send(path(room), a_form(room))
    assert (answer.status_code, answer.json["error"]) == (409, "StepNotOpenYet")


def test_a_paused_round_and_a_paused_table_take_cards(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    move_step(writing.meeting, "scrivi", "paused")
    assert "You can write on: your card is kept." in phone.page("/write")
    writing.meeting.do(MoveTable, writing.meeting.lead, work_table_id=writing.meeting.table, state="paused")
    assert "The table is taking a break" in phone.page("/write")
    assert phone.send(path(writing), a_form(writing)).status_code == 201


def test_a_meeting_that_is_over_says_thank_you_and_loses_no_card_on_its_way(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    writing.meeting.do(MoveMeeting, writing.meeting.lead, meeting_id=writing.meeting.id, state="closed")
    page = phone.page("/write")
    assert "Thank you." in page
    assert "<textarea" not in page
    assert phone.send(path(writing), a_form(writing)).status_code == 201


def test_the_sticky_block_says_until_when(writing: RoomWithPhones) -> None:
    assert "We write in silence, until " in writing.someone().page("/write")


def test_arabic_words_are_written_from_the_right(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    phone.send(path(writing), a_form(writing, text="أحتاج إلى شخص يشرحها", language="ar"))
    assert '<p class="words" lang="ar" dir="rtl">' in phone.page("/mine")


def test_a_received_card_of_somebody_else_is_not_shown(writing: RoomWithPhones) -> None:
    phone: Phone = writing.someone()
    card = writing.someone().send(path(writing), a_form(writing)).json["id"]
    assert "Received, no." not in phone.page(f"/write?received={card}")
