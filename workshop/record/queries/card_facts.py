"""What rules ask about cards: without reading the whole table, because the writer waits."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, select

from workshop.domain.contribution import CardFacts
from workshop.domain.refusal import NotFound
from workshop.record.queries.fields import home_of, last_words, versions_shown
from workshop.record.rows.contribution import contribution
from workshop.record.rows.fields import last_word, version

_c, _v = contribution.c, version.c
_CARDS: Final = select(_c.id, _c.work_table_id, _c.participant_id).where(_c.id.in_(bindparam("ids", expanding=True)))
_MERGED: Final = (  # every card of these tables that was ever merged
    select(_v.thing_id).where(_v.board.in_(bindparam("tables", expanding=True)), _v.field == "card_merged_into").distinct()
)
_PLACES: Final = select(_v.thing_id, _v.id).where(_v.field == "place", _v.thing_id.in_(bindparam("ids", expanding=True)))
_HERE: Final = (
    select(_c.id)
    .select_from(contribution.outerjoin(last_word, and_(last_word.c.thing_id == _c.id, last_word.c.key == "withdrawn")))
    .where(_c.work_table_id == bindparam("work_table_id"), last_word.c.value.is_(None))
)


def card_facts(connection: Connection, contribution_id: str) -> CardFacts:
    return facts_of_cards(connection, [contribution_id], "contribution_id")[0]


def facts_of_cards(connection: Connection, ids: Iterable[str], field: str = "contribution_ids") -> list[CardFacts]:
    """Each once, in the order named. Raises NotFound when one of them is not here."""
    wanted = list(dict.fromkeys(ids))
    found = {row.id: row for row in connection.execute(_CARDS, {"ids": wanted})} if wanted else {}
    if missing := set(wanted) - set(found):
        raise NotFound(field, missing=len(missing))
    withdrawn, places = _withdrawn(connection, wanted), _place_versions(connection, wanted)
    homes = _homes(connection, {str(row.work_table_id) for row in found.values()})
    return [_facts(found[i], i in withdrawn, homes, frozenset(places.get(i, ()))) for i in wanted]


def cards_here(connection: Connection, work_table_id: str) -> frozenset[str]:
    """Ids of a table's cards that were not withdrawn."""
    return frozenset(connection.execute(_HERE, {"work_table_id": work_table_id}).scalars())


def _facts(row: Any, withdrawn: bool, homes: dict[str, str], places: frozenset[str]) -> CardFacts:
    return CardFacts(
        id=row.id,
        work_table_id=row.work_table_id or "",
        participant_id=row.participant_id or "",
        withdrawn=withdrawn,
        merged_into=homes.get(row.id, ""),
        holds=sum(home == row.id for home in homes.values()),
        place_versions=places,
    )


def _homes(connection: Connection, tables: set[str]) -> dict[str, str]:
    """Merged card -> the card that stands for it. What was merged into a withdrawn card stands on its own again."""
    merged = connection.execute(_MERGED, {"tables": sorted(tables)}).scalars().all() if tables else []
    shown = versions_shown(connection, merged, "card_merged_into")
    into = {card: str(versions[0].value) for (card, _), versions in shown.items() if versions[0].value}
    gone = _withdrawn(connection, into.values())
    into = {card: target for card, target in into.items() if target not in gone}
    return {card: home for card in into if (home := home_of(card, into)) != card}


def _withdrawn(connection: Connection, ids: Iterable[str]) -> set[str]:
    return {card for card, _ in last_words(connection, ids, "withdrawn")}


def _place_versions(connection: Connection, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in connection.execute(_PLACES, {"ids": ids}) if ids else ():
        found.setdefault(row.thing_id, []).append(row.id)
    return found
