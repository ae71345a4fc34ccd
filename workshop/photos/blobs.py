"""The shelf as `sync.blobs` wants it: of a process, only bytes that a photo of it names, that nobody removed, and of a bounded size."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.blobs import BlobRefused
from workshop.photos.refusals import PhotoSpace, PieceElsewhere
from workshop.photos.shelf import BytesDiffer, Shelf
from workshop.record.database import Store
from workshop.record.queries.photos import bytes_named


@dataclass(frozen=True, slots=True)
class PhotoBlobs:
    """Blocks on the disk: called apart."""

    store: Store
    shelf: Shelf

    def named(self, scope: str) -> Mapping[str, int]:
        with self.store.readers.connect() as connection:
            return bytes_named(connection, scope)

    def held(self, sha256: str) -> int:
        return self.shelf.held(sha256)

    def read(self, sha256: str, start: int, most: int) -> bytes:
        return self.shelf.read(sha256, start, most)

    def add(self, sha256: str, size: int, start: int, data: bytes) -> int:
        try:
            return self.shelf.add(sha256, size, start, data)
        except (PieceElsewhere, PhotoSpace) as refused:
            raise BlobRefused(type(refused).__name__) from refused
        except (BytesDiffer, OSError) as wrong:
            raise BlobRefused(type(wrong).__name__) from wrong
