"""Staff: who helps at which table, how they sign in (QR and PIN; the lead by passphrase), and how they are sent away."""

import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, insert, select, update

from workshop.domain.ids import new_code, new_id
from workshop.private.database import staff_table
from workshop.private.tokens import hashed, revoke_all_of

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_WORDS = (
    "acqua",
    "albero",
    "ancora",
    "aprile",
    "barca",
    "bosco",
    "cielo",
    "colle",
    "corda",
    "cuore",
    "domani",
    "erba",
    "estate",
    "faro",
    "ferro",
    "fiore",
    "fiume",
    "foglia",
    "fonte",
    "giorno",
    "grano",
    "inverno",
    "isola",
    "lago",
    "luce",
    "luna",
    "mare",
    "marzo",
    "mattina",
    "melo",
    "monte",
    "muro",
    "neve",
    "nido",
    "nuvola",
    "olivo",
    "ombra",
    "onda",
    "orto",
    "pane",
    "passo",
    "piazza",
    "pietra",
    "pino",
    "ponte",
    "porta",
    "prato",
    "radice",
    "rosa",
    "sale",
    "sasso",
    "scala",
    "seme",
    "sentiero",
    "sera",
    "sole",
    "stella",
    "strada",
    "tavolo",
    "terra",
    "torre",
    "vento",
    "vigna",
)


@dataclass(frozen=True, slots=True)
class StaffMember:
    id: str
    role: str
    name: str
    meeting_id: str
    tables: frozenset[str]
    revoked: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """Shown once: the secret part of the QR and the PIN to type."""

    staff_id: str
    secret: str
    pin: str


def invite(connection: Connection, role: str, name: str, meeting_id: str, tables: frozenset[str]) -> Invitation:
    """A facilitator or scribe of these tables. The PIN has 6 characters of 25: about 28 bits, tries are limited."""
    invitation = Invitation(new_id(), secrets.token_urlsafe(16), new_code(6))
    values = {
        "id": invitation.staff_id,
        "role": role,
        "name": name,
        "meeting_id": meeting_id,
        "tables": " ".join(sorted(tables)),
        "invite_hash": hashed(invitation.secret),
        "pin_hash": _HASHER.hash(invitation.pin),
        "revoked": False,
    }
    connection.execute(insert(staff_table), values)
    return invitation


def make_lead(connection: Connection, role: str, passphrase: str) -> str:
    """The lead (room) or first organiser (centre), signed in by passphrase; the id."""
    staff_id = new_id()
    values = {"id": staff_id, "role": role, "name": "", "meeting_id": "", "tables": "", "invite_hash": "", "revoked": False}
    connection.execute(insert(staff_table), {**values, "pin_hash": _HASHER.hash(passphrase)})
    return staff_id


def change_passphrase(connection: Connection, staff_id: str, passphrase: str, but: str = "") -> None:
    """Whoever came in with the old one is out, but for the token with which it was asked (its hash)."""
    connection.execute(update(staff_table).where(staff_table.c.id == staff_id).values(pin_hash=_HASHER.hash(passphrase)))
    revoke_all_of(connection, staff_id, but)


def new_passphrase() -> str:
    """Five words of 66: about 30 bits, easy to say aloud; tries are limited."""
    return "-".join(secrets.choice(_WORDS) for _ in range(5))


def staff_member(connection: Connection, staff_id: str) -> StaffMember | None:
    row = connection.execute(select(staff_table).where(staff_table.c.id == staff_id)).first()
    return _member(row) if row else None


def staff_of(connection: Connection, meeting_id: str) -> list[StaffMember]:
    chosen = select(staff_table).where(staff_table.c.meeting_id == meeting_id, staff_table.c.role.in_(("facilitator", "scribe")))
    return [_member(row) for row in connection.execute(chosen.order_by(staff_table.c.role, staff_table.c.id))]


def has_facilitator(connection: Connection, work_table_id: str) -> bool:
    """Somebody was invited to facilitate this table, and was not sent away."""
    s = staff_table.c
    chosen = select(s.tables).where(s.role == "facilitator", s.revoked.is_(False))
    return any(work_table_id in tables.split() for tables in connection.execute(chosen).scalars())


def invited(connection: Connection, secret: str) -> StaffMember | None:
    row = connection.execute(select(staff_table).where(staff_table.c.invite_hash == hashed(secret))).first()
    return _member(row) if row and secret else None


def lead_of(connection: Connection, role: str) -> StaffMember | None:
    row = connection.execute(select(staff_table).where(staff_table.c.role == role, staff_table.c.revoked.is_(False))).first()
    return _member(row) if row else None


def knows_secret(connection: Connection, staff_id: str, typed: str) -> bool:
    """PIN or passphrase; takes about 30 ms on purpose."""
    kept = connection.execute(select(staff_table.c.pin_hash).where(staff_table.c.id == staff_id, staff_table.c.revoked.is_(False))).scalar()
    try:
        return bool(kept) and _HASHER.verify(str(kept), typed)
    except VerificationError:
        return False


def revoke(connection: Connection, staff_id: str) -> None:
    connection.execute(update(staff_table).where(staff_table.c.id == staff_id).values(revoked=True))
    revoke_all_of(connection, staff_id)


def _member(row: object) -> StaffMember:
    r = row
    return StaffMember(r.id, r.role, r.name, r.meeting_id, frozenset(r.tables.split()), r.revoked)  # type: ignore[attr-defined]
