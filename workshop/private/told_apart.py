"""Pairs of cards that somebody at the table called different: the hint does not come back. A hint is no decision, so it is kept here."""

from sqlalchemy import Connection

from workshop.private.settings_kept import keep_setting, setting


def told_apart(connection: Connection, work_table_id: str) -> frozenset[str]:
    return frozenset(setting(connection, _key(work_table_id)).split())


def tell_apart(connection: Connection, work_table_id: str, pair: str) -> None:
    keep_setting(connection, _key(work_table_id), " ".join(sorted(told_apart(connection, work_table_id) | {pair})))


def _key(work_table_id: str) -> str:
    return f"told_apart:{work_table_id}"
