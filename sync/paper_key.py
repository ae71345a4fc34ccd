"""A secret key as people keep it on paper: fourteen groups of four letters and figures. A slip of the pen is noticed by the key itself."""

import base64
import binascii
import hashlib
import re
from typing import Final

SEED: Final = 32  # bytes
_CHECK: Final = 3  # bytes: one slip in sixteen million goes unnoticed
_LOOKS_LIKE: Final = str.maketrans({"0": "O", "1": "I", "8": "B"})  # none of these figures stands in a key


class NotAKey(ValueError):
    """It has not the length of a key, or a letter of it is wrong."""


def written(seed: bytes) -> str:
    """`seed`: 32 bytes."""
    text = base64.b32encode(seed + _check(seed)).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def read_written(text: str) -> bytes:
    """The 32 bytes, however it was grouped or spelled. Raises NotAKey."""
    plain = re.sub(r"[\s\-–—]", "", text[:400]).upper().translate(_LOOKS_LIKE)
    try:
        data = base64.b32decode(plain)
    except (binascii.Error, ValueError) as wrong:
        raise NotAKey from wrong
    if len(data) != SEED + _CHECK or _check(data[:SEED]) != data[SEED:]:
        raise NotAKey
    return data[:SEED]


def _check(seed: bytes) -> bytes:
    return hashlib.sha256(b"tavoli key on paper 1\n" + seed).digest()[:_CHECK]
