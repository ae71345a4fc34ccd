"""Copies as the lead sees them: when and where the last one was made, whether that is long ago, and what stands in the way."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workshop.copies.copier import Copier, Stands, problem_of
from workshop.copies.restoring import NotEmpty
from workshop.copies.second_place import is_apart, second_place
from workshop.copies.shape import Copy, CopyUnusable
from workshop.domain.refusal import NotFound, Refusal, Sort
from workshop.settings import Folder
from workshop.web.house import House, house
from workshop.web.refusal_words import N_

PROBLEMS: Final = {
    "absent": N_("It is not here now: put the stick in again, and copies go on by themselves."),
    "no_space": N_("There is not enough space: free some, or choose another place."),
    "failed": N_("The disk does not take what is written: look at it, or choose another place."),
    "no_copy": N_("There is no copy in this folder."),
    "newer": N_("It was made by a newer Tavoli: use that one, or a newer one."),
    "unreadable": N_("It cannot be read: use another copy."),
    "file_missing": N_("It is not whole, a file is missing: use another copy."),
    "file_changed": N_("It is damaged: a file is not as it was written. Use another copy."),
    "not_sound": N_("It is damaged: the database in it is not sound. Use another copy."),
    "entries_differ": N_("It is damaged: it does not hold what it says. Use another copy."),
    "not_empty": N_("There is a record here already, and nothing is ever overwritten."),
}


class CopyNotMade(Refusal):
    """Detail: why, in words."""

    sort = Sort.NO_SPACE


class CopyNotUsable(Refusal):
    """Detail: why, in words. Nothing was restored."""

    sort = Sort.OUT_OF_STEP


class PlaceUnusable(Refusal):
    """Not a folder, not writable, or inside the data folder itself."""


@dataclass(frozen=True, slots=True)
class CopiesShown:
    """`second_is_apart`: on another disk than the data; a copy on the same one helps against mistakes only."""

    here: Stands
    there: Stands | None
    second: str
    second_is_apart: bool
    is_late: bool

    @property
    def tone(self) -> str:
        if self.is_late:
            return "bad"
        return "ok" if self.here.copy and (self.there is None or not self.there.problem) else "wait"

    def problem(self, stands: Stands) -> str:
        return PROBLEMS.get(stands.problem, PROBLEMS["failed"])


def the_copies() -> CopiesShown | None:
    """From memory: no page waits for a stick. None where the record is in PostgreSQL."""
    copier = house().copier
    if copier is None:
        return None
    chosen = house().ask_private(second_place)
    path = str(chosen.path) if chosen else ""
    there = copier.there if copier.there and str(copier.there.path) == path else None
    return CopiesShown(copier.here, there, path, bool(chosen and chosen.is_apart), copier.is_late())


def copier_of(home: House) -> Copier:
    if home.copier is None:
        raise NotFound("copies")
    return home.copier


def copy_now(copier: Copier, place: Path | None = None) -> Copy:
    """Blocks; called apart. A copy that cannot be made is a refusal in words."""
    try:
        return copier.copy_now(place)
    except (OSError, sqlite3.Error, CopyUnusable) as wrong:
        raise CopyNotMade("place", why=PROBLEMS.get(problem_of(wrong), PROBLEMS["failed"])) from wrong


def usable_place(path: str, folder: Folder) -> bool:
    """Whether it is on another disk; called apart. Raises PlaceUnusable."""
    place = Path(path)
    try:
        if place.is_absolute() and place.is_dir() and os.access(place, os.W_OK) and not _is_inside(place, folder):
            return is_apart(place, folder)
    except (OSError, ValueError) as wrong:
        raise PlaceUnusable("place") from wrong
    raise PlaceUnusable("place")


def _is_inside(place: Path, folder: Folder) -> bool:
    return place.resolve().is_relative_to(folder.path.resolve())


@contextlib.contextmanager
def in_words() -> Iterator[None]:
    """What is wrong with a copy that somebody wants to restore."""
    try:
        yield
    except CopyUnusable as wrong:
        raise CopyNotUsable("copy", why=PROBLEMS[wrong.why]) from wrong
    except NotEmpty as wrong:
        raise CopyNotUsable("copy", why=PROBLEMS["not_empty"]) from wrong
    except (OSError, sqlite3.Error) as wrong:
        raise CopyNotMade("copy", why=PROBLEMS[problem_of(wrong)]) from wrong
