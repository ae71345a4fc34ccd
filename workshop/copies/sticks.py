"""Where sticks and other disks appear, by system: the folders that people find in their file manager."""

import contextlib
import os
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAMED: Final = "TAVOLI_STICKS"  # more places to look at, separated as in PATH
ON_LINUX: Final = ("/media", "/run/media", "/mnt")


def sticks() -> list[Path]:
    """Mounted now. Asks the system only, and no longer than a look takes; call it apart: a stick that is going may be slow."""
    named = [Path(each) for each in os.environ.get(NAMED, "").split(os.pathsep) if each]
    return sorted({*_mounted(), *(each for each in named if each.is_dir())})


def _mounted() -> Iterator[Path]:
    if sys.platform == "win32":
        yield from (Path(f"{letter}:\\") for letter in string.ascii_uppercase[3:] if os.path.exists(f"{letter}:\\"))
    elif sys.platform == "darwin":
        yield from (each for each in _below(Path("/Volumes")) if os.path.ismount(each))
    else:
        for root in map(Path, ON_LINUX):
            yield from (each for first in _below(root) for each in (first, *_below(first)) if os.path.ismount(each))


def _below(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [each for each in folder.iterdir() if each.is_dir()]
    return []
