"""Two places that trust nobody else meet on one network: people compare six words on both screens, and then their keys are known.

The caller first sends only a commitment to its side, so that whoever sits in between cannot choose keys until the words are alike:
a lie is seen but for one case in 2^48.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from sync.entry import sha256
from sync.signing import is_signed

WORDS: Final = 6
NAME_MOST: Final = 120
_KEY: Final = re.compile(r"[0-9a-f]{64}")


class NotAsPromised(ValueError):
    """What was revealed is not what was committed to, or is nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one place says of itself: its public key and 256 random bits in hex, its name and its address for people."""

    key: str
    nonce: str
    name: str
    url: str

    def text(self) -> str:
        return f"{self.key}\n{self.nonce}\n{self.name}\n{self.url}"


def new_nonce() -> str:
    return secrets.token_hex(32)


def commitment(side: Side) -> str:
    return sha256(f"tavoli pairing 1 commitment\n{side.text()}".encode())


def side_of(members: dict[str, object]) -> Side:
    """From what came; raises NotAsPromised."""
    match members:
        case {"key": str(key), "nonce": str(nonce), "name": str(name), "url": str(url)} if (
            _KEY.fullmatch(key) and _KEY.fullmatch(nonce) and len(name) <= NAME_MOST and len(url) <= 200
        ):
            return Side(key, nonce, "".join(c for c in name if c.isprintable()), "".join(c for c in url if c.isprintable()))
        case _:
            raise NotAsPromised


def check(commit: str, side: Side) -> None:
    if commitment(side) != commit:
        raise NotAsPromised


def spoken(caller: Side, called: Side) -> tuple[int, ...]:
    """Six numbers from 0 to 255, the same on both screens: the program has a word for each."""
    return tuple(hashlib.sha256(_both("words", caller, called)).digest()[:WORDS])


def agree(seed: bytes, caller: Side, called: Side) -> str:
    """ "They are the same", said by a person and signed by their computer."""
    return SigningKey(seed).sign(_both("agreed", caller, called)).signature.hex()


def has_agreed(public_key: str, caller: Side, called: Side, signature: str) -> bool:
    return is_signed(public_key, _both("agreed", caller, called), signature)


def _both(what: str, caller: Side, called: Side) -> bytes:
    return f"tavoli pairing 1 {what}\n{caller.text()}\n{called.text()}".encode()
