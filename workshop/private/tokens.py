"""Tokens: opaque random strings in a cookie, kept as hashes, looked up at every request. No signed cookies, no clock."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from workshop.domain.people import Role
from workshop.private import visits
from workshop.private.database import token_table
from workshop.record.prepared import Prepared

_t: Final = token_table.c
_BEARER: Final = Prepared(select(_t.role, _t.subject_id, _t.meeting_id).where(_t.hash == bindparam("hash"), _t.revoked.is_(False)))


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is: a participant's or staff member's id."""

    role: str
    subject_id: str
    meeting_id: str


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(connection: Connection, role: str, subject_id: str, meeting_id: str = "") -> str:
    """256 random bits; only the hash is kept. An organiser's, on the internet, ends by itself: see `visits`."""
    token = secrets.token_urlsafe(32)
    values = {"hash": hashed(token), "role": role, "subject_id": subject_id, "meeting_id": meeting_id, "revoked": False}
    connection.execute(insert(token_table), values)
    if role == Role.ORGANISER:
        visits.begin(connection, hashed(token), subject_id, int(time.time()))
    return token


def bearer_of(connection: Connection, token: str) -> Bearer | None:
    row = _BEARER.first(connection, hash=hashed(token))
    return Bearer(*row) if row else None


def revoke_token(connection: Connection, token: str) -> None:
    connection.execute(update(token_table).where(token_table.c.hash == hashed(token)).values(revoked=True))


def revoke_all_of(connection: Connection, subject_id: str, but: str = "") -> None:
    """`but`: the hash of the token that stays good."""
    connection.execute(update(token_table).where(_t.subject_id == subject_id, _t.hash != but).values(revoked=True))
