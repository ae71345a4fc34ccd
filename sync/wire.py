"""How entries look on the way, over a line or in a file: gzip of one JSON line per entry, then one for each signed tip and notice.

Exact bytes survive; a bomb, a cut and nonsense are told apart.
"""

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from sync.entry import BODY_MOST, HEAD_MOST, Entry
from sync.log import ENTRIES_MOST, EVERYTHING, START, WITHHELD_MOST, Digest, Load, Place, Raw, Received, Refused, Tip, Tips
from sync.signing import NOTICE_MOST, SIGNED_MOST, UNSIGNED, Notice, Signatures, SignedTip

UNPACKED_MOST: Final = 8_000_000  # bytes of one request or answer, unpacked
LINE_MOST: Final = 2 * (HEAD_MOST + BODY_MOST) + 1_000
KINDS_MOST: Final = 1_000
_CHUNK: Final = 65_536
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9a-f]{32}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")


class WireFault(ValueError):
    """What came is not what was agreed. `why` is a short word: gzip, cut, line, lines, tips, hashes."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TooBig(WireFault):
    """More than `most` of `why`: bytes, line, lines."""

    def __init__(self, why: str, most: int) -> None:
        super().__init__(why)
        self.most = most


class Batch(NamedTuple):
    """What came: nothing in it is believed yet."""

    entries: list[Raw]
    signatures: Signatures


def pack(entries: Iterable[Entry], signatures: Signatures = UNSIGNED) -> bytes:
    return _zip(entries, signatures)


def pack_page(entries: Iterable[Entry], more: bool, signatures: Signatures = UNSIGNED) -> bytes:
    """An answer to pull: the last line says whether there is more, and that nothing was cut off."""
    return _zip(entries, signatures, json.dumps({"more": more}).encode() + b"\n")


def unpack(chunks: Iterable[bytes]) -> Batch:
    """A whole batch or a WireFault: half a batch is none, and is asked for again. Nothing is read before it is known to be whole."""
    return batch_of(map(_object, whole_lines(chunks, ENTRIES_MOST + SIGNED_MOST)))


def unpack_page(chunks: Iterable[bytes]) -> tuple[Batch, bool]:
    lines = whole_lines(chunks, ENTRIES_MOST + SIGNED_MOST + 1)
    last = _object(lines.pop()) if lines else {}
    if not isinstance(last.get("more"), bool):
        raise WireFault("cut")
    return batch_of(_object(line) for line in lines), last["more"]


def batch_of(lines: Iterable[dict[str, Any]]) -> Batch:
    """From the objects of its lines, in whatever order they come. Lines of a sort that nobody knows are a fault: they may matter."""
    entries: list[Raw] = []
    tips: list[SignedTip] = []
    notices: list[Notice] = []
    for members in lines:
        if "tip" in members:
            tips.append(_signed_tip(members))
        elif "notice" in members:
            notices.append(notice_of(members))
        else:
            entries.append(raw_of(members))
        if len(entries) > ENTRIES_MOST or len(tips) + len(notices) > SIGNED_MOST:
            raise TooBig("lines", ENTRIES_MOST)
    return Batch(entries, Signatures(tuple(tips), tuple(notices)))


def lines_of_signatures(signatures: Signatures) -> bytes:
    """One line for each notice and each signed tip."""
    notices = [notice_to_json(notice) for notice in signatures.notices]
    tips = [{"tip": [t.stream, t.n, t.hash], "by": t.by, "signature": t.signature} for t in signatures.tips]
    return b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in (*notices, *tips))


def notice_to_json(notice: Notice) -> dict[str, Any]:
    return {"notice": notice.data.decode(), "signature": notice.signature}


def notice_of(members: object) -> Notice:
    match members:
        case {"notice": str(text), "signature": str(signature)}:
            data = _bytes({"notice": text}, "notice") or b""
            return Notice(data[: NOTICE_MOST + 1], signature if _SIGNATURE.fullmatch(signature) else "")
        case _:
            raise WireFault("line")


def line_of(entry: Entry) -> bytes:
    body = {"body": None} if entry.body_bytes is None else _member("body", entry.body_bytes)
    return json.dumps(_member("head", entry.head_bytes) | body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def raw_of(members: dict[str, Any]) -> Raw:
    head = _bytes(members, "head")
    if head is None:
        raise WireFault("line")
    return Raw(head, _bytes(members, "body"))


def whole_lines(chunks: Iterable[bytes], most: int) -> list[bytes]:
    """Every line, or a WireFault; no more of them are ever kept than `most`."""
    lines = list(islice(lines_of(chunks), most + 1))
    if len(lines) > most:
        raise TooBig("lines", ENTRIES_MOST)
    return lines


def lines_of(chunks: Iterable[bytes], most: int = UNPACKED_MOST) -> Iterator[bytes]:
    """The lines of a gzip stream, unpacked piece by piece under a running cap of `most` bytes."""
    rest = b""
    for piece in _unzipped(chunks, most):
        *whole, rest = (rest + piece).split(b"\n")
        if any(len(line) > LINE_MOST for line in (*whole, rest)):
            raise TooBig("line", LINE_MOST)
        yield from whole
    if rest:
        raise WireFault("cut")


def tips_to_json(tips: Tips) -> dict[str, Any]:
    streams = {stream: [list(tip) for tip in branches] for stream, branches in tips.streams.items()}
    return {"tips": streams, "withheld": sorted(tips.withheld), "unsigned": sorted(tips.unsigned)}


def tips_from_json(members: dict[str, Any]) -> Tips:
    streams, withheld, unsigned = members.get("tips", {}), members.get("withheld", []), members.get("unsigned", [])
    if not isinstance(streams, dict) or not _are_hashes(withheld, WITHHELD_MOST) or not _are_hashes(unsigned, WITHHELD_MOST):
        raise WireFault("tips")
    branches = {_id(stream): tuple(_tip(tip) for tip in _list(branches)) for stream, branches in streams.items()}
    return Tips(branches, frozenset(withheld), frozenset(unsigned))


def load_to_json(load: Load) -> dict[str, Any]:
    kinds = {"kinds": None if load.kinds is None else sorted(load.kinds)}
    return kinds | ({"sealed": sorted(load.sealed), "reader": load.reader} if load.sealed else {})


def load_from_json(members: dict[str, Any]) -> Load:
    kinds, reader = members.get("kinds"), members.get("reader", "")
    if reader != "" and not _are_hashes([reader], 1):
        raise WireFault("tips")
    return Load(EVERYTHING.kinds if kinds is None else _kinds(kinds), _kinds(members.get("sealed", [])), reader)


def place_from_json(value: object) -> Place:
    match value:
        case None:
            return START
        case [int(lamport), str(entry_hash)] if not isinstance(lamport, bool) and abs(lamport) < 2**53 and len(entry_hash) <= 64:
            return (lamport, entry_hash)
        case _:
            raise WireFault("tips")


def received_to_json(received: Received) -> dict[str, Any]:
    refused = [{"hash": each.hash, "why": each.why} for each in received.refused]
    return {"stored": received.stored, "known": received.known, "held": received.held, "refused": refused}


def received_from_json(members: dict[str, Any]) -> Received:
    refused = [each for each in _list(members.get("refused")) if isinstance(each, dict)]
    return Received(
        _count(members.get("stored")),
        _count(members.get("known")),
        _count(members.get("held")),
        tuple(Refused(str(each.get("hash", "")), str(each.get("why", ""))) for each in refused),
    )


def digest_to_json(digest: Digest) -> dict[str, Any]:
    return {"entries": digest.entries, "bodies": digest.bodies, "sha256": digest.sha256}


def digest_from_json(members: dict[str, Any]) -> Digest:
    return Digest(_count(members.get("entries")), _count(members.get("bodies")), str(members.get("sha256", "")))


def hashes(value: object, most: int) -> list[str]:
    """A list of SHA-256 in hex, or a WireFault."""
    if not _are_hashes(value, most):
        raise WireFault("hashes")
    return _list(value)


def object_of(data: bytes) -> dict[str, Any]:
    """A JSON object, or a WireFault: not JSON, too deep, something else."""
    return _object(data)


def _zip(entries: Iterable[Entry], signatures: Signatures, last: bytes = b"") -> bytes:
    return gzip.compress(b"".join(line_of(entry) for entry in entries) + lines_of_signatures(signatures) + last, 6, mtime=0)


def _unzipped(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    unzip, come, gone = zlib.decompressobj(wbits=31), 0, 0
    for chunk in chunks:
        waiting, come = chunk, come + len(chunk)
        while waiting:
            if unzip.eof or come > most:
                raise WireFault("gzip") if unzip.eof else TooBig("bytes", most)
            piece = _piece(unzip, waiting)
            waiting, gone = unzip.unconsumed_tail or unzip.unused_data, gone + len(piece)
            if gone > most:
                raise TooBig("bytes", most)
            yield piece
    if not unzip.eof:
        raise WireFault("cut" if come else "gzip")


def _piece(unzip: Any, waiting: bytes) -> bytes:
    try:
        piece: bytes = unzip.decompress(waiting, _CHUNK)
    except zlib.error as wrong:
        raise WireFault("gzip") from wrong
    return piece


def _object(data: bytes) -> dict[str, Any]:
    try:
        members = json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise WireFault("line") from wrong
    if not isinstance(members, dict):
        raise WireFault("line")
    return members


def _member(name: str, data: bytes) -> dict[str, str]:
    """As text where it is text, so that people can read a file of entries; else, or when escapes would swell it, as base64."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if (text or not data) and len(json.dumps(text, ensure_ascii=False).encode()) <= 2 * len(data) + 2:
        return {name: text}
    return {f"{name}64": base64.b64encode(data).decode()}


def _bytes(members: dict[str, Any], name: str) -> bytes | None:
    text, packed = members.get(name), members.get(f"{name}64")
    try:
        if isinstance(text, str):
            return text.encode()
        return base64.b64decode(packed, validate=True) if isinstance(packed, str) else None
    except (UnicodeEncodeError, binascii.Error, ValueError) as wrong:
        raise WireFault("line") from wrong


def is_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None


def _kinds(value: object) -> frozenset[str]:
    kinds = _list(value)
    if len(kinds) > KINDS_MOST or not all(isinstance(kind, str) and len(kind) <= 90 for kind in kinds):
        raise WireFault("tips")
    return frozenset(kinds)


def _id(value: object) -> str:
    if not (isinstance(value, str) and _ID.fullmatch(value)):
        raise WireFault("tips")
    return value


def _tip(value: object) -> Tip:
    match value:
        case [int(n), str(entry_hash)] if n > 0 and not isinstance(n, bool) and _HASH.fullmatch(entry_hash):
            return Tip(n, entry_hash)
        case _:
            raise WireFault("tips")


def _signed_tip(members: dict[str, Any]) -> SignedTip:
    match members:
        case {"tip": [str(stream), int(n), str(entry_hash)], "by": str(by), "signature": str(signature)} if (
            _ID.fullmatch(stream) and 0 < n < 2**53 and not isinstance(n, bool) and _HASH.fullmatch(entry_hash) and _HASH.fullmatch(by)
        ):
            return SignedTip(stream, n, entry_hash, by, signature if _SIGNATURE.fullmatch(signature) else "")
        case _:
            raise WireFault("line")


def _are_hashes(value: object, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most and all(isinstance(each, str) and _HASH.fullmatch(each) for each in value)


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise WireFault("tips")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise WireFault("tips")
    return value
