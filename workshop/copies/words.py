"""Why a copy cannot be made or used, in one line for the command line; pages have their own words, in two languages."""

from typing import Final

from workshop.copies.disk import NoSpace
from workshop.copies.restoring import NotEmpty
from workshop.copies.shape import CopyUnusable
from workshop.copies.trouble import FolderInTrouble

CANNOT_USE: Final = {
    "no_copy": "There is no copy in {path}. Name the folder of a copy, or the folder that holds several.",
    "newer": "The copy {path} was made by a newer Tavoli. Restore it with that one, or a newer one.",
    "unreadable": "The copy {path} cannot be read ({name}). Use another copy.",
    "file_missing": "The copy {path} is not whole: {name} is missing. Use another copy.",
    "file_changed": "The copy {path} is damaged: {name} is not as it was written. Use another copy.",
    "not_sound": "The copy {path} is damaged: {name} is not sound. Use another copy.",
    "entries_differ": "The copy {path} is damaged: it does not hold the entries it says. Use another copy.",
}


def told(wrong: Exception) -> str:
    """'' for what is none of ours."""
    match wrong:
        case FolderInTrouble():
            return str(wrong)
        case CopyUnusable():
            return CANNOT_USE[wrong.why].format(path=wrong.path, name=wrong.name)
        case NotEmpty():
            return f"The folder {wrong.path} is not empty, and nothing is overwritten. Name a new one: --data {wrong.path}-restored"
        case NoSpace():
            return f"There is not enough space for a copy at {wrong.filename}. Free some, or choose another place."
        case _:
            return ""
