"""Before a folder is opened: is what should be there, whole, and of this program? If not, one sentence and the way out; nothing is changed.

A room never starts again silently from empty beside what is left of the one before.
"""

import contextlib
import hashlib
import json
import shlex
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Engine

from workshop.copies.checking import check
from workshop.copies.reading import open_to_read
from workshop.copies.restoring import BACKUPS, copies_near
from workshop.copies.shape import FORMAT, PRIVATE, RECORD, Copy, CopyUnusable
from workshop.copies.sticks import sticks
from workshop.settings import Folder

NAMES: Final = {RECORD: "the record (record.db)", PRIVATE: "the private database (private.db)"}
WHY: Final = {
    "newer": "{name} was written by a newer Tavoli. Start that one, or a newer one.",
    "missing": "{name} is missing.",
    "closed": "{name} cannot be read ({detail}). Make it readable for who starts Tavoli.",
    "no_database": "{name} cannot be read: it is damaged ({detail}).",
    "damaged": "{name} is damaged ({detail}).",
    "key": "the key of this computer (keys/device.key) is missing: phones would not be recognised.",
}


class FolderInTrouble(RuntimeError):
    """One line for people: what is wrong, that nothing was changed, and the way out."""

    def __init__(self, folder: Folder, why: str, name: str = "", detail: str = "") -> None:
        self.why = why
        told = WHY[why].format(name=NAMES.get(name, name), detail=detail)
        way_out = "" if why in {"newer", "closed"} else f" {_way_out(folder)}"
        super().__init__(f"{told[0].upper()}{told[1:]} The data folder {folder.path} was left as it is.{way_out}")


def look_at(folder: Folder) -> None:
    """Raises FolderInTrouble. Reads both databases once: a second or two for a long record."""
    there = [name for name in (RECORD, PRIVATE) if (folder.path / name).exists()]
    for name in there:
        _look_at_database(folder, name)
    has_entries = RECORD in there and bool(_ask(folder, RECORD, "SELECT EXISTS (SELECT 1 FROM entry)"))
    if folder.record_url.startswith("sqlite"):
        _look_for_what_is_missing(folder, there, has_entries=has_entries)
    if has_entries and not folder.key_path.exists():
        raise FolderInTrouble(folder, "key")


def keep_format(database: Engine) -> None:
    """Mark a database of ours with the format it is written in, for programs that come before this one."""
    if database.dialect.name == "sqlite":
        with database.begin() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar() != FORMAT:
                connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")


def _look_for_what_is_missing(folder: Folder, there: list[str], *, has_entries: bool) -> None:
    """The record is made first: without entries and without private.db, a first start was cut short."""
    if PRIVATE in there and RECORD not in there:
        raise FolderInTrouble(folder, "missing", RECORD)
    if has_entries and PRIVATE not in there:
        raise FolderInTrouble(folder, "missing", PRIVATE)


def _look_at_database(folder: Folder, name: str) -> None:
    try:
        with (folder.path / name).open("rb") as file:
            file.read(1)
    except OSError as wrong:
        raise FolderInTrouble(folder, "closed", name, wrong.strerror or str(wrong)) from wrong
    if _ask(folder, name, "PRAGMA user_version") > FORMAT:
        raise FolderInTrouble(folder, "newer", name)
    if (told := _ask(folder, name, "PRAGMA quick_check(1)")) != "ok":
        raise FolderInTrouble(folder, "damaged", name, _one_line(str(told)))
    if name == RECORD and (bad := _first_bad(folder)):
        raise FolderInTrouble(folder, "damaged", name, f"entry {bad[:12]}")


def _first_bad(folder: Folder) -> str:
    """The first entry whose bytes are not what its hash says: the database itself does not notice those."""
    try:
        with _open(folder, RECORD) as connection:
            for entry_hash, head, body in connection.execute("SELECT hash, head, body FROM entry"):
                if not _is_itself(entry_hash, head, body):
                    return str(entry_hash)
    except sqlite3.OperationalError:
        return ""  # no table of entries yet
    except sqlite3.DatabaseError as wrong:
        raise FolderInTrouble(folder, "damaged", RECORD, _one_line(str(wrong))) from wrong
    return ""


def _is_itself(entry_hash: object, head: object, body: object) -> bool:
    if not isinstance(head, bytes) or hashlib.sha256(head).hexdigest() != entry_hash:
        return False
    return body is None or (isinstance(body, bytes) and hashlib.sha256(body).hexdigest() == json.loads(head)["body"])


def _ask(folder: Folder, name: str, question: str) -> Any:
    """The first value of the answer; None when there is no such table yet."""
    try:
        with _open(folder, name) as connection:
            return connection.execute(question).fetchone()[0]
    except sqlite3.OperationalError as wrong:
        if "no such table" in str(wrong):
            return None
        raise FolderInTrouble(folder, "damaged", name, _one_line(str(wrong))) from wrong
    except sqlite3.DatabaseError as wrong:
        raise FolderInTrouble(folder, "no_database", name, _one_line(str(wrong))) from wrong


@contextlib.contextmanager
def _open(folder: Folder, name: str) -> Iterator[sqlite3.Connection]:
    """Where a killed server left a log file, that is read too; else nothing appears beside the database."""
    path, log = folder.path / name, folder.path / f"{name}-wal"
    has_log = log.exists() and log.stat().st_size > 0
    with contextlib.closing(open_to_read(path, is_still=not has_log)) as connection:
        yield connection


def _one_line(text: str) -> str:
    return " ".join(text.split())[:120]


def _way_out(folder: Folder) -> str:
    """The newest good copy and the exact command; or where to look for one."""
    beside = shlex.quote(f"{folder.path}-restored")
    if copy := newest_good(folder):
        told = f"The newest good copy is of {copy.made} ({copy.entries} entries)"
        return f"{told}: tavoli restore --data {beside} {shlex.quote(str(copy.path))} and then: tavoli serve --data {beside}"
    return f"No good copy was found here or on a stick; when you have one: tavoli restore --data {beside} COPY"


def newest_good(folder: Folder) -> Copy | None:
    """Of the copies on the data disk and on the sticks that are in."""
    found = [copy for place in (folder.path / BACKUPS, *sticks()) for copy in copies_near(place)]
    for copy in sorted(found, key=lambda copy: copy.made, reverse=True):
        with contextlib.suppress(CopyUnusable):
            return check(copy.path)
    return None
