"""Seal a stream of bytes for those who hold certain keys: piece by piece, so that a file that was cut still opens up to the cut.

Every piece is a NaCl secretbox of at most 64 KiB under one random key, its number and whether it is the last in the nonce; the key is
sealed for each reader to the curve25519 form of their ed25519 key. Somebody without a key learns only how large it is.
"""

import base64
import binascii
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nacl.bindings.crypto_secretbox import crypto_secretbox_KEYBYTES as KEY_BYTES
from nacl.exceptions import CryptoError
from nacl.public import SealedBox
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey
from nacl.utils import random

PIECE: Final = 65_536
READERS_MOST: Final = 500
_LENGTH: Final = struct.Struct(">I")
_NONCE: Final = struct.Struct(">Q?15x")
_TAG: Final = 16


class NotForUs(ValueError):
    """None of our keys opens it."""


class Broken(ValueError):
    """A piece is not what was sealed, or is missing."""


def new_key() -> bytes:
    return random(KEY_BYTES)


def keys_for(key: bytes, readers: Iterable[str]) -> dict[str, str]:
    """Public key of each reader (hex) -> the key, sealed for them (base64)."""
    boxes = {each: SealedBox(VerifyKey(bytes.fromhex(each)).to_curve25519_public_key()) for each in readers}
    return {each: base64.b64encode(box.encrypt(key)).decode() for each, box in boxes.items()}


def key_in(told: Mapping[str, str], seed: bytes) -> bytes:
    """The key, if it was sealed for the device of this seed. Raises NotForUs."""
    own = SigningKey(seed)
    sealed = told.get(own.verify_key.encode().hex(), "")
    try:
        key = SealedBox(own.to_curve25519_private_key()).decrypt(base64.b64decode(sealed, validate=True))
    except (CryptoError, binascii.Error, ValueError, TypeError) as wrong:
        raise NotForUs from wrong
    if len(key) != KEY_BYTES:
        raise NotForUs
    return key


def sealed(data: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Pieces, each with its length in front; the last one says that it is the last."""
    box, n, waiting = SecretBox(key), 0, b""
    for chunk in data:
        waiting += chunk
        while len(waiting) > PIECE:
            yield _framed(box, waiting[:PIECE], n, is_last=False)
            waiting, n = waiting[PIECE:], n + 1
    yield _framed(box, waiting, n, is_last=True)


def opened(data: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """What was sealed, piece by piece. Raises Broken at the first that is not right, also when the last is missing."""
    box = SecretBox(key)
    for n, piece in enumerate(_pieces(data)):
        try:
            yield _plain(box, piece, n, is_last=False)
        except CryptoError:
            yield _last(box, piece, n)
            return
    raise Broken


def _framed(box: SecretBox, data: bytes, n: int, *, is_last: bool) -> bytes:
    closed = box.encrypt(data, _NONCE.pack(n, is_last)).ciphertext
    return _LENGTH.pack(len(closed)) + closed


def _plain(box: SecretBox, piece: bytes, n: int, *, is_last: bool) -> bytes:
    return box.decrypt(piece, _NONCE.pack(n, is_last))


def _last(box: SecretBox, piece: bytes, n: int) -> bytes:
    try:
        return _plain(box, piece, n, is_last=True)
    except CryptoError as wrong:
        raise Broken from wrong


def _pieces(data: Iterable[bytes]) -> Iterator[bytes]:
    waiting = b""
    for chunk in data:
        waiting += chunk
        while len(waiting) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(waiting)
            if not _TAG <= length <= PIECE + _TAG:
                raise Broken
            if len(waiting) < _LENGTH.size + length:
                break
            yield waiting[_LENGTH.size : _LENGTH.size + length]
            waiting = waiting[_LENGTH.size + length :]
