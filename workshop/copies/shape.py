"""What a copy is: a folder named by its moment, with both databases, the keys, and a page that says what is in it.

    backups/
      20261122-073105-417/    copy.json  record.db  private.db  keys/device.key
      erasures.txt            what must not come back, whichever copy is restored

A copy is the whole laptop: who restores it is the same room for phones, staff and the centre, and opens new streams in the record.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from workshop.record.database import FORMAT as FORMAT  # of copies and of both databases

PAGE: Final = "copy.json"
RECORD: Final = "record.db"
PRIVATE: Final = "private.db"
KEYS: Final = "keys"
MAKING: Final = ".making"  # the name of a copy that is not one yet ends so
OWN_PAGE_MOST: Final = 4 * 1024 * 1024  # bytes


class CopyUnusable(RuntimeError):
    """`why`: no_copy, newer, unreadable, file_missing, file_changed, not_sound, entries_differ. `name`: which file."""

    def __init__(self, path: Path, why: str, name: str = "") -> None:
        super().__init__(f"{path}: {why} {name}".rstrip())
        self.path, self.why, self.name = path, why, name


@dataclass(frozen=True, slots=True)
class Told:
    """What is in a copy, as people know it."""

    titles: tuple[str, ...]
    meetings: tuple[tuple[str, str], ...]  # title, date


@dataclass(frozen=True, slots=True)
class Copy:
    """`made`: UTC, to the second. `digest`: over the hashes of all entries, as `tavoli verify` says it. `files`: SHA-256 of each."""

    path: Path
    made: str
    entries: int
    digest: str
    told: Told
    files: dict[str, str]
    program: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made)

    def page(self) -> bytes:
        members = {"format": FORMAT, **{name: value for name, value in asdict(self).items() if name != "path"}}
        return json.dumps(members, ensure_ascii=False, indent=1).encode()


def read_copy(path: Path) -> Copy:
    """What the copy says of itself; whether it is true, `checking` says. Raises CopyUnusable."""
    try:
        with (path / PAGE).open("rb") as page:
            members = json.loads(page.read(OWN_PAGE_MOST))
    except FileNotFoundError as wrong:
        raise CopyUnusable(path, "no_copy") from wrong
    except (OSError, ValueError, RecursionError) as wrong:
        raise CopyUnusable(path, "unreadable", PAGE) from wrong
    if isinstance(members, dict) and isinstance(members.get("format"), int) and members["format"] > FORMAT:
        raise CopyUnusable(path, "newer")
    try:
        return _copy(path, members)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise CopyUnusable(path, "unreadable", PAGE) from wrong


def copies_in(place: Path) -> list[Copy]:
    """The newest first. A place that is not there, or cannot be read, has none."""
    return sorted(_found(place), key=lambda copy: (copy.made, copy.path.name), reverse=True)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _found(place: Path) -> Iterator[Copy]:
    try:
        names = [each for each in place.iterdir() if not each.name.startswith(".")]
    except OSError:
        return
    for each in names:
        try:
            yield read_copy(each)
        except CopyUnusable:
            continue


def _copy(path: Path, members: dict[str, Any]) -> Copy:
    told = members["told"]
    copy = Copy(
        path=path,
        made=str(members["made"]),
        entries=int(members["entries"]),
        digest=str(members["digest"]),
        told=Told(tuple(map(str, told["titles"])), tuple((str(title), str(date)) for title, date in told["meetings"])),
        files={str(name): str(digest) for name, digest in members["files"].items()},
        program=str(members["program"]),
    )
    if copy.moment.tzinfo is None or not {RECORD, PRIVATE} <= set(copy.files) or any(not _is_inside(name) for name in copy.files):
        raise ValueError(path)
    return copy


def _is_inside(name: str) -> bool:
    """A page that was written by somebody else must not lead out of its folder."""
    parts = name.split("/")
    return len(parts) <= 2 and all(part and part not in {".", ".."} and "\\" not in part and ":" not in part for part in parts)
