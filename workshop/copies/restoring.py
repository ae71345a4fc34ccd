"""Restore a copy into an empty folder: first whole and verified under another name, then each file in its place.

A power cut in the middle leaves either nothing or the rest still to be put in place, which the next start does.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import Connection

from workshop.copies.checking import check
from workshop.copies.disk import check_space, copy_file, made_whole, settle_folder, size_of
from workshop.copies.erasures import carry_erasures, erasures_in
from workshop.copies.photos import PHOTOS, bring_photos
from workshop.copies.reading import open_to_read
from workshop.copies.shape import PAGE, PRIVATE, RECORD, Copy, CopyUnusable, copies_in, read_copy
from workshop.private.database import open_private
from workshop.record import rows
from workshop.record.database import Store, open_store
from workshop.record.erasing import drop_bodies
from workshop.record.fold import prepare
from workshop.record.verify import verify
from workshop.settings import Folder, open_folder

STAGED: Final = "restoring"
ASIDE: Final = "before-restore"
BACKUPS: Final = "backups"
P = ParamSpec("P")
T = TypeVar("T")


class NotEmpty(RuntimeError):
    """The folder has something in it: nothing is ever overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Restored:
    """`digest`: of what stands there now. `erased`: bodies of the copy that were left out, as erasures.txt wants it."""

    copy: Copy
    entries: int
    digest: str
    erased: int


def restore(target: Path, source: Path) -> Restored:
    """`source`: a copy, or a place with several: then the newest. Raises NotEmpty, CopyUnusable, OSError."""
    if target.exists() and (not target.is_dir() or any(path.is_file() for path in target.rglob("*"))):
        raise NotEmpty(target)
    chosen = the_copy(source)
    folder = open_folder(str(target))
    try:
        restored = stage(folder, chosen)
    except BaseException:
        _leave_nothing(folder)
        raise
    put_in_place(folder)
    return restored


def the_copy(source: Path) -> Copy:
    """A copy by its folder, or by the file in it that says what it is, or the newest of a place, also one level down as on a stick."""
    source = source.parent if source.name == PAGE else source
    if (source / PAGE).exists():
        return read_copy(source)
    if found := copies_near(source):
        return found[0]
    raise CopyUnusable(source, "no_copy")


def copies_near(place: Path) -> list[Copy]:
    """In a folder, in its `backups`, and in the folders of computers below it; the newest first."""
    with contextlib.suppress(OSError):
        below = [each for each in place.iterdir() if each.is_dir()]
        found = {copy.path: copy for where in (place, *below) for copy in copies_in(where)}
        return sorted(found.values(), key=lambda copy: (copy.made, copy.path.name), reverse=True)
    return []


def stage(folder: Folder, chosen: Copy) -> Restored:
    """The copy whole and verified inside the folder, not yet in its place. What is erased does not come back."""
    check(chosen.path)
    check_space(folder.path, 2 * size_of(*(chosen.path / name for name in chosen.files)))
    carry_erasures(chosen.path.parent, folder.path / BACKUPS)
    bring_photos(chosen.path.parent, folder.path / PHOTOS)
    with made_whole(folder.path / STAGED) as work:
        for name in (*chosen.files, PAGE):
            copy_file(chosen.path / name, work / name)
        check(work)
        return _made_ready(work, chosen, folder.path / BACKUPS)


def let_in(folder: Folder, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """A change to the private database of what stands staged, such as a link for who restored it."""
    with contextlib.closing(open_private(f"sqlite:///{folder.path / STAGED / PRIVATE}")) as private, private.writer.begin() as connection:
        return change(connection, *args, **kwargs)


def put_in_place(folder: Folder) -> bool:
    """What stands staged becomes the folder's own; what was there before, a room without entries, is set aside. True when it did."""
    staged = folder.path / STAGED
    if not staged.is_dir():
        return False
    if (staged / RECORD).exists() and _has_entries(folder.path / RECORD):
        shutil.rmtree(staged)
        raise NotEmpty(folder.path)
    for path in sorted(path for path in staged.rglob("*") if path.is_file() and path.name != PAGE):
        _put(folder, path.relative_to(staged))
    settle_folder(folder.path)
    shutil.rmtree(staged)
    return True


def _put(folder: Folder, name: Path) -> None:
    """With the traces of another database of the same name out of the way first."""
    target = folder.path / name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    for old in (target.with_name(f"{target.name}{trace}") for trace in ("-wal", "-shm", "")):
        if old.exists():
            aside = folder.path / ASIDE / name.parent
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(old, aside / old.name)
    os.replace(folder.path / STAGED / name, target)
    settle_folder(target.parent)


def _made_ready(work: Path, chosen: Copy, backups: Path) -> Restored:
    """Rows of this program, without what was erased, and every byte compared with its hash."""
    rows.every_noun()
    with _opened(work / RECORD) as store:
        with store.writer.begin() as connection:
            prepare(connection)
            erased = drop_bodies(connection, (each.entry_hash for each in erasures_in(backups)))
        verdict = verify(store)
        if not verdict.is_good:
            raise CopyUnusable(chosen.path, "not_sound", RECORD)
    return Restored(chosen, verdict.entries, verdict.digest, erased)


@contextlib.contextmanager
def _opened(record: Path) -> Iterator[Store]:
    with contextlib.closing(open_store(f"sqlite:///{record}")) as store:
        yield store


def _has_entries(record: Path) -> bool:
    if not record.exists():
        return False
    try:
        with contextlib.closing(open_to_read(record, is_still=False)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM entry)").fetchone()[0])
    except sqlite3.Error:
        return record.stat().st_size > 0


def _leave_nothing(folder: Folder) -> None:
    """The folder was empty, or not there: so it is again."""
    for name in (STAGED, BACKUPS, PHOTOS, folder.key_path.parent.name):
        shutil.rmtree(folder.path / name, ignore_errors=True)
