"""The board of a table: what facilitators and scribes see and do. Cards, clusters and steps have their acts in modules of their own."""

from typing import Any

from flask import Blueprint, Response, request

from workshop.domain.cluster import LOOSE, AddCluster, MoveCards, UndoBoardAct
from workshop.domain.contribution import Channel, EnterContribution
from workshop.domain.permissions import Action, may, permit
from workshop.domain.states import MOVES, Noun
from workshop.domain.step import ENDED
from workshop.private.told_apart import told_apart
from workshop.record.queries.boards import the_board
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import TableShown, seats_taken, tables_of, the_table
from workshop.web.answers import back_to, receipt, show, words
from workshop.web.board_shown import (
    BACK,
    NEW,
    after_the_break,
    groups_of,
    kinds_taken,
    outcome_shown,
    step_taking,
    steps_shown,
    vote_shown,
)
from workshop.web.doors import field, read
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.photos_shown import LIMITS, photos_shown
from workshop.web.refusal_words import N_
from workshop.web.shown import card_code
from workshop.web.similar import alike

blueprint = Blueprint("boards", __name__)


@blueprint.get("/tables/<work_table_id>")
def board(work_table_id: str) -> Response:
    permit(staff(), Action.SEE_BOARD, work_table_id)
    version = house().versions(f"board:{work_table_id}")
    return show("boards/board.html", topic=f"board:{work_table_id}", version=version, **_page(work_table_id))


@blueprint.post("/tables/<work_table_id>/entries")
def enter_card(work_table_id: str) -> Response:
    """Dictated to the scribe, or copied from paper. The step is the latest opened one that asks for this kind."""
    table = ours(work_table_id)
    steps = house().ask(the_meeting, table.meeting_id).steps
    step_id = step_taking(steps, table.steps, field("kind"))
    command = read(EnterContribution, process_id=table.process_id, work_table_id=table.id, step_id=step_id)
    done = house().dispatch(command, staff())
    added: Any = done.facts[0]
    told = words(N_("Received, no. %(n)s"), n=added.number)
    return receipt(done, _entry_page(table, command.channel), number=added.number, code=f"T{table.number}-{added.seq:02d}", words=told)


@blueprint.post("/tables/<work_table_id>/moves")
def move_cards(work_table_id: str) -> Response:
    """To a group, to the parking lot, back to the new cards, or into a group that is made for them."""
    table = ours(work_table_id)
    wish = read(MoveCards, process_id=table.process_id, work_table_id=table.id)
    house().dispatch(_as_told(wish), staff())
    return back_to(f"/tables/{table.id}")


@blueprint.post("/tables/<work_table_id>/clusters")
def add_cluster(work_table_id: str) -> Response:
    table = ours(work_table_id)
    house().dispatch(read(AddCluster, process_id=table.process_id, work_table_id=table.id), staff())
    return back_to(f"/tables/{table.id}")


@blueprint.post("/tables/<work_table_id>/undo")
def undo(work_table_id: str) -> Response:
    table = ours(work_table_id)
    house().dispatch(read(UndoBoardAct, process_id=table.process_id, work_table_id=table.id), staff())
    return back_to(f"/tables/{table.id}")


def ours(work_table_id: str, action: Action = Action.SEE_BOARD) -> TableShown:
    """The table, if this member of the staff may do this there."""
    permit(staff(), action, work_table_id)
    return house().ask(the_table, work_table_id)


def _page(work_table_id: str) -> dict[str, Any]:
    apart = house().ask_private(told_apart, work_table_id)
    with house().reading() as connection:
        table = the_table(connection, work_table_id)
        found, meeting = the_board(connection, table.id), the_meeting(connection, table.meeting_id)
        steps = steps_shown(connection, meeting, table)
        vote, outcome = vote_shown(connection, steps, table), outcome_shown(connection, steps, found, table)
        others = [t for t in tables_of(connection, table.meeting_id) if t.id != table.id]
        seated, photos = seats_taken(connection, table.id), photos_shown(connection, table.id)
    return {
        "work_table": table,
        "board": found,
        "groups": groups_of(found),
        "codes": {card.id: card_code(card, table.number) for card in found.cards},
        "likenesses": alike(found.orphans, found.cards, apart),
        "steps": steps,
        "vote": vote,
        "outcome": outcome,
        "kinds": kinds_taken(steps.steps, table.steps),
        "seated": seated,
        "photos": photos,
        "limits": LIMITS,
        "phones": house().presence.phones_at(table.id),
        "opened": request.args.get("card", ""),
        "moves": MOVES[Noun.WORK_TABLE][table.state],
        "after_the_break": after_the_break(steps, table),
        "others": [other for other in others if other.state not in ENDED],
        "went_to": next((other for other in others if other.id == table.merged_into), None),
        "may_move_steps": may(staff(), Action.MOVE_STEP, table.id),
        "leads": staff().leads,
    }


def _as_told(wish: MoveCards) -> MoveCards | AddCluster:
    """The Move-to control has two places more than the record: a new group, and back among the new cards."""
    told = {"command_id": wish.command_id, "process_id": wish.process_id, "work_table_id": wish.work_table_id}
    cards = {"contribution_ids": wish.contribution_ids, "replaces": wish.replaces}
    if wish.place == NEW:
        return AddCluster(**told, **cards)  # type: ignore[arg-type]
    return MoveCards(**told, **cards, place=LOOSE if wish.place == BACK else wish.place)  # type: ignore[arg-type]


def _entry_page(table: TableShown, channel: Channel) -> str:
    """Whoever copies a pile of paper cards goes on there; `next` says how many there are."""
    paper = f"/tables/{table.id}/paper"
    pile = field("next") if channel is Channel.PAPER else ""
    return f"{paper}?of={pile}" if pile.isdecimal() and len(pile) < 4 else paper if pile else f"/tables/{table.id}"
