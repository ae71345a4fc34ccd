"""Before the tables: the process, what the tables find prepared, three meetings, six tables of the laboratory, and who sits down."""

from dataclasses import asdict

from workshop.demo_content.play import Hand
from workshop.demo_content.story import MeetingTold, PersonTold, TableTold
from workshop.domain.good_practice import AddGoodPractice, GoodPractice
from workshop.domain.ids import new_id
from workshop.domain.local_resource import AddLocalResource
from workshop.domain.meeting import MoveMeeting, Plan, PlanMeeting, ReplanMeeting, SetRunningSheet
from workshop.domain.participant import Join, ParticipantJoined, TakeSeat
from workshop.domain.people import NOBODY
from workshop.domain.process import CreateProcess, MoveProcess
from workshop.domain.screen import TurnScreen
from workshop.domain.work_table import PrepareTable
from workshop.record.queries.processes import the_meeting


def announce(hand: Hand) -> None:
    """The process is published and running; the laboratory is live, the network launch was moved."""
    here = hand.play.process_id
    hand.gives(CreateProcess(command_id=here, process_id=here, description=hand.play.story.description))
    hand.gives(MoveProcess(command_id=new_id(), process_id=here, state="published"))
    for practice in hand.play.story.practices:
        hand.gives(_practice(here, practice))
    for resource in hand.play.story.resources:
        hand.gives(AddLocalResource(command_id=new_id(), process_id=here, resource=resource))
    for position, told in enumerate(hand.play.story.meetings, 1):
        _meeting(hand, told, position)
    hand.gives(MoveProcess(command_id=new_id(), process_id=here, state="running"))


def furnish(hand: Hand) -> None:
    """The tables, and the people at them."""
    for table in hand.play.story.tables:
        _table(hand, table)
    for person in hand.play.story.people:
        _joins(hand, person)
    hand.gives(TurnScreen(command_id=new_id(), process_id=hand.play.process_id, meeting_id=hand.play.meeting_id, view="entrance"))


def change_tables(hand: Hand) -> None:
    """After lunch: what they wrote and voted stays where it was."""
    for person in hand.play.story.people:
        if person.then_table:
            who, there = hand.play.participant(person.key, person.table), hand.play.tables[person.then_table]
            seat = TakeSeat(command_id=new_id(), process_id=hand.play.process_id, participant_id=who.id, work_table_id=there)
            hand.gives(seat, who)


def _practice(process_id: str, told: GoodPractice) -> AddGoodPractice:
    return AddGoodPractice(command_id=new_id(), process_id=process_id, **{**asdict(told), "tools": "\n".join(told.tools)})


def _meeting(hand: Hand, told: MeetingTold, position: int) -> None:
    meeting_id, here = new_id(), hand.play.process_id
    hand.gives(PlanMeeting(command_id=meeting_id, process_id=here, plan=told.plan, position=position))
    hand.gives(SetRunningSheet(command_id=new_id(), process_id=here, meeting_id=meeting_id, pack=told.pack))
    for state in told.states:
        hand.gives(MoveMeeting(command_id=new_id(), process_id=here, meeting_id=meeting_id, state=state))
    if told.moved:
        _move(hand, told.moved, told.reason, meeting_id)
    if told.states[-1] == "live":
        hand.play.meeting_id = meeting_id
        hand.play.steps = {step.key: step.id for step in the_meeting(hand.writer.connection, meeting_id).steps}


def _move(hand: Hand, plan: Plan, reason: str, meeting_id: str) -> None:
    """Postponed, planned again with the reason, announced again."""
    here, seen = hand.play.process_id, the_meeting(hand.writer.connection, meeting_id).versions
    hand.gives(MoveMeeting(command_id=new_id(), process_id=here, meeting_id=meeting_id, state="postponed", reason=reason))
    again = ReplanMeeting(command_id=new_id(), process_id=here, meeting_id=meeting_id, plan=plan, reason=reason, replaces=seen)
    hand.gives(again)
    hand.gives(MoveMeeting(command_id=new_id(), process_id=here, meeting_id=meeting_id, state="announced"))


def _table(hand: Hand, told: TableTold) -> None:
    table_id, play = new_id(), hand.play
    prepare = PrepareTable(
        command_id=table_id, process_id=play.process_id, meeting_id=play.meeting_id, number=told.number, theme=told.theme
    )
    hand.gives(prepare)
    play.tables[told.number] = table_id


def _joins(hand: Hand, told: PersonTold) -> None:
    command = Join(
        command_id=new_id(),
        process_id=hand.play.process_id,
        meeting_id=hand.play.meeting_id,
        work_table_id=hand.play.tables[told.table],
        category=told.category,
        language=told.language,
        nickname=told.nickname,
    )
    for fact in hand.gives(command, NOBODY).facts:
        if isinstance(fact, ParticipantJoined):
            hand.play.people[told.key] = fact.participant_id
