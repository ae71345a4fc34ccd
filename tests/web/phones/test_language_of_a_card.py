"""The language a card is sent with when nobody opens the list: the page's, or the one that a person writes in."""

import re

import pytest

from tests.builders import a_step_open
from tests.web.phones.conftest import Phone, RoomWithPhones
from workshop.domain.ids import new_id
from workshop.domain.process import DescribeProcess, Description
from workshop.record.queries.processes import the_process


def speaks(room: RoomWithPhones, *languages: str) -> None:
    """The process's languages."""
    meeting = room.meeting
    told = Description(title="Lucca In famiglia", contact_email="famiglia@example.org", languages=languages)
    versions = meeting.ask(the_process, meeting.process_id).versions
    meeting.do(DescribeProcess, meeting.room.lead, description=told, replaces=versions)


@pytest.fixture
def writing(room: RoomWithPhones) -> RoomWithPhones:
    a_step_open(room.meeting, "scrivi")
    speaks(room, "it", "en", "ar")
    return room


def chosen(phone: Phone, page_language: str) -> str:
    page = str(phone.get(f"/write?lang={page_language}").get_data(as_text=True))
    found = re.search(r'<option value="(\w+)" selected', page.split('name="language"')[1])
    assert found
    return found[1]


def sends(room: RoomWithPhones, phone: Phone, language: str) -> None:
    told = {"command_id": new_id(), "step_id": room.meeting.steps["scrivi"], "kind": "need", "text": "Servono fasciatoi"}
    assert phone.post(f"/tables/{room.meeting.table}/cards", **told, language=language).status_code == 303


def test_a_page_in_english_expects_a_card_in_english(writing: RoomWithPhones) -> None:
    assert [chosen(writing.someone(), "en"), chosen(writing.someone(), "it")] == ["en", "it"]


def test_who_wrote_in_arabic_finds_arabic_again_and_sees_it(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    sends(writing, phone, "ar")
    assert chosen(phone, "it") == "ar"
    assert "<details open>" in phone.page("/write")


def test_who_turns_the_page_to_english_writes_english_from_then_on(writing: RoomWithPhones) -> None:
    phone = writing.someone()
    sends(writing, phone, "it")
    assert chosen(phone, "en") == "en"


def test_a_language_that_the_process_does_not_have_is_not_expected(writing: RoomWithPhones) -> None:
    speaks(writing, "ar", "ro")
    assert chosen(writing.someone(), "en") == "ar"
