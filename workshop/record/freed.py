"""What was freed leaves the files of PostgreSQL too: VACUUM alone lets the bytes of dead rows lie in the pages that it gives free."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from workshop.record.database import Store

_NUMBER: Final = re.compile(r"\d+")
_LOCKED: Final = "55P03"


def leave_nothing_behind(store: Store) -> bool:
    """Write the tables of bodies to new files without dead rows; row tables were dropped and made again, their files with them.

    False while a transaction somewhere still sees the old rows (PostgreSQL then carries them over), or reads the table for long, as a dump
    does: nobody is made to wait for that. Blocks."""
    with store.readers.connect() as connection, _patience(connection):
        try:
            left = _rewrite(connection)
        except OperationalError as wrong:
            if getattr(wrong.orig, "sqlstate", "") == _LOCKED:
                return False
            raise
        connection.execute(text("ANALYZE entry, sealed_body"))
        connection.execute(text("VACUUM (FULL) pg_statistic"))  # ANALYZE keeps examples of values; whoever owns the database may do this
    return not left


def _rewrite(connection: Connection) -> int:
    """How many dead rows could not be left out."""
    told: list[str] = []
    driver: Any = connection.connection.dbapi_connection
    keep = lambda diagnostic: told.append(diagnostic.message_detail or "")  # noqa: E731  (the same one is taken off again)
    driver.add_notice_handler(keep)
    try:
        connection.execute(text("VACUUM (FULL, VERBOSE) entry, sealed_body"))
    finally:
        driver.remove_notice_handler(keep)
    return sum(int(number[0]) for detail in told if (number := _NUMBER.match(detail.strip())))  # "3 dead row versions cannot be removed"


@contextmanager
def _patience(connection: Connection) -> Iterator[None]:
    """Whoever comes after one that waits for the whole table waits too: so it does not wait long."""
    connection.execute(text("SET lock_timeout = '2s'"))
    try:
        yield
    finally:
        connection.execute(text("RESET lock_timeout"))
