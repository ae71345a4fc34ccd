"""What a QR code in a picture says. Blocks: called apart. Without the library that reads them, a link is pasted as before."""

from pathlib import Path

from workshop.domain.refusal import Refusal, Sort
from workshop.photos.developing import opened_to_read
from workshop.web.links import Link, is_link, read_link


class NoQrInPicture(Refusal):
    """No code was found in it."""


class QrIsNoLink(Refusal):
    """A code, but not the one of a central record. Detail: text (how it begins)."""


class QrCannotBeRead(Refusal):
    """The library is not on this computer."""

    sort = Sort.OUT_OF_STEP


def link_in(picture: Path) -> tuple[str, Link]:
    """(as it is pasted, what is in it). Raises the refusals of photos and those above."""
    texts = _texts_in(picture)
    found = next((text for text in texts if is_link(text)), "")
    if not texts:
        raise NoQrInPicture("picture")
    if not found:
        raise QrIsNoLink("picture", text=texts[0][:60])
    return found, read_link(found)


def _texts_in(picture: Path) -> list[str]:
    try:
        import zxingcpp  # noqa: PLC0415  (no wheel for every computer)
    except ImportError as missing:
        raise QrCannotBeRead("picture") from missing
    found = zxingcpp.read_barcodes(opened_to_read(picture), formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return [each.text for each in found]
