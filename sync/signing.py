"""Who vouches for what: a device signs the tips of streams, a centre signs who its devices are. Nothing here is a secret but the keys.

A signed tip says of (scope, stream, n, hash) "this is so", and by `prev` of all that comes before it in its stream: a few signatures
for a batch, never one for each entry. A certificate says which key a device has and for which scopes; a revocation takes it back. Both
are exact bytes signed by the centre's key, kept and relayed as they came: over a line, through another laptop, in a file.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

SIGNED_MOST: Final = 1_000  # tips and notices of one batch, each 70 µs to check
NOTICE_MOST: Final = 65_536  # bytes; some 1,800 scopes
SCOPES_MOST: Final = 1_500
ALL: Final = "all"
_KEY: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9a-f]{32}")


class SignedTip(NamedTuple):
    """`by` is the public key of the device that vouches, `signature` its ed25519 signature; both in hex."""

    stream: str
    n: int
    hash: str
    by: str
    signature: str


class Notice(NamedTuple):
    """Exact bytes that a centre signed: a certificate, a revocation, or a reader. Nothing is believed before it is read here."""

    data: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """What travels with a batch."""

    tips: tuple[SignedTip, ...] = ()
    notices: tuple[Notice, ...] = ()


UNSIGNED: Final = Signatures()


@dataclass(frozen=True, slots=True)
class Certificate:
    """The centre's word for a device. `scopes` None: all. `issued`: UTC to the microsecond, only compared with others of the centre."""

    device: str
    public_key: str
    scopes: frozenset[str] | None
    centre: str
    issued: str

    def covers(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


@dataclass(frozen=True, slots=True)
class Revocation:
    """The centre's word that a device is one no more. A certificate issued later makes it one again."""

    public_key: str
    centre: str
    issued: str


@dataclass(frozen=True, slots=True)
class Reader:
    """The centre's word for whom sealed bodies are sealed: an organiser, whose secret half the centre does not have."""

    public_key: str
    centre: str
    issued: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public_key)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a place believes. `keys`: public keys that it believes of themselves, for every scope (its own, the centre's, those it was
    paired with); `centre`: the key whose certificates count; the rest is what that centre said of devices until now."""

    keys: frozenset[str] = frozenset()
    centre: str = ""
    certificates: tuple[Certificate, ...] = ()
    revocations: Mapping[str, str] | None = None  # public key -> when

    def hearing(self, notices: Iterable[Notice]) -> "Trust":
        """The same, and what these notices say, as far as our centre signed them."""
        heard = [told for notice in notices if self.centre and (told := read_notice(notice, self.centre))]
        revoked = dict(self.revocations or {})
        for told in heard:
            if isinstance(told, Revocation):
                revoked[told.public_key] = max(told.issued, revoked.get(told.public_key, ""))
        fresh = tuple(told for told in heard if isinstance(told, Certificate))
        return Trust(self.keys, self.centre, (*self.certificates, *fresh), revoked)

    def of(self, public_key: str, scope: str) -> str:
        """trusted, revoked, or "" for a key that is nobody's here."""
        if public_key in self.keys:
            return "trusted"
        issued = [c.issued for c in self.certificates if c.public_key == public_key and c.covers(scope)]
        if not issued:
            return ""
        return "trusted" if max(issued) > (self.revocations or {}).get(public_key, "") else "revoked"


@dataclass(frozen=True, slots=True)
class Judged:
    """Tips by what they are worth: `good` cover, `revoked` come from a device that is one no more, `false` have a signature that does not
    match; a tip of a stranger is in none of them. By hash: two devices may vouch for one entry."""

    good: tuple[SignedTip, ...] = ()
    revoked: tuple[SignedTip, ...] = ()
    false: tuple[SignedTip, ...] = ()


def public_key_of(seed: bytes) -> str:
    """In hex, from the 32 secret bytes."""
    return SigningKey(seed).verify_key.encode().hex()


def sign_tip(seed: bytes, scope: str, stream: str, n: int, entry_hash: str) -> SignedTip:
    key = SigningKey(seed)
    signature = key.sign(_words(scope, stream, n, entry_hash)).signature
    return SignedTip(stream, n, entry_hash, key.verify_key.encode().hex(), signature.hex())


def judge(scope: str, tips: Iterable[SignedTip], trust: Trust) -> Judged:
    """Costs one check for each tip of a device that is known here, nothing for strangers'."""
    found: dict[str, list[SignedTip]] = {"trusted": [], "revoked": [], "false": []}
    known: dict[str, str] = {}
    for tip in tips:
        if standing := known.setdefault(tip.by, trust.of(tip.by, scope)):
            matches = is_signed(tip.by, _words(scope, tip.stream, tip.n, tip.hash), tip.signature)
            found[standing if matches else "false"].append(tip)
    return Judged(tuple(found["trusted"]), tuple(found["revoked"]), tuple(found["false"]))


def certify(seed: bytes, device: str, public_key: str, scopes: Iterable[str] | None, issued: str) -> Notice:
    """`scopes` None: every scope of this centre."""
    told = ALL if scopes is None else sorted(scopes)
    return _noticed(seed, {"v": 1, "device": device, "public_key": public_key, "scopes": told, "issued": issued})


def revoke(seed: bytes, public_key: str, issued: str) -> Notice:
    return _noticed(seed, {"v": 1, "revoked": public_key, "issued": issued})


def announce_reader(seed: bytes, public_key: str, issued: str) -> Notice:
    return _noticed(seed, {"v": 1, "reader": public_key, "issued": issued})


def read_notice(notice: Notice, centre: str) -> Certificate | Revocation | None:
    """What it says of a device; None when this centre did not sign it, or it says nothing that is understood."""
    members = _members(notice, centre)
    return _certificate(members) or _revocation(members)


def read_reader(notice: Notice, centre: str) -> Reader | None:
    """Whom it names; None when this centre did not sign it, or it names nobody for whom anything could be sealed."""
    match _members(notice, centre):
        case {"reader": str(key), "issued": str(issued)} if _all(_KEY, key) and _can_be_sealed_for(key):
            return Reader(key, centre, issued)
        case _:
            return None


def is_signed(public_key: str, message: bytes, signature: str) -> bool:
    try:
        VerifyKey(bytes.fromhex(public_key)).verify(message, bytes.fromhex(signature))
    except (CryptoError, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """Sixteen letters and figures to compare by eye or in a link: 64 bits of the key itself."""
    return "-".join(public_key[:16].upper()[at : at + 4] for at in range(0, 16, 4))


def _members(notice: Notice, centre: str) -> dict[str, Any]:
    """Empty when it is not to be believed."""
    if len(notice.data) > NOTICE_MOST or not is_signed(centre, b"tavoli notice 1\n" + notice.data, notice.signature):
        return {}
    try:
        members = json.loads(notice.data)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) and members.get("v") == 1 and members.get("centre") == centre else {}


def _can_be_sealed_for(public_key: str) -> bool:
    try:
        VerifyKey(bytes.fromhex(public_key)).to_curve25519_public_key()
    except (CryptoError, ValueError):
        return False
    return True


def _words(scope: str, stream: str, n: int, entry_hash: str) -> bytes:
    return f"tavoli tip 1\n{scope}\n{stream}\n{n}\n{entry_hash}".encode()


def _noticed(seed: bytes, members: dict[str, Any]) -> Notice:
    data = json.dumps({**members, "centre": public_key_of(seed)}, separators=(",", ":")).encode()
    return Notice(data, SigningKey(seed).sign(b"tavoli notice 1\n" + data).signature.hex())


def _certificate(members: dict[str, Any]) -> Certificate | None:
    match members:
        case {"device": str(device), "public_key": str(key), "scopes": scopes, "issued": str(issued)} if _all(_KEY, key) and _all(
            _ID, device
        ):
            if scopes == ALL:
                return Certificate(device, key, None, members["centre"], issued)
            if isinstance(scopes, list) and len(scopes) <= SCOPES_MOST and _all(_ID, *scopes):
                return Certificate(device, key, frozenset(scopes), members["centre"], issued)
    return None


def _revocation(members: dict[str, Any]) -> Revocation | None:
    match members:
        case {"revoked": str(key), "issued": str(issued)} if _all(_KEY, key):
            return Revocation(key, members["centre"], issued)
        case _:
            return None


def _all(pattern: re.Pattern[str], *values: object) -> bool:
    return all(isinstance(value, str) and pattern.fullmatch(value) for value in values)
