"""Paper: copying a pile of cards into the record, and what is printed for a table: its tent and the empty cards."""

import re
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from workshop.domain.contribution import Kind
from workshop.domain.permissions import Action, permit
from workshop.domain.step import Verb
from workshop.private.settings_kept import setting
from workshop.record.queries.cards import Card, cards_of_table
from workshop.record.queries.processes import MeetingShown, the_meeting
from workshop.record.queries.tables import TableShown, the_table
from workshop.web.answers import show
from workshop.web.board_shown import kinds_taken
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.wifi import wifi_payload

blueprint = Blueprint("paper", __name__)
PER_SHEET: Final = 6
_FIVE: Final = (Kind.VIEWPOINT, Kind.NEED, Kind.EXPERIENCE, Kind.CONCERN, Kind.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Copied:
    """A paper card in the record. `same_number`, `same_words`: an earlier card that may be the same piece of paper."""

    card: Card
    same_number: Card | None
    same_words: Card | None


@blueprint.get("/tables/<work_table_id>/paper")
def bulk_entry(work_table_id: str) -> Response:
    permit(staff(), Action.ENTER_CARD, work_table_id)
    version = house().versions(f"board:{work_table_id}")
    table, meeting = _table_and_meeting(work_table_id)
    return show(
        "paper/entry.html",
        topic=f"board:{table.id}",
        version=version,
        work_table=table,
        copied=_copied(house().ask(cards_of_table, table.id)),
        kinds=kinds_taken(meeting.steps, table.steps),
        pile=_pile(),
    )


@blueprint.get("/tables/<work_table_id>/tent")
def tent(work_table_id: str) -> Response:
    """A folded A4 for the middle of the table: the Wi-Fi first, then the page, both also in clear."""
    permit(staff(), Action.SEE_BOARD, work_table_id)
    table = house().ask(the_table, work_table_id)
    page = {"address": house().address, "url": f"http://{house().address}/t/{table.join_code}"}
    return show("paper/tent.html", work_table=table, page=page, wifi=_wifi())


@blueprint.get("/tables/<work_table_id>/forms")
def forms(work_table_id: str) -> Response:
    """Empty cards, six on a sheet, numbered; `?from=7&sheets=2` prints the next ones."""
    permit(staff(), Action.SEE_BOARD, work_table_id)
    table, meeting = _table_and_meeting(work_table_id)
    first, sheets = _number("from", 1, 9_999), _number("sheets", 1, 20)
    pages = [range(first + PER_SHEET * n, first + PER_SHEET * (n + 1)) for n in range(sheets)]
    return show("paper/forms.html", work_table=table, pages=pages, kinds=_kinds_printed(meeting), first=first, sheets=sheets)


def _wifi() -> dict[str, str] | None:
    with house().reading_private() as connection:
        name, password = setting(connection, "wifi_name"), setting(connection, "wifi_password")
    return {"name": name, "password": password, "payload": wifi_payload(name, password)} if name else None


def _table_and_meeting(work_table_id: str) -> tuple[TableShown, MeetingShown]:
    table = house().ask(the_table, work_table_id)
    return table, house().ask(the_meeting, table.meeting_id)


def _copied(cards: list[Card]) -> list[Copied]:
    """The newest first. Nothing is refused: two people may write the same words, and numbers may be misread."""
    seen: list[Card] = []
    copied: list[Copied] = []
    for card in cards:
        if card.channel == "paper" and card.text is not None:
            copied.append(Copied(card, _same(seen, "number", card), _same(seen, "words", card)))
            seen += [] if card.merged_into else [card]
    return copied[::-1]


def _same(seen: list[Card], what: str, card: Card) -> Card | None:
    mine = _sign(what, card)
    return next((other for other in seen if mine and not card.merged_into and _sign(what, other) == mine), None)


def _sign(what: str, card: Card) -> str:
    """T4-C08, c8 and 8 are the same printed number; capitals and full stops make no other words."""
    if what == "number":
        digits = re.findall(r"\d+", card.paper_number)
        return str(int(digits[-1])) if digits else card.paper_number.casefold()
    return " ".join(re.findall(r"\w+", (card.text or "").casefold()))


def _kinds_printed(meeting: MeetingShown) -> list[Any]:
    """What any collecting step asks for, in the order of the list; the five of the field when none says."""
    asked = {kind for step in meeting.steps if step.do is Verb.COLLECT for kind in step.kinds}
    return [kind for kind in Kind if kind in asked] or list(_FIVE)


def _pile() -> int:
    """How many paper cards lie there to be copied; 0 when nobody said."""
    return _number("of", 0, 999) if "of" in request.args else 0


def _number(name: str, least: int, most: int) -> int:
    asked = request.args.get(name, "")
    return max(least, min(int(asked), most)) if asked.isdecimal() and len(asked) < 6 else least
