"""Is a copy what it says? Every file as it was written, both databases sound, the same entries with the same digest."""

import contextlib
import sqlite3
from pathlib import Path

from workshop.copies.disk import sha256_of
from workshop.copies.reading import digest_in, is_sound, open_to_read
from workshop.copies.shape import FORMAT, PRIVATE, RECORD, Copy, CopyUnusable, read_copy


def check(path: Path) -> Copy:
    """The copy, opened and found good; raises CopyUnusable."""
    copy = read_copy(path)
    for name, digest in copy.files.items():
        _check_file(copy, name, digest)
    for name in (RECORD, PRIVATE):
        _check_database(copy, name)
    return copy


def _check_file(copy: Copy, name: str, digest: str) -> None:
    try:
        found = sha256_of(copy.path / name)
    except FileNotFoundError as wrong:
        raise CopyUnusable(copy.path, "file_missing", name) from wrong
    except OSError as wrong:
        raise CopyUnusable(copy.path, "unreadable", name) from wrong
    if found != digest:
        raise CopyUnusable(copy.path, "file_changed", name)


def _check_database(copy: Copy, name: str) -> None:
    try:
        with contextlib.closing(open_to_read(copy.path / name, is_still=True)) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] > FORMAT:
                raise CopyUnusable(copy.path, "newer", name)
            if not is_sound(connection):
                raise CopyUnusable(copy.path, "not_sound", name)
            if name == RECORD:
                _check_entries(copy, connection)
    except sqlite3.Error as wrong:
        raise CopyUnusable(copy.path, "not_sound", name) from wrong


def _check_entries(copy: Copy, connection: sqlite3.Connection) -> None:
    found = digest_in(connection)
    if (found.entries, found.sha256) != (copy.entries, copy.digest):
        raise CopyUnusable(copy.path, "entries_differ", RECORD)
