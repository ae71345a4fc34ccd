"""An entry of the record: exact bytes of a head and a body. Its identity is the SHA-256 of its head.

The head is JSON about the entry and never about a person. The body is JSON whose first member is a random salt; dropping the
body drops salt, actor and words together, and the chain of heads still verifies. Bytes are kept and forwarded as received.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final

FORMAT: Final = 1
HEAD_MOST: Final = 16_384  # bytes
BODY_MOST: Final = 262_144  # bytes
LAMPORT_MOST: Final = 2**53
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9a-f]{32}")
_KIND: Final = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}/[0-9]{1,4}")
_WALL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")
_MEMBERS: Final = frozenset({"v", "scope", "stream", "n", "prev", "lamport", "kind", "about", "replaces", "cause", "wall", "body"})


class Unreadable(ValueError):
    """The bytes are not an entry: the reason is a short word (`head`, `hash`, `body`, `size`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What everybody may know of an entry. `prev` is empty in the first entry of a stream."""

    scope: str
    stream: str
    n: int
    prev: str
    lamport: int
    kind: str
    about: str
    replaces: tuple[str, ...]
    cause: str
    wall: str  # UTC, cut to the minute: shown, never used for order
    body_hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`body_bytes` is None when the body was withheld or erased."""

    hash: str
    head: Head
    head_bytes: bytes
    body_bytes: bytes | None

    @property
    def place(self) -> tuple[int, str]:
        """Order of all entries of a scope: (lamport, hash)."""
        return (self.head.lamport, self.hash)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def seal(head: Head, body_bytes: bytes) -> Entry:
    """Make an entry of our own. `head.body_hash` is computed here."""
    members = {
        "v": FORMAT,
        "scope": head.scope,
        "stream": head.stream,
        "n": head.n,
        "prev": head.prev,
        "lamport": head.lamport,
        "kind": head.kind,
        "about": head.about,
        "replaces": list(head.replaces),
        "cause": head.cause,
        "wall": head.wall,
        "body": sha256(body_bytes),
    }
    head_bytes = json.dumps(members, separators=(",", ":")).encode()
    return read_entry(head_bytes, body_bytes)


def read_entry(head_bytes: bytes, body_bytes: bytes | None) -> Entry:
    """An entry from exact bytes, checked against itself; raises Unreadable."""
    head = read_head(head_bytes)
    if body_bytes is not None:
        if len(body_bytes) > BODY_MOST:
            raise Unreadable("size")
        if sha256(body_bytes) != head.body_hash:
            raise Unreadable("body")
    return Entry(sha256(head_bytes), head, head_bytes, body_bytes)


def read_head(head_bytes: bytes) -> Head:
    if len(head_bytes) > HEAD_MOST:
        raise Unreadable("size")
    try:
        members = json.loads(head_bytes)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable("head") from wrong
    if not isinstance(members, dict) or not _is_head(members):
        raise Unreadable("head")
    return Head(
        scope=members["scope"],
        stream=members["stream"],
        n=members["n"],
        prev=members["prev"],
        lamport=members["lamport"],
        kind=members["kind"],
        about=members["about"],
        replaces=tuple(members["replaces"]),
        cause=members["cause"],
        wall=members["wall"],
        body_hash=members["body"],
    )


def _is_head(members: dict[str, Any]) -> bool:
    return (
        members.keys() == _MEMBERS  # nothing else: what a head says outlives an erasure, and travels to everybody
        and members["v"] == FORMAT
        and members["v"] is not True
        and all(_matches(_ID, members[name]) for name in ("scope", "stream", "about", "cause"))
        and _is_count(members["n"])
        and _is_count(members["lamport"])
        and (members["prev"] == "" if members["n"] == 1 else _matches(_HASH, members["prev"]))
        and _matches(_KIND, members["kind"])
        and isinstance(members["replaces"], list)
        and len(members["replaces"]) <= 200
        and all(_matches(_ID, version) for version in members["replaces"])
        and _matches(_WALL, members["wall"])
        and _matches(_HASH, members["body"])
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LAMPORT_MOST


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
