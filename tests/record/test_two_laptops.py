"""Two laptops that hear the same person: one card, one answer, and what differs is kept for somebody to look at."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Meeting, a_card, a_facilitator, a_room
from tests.record.played import Day
from workshop.domain.contribution import AddContribution, CorrectContribution, Kind, MergeContribution
from workshop.domain.people import Actor
from workshop.record.desk import DirectDesk
from workshop.record.queries.boards import the_board
from workshop.record.queries.cards import cards_of_table, the_card
from workshop.record.queries.rivals import rivals_in


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    laptops = [a_room(folder, desk=DirectDesk) for folder in folders]
    yield Day(laptops)
    for room in laptops:
        room.close()


def a_wish(meeting: Meeting, text: str = "Servono fasciatoi") -> Any:
    told = {"work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "text": text}
    return meeting.command(AddContribution, **told)


def send(meeting: Meeting, wish: Any, who: Actor) -> Any:
    return meeting.room.door(wish, who)


def shown(meeting: Meeting) -> list[tuple[str, str | None]]:
    return [(card.code, card.text) for card in meeting.ask(cards_of_table, meeting.table)]


def test_a_card_sent_to_two_laptops_is_one_card_with_one_answer(day: Day) -> None:
    one, other = day.meetings
    wish, who = a_wish(one), day.people[0]
    a_card(other, day.people[1], "Di un'altra persona")
    told = [send(meeting, wish, who).facts[0] for meeting in (one, other)]
    assert told[0].number != told[1].number
    day.exchange()
    again = [send(meeting, wish, who) for meeting in (one, other)]
    assert [receipt.first_time for receipt in again] == [False, False]
    assert again[0].facts == again[1].facts
    assert again[0].facts[0] in told
    assert shown(one) == shown(other)
    assert len(shown(one)) == 2


def test_one_id_with_other_words_at_two_laptops_keeps_both_and_lists_them(day: Day) -> None:
    one, other = day.meetings
    wish, who = a_wish(one), day.people[0]
    send(one, wish, who)
    send(other, replace(wish, text="Servono altalene"), who)
    assert one.ask(rivals_in, one.process_id) == []
    day.exchange()
    for meeting in (one, other):
        [rivals] = meeting.ask(rivals_in, meeting.process_id)
        texts = {getattr(fact, "text", "") for fact in (rivals.shown, *rivals.kept)}
        assert (rivals.thing_id, texts) == (wish.command_id, {"Servono fasciatoi", "Servono altalene"})
        assert meeting.ask(the_card, wish.command_id).text == getattr(rivals.shown, "text", "")


def test_a_number_that_two_laptops_gave_is_told_apart_by_a_letter_everywhere(day: Day) -> None:
    one, other = day.meetings
    cards = [a_card(meeting, who, text) for meeting, who, text in zip((one, other), day.people, ("Uno di qua", "Due di là"), strict=False)]
    day.exchange()
    assert shown(one) == shown(other)
    assert {code for code, _ in shown(one)} == {"01", "01b"}
    assert {one.ask(the_card, card).code for card in cards} == {"01", "01b"}


def test_two_laptops_that_correct_one_card_keep_both_texts(day: Day) -> None:
    one, other = day.meetings
    who = day.people[0]
    card = a_card(one, who, "Servono fasiatoi")
    day.exchange()
    for meeting, text in ((one, "Servono fasciatoi"), (other, "Servono i fasciatoi")):
        meeting.do(CorrectContribution, who, contribution_id=card, text=text, replaces=(card,))
    day.exchange()
    for meeting in (one, other):
        found = meeting.ask(the_card, card)
        assert {found.text, *found.other_texts} == {"Servono fasciatoi", "Servono i fasciatoi"}


def test_a_ring_of_merges_made_at_two_laptops_shows_one_card_and_loses_none(day: Day) -> None:
    one, other = day.meetings
    first, second = (a_card(one, day.people[0], text) for text in ("Servono fasciatoi", "Mancano fasciatoi"))
    day.exchange()
    facilitator = a_facilitator(one)
    one.do(MergeContribution, facilitator, contribution_id=first, into_id=second)
    other.do(MergeContribution, facilitator, contribution_id=second, into_id=first)
    day.exchange()
    for meeting in (one, other):
        [orphan] = meeting.ask(the_board, meeting.table).orphans
        assert (orphan.id, orphan.times_said) == (min(first, second), 2)
