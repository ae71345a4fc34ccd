"""The page of erasures: each with every place that may still have the words, by its name, and the copies that do not hear of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from workshop.private.copies_out import CopyOut, left_of
from workshop.private.holders import holders, short_name
from workshop.private.peers import neighbours, the_centre
from workshop.record.queries.erasures import ErasureShown, erasures
from workshop.record.queries.processes import the_process
from workshop.web.answers import words
from workshop.web.computers import names
from workshop.web.courier import enrolled_as
from workshop.web.house import house
from workshop.web.refusal_words import N_

COPIES: Final = {  # sort -> what it is, where, what to do
    "bundle": (
        N_("File %(name)s"),
        N_("Delete it wherever it was carried, then say so here. Brought here again, it does not bring the words back."),
    ),
    "backup": (
        N_("Copy %(name)s"),
        N_("Make a new copy in the same place (tavoli backup): the earlier ones there go by themselves. Or delete it, then say so here."),
    ),
    "second": (
        N_("Copies in %(name)s"),
        N_("Put it in again as the second place: the earlier copies there go by themselves. Or delete them, then say so here."),
    ),
}


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """`process`: its title. `left`: copies of this computer that may still hold the words."""

    told: ErasureShown
    process: str
    left: list[CopyOut]

    @property
    def is_done(self) -> bool:
        return self.told.is_done and not self.left


def erasure_rows() -> list[ErasureRow]:
    with house().reading() as record, house().reading_private() as private:
        found = erasures(record, _holding(private))
        return [ErasureRow(each, _title(record, each), left_of(private, each.id)) for each in found]


def namer() -> Callable[[str], str]:
    """Place -> what people call it."""
    known = house().ask_private(_names)

    def name(place: str) -> str:
        if place == house().device:
            return words(N_("This computer"))
        sort, told = known.get(place, ("computer", ""))
        if sort == "centre":
            return words(N_("Central record %(name)s"), name=told)
        return words(N_("Computer “%(name)s”"), name=told) if told else words(N_("Computer %(mark)s"), mark=place[:6].upper())

    return name


def _title(record: Connection, erasure: ErasureShown) -> str:
    return the_process(record, erasure.process_id).description.title


def _holding(private: Connection) -> Callable[[str], frozenset[str]]:
    """This computer, those that were ever in contact about the process, and those that will be at the next contact."""
    met, centre = holders(private), the_centre(private)
    told = enrolled_as(private)
    near = {short_name(each.public_key) for each in neighbours(private)} if house().place == "room" else set()

    def places(scope: str) -> frozenset[str]:
        found = {house().device, *near, *(each.place for each in met if each.scope == scope)}
        if centre and (told is None or told.covers(scope)):
            found.add(short_name(centre.public_key))
        return frozenset(found)

    return places


def _names(private: Connection) -> dict[str, tuple[str, str]]:
    """Place -> centre or computer, and its name. What it is called now goes before what it was called once."""
    centre = the_centre(private)
    found = {each.place: (each.sort, each.name) for each in holders(private)}
    found |= {place: ("computer", name) for place, name in names(private).items()}
    return found | ({short_name(centre.public_key): ("centre", centre.name)} if centre else {})
