"""Photos on their way from a browser: the first bytes stay here until the rest comes, so a cut costs one piece. Blocks: called apart."""

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from workshop.copies.disk import settle
from workshop.photos.developing import MEGABYTE, UPLOAD_MOST
from workshop.photos.refusals import PhotoMissing, PhotoNotWhole, PhotoTooBig, PieceElsewhere, PieceUnreadable, TooManyUploads
from workshop.photos.shelf import check_space

WAITING_MOST: Final = 60  # begun and not finished, in all
STALE: Final = 24 * 3600.0  # seconds after which nobody comes back for the rest


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes from `start` on, of `size` in all."""

    start: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Uploads:
    """`folder` is DATA/photos/incoming. An upload is named by its table and the id of the photo to be."""

    folder: Path

    def path(self, work_table_id: str, photo_id: str) -> Path:
        return self.folder / f"{work_table_id}-{photo_id}"

    def held(self, work_table_id: str, photo_id: str) -> int:
        with contextlib.suppress(FileNotFoundError):
            return self.path(work_table_id, photo_id).stat().st_size
        return 0

    def add(self, work_table_id: str, photo_id: str, piece: Piece) -> int:
        """How many bytes are here now. Raises PieceElsewhere with that number when the piece begins somewhere else."""
        if piece.size > UPLOAD_MOST:
            raise PhotoTooBig("photo", most=UPLOAD_MOST // MEGABYTE)
        if not piece.data or piece.start + len(piece.data) > piece.size:
            raise PieceUnreadable("photo")
        held = self.held(work_table_id, photo_id)
        if piece.start != held:
            raise PieceElsewhere("photo", held=held)
        path = self._made(work_table_id, photo_id)
        with path.open("ab") as file:
            file.write(piece.data)
        settle(path)
        return held + len(piece.data)

    def take_whole(self, work_table_id: str, photo_id: str, source: IO[bytes]) -> Path:
        """What a plain form brought. One byte more than the limit is enough to know."""
        path = self._made(work_table_id, photo_id)
        with path.open("wb") as file:
            left = UPLOAD_MOST + 1
            while left and (block := source.read(min(left, MEGABYTE))):
                file.write(block)
                left -= len(block)
        return path

    def whole(self, work_table_id: str, photo_id: str, size: int) -> Path:
        held = self.held(work_table_id, photo_id)
        if not held and not size:
            raise PhotoMissing("photo")
        if held != size:
            raise PhotoNotWhole("photo", held=held)
        return self.path(work_table_id, photo_id)

    def drop(self, work_table_id: str, photo_id: str) -> None:
        self.path(work_table_id, photo_id).unlink(missing_ok=True)

    def clear_stale(self, age: float = STALE) -> int:
        gone = [path for path in self._waiting() if time.time() - path.stat().st_mtime > age]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _made(self, work_table_id: str, photo_id: str) -> Path:
        path = self.path(work_table_id, photo_id)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_space(self.folder, UPLOAD_MOST)
        if not path.exists() and len(self._waiting()) >= WAITING_MOST and not self.clear_stale(3600.0):
            raise TooManyUploads("photo")
        return path

    def _waiting(self) -> list[Path]:
        return list(self.folder.glob("*"))
