"""Files that are surely on the disk, and names that appear only when they are."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from workshop.copies.shape import MAKING

AT_ONCE: Final = 1024 * 1024
RESERVE: Final = 32 * 1024 * 1024  # bytes that a copy leaves free: the record itself comes first
_advise: Final[Any] = getattr(os, "posix_fadvise", None)  # not on macOS and Windows


class NoSpace(OSError):
    """The copy would leave too little for the record, or does not fit at all."""


@contextlib.contextmanager
def made_whole(final: Path) -> Iterator[Path]:
    """A folder to fill, which gets its name when all in it is on the disk; gone if anything goes wrong."""
    work = final.with_name(f".{final.name}{MAKING}")
    shutil.rmtree(work, ignore_errors=True)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    work.mkdir(mode=0o700)
    try:
        yield work
        for folder, _, files in os.walk(work):
            for name in files:
                settle(Path(folder) / name)
            settle_folder(Path(folder))
        work.rename(final)
        settle_folder(final.parent)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def sweep(place: Path) -> None:
    """What a power cut left half made."""
    for left in place.glob(f".*{MAKING}"):
        shutil.rmtree(left, ignore_errors=True)


def copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source, target)
    settle(target)


def write_file(target: Path, content: bytes) -> None:
    target.write_bytes(content)
    settle(target)


def settle(path: Path) -> None:
    """On the disk, and out of the memory where the system could: who reads it next reads the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
        if _advise:
            _advise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def settle_folder(path: Path) -> None:
    """Where a folder can be opened: not on Windows."""
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def size_of(*paths: Path) -> int:
    return sum(path.stat().st_size for path in paths if path.exists())


def check_space(place: Path, needed: int) -> None:
    """Raises NoSpace."""
    if shutil.disk_usage(place).free < needed + RESERVE:
        raise NoSpace(28, "No space left on device", str(place))
