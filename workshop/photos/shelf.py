"""The shelf: bytes under the name of their hash, in DATA/photos. A name there means that all bytes are there and on the disk.

photos/
  3f/3f9a...       a photo
  3f/3f9a....part  the first bytes of one that is on its way here from another computer
  small/3f9a...    the same photo, small, for lists
  incoming/        what phones and laptops are sending (uploads.py)
  removed.txt      hashes whose bytes were deleted on purpose: copies do not bring them back
"""

import contextlib
import hashlib
import os
import re
import shutil
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from workshop.copies.disk import settle, settle_folder
from workshop.photos.refusals import PhotoSpace, PieceElsewhere

PHOTOS: Final = "photos"
REMOVED: Final = "removed.txt"
RESERVE: Final = 200 * 1024 * 1024  # bytes that photos leave free on the disk
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class BytesDiffer(ValueError):
    """All bytes came, and they are not those that the hash names. They were deleted."""


@cache
def shelf_in(data: Path) -> "Shelf":
    """The one shelf of a data folder: whoever touches it here waits for the others."""
    return Shelf(data / PHOTOS)


@dataclass(slots=True)
class Shelf:
    """Blocks on the disk: called apart. `keeping` is held from the first byte of a new photo until the record names it."""

    root: Path
    keeping: Any = field(default_factory=threading.RLock)  # of native threads

    def path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError("no hash")
        return self.root / sha256[:2] / sha256

    def small(self, sha256: str) -> Path:
        return self.root / "small" / self.path(sha256).name

    def is_here(self, sha256: str) -> bool:
        return bool(_HASH.fullmatch(sha256)) and self.path(sha256).is_file()

    def held(self, sha256: str) -> int:
        """How many of the first bytes are here."""
        for path in (self.path(sha256), self._part(sha256)):
            with contextlib.suppress(FileNotFoundError):
                return path.stat().st_size
        return 0

    def read(self, sha256: str, start: int, most: int) -> bytes:
        """b"" at the end, and where nothing is."""
        with contextlib.suppress(FileNotFoundError), self.path(sha256).open("rb") as file:
            file.seek(start)
            return file.read(most)
        return b""

    def put(self, data: bytes) -> str:
        """Bytes of our own; their hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.add(sha256, len(data), 0, data, restart=True)
        return sha256

    def add(self, sha256: str, size: int, start: int, data: bytes, *, restart: bool = False) -> int:
        """The next piece of bytes that have this hash; how many are here now. Raises PieceElsewhere, BytesDiffer, PhotoSpace."""
        with self.keeping:
            if self.is_here(sha256):
                return size
            held = 0 if restart else self.held(sha256)
            if start != held or start + len(data) > size:
                raise PieceElsewhere("photo", held=held)
            part = self._part(sha256)
            part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_space(self.root, size)
            with part.open("r+b" if start else "wb") as file:
                file.seek(start)
                file.write(data)
            return self._finished(sha256, size) if start + len(data) == size else start + len(data)

    def write_small(self, sha256: str, data: bytes) -> None:
        target = self.small(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_ident()}")
        part.write_bytes(data)
        part.replace(target)

    def here(self) -> Iterator[str]:
        """Hashes of everything that lies here, whole or begun."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            if _HASH.fullmatch(path.name.removesuffix(".part")):
                yield path.name.removesuffix(".part")

    def age(self, sha256: str) -> float:
        """Seconds since these bytes came; 0 when they are not here."""
        with contextlib.suppress(FileNotFoundError):
            return time.time() - self.path(sha256).stat().st_mtime
        return 0.0

    def delete(self, gone: Collection[str], *, on_purpose: bool = True) -> int:
        """The small ones too; how many. What goes on purpose goes from the copies as well, and does not come back from them."""
        if gone and on_purpose:
            self._note_removed(gone)
        for sha256 in gone:
            for path in (self.path(sha256), self._part(sha256), self.small(sha256)):
                path.unlink(missing_ok=True)
            settle_folder(self.path(sha256).parent)
        return len(gone)

    def _finished(self, sha256: str, size: int) -> int:
        part = self._part(sha256)
        settle(part)
        if _sha256_of(part) != sha256:
            part.unlink(missing_ok=True)
            raise BytesDiffer(sha256)
        part.replace(self.path(sha256))
        settle_folder(part.parent)
        return size

    def _part(self, sha256: str) -> Path:
        return self.path(sha256).with_name(f"{sha256}.part")

    def _note_removed(self, gone: Collection[str]) -> None:
        """Before anything is deleted: after a power cut it is deleted again."""
        with (self.root / REMOVED).open("a", encoding="ascii") as file:
            file.write("".join(f"{sha256}\n" for sha256 in sorted(gone)))
        settle(self.root / REMOVED)


def check_space(place: Path, needed: int) -> None:
    if shutil.disk_usage(place).free < needed + RESERVE:
        raise PhotoSpace("photo")


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
