"""Reading the synthesis aloud: frozen, one sentence at a time, answered by phones and hands, then validated or written on."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from workshop.domain.ids import is_id
from workshop.domain.permissions import Action, may, permit
from workshop.domain.synthesis import CloseReadBack, CountHands, KeepObjection, OpenReadBack, TurnPage, Validate
from workshop.private.staff import has_facilitator
from workshop.record.queries.archive import the_kept_synthesis
from workshop.record.queries.read_backs import the_read_back
from workshop.record.queries.tables import TableShown, seats_taken, the_table
from workshop.record.queries.writing_desks import the_writing_desk
from workshop.web.answers import back_to, show
from workshop.web.doors import field, read
from workshop.web.house import house
from workshop.web.http.syntheses import ours
from workshop.web.identity import staff

blueprint = Blueprint("read_backs", __name__)
COUNTS = ("favour", "against", "abstain")
HANDS_MOST = 500  # more is no count: the rule refuses it


@blueprint.post("/tables/<work_table_id>/read-back")
def open_read_back(work_table_id: str) -> Response:
    table = ours(work_table_id)
    house().dispatch(read(OpenReadBack, process_id=table.process_id, synthesis_id=table.id), staff())
    return _to_read_back(table)


@blueprint.get("/tables/<work_table_id>/read-back")
def read_aloud(work_table_id: str) -> Response:
    """A draft is written, not read; a validated synthesis is shown as it was confirmed."""
    permit(staff(), Action.SEE_BOARD, work_table_id)
    topic = f"synthesis:{work_table_id}"
    version = house().versions(topic)
    table = house().ask(the_table, work_table_id)
    heard = house().ask(the_read_back, table)
    if heard.state == "draft":
        return back_to(f"/tables/{table.id}/synthesis")
    context: dict[str, Any] = {
        "topic": topic,
        "version": version,
        "table": table,
        "leads": staff().leads,
        "seated": house().ask(seats_taken, table.id),
    }
    if heard.state == "validated":
        return show("syntheses/validated.html", kept=house().ask(the_kept_synthesis, table.id), **context)
    rights = {"writes": Action.WRITE_SYNTHESIS, "counts": Action.COUNT_PAPER, "validates": Action.VALIDATE}
    allowed = {name: may(staff(), action, table.id) for name, action in rights.items()}
    typed = {name: request.args.get(name, "") for name in (*COUNTS, "notes", "facilitator_away")}
    desk, in_place = house().ask(the_writing_desk, table), staff().leads and house().ask_private(has_facilitator, table.id)
    return show("syntheses/read_back.html", heard=heard, desk=desk, draft=desk.draft, typed=typed, in_place=in_place, **context, **allowed)


@blueprint.post("/tables/<work_table_id>/read-back/page")
def turn_page(work_table_id: str) -> Response:
    table = ours(work_table_id)
    house().dispatch(read(TurnPage, process_id=table.process_id, synthesis_id=table.id), staff())
    return _to_read_back(table)


@blueprint.post("/tables/<work_table_id>/read-back/hands")
def count_hands(work_table_id: str) -> Response:
    table = ours(work_table_id)
    house().dispatch(read(CountHands, process_id=table.process_id, synthesis_id=table.id), staff())
    return _to_read_back(table)


@blueprint.post("/tables/<work_table_id>/read-back/objection")
def keep_objection(work_table_id: str) -> Response:
    """The objection is a minority sentence now: the writers find it open."""
    table = ours(work_table_id)
    kept = house().dispatch(read(KeepObjection, process_id=table.process_id, synthesis_id=table.id), staff())
    return back_to(f"/tables/{table.id}/synthesis?edit={kept.command_id}#s-{kept.command_id}")


@blueprint.post("/tables/<work_table_id>/read-back/close")
def close_read_back(work_table_id: str) -> Response:
    """Back to writing, with the sentence open that is to be changed, if one is named."""
    table = ours(work_table_id)
    house().dispatch(read(CloseReadBack, process_id=table.process_id, synthesis_id=table.id), staff())
    changing = field("next")
    return back_to(f"/tables/{table.id}/synthesis" + (f"?edit={changing}#s-{changing}" if is_id(changing) else ""))


@blueprint.post("/tables/<work_table_id>/read-back/validate")
def validate(work_table_id: str) -> Response:
    """More hands than people seated is asked about once, never refused: not everybody has a phone."""
    table = ours(work_table_id)
    command = read(Validate, process_id=table.process_id, synthesis_id=table.id)
    counts = (command.favour, command.against, command.abstain)
    if field("next") != "counted" and max(counts) <= HANDS_MOST and sum(counts) > house().ask(seats_taken, table.id) > 0:
        return _ask_again(table, command)
    house().dispatch(command, staff())
    return _to_read_back(table)


def _ask_again(table: TableShown, command: Validate) -> Response:
    permit(staff(), command.may, table.id)
    typed = {name: getattr(command, name) for name in (*COUNTS, "notes")} | ({"facilitator_away": "1"} if command.facilitator_away else {})
    return back_to(f"/tables/{table.id}/read-back?{urlencode(typed)}#validate")


def _to_read_back(table: TableShown) -> Response:
    return back_to(f"/tables/{table.id}/read-back")
