"""A pasted list of people, a line for each: "Name; contact; table; needs". What cannot be read is given back with its reason."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from workshop.domain.ids import new_id
from workshop.domain.refusal import Refusal, TextUnreadable
from workshop.domain.registration import NameMissing, NoSuchTable, Registration, registered

LINES_MOST: Final = 1_000
COLUMNS_MOST: Final = 4
_HEADINGS: Final = frozenset({"nome", "nome e cognome", "cognome e nome", "nominativo", "name", "full name"})


class TooManyLines(Refusal):
    """Detail: most."""


class TooManyColumns(Refusal):
    """A line with more than name, contact, table and needs. Detail: most."""


@dataclass(frozen=True, slots=True)
class Unread:
    """`number`: which line it was, from 1."""

    number: int
    line: str
    why: Refusal


@dataclass(frozen=True, slots=True)
class Read:
    people: tuple[Registration, ...]
    unread: tuple[Unread, ...]

    @property
    def left(self) -> str:
        """What is to be mended, as it was pasted."""
        return "\n".join(each.line for each in self.unread)


def read_lines(text: str, blank: Registration, tables: Mapping[str, str]) -> Read:
    """`blank`: what all lines have in common. `tables`: number or theme, in small letters -> id."""
    lines = [(number, line.strip("\r\n")) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise NameMissing("lines")
    if len(lines) > LINES_MOST:
        raise TooManyLines("lines", most=LINES_MOST)
    found = [_line(number, line, blank, tables) for number, line in lines if not (number == lines[0][0] and _is_heading(line))]
    people = tuple(each for each in found if isinstance(each, Registration))
    return Read(people, tuple(each for each in found if isinstance(each, Unread)))


def _line(number: int, line: str, blank: Registration, tables: Mapping[str, str]) -> "Registration | Unread":
    try:
        name, contact, table, needs = _cells(line)
        wish = replace(blank, id=new_id(), name=name, contact=contact, work_table_id=_table(table, tables), needs=needs)
        return registered(wish)
    except Refusal as why:
        return Unread(number, line, why)


def _cells(line: str) -> Iterator[str]:
    """By tabs, else semicolons, else commas; what stands in quotes is one cell."""
    parting = next((each for each in "\t;," if each in line), ";")
    try:
        [cells] = csv.reader([line], delimiter=parting, skipinitialspace=True)
    except (csv.Error, ValueError) as wrong:
        raise TextUnreadable("lines") from wrong
    told = [cell.strip() for cell in cells]
    if any(told[COLUMNS_MOST:]):
        raise TooManyColumns("lines", most=COLUMNS_MOST)
    return iter([*told, *[""] * COLUMNS_MOST][:COLUMNS_MOST])


def _table(told: str, tables: Mapping[str, str]) -> str:
    asked = told.casefold().removeprefix("tavolo ").removeprefix("table ").strip()
    if not asked:
        return ""
    if found := tables.get(asked) or tables.get(asked.removeprefix("t")):
        return found
    raise NoSuchTable("work_table_id", table=told[:80])


def _is_heading(line: str) -> bool:
    return re.split("[\t;,]", line)[0].strip(' "').casefold() in _HEADINGS
