"""Tokens: opaque random strings in a cookie, kept as hashes, looked up at every request. No signed cookies, no clock."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from workshop.private.database import token_table


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is: a participant's or staff member's id."""

    role: str
    subject_id: str
    meeting_id: str


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(connection: Connection, role: str, subject_id: str, meeting_id: str = "") -> str:
    """256 random bits; only the hash is kept."""
    token = secrets.token_urlsafe(32)
    values = {"hash": hashed(token), "role": role, "subject_id": subject_id, "meeting_id": meeting_id, "revoked": False}
    connection.execute(insert(token_table), values)
    return token


def bearer_of(connection: Connection, token: str) -> Bearer | None:
    t = token_table.c
    row = connection.execute(select(t.role, t.subject_id, t.meeting_id).where(t.hash == hashed(token), t.revoked.is_(False))).first()
    return Bearer(row.role, row.subject_id, row.meeting_id) if row else None


def revoke_token(connection: Connection, token: str) -> None:
    connection.execute(update(token_table).where(token_table.c.hash == hashed(token)).values(revoked=True))


def revoke_all_of(connection: Connection, subject_id: str) -> None:
    connection.execute(update(token_table).where(token_table.c.subject_id == subject_id).values(revoked=True))
