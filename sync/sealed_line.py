"""Sealed bodies over HTTP: gzip of JSON lines, the first says for whom and of which kinds, then one line for each body."""

import base64
import binascii
import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sync import wire
from sync.log import ENTRIES_MOST, Load
from sync.sealed_bodies import NAMED_MOST, SEALED_MOST, SealedBody
from sync.transport import NDJSON, HttpPeer, LineCut, NotOurProtocol

T = TypeVar("T")


class HttpChest:
    """A peer's sealed bodies, by the line that its entries take. Raises RefusedThere when it knows nothing of them, or of this reader."""

    def __init__(self, peer: HttpPeer) -> None:
        self._peer = peer

    def lacking(self, scope: str, load: Load, after: str = "") -> list[str]:
        told = self._ask(scope, "lacking", load, after=after)
        return _read(lambda: hashes_of(wire.object_of(told), NAMED_MOST))

    def sealed(self, scope: str, load: Load, hashes: Sequence[str]) -> list[SealedBody]:
        told, asked = self._ask(scope, "give", load, NDJSON, hashes=list(hashes)), set(hashes)
        return [body for body in _read(lambda: unpack([told]))[1] if body.hash in asked]

    def keep(self, scope: str, load: Load, bodies: Sequence[SealedBody]) -> int:
        told = self._peer.call("POST", f"/sync/{scope}/sealed/take", pack(load, bodies), NDJSON)
        kept = _read(lambda: wire.object_of(told)).get("kept")
        if not isinstance(kept, int) or not 0 <= kept <= len(bodies):
            raise NotOurProtocol("kept")
        return kept

    def _ask(self, scope: str, what: str, load: Load, wanted: str = "application/json", **more: object) -> bytes:
        body = json.dumps(wire.load_to_json(load) | more).encode()
        return self._peer.call("POST", f"/sync/{scope}/sealed/{what}", body, "application/json", wanted)


def pack(load: Load, bodies: Iterable[SealedBody]) -> bytes:
    lines = [wire.load_to_json(load), *({"hash": each.hash, "sealed": base64.b64encode(each.data).decode()} for each in bodies)]
    return gzip.compress(b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines), 1, mtime=0)


def unpack(chunks: Iterable[bytes]) -> tuple[Load, list[SealedBody]]:
    """All of them or a WireFault. Nothing in them is believed, whoever gave them."""
    lines = list(map(wire.object_of, wire.whole_lines(chunks, ENTRIES_MOST + 1)))
    if not lines:
        raise wire.WireFault("cut")
    return wire.load_from_json(lines[0]), [_body(line) for line in lines[1:]]


def hashes_of(members: dict[str, Any], most: int) -> list[str]:
    """Under `hashes`, or a WireFault."""
    return wire.hashes(members.get("hashes"), most)


def _read(reader: Callable[[], T]) -> T:
    try:
        return reader()
    except wire.WireFault as wrong:
        raise (LineCut if wrong.why == "cut" else NotOurProtocol)(wrong.why) from wrong


def _body(members: dict[str, Any]) -> SealedBody:
    try:
        [entry_hash] = wire.hashes([members.get("hash")], 1)
        data = base64.b64decode(str(members.get("sealed", "")), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise wire.WireFault("line") from wrong
    if not 0 < len(data) <= SEALED_MOST:
        raise wire.TooBig("line", SEALED_MOST)
    return SealedBody(entry_hash, data)
