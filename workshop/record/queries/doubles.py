"""What two laptops each gave once and now is there twice: numbers, codes, confirmations. All are kept and told apart."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, func, select

from workshop.domain.review import seen_of
from workshop.record.queries.processes import meeting_ids
from workshop.record.rows.contribution import contribution
from workshop.record.rows.synthesis import edition
from workshop.record.rows.work_table import work_table

_c, _t = contribution.c, work_table.c


def _doubled(table: Table, place: str, given: str) -> Select[Any]:
    """(place, what was given, how many have it)."""
    where, what = table.c[place], table.c[given]
    chosen = select(where, what, func.count()).where(where.in_(bindparam("places", expanding=True)), what.is_not(None))
    return chosen.group_by(where, what).having(func.count() > 1).order_by(where, what)


_NUMBERS: Final = _doubled(contribution, "meeting_id", "number")
_CODES: Final = _doubled(contribution, "work_table_id", "seq")
_TABLE_NUMBERS: Final = _doubled(work_table, "meeting_id", "number")
_JOIN_CODES: Final = select(_t.join_code).where(_t.join_code.is_not(None)).group_by(_t.join_code).having(func.count() > 1)
_WITH_CODES: Final = select(_t.join_code, _t.id, _t.process_id).where(_t.join_code.in_(bindparam("codes", expanding=True))).order_by(_t.id)
_VALIDATED: Final = (
    select(edition.c.synthesis_id, edition.c.fingerprint)
    .where(edition.c.process_id == bindparam("process_id"), edition.c.sort == "validated", edition.c.fingerprint.is_not(None))
    .order_by(edition.c.synthesis_id)
)
_WITH_NUMBER: Final = (
    select(_t.id).where(_t.meeting_id == bindparam("meeting_id"), _t.number == bindparam("number")).order_by(_t.lamport, _t.hash)
)


@dataclass(frozen=True, slots=True)
class Double:
    """`sort`: numbers (of cards, in a meeting), codes (of cards, at a table), table_number, join_code, confirmed (a synthesis, in two
    versions). `given`: what was given twice.

    `place_id`: the meeting or table it is about; `things`: the tables that share it, the earliest first."""

    sort: str
    place_id: str
    given: tuple[str, ...]
    things: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        return seen_of((*self.given, *self.things))


def doubles_in(connection: Connection, process_id: str) -> list[Double]:
    meetings = meeting_ids(connection, process_id)
    tables = connection.execute(select(_t.id).where(_t.meeting_id.in_(meetings))).scalars().all()
    return [
        *_confirmed(connection, process_id),
        *_joined(connection, process_id),
        *_tables(connection, meetings),
        *_cards(connection, "codes", _CODES, tables),
        *_cards(connection, "numbers", _NUMBERS, meetings),
    ]


def _cards(connection: Connection, sort: str, asked: Select[Any], places: Any) -> list[Double]:
    """Together for a place: two laptops that counted apart all morning gave every number twice."""
    found: dict[str, list[str]] = {}
    for place_id, given, _ in connection.execute(asked, {"places": list(places)}):
        found.setdefault(place_id, []).append(str(given))
    return [Double(sort, place_id, tuple(given)) for place_id, given in found.items()]


def _tables(connection: Connection, meetings: list[str]) -> list[Double]:
    found = connection.execute(_TABLE_NUMBERS, {"places": meetings}).all()
    return [Double("table_number", meeting_id, (str(number),), _ids(connection, meeting_id, number)) for meeting_id, number, _ in found]


def _ids(connection: Connection, meeting_id: str, number: int) -> tuple[str, ...]:
    return tuple(connection.execute(_WITH_NUMBER, {"meeting_id": meeting_id, "number": number}).scalars())


def _confirmed(connection: Connection, process_id: str) -> list[Double]:
    """Validated apart, with other words."""
    found: dict[str, set[str]] = {}
    for synthesis_id, fingerprint in connection.execute(_VALIDATED, {"process_id": process_id}):
        found.setdefault(synthesis_id, set()).add(fingerprint)
    return [Double("confirmed", synthesis_id, tuple(sorted(prints))) for synthesis_id, prints in found.items() if len(prints) > 1]


def _joined(connection: Connection, process_id: str) -> list[Double]:
    """Whoever types such a code comes to the wrong table, even when the other one is of another process."""
    codes = connection.execute(_JOIN_CODES).scalars().all()
    sharing: dict[str, list[tuple[str, str]]] = {}
    for code, table_id, owner in connection.execute(_WITH_CODES, {"codes": codes}) if codes else ():
        sharing.setdefault(code, []).append((table_id, owner))
    ours = {code: tables for code, tables in sharing.items() if any(owner == process_id for _, owner in tables)}
    return [Double("join_code", process_id, (code,), tuple(table for table, _ in tables)) for code, tables in ours.items()]
