"""What the rules of tables need to be loaded. Join codes are never reused."""

from workshop.dispatch.front_door import Load, handles
from workshop.dispatch.meeting import permit_arranging
from workshop.dispatch.step import end_steps
from workshop.domain.fact import Fact
from workshop.domain.ids import new_code
from workshop.domain.permissions import permit
from workshop.domain.step import ENDED
from workshop.domain.work_table import (
    CallHelp,
    MoveTable,
    PrepareTable,
    RethemeTable,
    WhereTo,
    call_help,
    move_table,
    prepare_table,
    retheme_table,
)
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import codes_used, numbers_taken, the_table


@handles(PrepareTable)
def _(command: PrepareTable, load: Load) -> list[Fact]:
    permit_arranging(load, the_meeting(load.connection, command.meeting_id))
    taken = numbers_taken(load.connection, command.meeting_id)
    return prepare_table(command, _free_code(codes_used(load.connection)), taken)


@handles(RethemeTable)
def _(command: RethemeTable, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    the_table(load.connection, command.work_table_id)
    return retheme_table(command)


@handles(MoveTable)
def _(command: MoveTable, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table = the_table(load.connection, command.work_table_id)
    moved = move_table(command, table.meeting_id, table.state, table.synthesis, _where_to(load, command.into_id))
    return [*end_steps(load, table), *moved] if command.state in ENDED else moved


@handles(CallHelp)
def _(command: CallHelp, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table = the_table(load.connection, command.work_table_id)
    return call_help(command, table.meeting_id, load.now, load.actor)


def _where_to(load: Load, into_id: str) -> WhereTo | None:
    if not into_id:
        return None
    into = the_table(load.connection, into_id)
    return WhereTo(id=into.id, meeting_id=into.meeting_id, state=into.state)


def _free_code(used: set[str]) -> str:
    while (code := new_code(4)) in used:
        continue
    return code
