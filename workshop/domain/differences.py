"""What changed between two texts, word by word: to be shown to a person, never to decide anything."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final, TypeAlias

_PIECE: Final = re.compile(r"\s+|\w+|[^\w\s]")


class Mark(StrEnum):
    SAME = "same"
    NEW = "new"
    GONE = "gone"


Marked: TypeAlias = list[tuple[Mark, str]]


def differences(before: str, after: str) -> Marked:
    """Pieces in reading order; those that are the same or new make `after`, those that are the same or gone make `before`."""
    marked: Marked = []
    for same, steps in groupby(_steps(_PIECE.findall(before), _PIECE.findall(after)), key=lambda step: step[0]):
        olds, news = zip(*((old, new) for _, old, new in steps), strict=True)
        marked += [(Mark.SAME, "".join(news))] if same else [(Mark.GONE, "".join(olds)), (Mark.NEW, "".join(news))]
    return [(mark, piece) for mark, piece in marked if piece]


def only_new(before: str, after: str) -> Marked:
    """`after` with what `before` does not say: two wordings side by side each show their own."""
    return [(mark, piece) for mark, piece in differences(before, after) if mark is not Mark.GONE]


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[bool, str, str]]:
    """(same, old words, new words); a lone space between two changes belongs to the change."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (operation, i, j, k, m) in enumerate(steps):
        is_space = 0 < at < len(steps) - 1 and not "".join(new[k:m]).strip()
        yield operation == "equal" and not is_space, "".join(old[i:j]), "".join(new[k:m])
