"""Organisers of the central record: who they are, the one-time links that let them set a passphrase, and how they are sent away."""

import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.domain.refusal import Refusal, Sort
from workshop.domain.text import words
from workshop.private import visits
from workshop.private.database import account_table, link_table, recovery_table, staff_table
from workshop.private.signing_in import keep_one_time_link
from workshop.private.staff import revoke as revoke_member
from workshop.private.tokens import hashed

LINK_LASTS: Final = 48 * 3600  # seconds
NAME_MOST: Final = 80
_s: Final = staff_table.c
_a: Final = account_table.c
_l: Final = link_table.c


class NameIsTaken(Refusal):
    """Another organiser has this name; capitals make no difference."""

    sort = Sort.OUT_OF_STEP


class NoSuchOrganiser(Refusal):
    """Nobody of this name organises here."""

    sort = Sort.UNKNOWN


class LastOrganiser(Refusal):
    """Nobody would be left to keep the central record."""

    sort = Sort.OUT_OF_STEP


class LinkIsVoid(Refusal):
    """Used, too old, replaced by another one, or never made."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True)
class Organiser:
    """`is_set_up`: has used the one-time link, and can sign in."""

    id: str
    name: str
    is_set_up: bool


def folded(name: str) -> str:
    """Names that look alike are the same name."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def add(connection: Connection, name: str, now: int) -> str:
    """A new organiser; the secret of the one-time link. Raises NameIsTaken, or what is wrong with the name."""
    kept = words(name, "name", 1, NAME_MOST)
    if _with_name(connection, kept):
        raise NameIsTaken("name")
    staff_id = new_id()
    connection.execute(insert(staff_table), {"id": staff_id, "role": Role.ORGANISER, "name": kept})
    connection.execute(insert(account_table), {"staff_id": staff_id, "sign_in_name": folded(kept)})
    return make_link(connection, staff_id, now)


def make_link(connection: Connection, staff_id: str, now: int) -> str:
    """A fresh one-time link; the ones before are void. What the person had goes on working until it is used."""
    secret = secrets.token_urlsafe(24)
    connection.execute(delete(link_table).where(_l.staff_id == staff_id))
    connection.execute(insert(link_table), {"hash": hashed(secret), "staff_id": staff_id, "until": now + LINK_LASTS})
    return secret


def whose_link(connection: Connection, secret: str, now: int) -> Organiser:
    """Raises LinkIsVoid."""
    found = connection.execute(select(_l.staff_id).where(_l.hash == hashed(secret), _l.until > now)).scalar()
    whose = next((each for each in organisers(connection) if each.id == found), None)
    if whose is None:
        raise LinkIsVoid("link")
    return whose


def use_link(connection: Connection, secret: str, now: int) -> Organiser:
    """The same, once."""
    whose = whose_link(connection, secret, now)
    connection.execute(delete(link_table).where(_l.staff_id == whose.id))
    return whose


def organisers(connection: Connection) -> list[Organiser]:
    """Those who were not sent away, by name."""
    chosen = select(_s.id, _s.name, _a.passphrase_hash).join(account_table, _a.staff_id == _s.id)
    found = connection.execute(chosen.where(_s.role == Role.ORGANISER, _s.revoked.is_(False)).order_by(_a.sign_in_name))
    return [Organiser(row.id, row.name, bool(row.passphrase_hash)) for row in found]


def organiser(connection: Connection, staff_id: str) -> Organiser:
    """Raises NoSuchOrganiser."""
    return _one([each for each in organisers(connection) if each.id == staff_id])


def organiser_named(connection: Connection, name: str) -> Organiser:
    """Raises NoSuchOrganiser."""
    return _one([each for each in organisers(connection) if folded(each.name) == folded(name)])


def revoke(connection: Connection, staff_id: str) -> None:
    """From now on nothing of theirs opens anything; the name is free again. Raises NoSuchOrganiser, LastOrganiser."""
    gone = organiser(connection, staff_id)
    if gone.is_set_up and not any(each.is_set_up for each in organisers(connection) if each.id != staff_id):
        raise LastOrganiser("staff_id")
    revoke_member(connection, staff_id)
    visits.end_all(connection, staff_id)
    for table in (account_table, link_table, recovery_table):
        connection.execute(delete(table).where(table.c.staff_id == staff_id))


def one_time_link_of_trial(connection: Connection) -> str:
    """A central record that is only tried out has an organiser without account, who comes in by the link printed at its start."""
    chosen = select(_s.id).where(_s.role == Role.ORGANISER, _s.revoked.is_(False), _s.id.not_in(select(_a.staff_id)))
    if connection.execute(chosen).first() is None:
        connection.execute(insert(staff_table), {"id": new_id(), "role": Role.ORGANISER, "name": "Prova"})
    return keep_one_time_link(connection)


def set_up(connection: Connection, staff_id: str, passphrase_hash: str, totp_secret: bytes, last_step: int) -> None:
    """`totp_secret` is locked already. Sessions begun with what was there before end."""
    kept = {"passphrase_hash": passphrase_hash, "totp_secret": totp_secret, "last_step": last_step}
    connection.execute(update(account_table).where(_a.staff_id == staff_id).values(kept))
    visits.end_all(connection, staff_id)


def change_passphrase(connection: Connection, staff_id: str, passphrase_hash: str, but: str) -> None:
    """All sessions end but the one from which it was asked (its token's hash)."""
    connection.execute(update(account_table).where(_a.staff_id == staff_id).values(passphrase_hash=passphrase_hash))
    visits.end_all(connection, staff_id, but)


def _with_name(connection: Connection, name: str) -> bool:
    return connection.execute(select(_a.staff_id).where(_a.sign_in_name == folded(name))).first() is not None


def _one(found: list[Organiser]) -> Organiser:
    if not found:
        raise NoSuchOrganiser("organiser")
    return found[0]
