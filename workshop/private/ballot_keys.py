"""Keys of ballots: a voter is an HMAC of the participant under the ballot's key; destroying the key cuts the link for ever."""

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, insert, select, update

from workshop.private.database import ballot_key_table


def open_key(connection: Connection, ballot_id: str) -> bytes | None:
    """The ballot's key, made when its step opens (or at first need, where another computer opened it).

    None when it was destroyed: a closed ballot never opens again."""
    row = connection.execute(select(ballot_key_table.c.key).where(ballot_key_table.c.ballot_id == ballot_id)).first()
    if row:
        return bytes(row.key) if row.key is not None else None
    key = secrets.token_bytes(32)
    connection.execute(insert(ballot_key_table), {"ballot_id": ballot_id, "key": key})
    return key


def known_key(connection: Connection, ballot_id: str) -> bytes | None:
    """The same without making one: for readers."""
    row = connection.execute(select(ballot_key_table.c.key).where(ballot_key_table.c.ballot_id == ballot_id)).first()
    return bytes(row.key) if row and row.key is not None else None


def open_keys(connection: Connection) -> list[bytes]:
    """Of all ballots whose voters can still be told."""
    kept = select(ballot_key_table.c.key).where(ballot_key_table.c.key.is_not(None))
    return [bytes(key) for key in connection.execute(kept).scalars()]


def destroy_key(connection: Connection, ballot_id: str) -> None:
    open_key(connection, ballot_id)
    connection.execute(update(ballot_key_table).where(ballot_key_table.c.ballot_id == ballot_id).values(key=None))


def voter(key: bytes, participant_id: str) -> str:
    return hmac.new(key, participant_id.encode(), hashlib.sha256).hexdigest()
