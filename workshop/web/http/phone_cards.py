"""What a phone sends of its own cards, by form or from its outbox: a card, its correction, its withdrawal; and another seat."""

from flask import Blueprint, Response, request

from workshop.domain.contribution import AddContribution, ContributionAdded, CorrectContribution, WithdrawContribution
from workshop.domain.participant import TakeSeat
from workshop.domain.refusal import Refusal
from workshop.record.queries.cards import the_card
from workshop.record.queries.tables import the_table, whereabouts
from workshop.web.answers import back_to, receipt, refuse, wants_json, words
from workshop.web.doors import field, read
from workshop.web.here import here
from workshop.web.house import house
from workshop.web.http.phones import write_page
from workshop.web.identity import language, participant
from workshop.web.refusal_words import N_
from workshop.web.wording import describe

blueprint = Blueprint("phone_cards", __name__)
SHOWN_ON_WRITE = frozenset({"text", "kind", "step_id", "language"})  # fields of the form


@blueprint.post("/tables/<work_table_id>/cards")
def add_card(work_table_id: str) -> Response:
    table = house().ask(whereabouts, work_table_id)
    command = read(AddContribution, process_id=table.process_id, work_table_id=work_table_id)
    found = house().dispatch(command, participant())
    card = next(fact for fact in found.facts if isinstance(fact, ContributionAdded))
    code = f"T{table.number}-{card.seq:02d}"
    late = words(N_("It came after the end of the round: whoever facilitates decides when to read it.")) if card.late else ""
    told = words(N_("Received, no. %(n)s"), n=card.number) + f" ({code}). {late}".rstrip()
    return receipt(found, f"/write?received={card.about}", number=card.number, code=code, words=told, late=card.late)


@blueprint.post("/cards/<contribution_id>/text")
def correct_card(contribution_id: str) -> Response:
    command = read(CorrectContribution, process_id=_process_of(contribution_id), contribution_id=contribution_id)
    return receipt(house().dispatch(command, participant()), "/mine", 200, words=words(N_("Corrected.")))


@blueprint.post("/cards/<contribution_id>/withdraw")
def withdraw_card(contribution_id: str) -> Response:
    command = read(WithdrawContribution, process_id=_process_of(contribution_id), contribution_id=contribution_id)
    return receipt(house().dispatch(command, participant()), "/mine", 200, words=words(N_("Withdrawn.")))


@blueprint.post("/seat")
def take_seat() -> Response:
    table = house().ask(the_table, field("work_table_id"))
    command = read(TakeSeat, process_id=table.process_id, participant_id=participant().id)
    return receipt(house().dispatch(command, participant()), "/write", 200, words=words(N_("You have changed table.")))


@blueprint.get("/tables/<work_table_id>/cards")
def after_a_refusal(work_table_id: str) -> Response:
    """Where a link on a refused page leads, such as the language."""
    return back_to("/write")


@blueprint.errorhandler(Refusal)
def show_again(refusal: Refusal) -> Response:
    """A card that was not taken comes back on the page where it was written, words and all."""
    at_home = request.endpoint == "phone_cards.add_card" and refusal.field in SHOWN_ON_WRITE
    if not at_home or not participant().id or wants_json():
        return refuse(refusal)
    problem = describe(refusal, language())
    return write_page(here(), int(str(problem["status"])), problem, request.form)


def _process_of(contribution_id: str) -> str:
    card = house().ask(the_card, contribution_id)
    return house().ask(the_table, card.work_table_id).process_id
