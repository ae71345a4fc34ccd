"""Photos beside the copies: each lies there once, under its hash, however many copies there are, unless it was deleted on purpose.

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
    """From the laptop to the place of its copies: what is lacking there; how many. What the laptop deleted on purpose goes there too."""
    here = dict(_photos(source))  # one that was added again after it was removed is here because somebody wants it
    return _carry(here, target, (_removed(source) | _removed(target)) - here.keys())


def bring_photos(place: Path, target: Path) -> None:
    """When a copy of this place is restored: beside the copies on a second place, beside their folder on the laptop's own disk.

    Photos that do not come are said to be missing, and may come from the centre: the words come first."""
    for source in (place / PHOTOS, place.parent / PHOTOS):
        with contextlib.suppress(OSError):
            if source.resolve() != target.resolve():
                there = dict(_photos(source))
                _carry(there, target, (_removed(source) - there.keys()) | _removed(target))


def _carry(photos: dict[str, Path], target: Path, gone: set[str]) -> int:
    there = dict(_photos(target))
    for sha256 in gone & there.keys():
        there[sha256].unlink(missing_ok=True)
    _note(target, gone)
    lacking = photos.keys() - there.keys() - gone
    for sha256 in sorted(lacking):
        _copy(photos[sha256], target / sha256[:2] / sha256)
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
