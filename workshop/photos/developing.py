"""From what a phone sent to what is kept: a JPEG of bounded size that says nothing about who, where and with what it was taken.

Nothing is believed of a file but what its bytes are; nothing is unpacked before its head says how large it will be. Blocks: called apart.
"""

import io
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from workshop.domain.photo import SIDE_MOST
from workshop.photos.refusals import PhotoCutShort, PhotoHasTooManyPixels, PhotoIsHeic, PhotoMissing, PhotoTooBig, PhotoUnreadable

UPLOAD_MOST: Final = 12 * 1024 * 1024  # bytes
MEGABYTE: Final = 1024 * 1024
PIXELS_MOST: Final = 64_000_000  # the largest camera of a phone that is not a joke; unpacked it takes 192 MB for a moment
SMALL_SIDE: Final = 480
FORMATS: Final = ("JPEG", "PNG", "WEBP")
_HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif")
_one_by_one: Final = threading.Lock()  # between native threads only: two large photos at once need not fit into the memory

Image.MAX_IMAGE_PIXELS = PIXELS_MOST  # Pillow itself refuses twice as many, wherever else it is asked


@dataclass(frozen=True, slots=True)
class Developed:
    data: bytes
    width: int
    height: int


def develop(path: Path) -> Developed:
    """Upright, at most 2560 pixels wide and high, without any metadata. Raises the refusals of photos."""
    size = path.stat().st_size
    if not size:
        raise PhotoMissing("photo")
    if size > UPLOAD_MOST:
        raise PhotoTooBig("photo", most=UPLOAD_MOST // MEGABYTE)
    with _one_by_one:
        return _saved(_opened(path, SIDE_MOST), 85)


def make_small(path: Path) -> bytes:
    """For a list of photos. A peer's bytes are a stranger's too: the same limits."""
    with _one_by_one:
        return _saved(_opened(path, SMALL_SIDE), 75).data


def opened_to_read(path: Path) -> Image.Image:
    """Upright, at most 2560 pixels wide and high: for something that looks into it. Raises the refusals of photos."""
    with _one_by_one:
        return _opened(path, SIDE_MOST)


def _opened(path: Path, side: int) -> Image.Image:
    """The picture alone on a fresh ground: what else came with the file (place, camera, comments, previews) stays behind."""
    with path.open("rb") as file:
        if _is_heic(file.read(16)):
            raise PhotoIsHeic("photo")
        file.seek(0)
        try:
            with Image.open(file, formats=FORMATS) as picture:
                _check_pixels(picture)
                picture.draft("RGB", (2 * side, 2 * side))  # a JPEG unpacks smaller in a quarter of the time and memory
                return _upright(picture, side)
        except PhotoHasTooManyPixels:
            raise
        except Image.DecompressionBombError as bomb:
            raise PhotoHasTooManyPixels("photo", most=PIXELS_MOST // 1_000_000) from bomb
        except Exception as wrong:  # a library that reads strangers' bytes has more ways to fail than its pages say
            raise (PhotoCutShort if "truncated" in str(wrong) else PhotoUnreadable)("photo") from wrong


def _check_pixels(picture: Image.Image) -> None:
    if picture.width * picture.height > PIXELS_MOST:
        raise PhotoHasTooManyPixels("photo", most=PIXELS_MOST // 1_000_000)


def _upright(picture: Image.Image, side: int) -> Image.Image:
    picture.load()
    turned: Image.Image = picture
    with suppress(Exception):  # which way is up is a hint in the metadata: who writes nonsense there gets the picture as it lies
        turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((side, side), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", turned.size, "white")
    if turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info:
        clear = turned.convert("RGBA")
        ground.paste(clear, mask=clear.getchannel("A"))
    else:
        ground.paste(turned.convert("RGB"))
    return ground


def _saved(picture: Image.Image, quality: int) -> Developed:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return Developed(out.getvalue(), picture.width, picture.height)


def _is_heic(start: bytes) -> bool:
    return start[4:8] == b"ftyp" and start[8:12] in _HEIC
