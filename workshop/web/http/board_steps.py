"""Where a table is in the running sheet: opening, pausing and stretching steps, its breaks and its end, and the dots given on paper."""

from flask import Blueprint, Response

from workshop.domain.dots import CountPaperDots
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import Refusal
from workshop.domain.step import ENDED, ExtendStep, MoveStep
from workshop.domain.work_table import CallHelp, MoveTable
from workshop.record.queries.tables import TableShown, the_table
from workshop.web.answers import back_to
from workshop.web.doors import field, read
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("board_steps", __name__)


class NotSure(Refusal):
    """What cannot be taken back was asked for without saying that one is sure."""


@blueprint.post("/tables/<work_table_id>/steps")
def move_step(work_table_id: str) -> Response:
    table = _ours(work_table_id, Action.MOVE_STEP)
    command = read(MoveStep, process_id=table.process_id, meeting_id=table.meeting_id, work_table_id=table.id)
    house().dispatch(command, staff())
    return back_to(f"/tables/{table.id}")


@blueprint.post("/tables/<work_table_id>/extend")
def extend_step(work_table_id: str) -> Response:
    table = _ours(work_table_id, Action.MOVE_STEP)
    command = read(ExtendStep, process_id=table.process_id, meeting_id=table.meeting_id, work_table_id=table.id)
    house().dispatch(command, staff())
    return back_to(f"/tables/{table.id}")


@blueprint.post("/tables/<work_table_id>/state")
def move_table(work_table_id: str) -> Response:
    """A break, its end, or the end of the table, which cannot be taken back: that one is asked about first."""
    table = _ours(work_table_id, Action.MOVE_STEP)
    command = read(MoveTable, process_id=table.process_id, work_table_id=table.id)
    sure = field("next") == "sure"  # read in any case: nonsense is refused, not passed over
    if command.state in ENDED and not sure:
        raise NotSure("next")
    house().dispatch(command, staff())
    return back_to(f"/tables/{table.id}")


@blueprint.post("/tables/<work_table_id>/help")
def call_help(work_table_id: str) -> Response:
    """From the board, or answered on the lead's page (`back`)."""
    table = _ours(work_table_id, Action.CALL_HELP)
    house().dispatch(read(CallHelp, process_id=table.process_id, work_table_id=table.id), staff())
    return back_to(f"/lead/meetings/{table.meeting_id}" if field("back") == "lead" else f"/tables/{table.id}")


@blueprint.post("/tables/<work_table_id>/paper-dots")
def count_paper_dots(work_table_id: str) -> Response:
    table = _ours(work_table_id, Action.COUNT_PAPER)
    house().dispatch(read(CountPaperDots, process_id=table.process_id, work_table_id=table.id), staff())
    return back_to(f"/tables/{table.id}")


def _ours(work_table_id: str, action: Action) -> TableShown:
    permit(staff(), action, work_table_id)
    return house().ask(the_table, work_table_id)
