"""What is done to one card on the board: other words, small acts, merging, translation."""

import re
from dataclasses import replace
from typing import Final, TypeVar

from flask import Blueprint, Response

from workshop.domain.command import Command
from workshop.domain.contribution import MergeContribution, RedactContribution, TendContribution, TranslateContribution
from workshop.domain.ids import is_id
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotFound
from workshop.private.told_apart import tell_apart
from workshop.record.queries.cards import Card, cards_of_table, the_card
from workshop.record.queries.tables import TableShown, the_table
from workshop.web.answers import back_to
from workshop.web.doors import field, read
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.similar import pair

blueprint = Blueprint("board_cards", __name__)
C = TypeVar("C", bound=Command)
_CODE: Final = re.compile(r"(?:t\d+\s*-\s*)?(?P<number>\d{1,6})(?P<letter>[a-z]?)")


@blueprint.post("/cards/<contribution_id>/redact")
def redact(contribution_id: str) -> Response:
    return _act(RedactContribution, contribution_id)


@blueprint.post("/cards/<contribution_id>/tend")
def tend(contribution_id: str) -> Response:
    return _act(TendContribution, contribution_id)


@blueprint.post("/cards/<contribution_id>/translation")
def translate(contribution_id: str) -> Response:
    return _act(TranslateContribution, contribution_id)


@blueprint.post("/cards/<contribution_id>/merge")
def merge(contribution_id: str) -> Response:
    """`into_id` is an id, or the code as it stands on the card: T4-03, or only 3."""
    card, table = _card_and_table(contribution_id)
    wish = read(MergeContribution, process_id=table.process_id, contribution_id=card.id)
    into = wish.into_id if is_id(wish.into_id) or not wish.into_id else _card_called(wish.into_id, table)
    house().dispatch(replace(wish, into_id=into), staff())
    return back_to(_page_after(table))


@blueprint.post("/cards/<contribution_id>/different")
def tell_them_apart(contribution_id: str) -> Response:
    """Two cards that look alike say different things: the hint does not come back."""
    card, table = _card_and_table(contribution_id)
    other, _ = _card_and_table(field("other_id"))
    house().keep_private(tell_apart, table.id, pair(card.id, other.id))
    return back_to(_page_after(table))


def _act(kind: type[C], contribution_id: str) -> Response:
    card, table = _card_and_table(contribution_id)
    house().dispatch(read(kind, process_id=table.process_id, contribution_id=card.id), staff())
    return back_to(_page_after(table))


def _card_and_table(contribution_id: str) -> tuple[Card, TableShown]:
    """Asked for before anything is read from the form: a card of another table is nobody's business here."""
    card = house().ask(the_card, contribution_id)
    permit(staff(), Action.TEND_CARDS, card.work_table_id)
    return card, house().ask(the_table, card.work_table_id)


def _card_called(typed: str, table: TableShown) -> str:
    """T4-03, t4-3, 03 or 3: the id of that card of this table."""
    code = _CODE.fullmatch(typed.strip().casefold())
    wanted = code and (int(code["number"]), code["letter"])
    for card in house().ask(cards_of_table, table.id):
        if wanted == (card.seq, card.code.lstrip("0123456789")):
            return card.id
    raise NotFound("into_id")


def _page_after(table: TableShown) -> str:
    return f"/tables/{table.id}/paper" if field("next") == "paper" else f"/tables/{table.id}"
