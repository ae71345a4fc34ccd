"""The central record as the lead sees it: what exists only on this computer, which centre it is sent to, how the last sending went."""

from dataclasses import dataclass

from workshop.private.peers import Centre, the_centre
from workshop.web.contacts import Contact, last_contact
from workshop.web.courier import only_here
from workshop.web.house import house


@dataclass(frozen=True, slots=True)
class Link:
    """`only_here`: entries that no other computer said it has."""

    only_here: int
    centre: Centre | None
    last: Contact | None


def the_link() -> Link:
    with house().reading() as record, house().reading_private() as private:
        return Link(only_here(record, private), the_centre(private), last_contact(private))
