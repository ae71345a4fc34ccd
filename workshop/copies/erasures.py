"""erasures.txt beside the copies: what was erased on a person's request must not come back, whichever copy is restored.

One line each: the hash of the entry, a space, the command that led to it (its cause). Only added to; every place has all lines.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from workshop.copies.disk import settle_folder
from workshop.record.erasing import Erased

NAME: Final = "erasures.txt"
_LINE: Final = re.compile(r"([0-9a-f]{64})(?: ([0-9a-f]{32}))?")


def erasures_in(place: Path) -> frozenset[Erased]:
    """What the list of this place says; a line that nobody can read is left where it is."""
    with contextlib.suppress(FileNotFoundError):
        lines = (place / NAME).read_text(encoding="ascii", errors="replace").splitlines()
        return frozenset(Erased(found[1], found[2] or "") for line in lines if (found := _LINE.fullmatch(line.strip())))
    return frozenset()


def note_erasures(place: Path, erased: Iterable[Erased]) -> None:
    """On the disk when this returns."""
    new = sorted(set(erased) - erasures_in(place), key=lambda each: each.entry_hash)
    if not new:
        return
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / NAME).open("a", encoding="ascii") as file:
        file.write("".join(f"{each.entry_hash} {each.cause}".rstrip() + "\n" for each in new))
        file.flush()
        os.fsync(file.fileno())
    settle_folder(place)


def carry_erasures(source: Path, target: Path) -> None:
    note_erasures(target, erasures_in(source))
