"""What the rules of meetings need to be loaded. A running sheet is copied from a method pack."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.limits import LimitStep, limit_step
from workshop.domain.meeting import (
    RUNNING,
    MoveMeeting,
    PlanMeeting,
    ReplanMeeting,
    SetRunningSheet,
    move_meeting,
    plan_meeting,
    replan_meeting,
    set_running_sheet,
)
from workshop.domain.permissions import Action, permit
from workshop.domain.step import Verb
from workshop.methods.packs import steps_of_pack
from workshop.private.ballot_keys import destroy_key
from workshop.record.queries.processes import MeetingShown, the_meeting, the_process, the_step
from workshop.record.queries.tables import tables_of


@handles(PlanMeeting)
def _(command: PlanMeeting, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    the_process(load.connection, command.process_id)
    return plan_meeting(command)


@handles(ReplanMeeting)
def _(command: ReplanMeeting, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return replan_meeting(command, the_meeting(load.connection, command.meeting_id).state)


@handles(MoveMeeting)
def _(command: MoveMeeting, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    if command.state in RUNNING:
        permit(load.actor, Action.RUN_MEETING)
    shown = the_meeting(load.connection, command.meeting_id)
    process = the_process(load.connection, shown.process_id)
    moved = move_meeting(command, shown.state, shown.plan, process.state, process.description)
    if command.state == "closed":  # nobody votes any more, not even at a table that never came to it
        for step in shown.steps:
            if step.do is Verb.VOTE:
                destroy_key(load.private, step.id)
    return moved


@handles(SetRunningSheet)
def _(command: SetRunningSheet, load: Load) -> list[Fact]:
    permit_arranging(load, the_meeting(load.connection, command.meeting_id))
    return set_running_sheet(command, steps_of_pack(command.pack))


@handles(LimitStep)
def _(command: LimitStep, load: Load) -> list[Fact]:
    shown = the_meeting(load.connection, command.meeting_id)
    permit_arranging(load, shown)
    step = the_step(shown, command.step_id)
    return limit_step(command, step, frozenset(table.steps.get(step.id, "planned") for table in tables_of(load.connection, shown.id)))


def permit_arranging(load: Load, meeting: MeetingShown) -> None:
    """Tables and running sheet, before the day; from then on they are of whoever leads it."""
    permit(load.actor, Action.ARRANGE_PROCESS)
    if meeting.state in RUNNING:
        permit(load.actor, Action.RUN_MEETING)
