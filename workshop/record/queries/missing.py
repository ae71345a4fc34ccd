"""Which acts and people are known here: asked by phones that still hold what another computer once acknowledged."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from workshop.record.log import entry_table, in_batches
from workshop.record.rows.participant import participant

_e = entry_table.c


def causes_here(connection: Connection, scope: str, ids: Iterable[str]) -> set[str]:
    """Of these commands, those that led to an entry of the scope."""
    return {
        cause
        for some in in_batches(sorted(ids))
        for cause in connection.execute(select(_e.cause).where(_e.scope == scope, _e.cause.in_(some))).scalars()
    }


def people_here(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Of these participants, those who ever came in."""
    p = participant.c.id
    return {each for some in in_batches(sorted(ids)) for each in connection.execute(select(p).where(p.in_(some))).scalars()}
