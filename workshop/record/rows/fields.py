"""The two sorts of field every noun uses: versions (words people edit) and last words (dots, seats, steps)."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from workshop.record.database import ROWS


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

last_word = Table(
    "last_word",
    ROWS,
    Column("thing_id", String(32), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
    *placed(),
)
