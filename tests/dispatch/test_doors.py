"""Meetings, tables, seats and steps through the front door."""

from typing import Any

import pytest

from tests.builders import (
    TO_LIVE,
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_facilitator,
    a_meeting,
    a_participant,
    a_process,
    a_scribe,
    a_step_open,
    an_organiser,
    move_step,
)
from workshop.domain.cluster import MoveCards, TitleCluster
from workshop.domain.contribution import QuotaUsed, TendContribution
from workshop.domain.dots import CastDots, TooManyDots
from workshop.domain.ids import is_id, new_id
from workshop.domain.limits import LimitStep, StepHasBegun
from workshop.domain.meeting import MeetingMoved, MoveMeeting, Plan, ReplanMeeting, SetRunningSheet
from workshop.domain.participant import Join, MeetingNotOpen, TableIsFull, TakeSeat
from workshop.domain.people import NOBODY, Actor, Role
from workshop.domain.process import CreateProcess, DescribeProcess, Description, MoveProcess
from workshop.domain.refusal import IdAlreadyUsed, MoveNotAllowed, NotAllowed, NotFound, ReasonMissing, SignInFirst
from workshop.domain.screen import TurnScreen
from workshop.domain.step import ExtendStep, MeetingNotUnderWay, StepNotReady, TableIsClosed
from workshop.domain.work_table import MoveTable, PrepareTable, RethemeTable, Theme
from workshop.private.people import person
from workshop.record.queries.boards import the_board
from workshop.record.queries.processes import live_meetings, meetings_of, processes, the_meeting, the_process
from workshop.record.queries.tables import people_at, table_of_participant, table_with_code, tables_of, the_table


def test_a_process_is_created_once(room: Room) -> None:
    process_id = a_process(room)
    with pytest.raises(IdAlreadyUsed):
        room.door(CreateProcess(command_id=process_id, process_id=process_id, description=Description(title="Un altro")), room.lead)
    shown = room.ask(the_process, process_id)
    assert (shown.state, shown.description.title, shown.siblings) == ("published", "Lucca In famiglia", ())
    assert process_id in {process.id for process in room.ask(processes)}


def test_two_descriptions_written_at_once_wait_for_a_person(room: Room) -> None:
    process_id = a_process(room)
    versions = room.ask(the_process, process_id).versions
    for title in ("Lucca in famiglia", "Famiglie a Lucca"):
        told = Description(title=title, contact_email="famiglia@example.org")
        wish = DescribeProcess(command_id=new_id(), process_id=process_id, description=told, replaces=versions)
        room.door(wish, room.lead)
    shown = room.ask(the_process, process_id)
    assert (shown.description.title, [version.value["title"] for version in shown.siblings]) == ("Famiglie a Lucca", ["Lucca in famiglia"])


def test_processes_and_meetings_are_arranged_by_who_leads_or_organises(room: Room) -> None:
    process_id = a_meeting(room).process_id
    wish = MoveProcess(command_id=new_id(), process_id=process_id, state="running")
    with pytest.raises(SignInFirst):
        room.door(wish, NOBODY)
    with pytest.raises(NotAllowed):
        room.door(wish, Actor(role=Role.FACILITATOR, id=new_id()))
    room.door(wish, an_organiser())
    assert room.ask(the_process, process_id).state == "running"


def test_a_meeting_goes_through_its_states(room: Room) -> None:
    meeting = a_meeting(room, state="draft")
    with pytest.raises(MoveNotAllowed):
        meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state="live")
    for state in (*TO_LIVE, "closed", "reported"):
        receipt = meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state=state)
        assert receipt.facts == (MeetingMoved(about=meeting.id, state=state),)
        assert meeting.ask(the_meeting, meeting.id).state == state
    assert [shown.id for shown in meeting.ask(meetings_of, meeting.process_id)] == [meeting.id]


def test_a_meeting_whose_doors_are_open_is_listed(room: Room) -> None:
    listed = {}
    for state in ("draft", "announced", "open", "live"):
        meeting = a_meeting(room, state=state)
        listed[state] = meeting.id in {shown.id for shown in room.ask(live_meetings)}
    assert listed == {"draft": False, "announced": False, "open": True, "live": True}


def test_a_plan_is_changed_with_a_reason_once_announced(room: Room) -> None:
    meeting = a_meeting(room, state="announced")
    plan = Plan(title="Laboratorio", date="2020-10-25", start="09:30", place="San Micheletto")
    told = {"meeting_id": meeting.id, "plan": plan, "replaces": meeting.ask(the_meeting, meeting.id).versions}
    with pytest.raises(ReasonMissing):
        meeting.do(ReplanMeeting, meeting.lead, **told)
    meeting.do(ReplanMeeting, meeting.lead, **told, reason="sala chiusa")
    assert meeting.ask(the_meeting, meeting.id).plan == plan


def test_a_running_sheet_is_copied_from_a_pack_with_ids_of_its_own(room: Room) -> None:
    one, other = a_meeting(room), a_meeting(room)
    sheet = one.ask(the_meeting, one.id)
    assert (sheet.pack, len(sheet.steps)) == ("tavoli-metaplan", 11)
    assert all(is_id(step.id) for step in sheet.steps)
    assert not set(one.steps.values()) & set(other.steps.values())
    with pytest.raises(NotFound):
        one.do(SetRunningSheet, one.lead, meeting_id=one.id, pack="../../etc/passwd")


def test_join_codes_are_never_the_same(room: Room) -> None:
    meeting = a_meeting(room, tables=12)
    codes = [table.join_code for table in meeting.ask(tables_of, meeting.id)]
    assert len(set(codes)) == 12
    found = meeting.ask(table_with_code, codes[3])
    assert found is not None
    assert (found.id, found.number) == (meeting.tables[3], 4)
    assert meeting.ask(table_with_code, "0000") is None


def test_a_table_gets_another_theme(meeting: Meeting) -> None:
    table = meeting.ask(the_table, meeting.table)
    told = {"work_table_id": table.id, "theme": Theme(title="Spazi aperti", seats=8), "replaces": table.versions}
    meeting.do(RethemeTable, meeting.lead, **told)
    assert meeting.ask(the_table, meeting.table).theme == Theme(title="Spazi aperti", seats=8)


def test_a_table_of_no_meeting_is_not_prepared(meeting: Meeting) -> None:
    with pytest.raises(NotFound):
        meeting.do(PrepareTable, meeting.lead, meeting_id="f" * 32, number=1, theme=Theme(title="Spazi"))


@pytest.mark.parametrize("state", ["draft", "announced", "closed"])
def test_nobody_joins_before_the_doors_open_or_after_they_close(room: Room, state: str) -> None:
    meeting = a_meeting(room, state="live" if state == "closed" else state)
    if state == "closed":
        meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state="closed")
    with pytest.raises(MeetingNotOpen):
        a_participant(meeting)


def test_a_table_takes_as_many_people_as_it_has_seats(room: Room) -> None:
    meeting = a_meeting(room, tables=2, seats=2)
    here, there = meeting.tables
    first = a_participant(meeting)
    a_participant(meeting)
    with pytest.raises(TableIsFull):
        a_participant(meeting)
    meeting.do(TakeSeat, first, participant_id=first.id, work_table_id=there)
    assert meeting.ask(table_of_participant, first.id) == there
    a_participant(meeting)
    with pytest.raises(TableIsFull):
        meeting.do(TakeSeat, first, participant_id=first.id, work_table_id=here)
    assert meeting.ask(people_at, meeting.id) == {here: 2, there: 1}


def test_people_are_numbered_through_the_meeting(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    numbers = []
    for table in (*meeting.tables, meeting.table):
        wish = meeting.command(Join, meeting_id=meeting.id, work_table_id=table)
        joined: Any = room.door(wish, NOBODY).facts[0]
        numbers.append(joined.number)
    assert numbers == [1, 2, 3]


def test_personal_codes_are_never_the_same(meeting: Meeting) -> None:
    people = [a_participant(meeting) for _ in range(12)]
    known = [meeting.room.ask_private(person, who.id) for who in people]
    assert len({each.code for each in known if each}) == 12


def test_nobody_takes_a_seat_for_somebody_else_or_in_another_meeting(room: Room) -> None:
    meeting, other = a_meeting(room, tables=2), a_meeting(room)
    who = a_participant(meeting)
    with pytest.raises(NotAllowed):
        meeting.do(TakeSeat, who, participant_id=a_participant(meeting).id, work_table_id=meeting.tables[1])
    with pytest.raises(NotFound):
        meeting.do(TakeSeat, who, participant_id=who.id, work_table_id=other.table)
    with pytest.raises(NotAllowed):
        meeting.do(TakeSeat, a_facilitator(meeting), participant_id=who.id, work_table_id=meeting.tables[1])


def test_a_facilitator_opens_steps_at_the_own_table_only(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    facilitator = a_facilitator(meeting)
    move_step(meeting, "giro", "open", actor=facilitator)
    table = meeting.ask(the_table, meeting.table)
    assert (table.step_id, table.steps[meeting.steps["giro"]]) == (meeting.steps["giro"], "open")
    with pytest.raises(NotAllowed):
        move_step(meeting, "giro", "open", meeting.tables[1], facilitator)
    with pytest.raises(NotAllowed):
        move_step(meeting, "domanda", "open", actor=a_scribe(meeting))


def test_one_step_is_open_at_a_time_and_the_table_does_what_it_asks(meeting: Meeting) -> None:
    for key in ("giro", "scrivi", "lettura", "nuvole"):
        a_step_open(meeting, key)
    table = meeting.ask(the_table, meeting.table)
    open_now = [key for key, step in meeting.steps.items() if table.steps.get(step) == "open"]
    assert (open_now, table.state) == (["nuvole"], "clustering")


def test_a_step_waits_for_what_must_be_true_and_the_lead_may_go_on_with_a_reason(meeting: Meeting) -> None:
    facilitator = a_facilitator(meeting)
    a_step_open(meeting, "scrivi")
    card = a_card(meeting, facilitator)
    a_step_open(meeting, "lettura")
    with pytest.raises(StepNotReady) as refused:
        move_step(meeting, "nuvole", "open", actor=facilitator)
    assert refused.value.detail == {"must": ["all_read"]}
    meeting.do(TendContribution, facilitator, contribution_id=card, act="read")
    move_step(meeting, "orfani", "open", actor=facilitator)
    with pytest.raises(StepNotReady) as refused:
        move_step(meeting, "bollini", "open", actor=facilitator)
    assert refused.value.detail == {"must": ["no_orphans"]}
    move_step(meeting, "bollini", "open", reason="siamo in ritardo")
    assert meeting.ask(the_table, meeting.table).state == "prioritising"


def test_clusters_without_a_title_keep_the_step_open(meeting: Meeting) -> None:
    facilitator = a_facilitator(meeting)
    a_step_open(meeting, "scrivi")
    card = a_card(meeting, facilitator)
    a_step_open(meeting, "orfani")
    cluster = a_cluster(meeting, facilitator, "", [card])
    with pytest.raises(StepNotReady) as refused:
        move_step(meeting, "orfani", "closed", actor=facilitator)
    assert refused.value.detail == {"must": ["titles_filled"]}
    meeting.do(TitleCluster, facilitator, cluster_id=cluster, title="Servono bagni", replaces=(cluster,))
    move_step(meeting, "orfani", "closed", actor=facilitator)


def test_a_closed_step_is_reopened_only_by_who_leads(meeting: Meeting) -> None:
    a_step_open(meeting, "giro")
    move_step(meeting, "giro", "closed")
    with pytest.raises(NotAllowed):
        move_step(meeting, "giro", "open", actor=a_facilitator(meeting), reason="ancora due minuti")
    move_step(meeting, "giro", "open", reason="ancora due minuti")


def test_minutes_more_add_up(meeting: Meeting) -> None:
    step = a_step_open(meeting, "giro")
    told = {"meeting_id": meeting.id, "work_table_id": meeting.table, "step_id": step}
    for minutes in (5, 3):
        meeting.do(ExtendStep, a_facilitator(meeting), **told, minutes=minutes)
    assert meeting.ask(the_table, meeting.table).minutes_more == {step: 8}


def test_a_step_of_one_meeting_is_not_moved_at_a_table_of_another(room: Room) -> None:
    one, other = a_meeting(room), a_meeting(room)
    with pytest.raises(NotFound):
        one.do(ExtendStep, room.lead, meeting_id=one.id, work_table_id=other.table, step_id=one.steps["giro"], minutes=5)


def test_a_table_that_closed_opens_no_step_but_its_late_cards_come_in(meeting: Meeting) -> None:
    guest = a_participant(meeting)
    a_step_open(meeting, "scrivi")
    meeting.do(MoveTable, a_facilitator(meeting), work_table_id=meeting.table, state="closed")
    with pytest.raises(TableIsClosed):
        a_step_open(meeting, "lettura")
    a_card(meeting, guest, "Rimasto nel telefono")
    assert [card.late for card in meeting.ask(the_board, meeting.table).cards] == [True]


def test_the_screen_is_turned_by_who_leads(meeting: Meeting) -> None:
    meeting.do(TurnScreen, meeting.lead, meeting_id=meeting.id, view="wall", work_table_id=meeting.table)
    assert meeting.ask(the_meeting, meeting.id).screen == {"view": "wall", "work_table_id": meeting.table}
    with pytest.raises(NotAllowed):
        meeting.do(TurnScreen, a_facilitator(meeting), meeting_id=meeting.id, view="clock")


def test_a_board_of_no_table_is_empty(meeting: Meeting) -> None:
    assert meeting.ask(the_board, "f" * 32).cards == ()
    with pytest.raises(NotAllowed):
        meeting.do(MoveCards, a_facilitator(meeting), work_table_id="f" * 32, contribution_ids=(), place="")


def test_a_seat_is_not_changed_after_the_meeting_nor_for_a_table_that_has_ended(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    who, other = a_participant(meeting), meeting.tables[1]
    meeting.do(MoveTable, meeting.lead, work_table_id=other, state="open")
    meeting.do(MoveTable, meeting.lead, work_table_id=other, state="closed")
    for wish in (lambda: meeting.do(TakeSeat, who, participant_id=who.id, work_table_id=other), lambda: a_participant(meeting, other)):
        with pytest.raises(TableIsClosed):
            wish()
    meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state="closed")
    with pytest.raises(MeetingNotOpen):
        meeting.do(TakeSeat, who, participant_id=who.id, work_table_id=other)


def test_a_step_does_not_open_before_the_doors_or_after_the_meeting(room: Room) -> None:
    meeting = a_meeting(room, state="announced")
    with pytest.raises(MeetingNotUnderWay):
        a_step_open(meeting, "scrivi")
    for state in ("open", "ready", "live", "closed"):
        meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state=state)
    with pytest.raises(MeetingNotUnderWay):
        a_step_open(meeting, "scrivi")


def test_from_the_moment_a_meeting_is_live_it_is_of_who_leads_it(room: Room) -> None:
    meeting, organiser = a_meeting(room, state="draft"), an_organiser()
    another = {"meeting_id": meeting.id, "theme": Theme(title="Spazi")}
    for state in ("announced", "open", "ready"):
        meeting.do(MoveMeeting, organiser, meeting_id=meeting.id, state=state)
    meeting.do(PrepareTable, organiser, **another, number=8)
    for state in ("live", "closed", "reported"):
        with pytest.raises(NotAllowed):
            meeting.do(MoveMeeting, organiser, meeting_id=meeting.id, state=state)
        meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state=state)
    with pytest.raises(NotAllowed):
        meeting.do(PrepareTable, organiser, **another, number=9)
    with pytest.raises(NotAllowed):
        meeting.do(SetRunningSheet, organiser, meeting_id=meeting.id, pack="world-cafe")
    meeting.do(PrepareTable, meeting.lead, **another, number=9)


def test_the_cards_of_each_person_are_as_many_as_the_meeting_says(meeting: Meeting) -> None:
    limit = {"meeting_id": meeting.id, "step_id": meeting.steps["scrivi"]}
    meeting.do(LimitStep, meeting.lead, **limit, quota=3)
    meeting.do(LimitStep, meeting.lead, **limit, quota=1)
    guest = a_participant(meeting)
    a_step_open(meeting, "scrivi")
    a_card(meeting, guest)
    with pytest.raises(QuotaUsed) as refused:
        a_card(meeting, guest)
    assert refused.value.detail == {"quota": 1}
    with pytest.raises(StepHasBegun):
        meeting.do(LimitStep, meeting.lead, **limit, quota=5)


def test_the_dots_of_each_person_are_as_many_as_the_meeting_says(meeting: Meeting) -> None:
    who, cluster = a_participant(meeting), a_cluster(meeting, a_facilitator(meeting))
    meeting.do(LimitStep, meeting.lead, meeting_id=meeting.id, step_id=meeting.steps["bollini"], votes=2, per_item=1)
    cast = {"work_table_id": meeting.table, "step_id": a_step_open(meeting, "bollini")}
    with pytest.raises(TooManyDots):
        meeting.do(CastDots, who, **cast, dots={cluster: 2})
    meeting.do(CastDots, who, **cast, dots={cluster: 1})


def test_limits_are_set_by_who_arranges(meeting: Meeting) -> None:
    limit = {"meeting_id": meeting.id, "step_id": meeting.steps["scrivi"], "quota": 3}
    for who in (a_facilitator(meeting), a_participant(meeting)):
        with pytest.raises(NotAllowed):
            meeting.do(LimitStep, who, **limit)
    with pytest.raises(NotFound):
        meeting.do(LimitStep, meeting.lead, **{**limit, "step_id": "f" * 32})
