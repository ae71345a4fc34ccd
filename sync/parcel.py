"""A parcel: what another computer needs to know and no record may hold (people by name), sealed by one computer for one other.

    asked:    POST /sync/<scope>/parcel   {"question": 32 random hex digits}
    answered: NaCl box (from the centre's key to the caller's) of gzip NDJSON: {parcel, scope, question}, then a line for each item

The box says who made it and opens for one reader; the question makes an answer of yesterday useless. It says nothing to a computer that
only listens but how large it is, and nothing is kept of it: each answer takes the place of the one before.
"""

import gzip
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.public import Box
from nacl.signing import SigningKey, VerifyKey

from sync.calling import Caller
from sync.exchange import PeerProblem
from sync.transport import HttpPeer
from sync.wire import TooBig, WireFault, lines_of, object_of

VERSION: Final = 1
ITEMS_MOST: Final = 2_000
BYTES_MOST: Final = 4_000_000  # of all items, unpacked
SORT: Final = "application/octet-stream"
_QUESTION: Final = re.compile(r"[0-9a-f]{32}")


class ParcelUnusable(PeerProblem):
    """What came is no parcel for us. `detail`: key, sealed, gzip, cut, line, lines, bytes, version, scope, question."""

    reason = "parcel"


@dataclass(frozen=True, slots=True)
class Address:
    """What a parcel is an answer to: it opens as nothing else."""

    scope: str
    question: str


def ask_for(scope: str) -> Address:
    return Address(scope, secrets.token_hex(16))


def read_question(data: bytes) -> str:
    """From the body of the request. Raises WireFault."""
    question = object_of(data).get("question")
    if not (isinstance(question, str) and _QUESTION.fullmatch(question)):
        raise WireFault("question")
    return question


def pack(address: Address, items: Iterable[dict[str, Any]], seed: bytes, reader: str) -> bytes:
    """Sealed by the holder of `seed` for the holder of the public key `reader` (hex). Raises WireFault: too much, or no key to seal for."""
    head = {"parcel": VERSION, "scope": address.scope, "question": address.question}
    lines = [json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for each in (head, *items)]
    if len(lines) > ITEMS_MOST + 1:
        raise TooBig("lines", ITEMS_MOST)
    if sum(map(len, lines)) > BYTES_MOST:
        raise TooBig("bytes", BYTES_MOST)
    try:
        return bytes(_box(seed, reader).encrypt(gzip.compress(b"".join(lines), 6, mtime=0)))
    except ParcelUnusable as wrong:
        raise WireFault("key") from wrong


def unpack(address: Address, data: bytes, seed: bytes, sender: str) -> list[dict[str, Any]]:
    """The items, if `sender` (public key, hex) sealed them for the holder of `seed` in answer to this question. Raises ParcelUnusable."""
    try:
        packed = _box(seed, sender).decrypt(data)
    except (CryptoError, ValueError, TypeError) as wrong:
        raise ParcelUnusable("sealed") from wrong
    try:
        head, *items = [object_of(line) for line in islice(lines_of([packed], BYTES_MOST), ITEMS_MOST + 2)] or [{}]
    except WireFault as wrong:
        raise ParcelUnusable(wrong.why) from wrong
    _check(address, head, items)
    return items


def fetch(peer: HttpPeer, caller: Caller, scope: str) -> list[dict[str, Any]]:
    """One question, one answer. Raises a PeerProblem."""
    address = ask_for(scope)
    asked = json.dumps({"question": address.question}).encode()
    return unpack(address, peer.call("POST", f"/sync/{scope}/parcel", asked, "application/json", SORT), caller.seed, caller.to)


def _check(address: Address, head: dict[str, Any], items: list[dict[str, Any]]) -> None:
    told = {"version": (head.get("parcel"), VERSION), "scope": (head.get("scope"), address.scope)}
    told["question"] = (head.get("question"), address.question)
    for why, (found, meant) in told.items():
        if found != meant:
            raise ParcelUnusable(why)
    if len(items) > ITEMS_MOST:
        raise ParcelUnusable("lines")


def _box(seed: bytes, other: str) -> Box:
    """Between two ed25519 keys in their curve25519 form. Some keys that can sign have none."""
    try:
        return Box(SigningKey(seed).to_curve25519_private_key(), VerifyKey(bytes.fromhex(other)).to_curve25519_public_key())
    except (CryptoError, ValueError, RuntimeError) as wrong:
        raise ParcelUnusable("key") from wrong
