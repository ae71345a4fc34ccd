"""Take words back: one's own on the phone; on request, whoever organises, with the person's code or for one card."""

import time

from flask import Blueprint, Response

from workshop.copies.outside import check_gone, copy_is_deleted
from workshop.domain.erasure import EraseCard, EraseOwnWords
from workshop.domain.people import Actor, Role
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import SignInFirst
from workshop.private.copies_out import the_copy_out
from workshop.private.rejoining import person_of_code
from workshop.record.queries.cards import cards_of_participant, the_card
from workshop.record.queries.tables import the_table
from workshop.web.answers import back_to, show
from workshop.web.doors import field, read
from workshop.web.erasures_shown import COPIES, erasure_rows, namer
from workshop.web.house import house
from workshop.web.identity import forget_token, participant, staff

blueprint = Blueprint("erasing", __name__)


@blueprint.get("/erase")
def ask_first() -> Response:
    """What goes, and what stays, before anything happens."""
    me = participant()
    if not me.id:
        raise SignInFirst
    return show("join/erase.html", cards=house().ask(cards_of_participant, me.id))


@blueprint.post("/erase")
def erase_own_words() -> Response:
    me = participant()
    if not me.id:
        return back_to("/erased")  # pressed twice: the first time did it
    process_id = house().ask(the_table, next(iter(me.tables))).process_id
    house().dispatch(read(EraseOwnWords, process_id=process_id, participant_id=me.id), me)
    house().cut_off(me.id)
    return forget_token(back_to("/erased"), is_staff=False)


@blueprint.get("/erased")
def erased() -> Response:
    return show("join/erased.html")


@blueprint.get("/erasures")
def erasure_list() -> Response:
    permit(staff(), Action.ERASE_CARD)
    is_dumped = not house().store.is_sqlite
    return show("setup/erasures.html", erasures=erasure_rows(), name_of=namer(), copies=COPIES, is_dumped=is_dumped)


@blueprint.post("/erasures/copies/<copy_id>/gone")
def copy_is_gone(copy_id: str) -> Response:
    """Somebody deleted a copy that this computer does not reach, or a file on a stick."""
    permit(staff(), Action.ERASE_CARD)
    if copy := house().ask_private(the_copy_out, copy_id):  # pressed twice: the first time did it
        house().desk.apart(check_gone, copy)
        copy_is_deleted(house().desk, copy_id)
    return back_to("/erasures")


@blueprint.post("/erasures")
def erase_for_a_person() -> Response:
    """Somebody who has gone home asks for it and tells the personal code: it says who they are, as when they come back."""
    permit(staff(), Action.ERASE_CARD)
    person = house().keep_private(person_of_code, field("code"), staff().id, int(time.time()))
    command = EraseOwnWords(command_id=field("command_id"), process_id=person.process_id, participant_id=person.participant_id)
    house().dispatch(command, Actor(role=Role.PARTICIPANT, id=person.participant_id, meeting_id=person.meeting_id))
    house().cut_off(person.participant_id)
    return back_to("/erasures")


@blueprint.get("/threads/cards/<contribution_id>/erase")
def ask_first_for_a_card(contribution_id: str) -> Response:
    permit(staff(), Action.ERASE_CARD)
    with house().reading() as connection:
        card = the_card(connection, contribution_id)
        table = the_table(connection, card.work_table_id)
    return show("setup/erase_card.html", card=card, table=table)


@blueprint.post("/threads/cards/<contribution_id>/erase")
def erase_card(contribution_id: str) -> Response:
    permit(staff(), Action.ERASE_CARD)
    table = house().ask(the_table, house().ask(the_card, contribution_id).work_table_id)
    house().dispatch(read(EraseCard, process_id=table.process_id, contribution_id=contribution_id), staff())
    return back_to("/erasures")
