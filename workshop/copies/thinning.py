"""Which copies stay: the last twelve, and the last one of each hour before, a day's work of hours in all."""

import shutil
from pathlib import Path
from typing import Final

from workshop.copies.shape import Copy, copies_in

LAST: Final = 12
HOURS: Final = 24


def thin(place: Path, *, only_newest: bool = False) -> None:
    """Never the newest: a copy goes only when newer ones stay."""
    found = copies_in(place)
    staying = {copy.path for copy in (found[:1] if only_newest else to_keep(found))}
    for copy in found:
        if copy.path not in staying:
            shutil.rmtree(copy.path, ignore_errors=True)


def to_keep(copies: list[Copy]) -> list[Copy]:
    """`copies`: the newest first."""
    by_hour: dict[str, Copy] = {}
    for copy in copies[LAST:]:
        by_hour.setdefault(copy.made[:13], copy)
    return copies[:LAST] + list(by_hour.values())[:HOURS]
