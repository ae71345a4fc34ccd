"""What changed between two texts, word by word: to be shown to a person, never to decide anything."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, TypeAlias

_PIECE: Final = re.compile(r"\s+|\w+|[^\w\s]")


class Mark(StrEnum):
    SAME = "same"
    NEW = "new"
    GONE = "gone"


Marked: TypeAlias = list[tuple[Mark, str]]


def differences(before: str, after: str) -> Marked:
    """Pieces in reading order; those that are the same or new make `after`, those that are the same or gone make `before`."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    marked: Marked = []
    for operation, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = operation == "equal"
        marked += [(Mark.SAME, "".join(new[k:m]))] if same else [(Mark.GONE, "".join(old[i:j])), (Mark.NEW, "".join(new[k:m]))]
    return [(mark, piece) for mark, piece in marked if piece]


def only_new(before: str, after: str) -> Marked:
    """`after` with what `before` does not say: two wordings side by side each show their own."""
    return [(mark, piece) for mark, piece in differences(before, after) if mark is not Mark.GONE]
