"""The central record as the lead sees it: what exists only on this computer, which centre it is sent to, how the last sending went."""

from dataclasses import dataclass

from workshop.domain.profiles import Profile
from workshop.private.peers import Centre, the_centre
from workshop.web.contacts import Contact, last_contact
from workshop.web.courier import kept_here, only_here, profile_of
from workshop.web.house import house


@dataclass(frozen=True, slots=True)
class Link:
    """`only_here`: entries that no other computer said it has, and that shall leave; `kept_here`: those that stay on purpose."""

    only_here: int
    kept_here: int
    profile: Profile
    centre: Centre | None
    last: Contact | None


def the_link() -> Link:
    with house().reading() as record, house().reading_private() as private:
        return Link(only_here(record, private), kept_here(record, private), profile_of(private), the_centre(private), last_contact(private))
