"""Fragments that are pushed: what each one reads, and its template. The same template is used by the page that lists them."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection

from workshop.record.queries.boards import the_board
from workshop.record.queries.cards import the_card
from workshop.record.queries.tables import cards_at_table, the_table
from workshop.web.board_shown import groups_of
from workshop.web.house import House
from workshop.web.similar import alike


def _card(connection: Connection, contribution_id: str) -> dict[str, Any]:
    at = the_card(connection, contribution_id).work_table_id
    board = the_board(connection, at)
    card = next(card for card in board.cards if card.id == contribution_id)
    likeness = alike([card], board.cards).get(card.id)
    return {"card": card, "work_table": the_table(connection, at), "groups": groups_of(board), "likeness": likeness}


def _tally(connection: Connection, work_table_id: str) -> dict[str, Any]:
    return {"board": the_board(connection, work_table_id)}


def _count(connection: Connection, work_table_id: str) -> dict[str, Any]:
    return {"table": {"id": work_table_id}, "count": cards_at_table(connection, work_table_id)}


TOLD: Final[dict[str, tuple[str, Callable[[Connection, str], dict[str, Any]]]]] = {
    "card": ("boards/_new_card.html", _card),
    "tally": ("boards/_tally.html", _tally),
    "count": ("phones/_count.html", _count),
}


def renderer(home: House) -> Callable[[str, str, str], str]:
    """Rows are read once per language that somebody listens in; an empty room renders nothing."""

    def render(fragment: str, thing_id: str, language: str) -> str:
        template, load = TOLD[fragment]
        return home.fragments.render(template, language, **home.ask(load, thing_id))

    return render
