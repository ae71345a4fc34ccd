"""What the rules of processes need to be loaded."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.permissions import permit
from workshop.domain.process import (
    CreateProcess,
    DescribeProcess,
    MoveProcess,
    create_process,
    describe_process,
    move_process,
)
from workshop.record.queries.processes import meetings_of, the_process


@handles(CreateProcess)
def _(command: CreateProcess, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return create_process(command)


@handles(DescribeProcess)
def _(command: DescribeProcess, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return describe_process(command, the_process(load.connection, command.process_id).state)


@handles(MoveProcess)
def _(command: MoveProcess, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    shown = the_process(load.connection, command.process_id)
    meetings = frozenset(meeting.state for meeting in meetings_of(load.connection, shown.id))
    return move_process(command, shown.state, shown.stood, shown.description, meetings)
