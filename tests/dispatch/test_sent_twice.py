"""A phone sends the same bytes until it has an answer: done once, answered the same."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import Meeting, Room, a_card, a_cluster, a_facilitator, a_meeting, a_participant, a_process, a_step_open, move_step
from workshop.domain.cluster import TitleCluster
from workshop.domain.contribution import AddContribution, Kind, WithdrawContribution
from workshop.domain.dots import CastDots
from workshop.domain.ids import new_id
from workshop.domain.meeting import Plan, PlanMeeting
from workshop.domain.participant import Join, TakeSeat
from workshop.domain.people import NOBODY, Actor, Role
from workshop.domain.refusal import IdAlreadyUsed, Malformed, NotFound
from workshop.domain.step import MoveStep
from workshop.private.people import person
from workshop.record.log import count_entries
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.tables import seats_taken


def a_wish(meeting: Meeting, **fields: Any) -> AddContribution:
    told = {"work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "text": "Servono fasciatoi"}
    wish: AddContribution = meeting.command(AddContribution, **told, **fields)
    return wish


def test_a_card_sent_twice_is_one_card_and_the_first_answer_again(meeting: Meeting) -> None:
    a_step_open(meeting, "scrivi")
    who, wish = a_participant(meeting), a_wish(meeting)
    first = meeting.room.door(wish, who)
    a_card(meeting, who, "Un altro intanto")
    again = meeting.room.door(wish, who)
    assert (first.first_time, again.first_time) == (True, False)
    assert again.facts == first.facts
    assert len(meeting.ask(cards_of_table, meeting.table)) == 2


def test_the_first_answer_stands_even_when_the_step_has_closed_meanwhile(meeting: Meeting) -> None:
    a_step_open(meeting, "scrivi")
    who, wish = a_participant(meeting), a_wish(meeting)
    first = meeting.room.door(wish, who)
    move_step(meeting, "scrivi", "closed")
    assert meeting.room.door(wish, who).facts == first.facts


def test_the_same_id_with_other_words_is_another_wish(meeting: Meeting) -> None:
    a_step_open(meeting, "scrivi")
    who, wish = a_participant(meeting), a_wish(meeting)
    meeting.room.door(wish, who)
    with pytest.raises(IdAlreadyUsed):
        meeting.room.door(replace(wish, text="Servono altalene"), who)
    with pytest.raises(IdAlreadyUsed):
        meeting.do(WithdrawContribution, who, command_id=wish.command_id, contribution_id=wish.command_id)
    assert [card.text for card in meeting.ask(cards_of_table, meeting.table)] == ["Servono fasciatoi"]


def test_the_same_id_from_somebody_else_is_refused(meeting: Meeting) -> None:
    a_step_open(meeting, "scrivi")
    author, other, wish = a_participant(meeting), a_participant(meeting), a_wish(meeting)
    meeting.room.door(wish, author)
    with pytest.raises(IdAlreadyUsed):
        meeting.room.door(wish, other)


def test_a_refused_wish_may_be_sent_again_with_the_same_id(meeting: Meeting) -> None:
    who, wish = a_participant(meeting), a_wish(meeting)
    with pytest.raises(Exception, match="StepNotOpenYet"):
        meeting.room.door(wish, who)
    a_step_open(meeting, "scrivi")
    assert meeting.room.door(wish, who).first_time


def test_an_edit_sent_twice_is_one_version(meeting: Meeting) -> None:
    facilitator = a_facilitator(meeting)
    cluster = a_cluster(meeting, facilitator)
    wish = meeting.command(TitleCluster, cluster_id=cluster, title="Servono bagni", replaces=(cluster,))
    assert [meeting.room.door(wish, facilitator).first_time for _ in range(3)] == [True, False, False]


def test_a_ballot_sent_twice_is_one_ballot_even_after_it_closed(meeting: Meeting) -> None:
    facilitator, voter = a_facilitator(meeting), a_participant(meeting)
    cluster = a_cluster(meeting, facilitator)
    step = a_step_open(meeting, "bollini")
    wish = meeting.command(CastDots, work_table_id=meeting.table, step_id=step, dots={cluster: 2})
    first = meeting.room.door(wish, voter)
    assert meeting.room.door(wish, voter).facts == first.facts
    with pytest.raises(IdAlreadyUsed):
        meeting.room.door(wish, a_participant(meeting))
    move_step(meeting, "bollini", "closed")
    assert meeting.room.door(wish, voter).facts == first.facts


def test_who_joins_twice_is_one_person_with_one_code(meeting: Meeting) -> None:
    wish = meeting.command(Join, meeting_id=meeting.id, work_table_id=meeting.table, nickname="Nonna Pina")
    joined: Any = meeting.room.door(wish, NOBODY).facts[0]
    again: Any = meeting.room.door(wish, NOBODY).facts[0]
    themselves = Actor(role=Role.PARTICIPANT, id=joined.participant_id, meeting_id=meeting.id, tables=frozenset({meeting.table}))
    with_token: Any = meeting.room.door(wish, themselves).facts[0]
    assert joined == again == with_token
    assert meeting.ask(seats_taken, meeting.table) == 1
    known = meeting.room.ask_private(person, joined.participant_id)
    assert known is not None
    assert known.nickname == "Nonna Pina"
    with pytest.raises(IdAlreadyUsed):
        meeting.room.door(wish, a_participant(meeting))


def test_a_wish_that_changes_nothing_may_be_sent_as_often_as_one_likes(meeting: Meeting) -> None:
    who = a_participant(meeting)
    before = meeting.ask(count_entries)
    wish = meeting.command(TakeSeat, participant_id=who.id, work_table_id=meeting.table)
    assert [meeting.room.door(wish, who).facts for _ in range(2)] == [(), ()]
    assert meeting.ask(count_entries) == before


def test_a_command_that_led_to_several_facts_answers_with_all_of_them(meeting: Meeting) -> None:
    a_step_open(meeting, "scrivi")
    wish = meeting.command(MoveStep, meeting_id=meeting.id, work_table_id=meeting.table, step_id=meeting.steps["nuvole"], state="open")
    first = meeting.room.door(wish, meeting.lead)
    assert len(first.facts) == 2
    assert meeting.room.door(wish, meeting.lead).facts == first.facts


def test_the_same_id_in_another_process_is_another_wish(room: Room) -> None:
    wish = PlanMeeting(command_id=new_id(), process_id=a_process(room), plan=Plan(title="Secondo incontro"))
    other = replace(wish, process_id=a_process(room))
    assert [room.door(each, room.lead).first_time for each in (wish, other, wish)] == [True, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"command_id": "47"},
        {"command_id": ""},
        {"process_id": "x" * 32},
        {"work_table_id": "../../etc"},
        {"step_id": "Z" * 32},
    ],
)
def test_what_is_no_id_is_refused_before_it_reaches_the_writer(meeting: Meeting, wrong: dict[str, str]) -> None:
    who = a_participant(meeting)
    with pytest.raises(Malformed):
        meeting.room.door(replace(a_wish(meeting), **wrong), who)  # type: ignore[arg-type]


@pytest.mark.parametrize("replaces", [("47",), ("a" * 32,) * 201, ("a" * 31 + "\n",)])
def test_versions_that_are_none_or_too_many_are_refused(meeting: Meeting, replaces: tuple[str, ...]) -> None:
    facilitator = a_facilitator(meeting)
    cluster = a_cluster(meeting, facilitator)
    with pytest.raises(Malformed):
        meeting.do(TitleCluster, facilitator, cluster_id=cluster, title="Servono bagni", replaces=replaces)


def test_a_thing_of_another_process_is_not_here(room: Room) -> None:
    mine, other = a_meeting(room), a_meeting(room)
    a_step_open(other, "scrivi")
    guest, facilitator = a_participant(other), a_facilitator(other)
    card = a_card(other, guest)
    cluster = a_cluster(other, facilitator)
    with pytest.raises(NotFound):
        mine.do(AddContribution, guest, work_table_id=other.table, step_id=other.steps["scrivi"], kind=Kind.NEED, text="Altrove")
    with pytest.raises(NotFound):
        mine.do(WithdrawContribution, guest, contribution_id=card)
    with pytest.raises(NotFound):
        mine.do(TitleCluster, facilitator, cluster_id=cluster, title="Servono bagni")
