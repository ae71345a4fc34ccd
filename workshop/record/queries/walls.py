"""What the room's screen may show of the cards: read aloud already, looked at, not withdrawn."""

from dataclasses import dataclass

from sqlalchemy import Connection

from workshop.record.queries.cards import Card, cards_of_table
from workshop.record.queries.processes import MeetingShown
from workshop.record.queries.tables import TableShown


@dataclass(frozen=True, slots=True)
class WallCard:
    card: Card
    table_number: int


def cards_for_the_wall(connection: Connection, meeting: MeetingShown, tables: list[TableShown]) -> list[WallCard]:
    """The newest card of each table last, before them the second newest of each, and so on: no table fills the wall.

    A card not read aloud yet only when its step is revealed live; merged ones stand behind their card.
    """
    live = {step.id for step in meeting.steps if step.reveal == "live"}
    found: list[tuple[int, WallCard]] = []
    for table in tables:
        cards = [card for card in cards_of_table(connection, table.id) if _may_hang(card, live)]
        found += [(-age, WallCard(card, table.number)) for age, card in enumerate(reversed(cards))]
    return [one for _, one in sorted(found, key=lambda aged: (aged[0], aged[1].table_number))]


def _may_hang(card: Card, live: set[str]) -> bool:
    return card.is_for_the_room and card.counts and (card.was_read or card.step_id in live)
