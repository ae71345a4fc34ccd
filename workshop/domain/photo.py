"""A photo of a flipchart: what hangs on the wall of a table and no card tells. The record names its bytes by hash; they lie outside it."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Malformed, ReasonMissing, Refusal, Sort
from workshop.domain.text import maybe_words, within, words

KEPT_AS: Final = "image/jpeg"  # whatever came: readable everywhere, also in ten years
BYTES_MOST: Final = 8 * 1024 * 1024  # of a photo as it is kept; 2560 pixels wide it is about one megabyte
PHOTOS_MOST: Final = 60  # of one table
CAPTION_MOST: Final = 200
REASON_MOST: Final = 200
SIDE_MOST: Final = 2_560  # pixels
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class PhotosFull(Refusal):
    """The table has as many photos as it may. Detail: most."""

    sort = Sort.OUT_OF_STEP


class PhotoIsGone(Refusal):
    """Somebody removed it."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto(Command):
    """`command_id` is the id of the photo. Hash, size and sides are of the bytes that are kept here already."""

    may = Action.ADD_PHOTO
    work_table_id: str
    caption: str = ""
    sha256: str = ""
    size: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePhoto(Command):
    """For good: its bytes are deleted wherever this is heard. A photo may show people."""

    may = Action.REMOVE_PHOTO
    photo_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAdded(Fact):
    """`step_id`: what the table was doing. `caption`: what can be read or seen on it, for who does not see it."""

    kind: ClassVar[str] = "photo.added/1"
    work_table_id: str
    step_id: str
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRemoved(Fact):
    kind: ClassVar[str] = "photo.removed/1"
    work_table_id: str
    reason: str


def add_photo(command: AddPhoto, step_id: str, photos: int) -> list[Fact]:
    """`photos`: how many the table has. A closed table takes photos too: the wall is photographed at the end."""
    caption = maybe_words(command.caption, "caption", CAPTION_MOST)
    if not names_bytes(command.sha256, command.size):
        raise Malformed("sha256")
    if photos >= PHOTOS_MOST:
        raise PhotosFull("photo", most=PHOTOS_MOST)
    return [
        PhotoAdded(
            about=command.command_id,
            work_table_id=command.work_table_id,
            step_id=step_id,
            sha256=command.sha256,
            size=command.size,
            media_type=KEPT_AS,
            width=within(command.width, "width", 1, SIDE_MOST),
            height=within(command.height, "height", 1, SIDE_MOST),
            caption=caption,
        )
    ]


def remove_photo(command: RemovePhoto, work_table_id: str, removed: bool) -> list[Fact]:
    if removed:
        raise PhotoIsGone("photo_id")
    if not command.reason.strip():
        raise ReasonMissing("reason")
    reason = words(command.reason, "reason", 3, REASON_MOST)
    return [PhotoRemoved(about=command.photo_id, work_table_id=work_table_id, reason=reason)]


def names_bytes(sha256: str, size: int) -> bool:
    """Whether this can be the name of a photo's bytes: what a peer wrote in a fact is not believed before."""
    return bool(_HASH.fullmatch(sha256)) and 0 < size <= BYTES_MOST
