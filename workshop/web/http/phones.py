"""A participant's phone: write a card, see where one's own cards are, read the table calmly."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, request

from workshop.domain.contribution import Kind
from workshop.domain.step import Step, Verb
from workshop.domain.text import PERSONAL
from workshop.private.people import person
from workshop.record.queries.ballots import results_told
from workshop.record.queries.boards import Board, the_board
from workshop.record.queries.cards import Card, cards_of_participant, the_cards
from workshop.record.queries.numbers import cards_used, last_language
from workshop.record.queries.tables import TableShown, people_at, tables_of
from workshop.web.arrived import Where, where_they_are
from workshop.web.here import RIGHT_TO_LEFT, Here, here, said, show_phone
from workshop.web.house import house
from workshop.web.identity import language
from workshop.web.results import in_places
from workshop.web.wording import LANGUAGES

blueprint = Blueprint("phones", __name__)
PERSONAL_PATTERN = "|".join(f"(?:{pattern})" for pattern in PERSONAL.values())
USUAL_KINDS = (Kind.VIEWPOINT, Kind.NEED, Kind.EXPERIENCE, Kind.CONCERN, Kind.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """What Write asks for. `step` None: now people listen. `left` None: as many cards as one likes."""

    step: Step | None
    is_late: bool = False
    left: int | None = None
    says: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.step.kinds if self.step else ()) or USUAL_KINDS


@dataclass(frozen=True, slots=True)
class OwnCard:
    """`lies_in`: the title of its group, if it has one. `merged_with`: the card that stands for both. `where` its words are."""

    card: Card
    table_number: int
    is_grouped: bool
    is_parked: bool
    lies_in: str
    merged_with: Card | None
    where: Where


@blueprint.get("/write")
def write() -> Response:
    return write_page(here())


def write_page(at: Here, status: int = 200, problem: Mapping[str, object] | None = None, sent: Mapping[str, str] | None = None) -> Response:
    """`problem` and `sent`: what was wrong with a card, and its words, still in the box."""
    return show_phone(
        "phones/write.html",
        at,
        "write",
        status,
        asked=_asked(at),
        expected=_expected_language(at),
        personal=PERSONAL_PATTERN,
        chooses=bool(at.latest(Verb.VOTE, "open", "paused")) or at.table.synthesis == "in_review",
        received=_received(at),
        problem=problem,
        sent=sent or {},
    )


@blueprint.get("/mine")
def mine() -> Response:
    at = here()
    with house().reading() as connection, house().reading_private() as private:
        cards = cards_of_participant(connection, at.me.id)
        where = where_they_are(connection, private, at.process.id, [card.id for card in cards])
        tables, seated = tables_of(connection, at.meeting.id), people_at(connection, at.meeting.id)
        boards = {table_id: the_board(connection, table_id) for table_id in {card.work_table_id for card in cards}}
    numbers = {table.id: table for table in tables}
    return show_phone(
        "phones/mine.html",
        at,
        "mine",
        cards=[_own(card, boards[card.work_table_id], numbers, where[card.id]) for card in cards],
        person=house().ask_private(person, at.me.id),
        tables=[t for t in tables if t.state not in {"closed", "merged"} or t.id == at.table.id],
        full={t.id for t in tables if seated.get(t.id, 0) >= t.theme.seats},
        rtl=RIGHT_TO_LEFT,
    )


@blueprint.get("/table")
def table() -> Response:
    at = here()
    with house().reading() as connection:
        board = the_board(connection, at.table.id)
        results = results_told(connection, at.table.id)
        seated = people_at(connection, at.meeting.id).get(at.table.id, 0)
    titles = {cluster.id: cluster.title for cluster in board.clusters}
    return show_phone(
        "phones/table.html",
        at,
        "table",
        board=board,
        loose=[card for card in board.orphans if card.is_for_the_room and (card.was_read or card.step_id in _live_steps(at))],
        parked=[card for card in board.parked if card.is_for_the_room],
        results=[in_places(result, titles) for result in results.values()],
        seated=seated,
        rtl=RIGHT_TO_LEFT,
    )


def _asked(at: Here) -> Asked:
    """The round that is open; else the last one: a late card is kept and marked late."""
    step = None if at.is_over or at.table.state in {"closed", "merged"} else at.latest(Verb.COLLECT, "open", "paused")
    is_late = step is None
    step = step or (None if at.is_over else at.latest(Verb.COLLECT, "closed"))
    if step is None:
        return Asked(None, says=said(at, at.now, at.table.theme.question) if at.now else "")
    used = house().ask(cards_used, at.me.id, step.id)
    listening = said(at, at.now, at.table.theme.question) if is_late and at.now else ""
    return Asked(step, is_late, max(0, step.quota - used) if step.quota else None, listening or said(at, step))


def _expected_language(at: Here) -> str:
    """In which a card is probably written. Pages speak few languages, so the last card counts where no page can have been chosen."""
    languages, last = at.process.description.languages, house().ask(last_language, at.me.id)
    wishes = (last, language()) if last not in LANGUAGES else (language(), last)
    return next((each for each in wishes if each in languages), languages[0])


def _received(at: Here) -> Card | None:
    """The card just sent by a plain form, if it is one's own."""
    found = house().ask(the_cards, [request.args.get("received", "")[:32]])
    return next((card for card in found if card.participant_id == at.me.id), None)


def _own(card: Card, board: Board, tables: dict[str, TableShown], where: Where) -> OwnCard:
    group = next((cluster for cluster in board.clusters if any(each.id == card.id for each in cluster.cards)), None)
    return OwnCard(
        card,
        tables[card.work_table_id].number if card.work_table_id in tables else 0,
        is_grouped=group is not None,
        is_parked=any(each.id == card.id for each in board.parked),
        lies_in=group.title if group else "",
        merged_with=next((each for each in board.cards if each.id == card.merged_into), None),
        where=where,
    )


def _live_steps(at: Here) -> set[str]:
    """Steps whose cards everybody may see as they come."""
    return {step.id for step in at.meeting.steps if step.reveal == "live"}
