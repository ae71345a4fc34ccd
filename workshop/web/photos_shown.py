"""A table's photos as pages show them: each with its number, its words for who does not see it, and whether its bytes are here."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from workshop.photos.developing import MEGABYTE, UPLOAD_MOST
from workshop.photos.shelf import Shelf
from workshop.record.queries.photos import Photo, device_of, photos_at
from workshop.web.house import house

HERE, WAITING, MISSING = "here", "waiting", "missing"
LIMITS: Final = {"most_bytes": UPLOAD_MOST, "most_megabytes": UPLOAD_MOST // MEGABYTE}


@dataclass(frozen=True, slots=True)
class PhotoShown:
    """`state`: here; waiting (its fact came, its bytes are still on their way); missing (they were here, and are not any more)."""

    photo: Photo
    number: int
    state: str

    @property
    def id(self) -> str:
        return self.photo.id

    @property
    def caption(self) -> str:
        return self.photo.caption

    @property
    def is_here(self) -> bool:
        return self.state == HERE


def photos_shown(connection: Connection, work_table_id: str) -> list[PhotoShown]:
    """The oldest first. A photo that is not here never keeps the others from being shown."""
    home = house()
    found = photos_at(connection, work_table_id)
    return [PhotoShown(photo, n, _state(connection, home.shelf, photo, home.device)) for n, photo in enumerate(found, start=1)]


def shown_among(connection: Connection, photo: Photo) -> PhotoShown:
    """This one, with its number at its table."""
    return next((each for each in photos_shown(connection, photo.work_table_id) if each.id == photo.id), PhotoShown(photo, 0, WAITING))


def _state(connection: Connection, shelf: Shelf, photo: Photo, own: str) -> str:
    if shelf.is_here(photo.sha256):
        return HERE
    return MISSING if device_of(connection, photo.process_id, photo.stream) == own else WAITING
