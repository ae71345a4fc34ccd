"""What was freed leaves the files of PostgreSQL too: VACUUM alone lets the bytes of dead rows lie in the pages that it gives free."""

import re
from typing import Any, Final

from sqlalchemy import text

from workshop.record.database import Store

_NUMBER: Final = re.compile(r"\d+")
_REWRITE: Final = "VACUUM (FULL, VERBOSE, ANALYZE) entry, sealed_body"  # a new file, its indexes and its long values too
_FORGET_SAMPLES: Final = "VACUUM (FULL) pg_statistic"  # ANALYZE keeps examples of values; whoever owns the database may do this


def leave_nothing_behind(store: Store) -> bool:
    """Write the tables of bodies to new files without dead rows; row tables were dropped and made again, their files with them.

    False while a transaction somewhere still sees the old rows: PostgreSQL then carries them over. Blocks; readers wait meanwhile."""
    told: list[str] = []
    with store.readers.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        keep = lambda diagnostic: told.append(diagnostic.message_detail or "")  # noqa: E731  (to be taken off again)
        driver.add_notice_handler(keep)
        try:
            connection.execute(text(_REWRITE))
            connection.execute(text(_FORGET_SAMPLES))
        finally:
            driver.remove_notice_handler(keep)
    return not any(_still_seen(detail) for detail in told)


def _still_seen(detail: str) -> bool:
    """How many dead rows could not be left out, which every language says first ("0 dead row versions cannot be removed yet...")."""
    number = _NUMBER.match(detail.strip())
    return bool(number and int(number[0]))
