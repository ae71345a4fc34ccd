"""Why a photo was not taken in; `web/refusal_words.py` says it with the limit and what to do."""

from workshop.domain.refusal import Refusal, Sort


class PhotoMissing(Refusal):
    """No file was chosen, or an empty one."""


class PhotoTooBig(Refusal):
    """Detail: most (megabytes)."""

    sort = Sort.TOO_MUCH


class PhotoHasTooManyPixels(Refusal):
    """Found in its head, before anything is unpacked. Detail: most (megapixels)."""

    sort = Sort.TOO_MUCH


class PhotoUnreadable(Refusal):
    """Whatever it is called: it is no picture of a kind that is read here."""


class PhotoIsHeic(Refusal):
    """The iPhone's own format."""


class PhotoCutShort(Refusal):
    """It begins as a picture and ends in the middle."""


class PieceElsewhere(Refusal):
    """A piece that does not begin where the bytes here end. Detail: held."""

    sort = Sort.OUT_OF_STEP


class PieceUnreadable(Refusal):
    """A piece that does not say which bytes it is, or is not as long as it says."""


class PhotoNotWhole(Refusal):
    """It was to be finished while bytes are still missing. Detail: held."""

    sort = Sort.OUT_OF_STEP


class TooManyUploads(Refusal):
    """More photos than the disk should hold are on their way here."""

    sort = Sort.SLOW_DOWN


class PhotoSpace(Refusal):
    """The record comes first on this disk."""

    sort = Sort.NO_SPACE


class BytesElsewhere(Refusal):
    """The photo is known here, its picture is not here (yet)."""

    sort = Sort.UNKNOWN


class BytesDamaged(Refusal):
    """All bytes came from another computer, and they are not those of the photo."""
