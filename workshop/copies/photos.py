"""Photos beside the copies: each lies there once, under its hash, however many copies there are; what was deleted on purpose goes there too.

They are not part of a copy: a copy is small, checked whole, and kept many times over. A photo never changes, so one file serves all copies.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workshop.copies.disk import check_space, settle, settle_folder

PHOTOS: Final = "photos"
REMOVED: Final = "removed.txt"
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def carry_photos(source: Path, target: Path) -> int:
    """From one folder `photos` to another: what is lacking there; how many. What either place deleted on purpose lies in neither."""
    here, there = dict(_photos(source)), dict(_photos(target))
    gone = (_removed(source) | _removed(target)) - here.keys()  # added again after it was removed: it is here because somebody wants it
    for sha256 in gone & there.keys():
        there[sha256].unlink(missing_ok=True)
    _note(target, gone)
    lacking = here.keys() - there.keys() - gone
    for sha256 in sorted(lacking):
        _copy(here[sha256], target / sha256[:2] / sha256)
    return len(lacking)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_space(target.parent, source.stat().st_size)
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    settle(part)
    os.replace(part, target)
    settle_folder(target.parent)


def _photos(folder: Path) -> Iterator[tuple[str, Path]]:
    return ((path.name, path) for path in folder.glob("[0-9a-f][0-9a-f]/*") if _HASH.fullmatch(path.name))


def _removed(folder: Path) -> set[str]:
    with contextlib.suppress(FileNotFoundError):
        return set(_HASH.findall((folder / REMOVED).read_text(encoding="ascii", errors="replace")))
    return set()


def _note(folder: Path, gone: set[str]) -> None:
    new = gone - _removed(folder)
    if new:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / REMOVED).open("a", encoding="ascii") as file:
            file.write("".join(f"{sha256}\n" for sha256 in sorted(new)))
        settle(folder / REMOVED)
