"""The central record as the lead sees it: what exists only on this computer, which centre it is sent to, how the last sending went."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection

from workshop.domain.profiles import Profile
from workshop.private.peers import Centre, the_centre
from workshop.private.settings_kept import setting
from workshop.record.log import scopes
from workshop.web.contacts import Contact, last_contact
from workshop.web.courier import OFFERED, kept_here, only_here, profile_of
from workshop.web.house import house
from workshop.web.rounds import goes_by_itself


@dataclass(frozen=True, slots=True)
class Link:
    """`only_here`: entries that no other computer said it has, and that shall leave; `kept_here`: those that stay on purpose."""

    only_here: int
    kept_here: int
    profile: Profile
    offered: list[tuple[str, str]]  # (scope, title): prepared at the centre, and not here yet
    centre: Centre | None
    last: Contact | None
    by_itself: bool = True


def the_link() -> Link:
    with house().reading() as record, house().reading_private() as private:
        return Link(
            only_here(record, private),
            kept_here(record, private),
            profile_of(private),
            _offered(record, private),
            the_centre(private),
            last_contact(private),
            goes_by_itself(private),
        )


def _offered(record: Connection, private: Connection) -> list[tuple[str, str]]:
    here, kept = scopes(record), setting(private, OFFERED, "[]")
    return [(scope, title) for scope, title in json.loads(kept) if scope not in here]
