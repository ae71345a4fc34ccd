"""Organisers and their sessions as pages show them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from workshop.private import organisers, visits


@dataclass(frozen=True, slots=True)
class VisitShown:
    """`began`, `seen`: ISO, UTC."""

    token_hash: str
    began: str
    seen: str


@dataclass(frozen=True, slots=True)
class OrganiserShown:
    id: str
    name: str
    is_set_up: bool
    visits: list[VisitShown]


def shown(private: Connection, now: int) -> list[OrganiserShown]:
    return [_organiser(private, each, now) for each in organisers.organisers(private)]


def _organiser(private: Connection, each: organisers.Organiser, now: int) -> OrganiserShown:
    open_now = [VisitShown(v.token_hash, _iso(v.began), _iso(v.seen)) for v in visits.visits_of(private, each.id, now)]
    return OrganiserShown(each.id, each.name, each.is_set_up, open_now)


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")
