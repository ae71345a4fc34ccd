"""What stands behind sentences: cards with their codes, groups with their titles, as chips and lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from workshop.record.queries.absent import absent_behind
from workshop.record.queries.boards import Board, Cluster, the_board
from workshop.record.queries.cards import Card
from workshop.record.queries.tables import TableShown


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`sort`: card, group; stayed (a card whose words stayed in the room), erased, or away (nothing of it came here).
    `words`: the card's text (its translation first) or the title."""

    id: str
    sort: str
    code: str = ""
    kind: str = ""
    words: str = ""


def exhibits_of(connection: Connection, board: Board, table: TableShown) -> dict[str, Exhibit]:
    """Of every card and group of a table, also those that were merged or withdrawn, and cited ones of which only the head is here."""
    absent = absent_behind(connection, [table.id]).get(table.id, {})
    shown = {card_id: Exhibit(card_id, sort) for card_id, sort in absent.items()}
    shown |= {card.id: _card(card, table.number) for card in board.cards}
    for group in board.clusters:
        shown |= {each.id: _group(group) for each in (group, *group.merged)}
    return shown


def exhibits_at(connection: Connection, table: TableShown) -> dict[str, Exhibit]:
    return exhibits_of(connection, the_board(connection, table.id), table)


def cited(exhibits: dict[str, Exhibit], ids: Iterable[str]) -> list[Exhibit]:
    """Groups first, then cards by their code, then what is not here."""
    found = [exhibits.get(thing_id) or Exhibit(thing_id, "away") for thing_id in ids]
    return sorted(found, key=lambda e: ({"group": 0, "card": 1}.get(e.sort, 2), e.code, e.id))


def _card(card: Card, table_number: int) -> Exhibit:
    return Exhibit(card.id, "card", f"T{table_number}-{card.code}", card.kind, card.translation or card.text or "")


def _group(group: Cluster) -> Exhibit:
    return Exhibit(group.id, "group", words=group.title or "…")
