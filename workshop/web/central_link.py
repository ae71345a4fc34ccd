"""The central record as the lead sees it: what exists only on this computer, which centre it is sent to, how the last sending went."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from sync.signing import Reader
from workshop.domain.profiles import Profile
from workshop.private.peers import Centre, neighbours, the_centre
from workshop.private.settings_kept import setting
from workshop.record.log import scopes
from workshop.record.queries.processes import processes
from workshop.web.contacts import Contact, last_contact
from workshop.web.courier import OFFERED, may_go
from workshop.web.house import house
from workshop.web.leaving import kept_here, not_at_centre, only_here, profile_of
from workshop.web.readers import agreed, announced
from workshop.web.rounds import goes_by_itself


@dataclass(frozen=True, slots=True)
class Link:
    """`only_here`: entries that no other computer said it has, and that shall leave; `not_at_centre`: those that the centre has not;
    `kept_here`: those that stay on purpose; `not_for`: titles of processes that it was not enrolled for."""

    only_here: int
    not_at_centre: int
    kept_here: int
    profile: Profile
    offered: list[tuple[str, str]]  # (scope, title): prepared at the centre, and not here yet
    centre: Centre | None
    last: Contact | None
    beside: list[str]  # names of paired laptops
    not_for: list[str]
    by_itself: bool = True
    reader: Reader | None = None  # whose key the centre announces
    is_agreed: bool = False  # whether it is the one that was chosen here


def the_link() -> Link:
    with house().reading() as record, house().reading_private() as private:
        goes = may_go(private)
        return Link(
            only_here(record, private),
            not_at_centre(record, private),
            kept_here(record, private),
            profile_of(private),
            _offered(record, private),
            the_centre(private),
            last_contact(private),
            [each.name for each in neighbours(private)],
            _titles(record, [scope for scope in scopes(record) if not goes(scope)]),
            goes_by_itself(private),
            announced(private),
            bool(agreed(private)),
        )


def _titles(record: Connection, scopes: list[str]) -> list[str]:
    return [each.description.title for each in processes(record) if each.id in scopes] if scopes else []


def _offered(record: Connection, private: Connection) -> list[tuple[str, str]]:
    here, kept = scopes(record), setting(private, OFFERED, "[]")
    return [(scope, title) for scope, title in json.loads(kept) if scope not in here]
