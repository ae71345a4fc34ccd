"""The two sorts of field every noun uses: versions (words people edit) and last words (dots, seats, steps)."""

from typing import TYPE_CHECKING, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from sync.entry import Entry
from workshop.record.database import ROWS

if TYPE_CHECKING:
    from workshop.record.upsert import Rows


REMOVED: Final = {"removed": True}  # the version that says: it was taken away


def placed() -> list[Column[object]]:
    """Where a row comes from in the order of all entries."""
    return [Column("lamport", BigInteger, nullable=False), Column("hash", String(64), nullable=False)]


def added() -> list[Column[object]]:
    """The same for rows of additions, which may be stubs."""
    return [*placed(), Column("stub", Boolean, nullable=False)]


version = Table(
    "version",
    ROWS,
    Column("thing_id", String(32), primary_key=True),
    Column("field", String(20), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("value", Text),
    Column("wall", String(20)),
    Column("reason", Text),
    Column("board", String(32)),
    *added(),
    Index("version_by_board", "board", "id"),
)

replaced = Table(
    "replaced",
    ROWS,
    Column("thing_id", String(32), primary_key=True),
    Column("field", String(20), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("by_id", String(32), primary_key=True),
)

edit = Table(  # which version came after which; `after` is "" for one that saw nothing before it. Two after one are siblings.
    "edit",
    ROWS,
    Column("process_id", String(32), primary_key=True),
    Column("field", String(20), primary_key=True),  # in the order in which it is read: all of one field of a process
    Column("thing_id", String(32), primary_key=True),
    Column("after", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
)

last_word = Table(
    "last_word",
    ROWS,
    Column("thing_id", String(32), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
    *placed(),
)


def edited(rows: "Rows", field: str, value: object, entry: Entry, *, reason: str = "", board: str = "") -> None:
    """A version of words that exist already: as `rows.version`, and findable when it stands beside another. `value` None: a stub."""
    rows.version(field, value, entry, is_stub=value is None, reason=reason, board=board)
    for before in {*entry.head.replaces} - {entry.head.cause} or {""}:
        rows.grow(edit, process_id=entry.head.scope, thing_id=entry.head.about, field=field, after=before, id=entry.head.cause)
