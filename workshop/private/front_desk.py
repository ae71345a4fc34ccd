"""What the terminal does about people: organisers of the central record, the passphrase of a room's lead. Each is one job of the writer."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from workshop.domain.people import Role
from workshop.domain.refusal import NotFound, Refusal, Sort
from workshop.private import organisers, visits
from workshop.private.settings_kept import setting
from workshop.private.staff import change_passphrase, lead_of, new_passphrase

Job: TypeAlias = Callable[[Connection, str, int], dict[str, Any]]  # the name that was typed, now


class NoLeadHere(Refusal):
    """This folder is no room's, or its room was never started."""

    sort = Sort.OUT_OF_STEP


def add(connection: Connection, name: str, now: int) -> dict[str, Any]:
    if lead_of(connection, Role.LEAD):
        raise organisers.NoSuchOrganiser("organiser")  # a room's folder: nobody organises there
    return {"path": _path(organisers.add(connection, name, now)), "origin": setting(connection, "origin")}


def renew(connection: Connection, name: str, now: int) -> dict[str, Any]:
    """For who has lost passphrase or phone, and the recovery codes too."""
    found = organisers.organiser_named(connection, name)
    return {"path": _path(organisers.make_link(connection, found.id, now)), "origin": setting(connection, "origin")}


def revoke(connection: Connection, name: str, _now: int) -> dict[str, Any]:
    found = organisers.organiser_named(connection, name)
    organisers.revoke(connection, found.id)
    return {"id": found.id}


def end_sessions(connection: Connection, name: str, _now: int) -> dict[str, Any]:
    found = organisers.organiser_named(connection, name)
    visits.end_all(connection, found.id)
    return {"id": found.id}


def listed(connection: Connection, _name: str, now: int) -> dict[str, Any]:
    found = organisers.organisers(connection)
    return {"organisers": [[each.name, each.is_set_up, len(visits.visits_of(connection, each.id, now))] for each in found]}


def passphrase(connection: Connection, _name: str, _now: int) -> dict[str, Any]:
    """A new one for the room's lead: whoever came in with the old one is out."""
    lead = lead_of(connection, Role.LEAD)
    if lead is None:
        raise NoLeadHere("passphrase")
    change_passphrase(connection, lead.id, made := new_passphrase())
    return {"id": lead.id, "passphrase": made}


JOBS: Final[dict[str, Job]] = {
    "add": add,
    "renew": renew,
    "revoke": revoke,
    "sign-out": end_sessions,
    "list": listed,
    "passphrase": passphrase,
}


def job_named(name: str) -> Job:
    if name not in JOBS:
        raise NotFound("job")
    return JOBS[name]


def _path(secret: str) -> str:
    return f"/set-up/{secret}"
