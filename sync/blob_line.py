"""Blobs over HTTP: who lacks which, pieces that say where they begin, and pieces asked for by their place."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from sync.blobs import BlobRefused
from sync.transport import HttpPeer, NotOurProtocol, RefusedThere
from sync.wire import WireFault, object_of

BYTES: Final = "application/octet-stream"
_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
_ASKED: Final = re.compile(r"bytes=(\d{1,12})-(\d{1,12})")


class HttpBlobs:
    """A peer's blobs, by the line that its entries take. A peer that knows nothing of blobs has none and wants none."""

    def __init__(self, peer: HttpPeer) -> None:
        self._peer = peer

    def missing(self, scope: str, hashes: list[str]) -> Mapping[str, int]:
        body = json.dumps({"sha256": hashes}).encode()
        try:
            told = self._peer.call("POST", f"/sync/{scope}/blobs/missing", body, "application/json")
        except RefusedThere:
            return {}
        asked, found = set(hashes), _members(told).get("missing")
        if not isinstance(found, dict) or not all(_is_count(held) for held in found.values()):
            raise NotOurProtocol("missing")
        return {sha256: held for sha256, held in found.items() if sha256 in asked}

    def put(self, scope: str, sha256: str, size: int, start: int, data: bytes) -> int:
        headers = {"Content-Range": content_range(start, len(data), size)}
        try:
            held = _members(self._peer.call("PUT", f"/sync/{scope}/blobs/{sha256}", data, BYTES, headers=headers)).get("held")
        except RefusedThere as refused:
            raise BlobRefused(refused.error) from refused
        if not _is_count(held):
            raise NotOurProtocol("held")
        return int(str(held))

    def get(self, scope: str, sha256: str, start: int, most: int) -> bytes:
        headers = {"Range": f"bytes={start}-{start + most - 1}"}
        try:
            data = self._peer.call("GET", f"/sync/{scope}/blobs/{sha256}", None, "", BYTES, headers)
        except RefusedThere as refused:
            raise BlobRefused(refused.error) from refused
        if len(data) > most:
            raise NotOurProtocol("range")
        return data


def content_range(start: int, length: int, size: int) -> str:
    return f"bytes {start}-{start + length - 1}/{size}"


def read_content_range(text: str) -> tuple[int, int, int]:
    """(first byte, length, size of the whole); raises WireFault."""
    return _read(_RANGE.fullmatch(text))


def read_range(text: str) -> tuple[int, int]:
    """(first byte, length) of what is asked for; raises WireFault."""
    start, length, _ = _read(_ASKED.fullmatch(text))
    return start, length


def _read(found: re.Match[str] | None) -> tuple[int, int, int]:
    start, last, *size = map(int, found.groups()) if found else (0, -1)
    if last < start or (size and size[0] <= last):
        raise WireFault("range")
    return start, last - start + 1, size[0] if size else 0


def _members(data: bytes) -> dict[str, Any]:
    try:
        return object_of(data)
    except WireFault as wrong:
        raise NotOurProtocol(wrong.why) from wrong


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
