"""Requests that carry no secret: each is signed by the caller's key, for one peer only, and good for ten minutes of that peer's clock.

What somebody overhears on a plain line can be said again within these minutes and no longer, and only to whom it was said; it can be
neither changed nor used for anything else. The caller's own clock plays no part: the peer's `hello` gives a challenge.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from sync.entry import sha256
from sync.signing import is_signed, public_key_of

SCHEME: Final = "Tavoli"
LASTS: Final = 600  # seconds
_CALL: Final = re.compile(r"Tavoli ([0-9a-f]{64}) ([0-9a-f]{1,16}-[0-9a-f]{32}) ([0-9a-f]{64}) ([0-9a-f]{128})")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by the 32 secret bytes of its key, and the public key of whom it asks."""

    seed: bytes
    to: str

    def header(self, method: str, path: str, body: bytes, challenge: str) -> str:
        """The value of `Authorization`. `path` from `/sync/` on, whatever a proxy puts before it."""
        body_hash = sha256(body)
        signature = SigningKey(self.seed).sign(_words(self.to, method, path, body_hash, challenge)).signature.hex()
        return f"{SCHEME} {public_key_of(self.seed)} {challenge} {body_hash} {signature}"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it says it is. The body is compared with its hash by whoever reads it, after the rest was looked at."""

    public_key: str
    challenge: str
    body_hash: str
    signature: str

    def is_for(self, to: str, method: str, path: str) -> bool:
        """Whether the key signed exactly this for us."""
        return is_signed(self.public_key, _words(to, method, path, self.body_hash, self.challenge), self.signature)


def read_call(header: str) -> Call | None:
    found = _CALL.fullmatch(header)
    return Call(*found.groups()) if found else None


def challenge(seed: bytes, now: int) -> str:
    """For `hello`. Nothing is kept: the same key knows it again, in any process."""
    return f"{now:x}-{_mac(seed, now)}"


def is_fresh(seed: bytes, told: str, now: int) -> bool:
    moment, _, mac = told.partition("-")
    made = int(moment, 16)
    return abs(now - made) <= LASTS and hmac.compare_digest(mac, _mac(seed, made))


def _mac(seed: bytes, moment: int) -> str:
    return hmac.new(seed, f"tavoli challenge 1\n{moment}".encode(), hashlib.sha256).hexdigest()[:32]


def _words(to: str, method: str, path: str, body_hash: str, told: str) -> bytes:
    return f"tavoli call 1\n{to}\n{method}\n{path}\n{body_hash}\n{told}".encode()
