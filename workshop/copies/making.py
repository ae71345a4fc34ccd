"""Make a copy: SQLite's own backup of one moment of both databases, checked before it gets its name; then carried to other places."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import time_ns

from sync.log import Digest
from workshop.copies.checking import check
from workshop.copies.disk import check_space, copy_file, made_whole, sha256_of, size_of, write_file
from workshop.copies.erasures import carry_erasures
from workshop.copies.reading import digest_in, open_to_read, told_in
from workshop.copies.shape import KEYS, PAGE, PRIVATE, RECORD, Copy, now
from workshop.settings import Folder


@dataclass(frozen=True, slots=True)
class Moment:
    """Both databases as they were between two transactions of the one writer; people go on writing meanwhile."""

    record: sqlite3.Connection
    private: sqlite3.Connection

    def close(self) -> None:
        self.record.close()
        self.private.close()


def pin(folder: Folder) -> Moment:
    """Asked on the writer's thread, inside its transaction, both are of the same moment. The record comes first otherwise."""
    return Moment(_pinned(folder.path / RECORD), _pinned(folder.path / PRIVATE))


def make_copy(folder: Folder, place: Path, moment: Moment) -> Copy:
    """A new copy in `place`, verified. Raises OSError, sqlite3.Error or CopyUnusable, and then leaves nothing."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_space(place, size_of(folder.path / RECORD, folder.path / PRIVATE))
    made = now()
    final = place / _name(made)
    with made_whole(final) as work:
        _back_up(moment.record, work / RECORD)
        _back_up(moment.private, work / PRIVATE)
        for key in _files_in(folder.path / KEYS):
            copy_file(key, work / KEYS / key.name)
        copy = _describe(work, made, digest_in(moment.record))
        write_file(work / PAGE, copy.page())
        check(work)
    return replace(copy, path=final)


def carry(copy: Copy, place: Path) -> Copy:
    """The same copy in another place, read back and verified there, with what must not come back."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_space(place, size_of(*(copy.path / name for name in copy.files)))
    carry_erasures(copy.path.parent, place)
    final = place / copy.path.name
    with made_whole(final) as work:
        for name in (*copy.files, PAGE):
            copy_file(copy.path / name, work / name)
        check(work)
    return replace(copy, path=final)


def _pinned(path: Path) -> sqlite3.Connection:
    connection = open_to_read(path, is_still=False)
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only now it stands on a moment
    return connection


def _back_up(source: sqlite3.Connection, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as made:
        made.execute("PRAGMA synchronous=OFF")  # all of it is synced at the end, before it gets its name
        source.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")  # one file, which opens without making others beside it


def _describe(work: Path, made: str, digest: Digest) -> Copy:
    files = {path.relative_to(work).as_posix(): sha256_of(path) for path in _files_in(work)}
    told = told_in(work / RECORD)
    return Copy(work, made, digest.entries, digest.sha256, told, files, version("tavoli"))


def _files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _name(made: str) -> str:
    """20261122-073105-417: sorts by time, to the millisecond, and fits on every disk."""
    date, time = re.sub(r"[-:Z]", "", made).split("T")
    return f"{date}-{time}-{time_ns() // 1_000_000 % 1_000:03d}"
