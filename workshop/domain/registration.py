"""A registration: somebody who wishes to come to a meeting, by name. It is no fact of the record: it lies in the private database alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from workshop.domain.participant import CATEGORIES
from workshop.domain.refusal import NotInList, Refusal, Sort
from workshop.domain.text import maybe_words

NAME_MOST: Final = 80
CONTACT_MOST: Final = 120
NEEDS_MOST: Final = 200
PEOPLE_MOST: Final = 2_000  # in one process: all of them fit in one parcel, whatever their letters
_EMAIL: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
_PHONE: Final = re.compile(r"\+?\(?\d[\d\s./()-]{4,24}")
_FIGURES_LEAST: Final = 6  # of a telephone number


class NameMissing(Refusal):
    """A registration without a name is nobody's."""


class NameTooLong(Refusal):
    """Detail: most (characters), length."""


class ContactUnreadable(Refusal):
    """Neither an e-mail address nor a telephone number. Detail: contact."""


class NeedsTooLong(Refusal):
    """Detail: most (characters), length."""


class NoSuchTable(Refusal):
    """The meeting has no table of this number or theme. Detail: table."""


class ListIsFull(Refusal):
    """Detail: most (people in one process)."""

    sort = Sort.TOO_MUCH


class WrittenAtTheCentre(Refusal):
    """In a room: who organises changes it at the centre; changed here it would come back as it was."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """`own`: written at this place; in a room the others came in a parcel. `came`: was here on the day; known in the room only."""

    id: str
    process_id: str
    meeting_id: str
    name: str
    contact: str = ""  # an e-mail address or a telephone number
    work_table_id: str = ""  # the table they wish to sit at
    category: str = ""  # one of CATEGORIES
    needs: str = ""  # access, care of children, an interpreter
    created: str = ""  # UTC, to the minute
    came: bool = False
    own: bool = True

    def says_the_same(self, other: "Registration") -> bool:
        """Apart from when and where it was written, and from what became of it."""
        moment = {"created": "", "came": False, "own": True}
        return replace(self, **moment) == replace(other, **moment)  # type: ignore[arg-type]

    @property
    def mark(self) -> tuple[str, str]:
        """Two lines of a list with the same mark are one person, however they are typed."""
        return " ".join(self.name.split()).casefold(), re.sub(r"[\s./()-]", "", self.contact).casefold()


def saying(found: Registration, told: Mapping[str, str]) -> Registration:
    """With these words of a form: name, contact, work_table_id, category, needs."""
    return replace(found, **told)  # type: ignore[arg-type]


def registered(wish: Registration) -> Registration:
    """As it is kept, or a refusal."""
    if wish.category and wish.category not in CATEGORIES:
        raise NotInList("category", choices=CATEGORIES)
    return replace(wish, name=_name(wish.name), contact=_contact(wish.contact), needs=_needs(wish.needs))


def check_room_for(there: int, more: int) -> None:
    if there + more > PEOPLE_MOST:
        raise ListIsFull("name", most=PEOPLE_MOST)


def check_own(found: Registration) -> None:
    if not found.own:
        raise WrittenAtTheCentre("name")


def _name(text: str) -> str:
    kept = _one_line(text, "name")
    if not kept:
        raise NameMissing("name")
    if len(kept) > NAME_MOST:
        raise NameTooLong("name", most=NAME_MOST, length=len(kept))
    return kept


def _contact(text: str) -> str:
    kept = _one_line(text, "contact")
    figures = sum(letter.isdigit() for letter in kept)
    if kept and not (_EMAIL.fullmatch(kept) or (_PHONE.fullmatch(kept) and figures >= _FIGURES_LEAST)):
        raise ContactUnreadable("contact", contact=kept[:CONTACT_MOST])
    if len(kept) > CONTACT_MOST:
        raise ContactUnreadable("contact", contact=kept[:CONTACT_MOST])
    return kept


def _needs(text: str) -> str:
    kept = _one_line(text, "needs")
    if len(kept) > NEEDS_MOST:
        raise NeedsTooLong("needs", most=NEEDS_MOST, length=len(kept))
    return kept


def _one_line(text: str, field: str) -> str:
    return " ".join(maybe_words(text, field, most=len(text)).split())
