"""What things are called, many at once, without reading whole tables: a card by its code and words, a group by its title."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, func, select, tuple_

from workshop.record.queries.fields import last_words, versions_shown
from workshop.record.rows.cluster import cluster
from workshop.record.rows.contribution import contribution
from workshop.record.rows.good_practice import good_practice
from workshop.record.rows.local_resource import local_resource
from workshop.record.rows.meeting import meeting
from workshop.record.rows.process import process
from workshop.record.rows.sentence import sentence
from workshop.record.rows.work_table import work_table

_c, _t = contribution.c, work_table.c


def _rows(table: Table) -> Select[Any]:
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


_SORTS: Final = (
    ("card", _rows(contribution), "text"),
    ("group", _rows(cluster), "title"),
    ("sentence", _rows(sentence), "wording"),
    ("table", _rows(work_table), "theme"),
    ("meeting", _rows(meeting), "plan"),
    ("process", _rows(process), "description"),
    ("practice", _rows(good_practice), "practice"),
    ("resource", _rows(local_resource), "resource"),
)
_NUMBERS: Final = select(_t.id, _t.number).where(_t.id.in_(bindparam("ids", expanding=True)))
_BEFORE: Final = select(func.count()).where(
    _c.work_table_id == bindparam("table"),
    _c.seq == bindparam("seq"),
    tuple_(_c.lamport, _c.hash) < tuple_(bindparam("lamport"), bindparam("hash")),
)
_LETTERS: Final = ("", *"bcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Subject:
    """`words`: what it says now, "" when withdrawn or not here; `code`: of a card, with its table: T4-03b; `table_number`: 0 = none."""

    sort: str
    id: str
    words: str = ""
    code: str = ""
    kind: str = ""
    language: str = ""
    work_table_id: str = ""
    meeting_id: str = ""
    table_number: int = 0
    section: str = ""
    is_gone: bool = False


def subjects(connection: Connection, ids: Iterable[str]) -> dict[str, Subject]:
    """Those that are here."""
    wanted, found = sorted(set(ids)), {}
    if not wanted:
        return {}
    shown, gone = versions_shown(connection, wanted), last_words(connection, wanted, "withdrawn", "removed")
    rows = [(sort, row, field) for sort, asked, field in _SORTS for row in connection.execute(asked, {"ids": wanted})]
    numbers = _table_numbers(connection, {_table_of(sort, row) for sort, row, _ in rows})
    for sort, row, field in rows:
        is_gone = bool(gone.get((row.id, "withdrawn")) or gone.get((row.id, "removed")))
        versions = shown.get((row.id, field), [])
        words = "" if is_gone and sort == "card" else _words(field, versions[0].value if versions else None)
        found[row.id] = _subject(connection, sort, row, words, numbers.get(_table_of(sort, row), 0), is_gone)
    return found


def _subject(connection: Connection, sort: str, row: Any, words: str, number: int, is_gone: bool) -> Subject:
    return Subject(
        sort,
        row.id,
        words,
        code=_code(connection, row, number) if sort == "card" else "",
        kind=(row.kind or "") if sort == "card" else "",
        language=(row.language or "") if sort == "card" else "",
        work_table_id=_table_of(sort, row),
        meeting_id=row.id if sort == "meeting" else getattr(row, "meeting_id", None) or "",
        table_number=number,
        section=(row.section or "") if sort == "sentence" else "",
        is_gone=is_gone,
    )


def _table_of(sort: str, row: Any) -> str:
    if sort == "table":
        return str(row.id)
    return getattr(row, "synthesis_id" if sort == "sentence" else "work_table_id", None) or ""


def _table_numbers(connection: Connection, ids: set[str]) -> dict[str, int]:
    return {row.id: row.number or 0 for row in connection.execute(_NUMBERS, {"ids": sorted(ids)})}


def _code(connection: Connection, row: Any, number: int) -> str:
    """As cards of a table say it: the later of two with one number has a letter."""
    told = {"table": row.work_table_id, "seq": row.seq, "lamport": row.lamport, "hash": row.hash}
    before = connection.execute(_BEFORE, told).scalar_one() if row.seq else 0
    return f"T{number}-{row.seq or 0:02d}{_LETTERS[min(before, 25)]}"


def _words(field: str, value: Any) -> str:
    """The words in the value of a versions field."""
    match field, value:
        case _, None:
            return ""
        case ("title", [title, *_]):
            return str(title)
        case ("wording", {"text": words}) | ("theme" | "plan" | "description" | "practice" | "resource", {"title": words}):
            return str(words)
        case ("practice" | "resource", _):  # it says that it was taken away
            return ""
        case _:
            return str(value)
