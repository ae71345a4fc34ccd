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
    """In the order they were received. A card not read aloud yet only when its step is revealed live; merged ones stand behind their card."""
    live = {step.id for step in meeting.steps if step.reveal == "live"}
    found = [WallCard(card, table.number) for table in tables for card in cards_of_table(connection, table.id) if _may_hang(card, live)]
    return sorted(found, key=lambda one: (one.card.number, one.card.id))


def _may_hang(card: Card, live: set[str]) -> bool:
    return card.is_for_the_room and card.counts and (card.was_read or card.step_id in live)
