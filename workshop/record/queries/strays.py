"""References to what is not in this record: a card of a table we do not have, evidence that points to nothing."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, select

from workshop.domain.review import seen_of
from workshop.record.log import in_batches
from workshop.record.rows.cluster import cluster
from workshop.record.rows.contribution import contribution
from workshop.record.rows.meeting import meeting
from workshop.record.rows.sentence import evidence, sentence
from workshop.record.rows.work_table import work_table

_e: Final = evidence.c


@dataclass(frozen=True, slots=True)
class Stray:
    """`sort`: cards, groups, sentences (of an unknown table), tables (of an unknown meeting), evidence (that is nowhere).

    `missing_id`: what is not here; `things`: what points there."""

    sort: str
    missing_id: str
    things: tuple[str, ...]

    @property
    def seen(self) -> str:
        return seen_of(self.things)


def _homeless(table: Table, column: str, home: Table) -> Select[Any]:
    """Ids of what the rows name and nobody added, as far as they are known; many rows name the same few."""
    named = select(table.c[column]).where(table.c[column].is_not(None), table.c[column] != "").distinct().subquery()
    return select(named.c[column]).where(named.c[column].not_in(select(home.c.id)))


_HOMES: Final = (
    ("cards", contribution, "work_table_id", work_table),
    ("groups", cluster, "work_table_id", work_table),
    ("sentences", sentence, "synthesis_id", work_table),
    ("tables", work_table, "meeting_id", meeting),
)
_ASKED: Final = [(sort, table, column, _homeless(table, column, home)) for sort, table, column, home in _HOMES]
_CITED: Final = (
    select(_e.evidence_id, _e.sentence_id)
    .join(sentence, sentence.c.id == _e.sentence_id)
    .where(sentence.c.process_id == bindparam("process_id"), _e.present == "yes")
    .where(
        ~select(contribution.c.id).where(contribution.c.id == _e.evidence_id).exists(),
        ~select(cluster.c.id).where(cluster.c.id == _e.evidence_id).exists(),
    )
    .order_by(_e.evidence_id, _e.sentence_id)
)


def strays_in(connection: Connection, process_id: str) -> list[Stray]:
    found = [stray for asked in _ASKED for stray in _strays(connection, process_id, *asked)]
    cited: dict[str, list[str]] = {}
    for evidence_id, sentence_id in connection.execute(_CITED, {"process_id": process_id}):
        cited.setdefault(evidence_id, []).append(sentence_id)
    return found + [Stray("evidence", missing, tuple(things)) for missing, things in cited.items()]


def _strays(connection: Connection, process_id: str, sort: str, table: Table, column: str, asked: Select[Any]) -> list[Stray]:
    missing = connection.execute(asked).scalars().all()
    pointing: dict[str, list[str]] = {}
    for some in in_batches(missing):
        chosen = select(table.c[column], table.c.id).where(table.c[column].in_(some), table.c.process_id == process_id)
        for missing_id, thing_id in connection.execute(chosen.order_by(table.c[column], table.c.id)):
            pointing.setdefault(missing_id, []).append(thing_id)
    return [Stray(sort, missing_id, tuple(things)) for missing_id, things in pointing.items()]
