"""A bundle: the entries of one scope in a file, for a stick. A zip with a page for people, a manifest, and the same lines as over a line.

    README.txt          what this is, in plain words, for whoever finds it in ten years
    manifest.json       format, scope, when it was made, how many entries, their digest, for whom it was sealed
    record.ndjson.gz    lines of entries and signatures, in batches; or record.sealed, the same under a key

Nothing in the zip is compressed by the zip itself and sizes stand in front, so that a file that was cut is read up to the cut. Importing is
receiving: twice is nothing new, what is not trusted is held, and nothing is ever written where a name in the file says.
"""

import gzip
import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import IO, Any, Final

from sync.entry import Entry
from sync.exchange import Progress, Stopped
from sync.log import EVERYTHING, START, Load, Log, Received, Tips
from sync.sealing import READERS_MOST, Broken, key_in, keys_for, new_key, opened, sealed
from sync.wire import TooBig, WireFault, batch_of, is_id, line_of, lines_of, lines_of_signatures, object_of

FORMAT: Final = 1
BATCH: Final = 100  # entries: small, so that a cut loses little
MANIFEST_MOST: Final = 1_000_000  # bytes
README_MOST: Final = 100_000
UNPACKED_MOST: Final = 1_000_000_000  # bytes of lines in one file
REFUSED_MOST: Final = 1_000  # entries that are refused before the rest is not looked at
README, MANIFEST, PLAIN, SEALED = "README.txt", "manifest.json", "record.ndjson.gz", "record.sealed"
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_CHUNK: Final = 65_536
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FIXED: Final = (1980, 1, 1, 0, 0, 0)  # the moment stands in the manifest; the zip itself tells nothing about the computer


class NotABundle(ValueError):
    """`why`: magic, format (a newer one), manifest, scope (not one that is taken here)."""

    def __init__(self, why: str, told: str = "") -> None:
        super().__init__(why)
        self.why, self.told = why, told


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made`: UTC, to the minute. `profile`: which bodies are in it, in the program's own words. `readers`: public key -> sealed key."""

    scope: str
    made: str
    entries: int
    digest: str
    profile: str = ""
    program: str = ""
    title: str = ""
    readers: dict[str, str] = field(default_factory=dict)

    @property
    def is_sealed(self) -> bool:
        return bool(self.readers)


@dataclass(frozen=True, slots=True)
class Imported:
    """`why` it ended early: '' when the whole file was read, else cut, line, lines, bytes, gzip, seal, refused, stopped."""

    manifest: Manifest
    received: Received
    read: int  # entries of whole batches
    why: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.why


Tell = Callable[[Progress], object]  # entries done, of how many, bytes of their lines; may end it by raising Stopped


def export(
    log: Log,
    file: IO[bytes],
    manifest: Manifest,
    readme: str,
    readers: Iterable[str] = (),
    load: Load = EVERYTHING,
    tell: Tell = lambda _: None,
) -> Manifest:
    """Write a bundle of `manifest.scope`; the manifest as it was written. `readers`: public keys; none leaves it readable by everybody.

    Raises Stopped when `tell` did: the file is then of no use."""
    digest, wanted = log.digest(manifest.scope, load), sorted(set(readers))
    key = new_key() if wanted else b""
    told = Manifest(
        **{**asdict(manifest), "entries": digest.entries, "digest": digest.sha256, "readers": keys_for(key, wanted) if wanted else {}}
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr(zipfile.ZipInfo(README, _FIXED), readme)
        zipped.writestr(zipfile.ZipInfo(MANIFEST, _FIXED), json.dumps({"format": FORMAT, **asdict(told)}, ensure_ascii=False, indent=1))
        with zipped.open(zipfile.ZipInfo(SEALED if wanted else PLAIN, _FIXED), "w") as record:
            lines = _zipped(_lines(log, manifest.scope, load, told.entries, tell))
            for chunk in sealed(lines, key) if wanted else lines:
                record.write(chunk)
    return told


def look(file: IO[bytes]) -> Manifest:
    """What a bundle says of itself. Raises NotABundle."""
    return _begin(file)[0]


def take_in(log: Log, file: IO[bytes], seed: bytes, takes: Callable[[str], bool], tell: Tell = lambda _: None) -> Imported:
    """Receive what is in a bundle, batch by batch; memory is bounded by a batch. Raises NotABundle, sealing.NotForUs.

    `seed`: of our key, for a sealed one; `takes`: whether this place takes that scope.
    """
    manifest, size = _begin(file)
    if not takes(manifest.scope):
        raise NotABundle("scope", manifest.title)
    data: Iterable[bytes] = _chunks(file, size)
    if manifest.is_sealed:
        data = opened(data, key_in(manifest.readers, seed))
    return _receive_all(log, manifest, data, tell)


def _receive_all(log: Log, manifest: Manifest, data: Iterable[bytes], tell: Tell) -> Imported:
    received, read, size, why, ended = Received(), 0, 0, "", False
    try:
        for batch in _batches(lines_of(data, UNPACKED_MOST)):
            if batch is None:
                ended = True
                break
            told = batch_of(batch)
            received += log.receive(manifest.scope, told.entries, told.signatures)
            read += len(told.entries)
            size += sum(len(raw.head) + len(raw.body or b"") for raw in told.entries)
            tell(Progress(read, max(read, manifest.entries), size))
            if len(received.refused) > REFUSED_MOST:
                return Imported(manifest, received, read, "refused")
    except WireFault as fault:
        why = fault.why
    except Broken:
        why = "seal"
    except Stopped:
        why = "stopped"
    return Imported(manifest, received, read, "" if ended else why or "cut")


def _lines(log: Log, scope: str, load: Load, of: int, tell: Tell) -> Iterator[bytes]:
    after, done = START, Progress(total=of)
    while page := log.entries_beyond(scope, Tips(), after=after, load=load):
        for at in range(0, len(page), BATCH):
            entries = page[at : at + BATCH]
            yield b"".join(line_of(entry) for entry in entries)
            yield lines_of_signatures(log.signatures(scope, entries))
            yield json.dumps({"batch": len(entries)}).encode() + b"\n"
            done += Progress(len(entries), size=sum(map(_size, entries)))
            tell(done)
        after = page[-1].place
    yield json.dumps({"end": done.done}).encode() + b"\n"


def _size(entry: Entry) -> int:
    return len(entry.head_bytes) + len(entry.body_bytes or b"")


def _batches(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]] | None]:
    """The lines of each whole batch; None at the very end."""
    waiting: list[dict[str, Any]] = []
    for line in lines:
        members = object_of(line)
        if "end" in members:
            yield None
            return
        if "batch" in members:
            yield waiting
            waiting = []
        else:
            waiting.append(members)
            if len(waiting) > 20 * BATCH:
                raise TooBig("lines", 20 * BATCH)


def _zipped(lines: Iterable[bytes]) -> Iterator[bytes]:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=6, mtime=0) as zipped:
        for line in lines:
            zipped.write(line)
            if buffer.tell() > _CHUNK:
                yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.BytesIO) -> bytes:
    data = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return data


def _chunks(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (chunk := file.read(min(_CHUNK, size))):
        size -= len(chunk)
        yield chunk


def _begin(file: IO[bytes]) -> tuple[Manifest, int]:
    """(manifest, size of the record), the file standing at the record's first byte."""
    _member(file, README, README_MOST)
    manifest = _manifest(_member(file, MANIFEST, MANIFEST_MOST))
    name, size = _header(file)
    if name != (SEALED if manifest.is_sealed else PLAIN):
        raise NotABundle("manifest")
    return manifest, size


def _member(file: IO[bytes], wanted: str, most: int) -> bytes:
    name, size = _header(file)
    if name != wanted or size > most:
        raise NotABundle("magic")
    data = file.read(size)
    if len(data) < size:
        raise NotABundle("magic")
    return data


def _header(file: IO[bytes]) -> tuple[str, int]:
    """Name and size of the member that begins here."""
    data = file.read(_LOCAL.size)
    if len(data) < _LOCAL.size:
        raise NotABundle("magic")
    magic, _, flags, method, _, _, _, size, unpacked, name_length, extra_length = _LOCAL.unpack(data)
    if magic != b"PK\x03\x04" or method or flags & 0b1001 or size != unpacked or name_length > 64 or extra_length > 64:
        raise NotABundle("magic")
    name = file.read(name_length).decode("ascii", "replace")
    file.read(extra_length)
    return name, size


def _manifest(data: bytes) -> Manifest:
    try:
        members = json.loads(data)
        json.dumps(members, ensure_ascii=False).encode()  # letters that are none: no database keeps them
    except (ValueError, RecursionError) as wrong:
        raise NotABundle("manifest") from wrong
    match members:
        case {"format": int(number)} if number > FORMAT:
            raise NotABundle("format")
        case {
            "format": 1,
            "scope": str(scope),
            "made": str(made),
            "entries": int(entries),
            "digest": str(digest),
            "readers": dict(readers),
        } if is_id(scope) and _is_moment(made) and _DIGEST.fullmatch(digest) and _are_readers(readers):
            told = {name: str(members.get(name, ""))[:200] for name in ("profile", "program", "title")}
            return Manifest(scope, made, entries, digest, readers=readers, **told)
        case _:
            raise NotABundle("manifest")


def _is_moment(made: str) -> bool:
    try:
        return bool(datetime.strptime(made, "%Y-%m-%dT%H:%MZ"))
    except ValueError:
        return False


def _are_readers(readers: dict[str, object]) -> bool:
    return len(readers) <= READERS_MOST and all(isinstance(each, str) for each in readers.values())
