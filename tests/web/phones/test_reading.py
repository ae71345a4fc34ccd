"""Reading the table on a phone: only what the table has heard, never what still has to be looked at."""

import pytest

from tests.builders import a_card, a_cluster, a_facilitator, a_participant, a_step_open, move_step
from tests.web.phones.conftest import RoomWithPhones
from workshop.domain.contribution import TendContribution, TranslateContribution, WithdrawContribution
from workshop.domain.dots import CastDots


@pytest.fixture
def reading(room: RoomWithPhones) -> RoomWithPhones:
    a_step_open(room.meeting, "scrivi")
    return room


def test_an_empty_table_says_what_will_come(room: RoomWithPhones) -> None:
    assert "There is nothing to read yet." in room.someone().page("/table")


def test_a_loose_card_is_shown_once_it_was_read_aloud(reading: RoomWithPhones) -> None:
    phone, meeting = reading.someone(), reading.meeting
    card = a_card(meeting, a_participant(meeting), "Panchine all'ombra")
    assert "Panchine" not in phone.page("/table")
    meeting.do(TendContribution, a_facilitator(meeting), contribution_id=card, act="read")
    assert "Panchine" in phone.page("/table")


def test_cards_in_a_group_are_shown_and_ones_own_is_marked(reading: RoomWithPhones) -> None:
    phone, meeting = reading.someone(), reading.meeting
    mine, other = a_card(meeting, reading.actor_of(phone), "La mia idea"), a_card(meeting, a_participant(meeting), "Un'altra idea")
    a_cluster(meeting, a_facilitator(meeting), "Idee", [mine, other])
    page = phone.page("/table")
    assert "Un&#39;altra idea" in page
    assert page.count("It is yours") == 1


def test_a_card_to_be_looked_at_and_a_withdrawn_one_are_never_shown(reading: RoomWithPhones) -> None:
    phone, meeting = reading.someone(), reading.meeting
    who, facilitator = a_participant(meeting), a_facilitator(meeting)
    private, gone = a_card(meeting, who, "Chiama Luca al 333 1234567"), a_card(meeting, who, "Parole ritirate")
    a_cluster(meeting, facilitator, "Idee", [private, gone])
    meeting.do(TendContribution, facilitator, contribution_id=private, act="read")
    meeting.do(WithdrawContribution, who, contribution_id=gone)
    page = phone.page("/table")
    assert "Luca" not in page
    assert "Parole ritirate" not in page


def test_words_of_another_language_stand_under_their_translation(reading: RoomWithPhones) -> None:
    phone, meeting, facilitator = reading.someone(), reading.meeting, a_facilitator(reading.meeting)
    card = a_card(meeting, a_participant(meeting), "أحتاج إلى شخص", language="ar")
    meeting.do(TranslateContribution, facilitator, contribution_id=card, translation="Mi serve una persona")
    a_cluster(meeting, facilitator, "Lingue", [card])
    page = phone.page("/table")
    assert page.index("Mi serve una persona") < page.index("أحتاج إلى شخص")
    assert '<p class="words orig" lang="ar" dir="rtl">' in page


def test_ties_are_told_as_ties(reading: RoomWithPhones) -> None:
    phone, meeting, facilitator = reading.someone(), reading.meeting, a_facilitator(reading.meeting)
    groups = [a_cluster(meeting, facilitator, title) for title in ("Bagni", "Orari", "Strade")]
    a_step_open(meeting, "bollini")
    vote = {"work_table_id": meeting.table, "step_id": meeting.steps["bollini"]}
    meeting.do(CastDots, a_participant(meeting), **vote, dots={groups[0]: 2, groups[2]: 2})
    assert "What the dots say" not in phone.page("/table")
    move_step(meeting, "bollini", "closed")
    page = phone.page("/table")
    assert page.count("(tie)") == 2
    assert [page.count(f'<strong class="num">{place}.</strong>') for place in (1, 2, 3)] == [2, 0, 1]


def test_phones_of_another_table_read_their_own(reading: RoomWithPhones) -> None:
    meeting = reading.meeting
    a_cluster(meeting, a_facilitator(meeting), "Solo del primo", [])
    assert "Solo del primo" not in reading.someone(meeting.tables[1]).page("/table")
