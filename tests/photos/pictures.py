"""Pictures to send: real ones with everything a phone writes into them, and files that only say they are pictures."""

import io
import struct
import zlib
from typing import Any, Final

from PIL import Image, ImageDraw

GPS: Final = 0x8825
ORIENTATION: Final = 0x0112
SECRETS: Final = (b"Secretphone", b"Anna Bianchi", b"GPSLatitude", b"a hidden comment", b"xmpmeta")


def a_flipchart(width: int = 1600, height: int = 1200, words: str = "SPAZI") -> Image.Image:
    """Paper with strokes, red in its left upper corner."""
    picture = Image.new("RGB", (width, height), "#f4f1e8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 4, height // 4), fill="#c02020")
    for n in range(12):
        draw.line((width // 3, height // 4 + n * height // 20, width - 40, height // 4 + n * height // 20), fill="#203060", width=6)
    draw.text((width // 3, 40), words, fill="black", font_size=height // 8)
    return picture


def a_jpeg(width: int = 1600, height: int = 1200, orientation: int = 1, words: str = "SPAZI", **options: Any) -> bytes:
    """As a phone writes it: who, where, which camera, a comment."""
    picture = a_flipchart(width, height, words)
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010F], exif[0x013B] = orientation, "Secretphone", "Anna Bianchi"
    exif.get_ifd(GPS).update({1: "N", 2: (43.0, 50.0, 30.0), 3: "E", 4: (10.0, 30.0, 12.0)})
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Anna Bianchi</x:xmpmeta>"
    return saved(picture, "JPEG", quality=90, exif=exif, comment=b"a hidden comment", xmp=xmp, **options)


def saved(picture: Image.Image, sort: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, sort, **options)
    return out.getvalue()


def a_png(**options: Any) -> bytes:
    return saved(a_flipchart(), "PNG", **options)


def a_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes: 900 megapixels of zeros."""
    row = b"\0" * (width // 8 + 1)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def heic() -> bytes:
    return struct.pack(">I", 24) + b"ftypheic" + b"\0\0\0\0mif1heic" + b"\0" * 500


SVG: Final = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>alert(1)</script></svg>"
TEXT: Final = "Questo non è una foto, anche se si chiama così.".encode()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
