"""Where things are: the data folder, its two databases, and who serves it now."""

import contextlib
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import platformdirs
from nacl.signing import SigningKey

from sync.entry import sha256

try:
    import fcntl
except ImportError:  # Windows: the lock file alone says who runs
    fcntl = None  # type: ignore[assignment]


HAS_FLOCK: Final = find_spec("fcntl") is not None
KEY_LENGTH: Final = 32
NAMES: Final = {"room": "a room's", "central": "a central record's", "trial": "a central record's made with --try"}


class FolderIsServed(RuntimeError):
    """Another Tavoli serves this data folder. `url` is where."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class FolderIsAnothers(RuntimeError):
    """The data folder belongs to another sort of place: a record must not silently start again from empty beside the one that is there."""

    def __init__(self, path: Path, kept: str, wanted: str) -> None:
        super().__init__(f"The data folder {path} is {NAMES[kept]}, not {NAMES[wanted]}. Choose another one with --data.")


class KeyIsShort(RuntimeError):
    """A key file is there, and not whole. A new one is never made silently: what the old one locked would be lost."""

    def __init__(self, path: Path, length: int) -> None:
        super().__init__(f"The key {path} has {length} bytes instead of {KEY_LENGTH}. Put it back from your copy of the keys folder.")


class FolderUnusable(RuntimeError):
    """The data folder cannot be made, read or written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The data folder {path} cannot be used ({why}). Make it usable, or choose another one with --data.")


@dataclass(frozen=True, slots=True)
class Folder:
    """A data folder: record.db travels and is rebuilt; private.db never leaves; keys stay apart from both.

    It belongs to a room, to a central record or to one made with --try, for good, from its first start."""

    path: Path

    @property
    def record_url(self) -> str:
        """The centre's record is in PostgreSQL, where DATABASE_URL says; a laptop's is always SQLite, whatever else runs on it."""
        named = os.environ.get("DATABASE_URL") if self.place in {"central", "trial"} else ""
        return with_driver(named) if named else f"sqlite:///{self.path / 'record.db'}"

    @property
    def place(self) -> str:
        """room, central, trial; "" before the first start."""
        with _usable(self.path):
            return self.place_path.read_text(encoding="utf-8").strip() if self.place_path.exists() else ""

    @property
    def place_path(self) -> Path:
        return self.path / "place"

    def claim(self, place: str) -> None:
        """Say what the folder is, once. Raises FolderIsAnothers."""
        kept = self.place or ("room" if (self.path / "record.db").exists() else place)
        if kept != place:
            raise FolderIsAnothers(self.path, kept, place)
        with _usable(self.path):
            self.place_path.touch(mode=0o600)
            self.place_path.write_text(f"{place}\n", encoding="utf-8")

    @property
    def private_url(self) -> str:
        return f"sqlite:///{self.path / 'private.db'}"

    @property
    def lock_path(self) -> Path:
        return self.path / "serving.lock"

    @property
    def key_path(self) -> Path:
        return self.path / "keys" / "device.key"

    @property
    def private_key_path(self) -> Path:
        return self.path / "keys" / "private.key"

    def serving(self) -> dict[str, Any] | None:
        """{pid, url, key} of the server that runs on this folder, or None."""
        if not self.lock_path.exists():
            return None
        with _usable(self.path), self.lock_path.open("r+") as lock:
            if HAS_FLOCK and _can_lock(lock):
                return None
            found = _read(lock)
        return found if HAS_FLOCK or (found and _answers(str(found.get("url", "")))) else None

    @contextlib.contextmanager
    def served_at(self, url: str) -> Iterator[str]:
        """Hold the folder while serving; gives the local key that lets the command line ask this server."""
        with _usable(self.path):
            lock = self.lock_path.open("a+")
        with lock:
            if HAS_FLOCK and not _can_lock(lock, keep=True):
                raise FolderIsServed(_url_in(lock))
            key = secrets.token_urlsafe(24)
            with _usable(self.path):
                lock.seek(0)
                lock.truncate()
                json.dump({"pid": os.getpid(), "url": url, "key": key}, lock)
                lock.flush()
                self.lock_path.chmod(0o600)
            yield key


def open_folder(path: str | None) -> Folder:
    """The given folder or the user's own; what is made here is readable only by its owner, what was there stays as it is."""
    folder = Folder(Path(path) if path else Path(platformdirs.user_data_dir("tavoli")))
    for part in (folder.path, folder.key_path.parent):
        with _usable(folder.path):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def device_key(folder: Folder) -> bytes:
    """32 bytes made at first start, kept apart from the databases: copying a database does not copy the key."""
    return _key_at(folder, folder.key_path)


def device_name(folder: Folder) -> str:
    """What this computer calls itself in the record: from its public key, so that who enrolled it can tell which one it is."""
    return sha256(SigningKey(device_key(folder)).verify_key.encode())[:12]


def private_key(folder: Folder) -> bytes:
    """32 more, which lock what must be read again but never from a stolen database: the secrets of organisers' second factors."""
    return _key_at(folder, folder.private_key_path)


def with_driver(url: str) -> str:
    """`postgres://` and `postgresql://` as everybody writes them, with the driver that is installed here."""
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg{mark}{rest}" if scheme in {"postgres", "postgresql"} else url


def _key_at(folder: Folder, path: Path) -> bytes:
    with _usable(folder.path):
        if not path.exists() or not path.stat().st_size:  # a full disk may have kept the name only
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(KEY_LENGTH))
        found = path.read_bytes()
    if len(found) != KEY_LENGTH:
        raise KeyIsShort(path, len(found))
    return found


@contextlib.contextmanager
def _usable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        raise FolderUnusable(path, wrong.strerror or str(wrong)) from wrong


def _can_lock(lock: Any, keep: bool = False) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    if not keep:
        fcntl.flock(lock, fcntl.LOCK_UN)
    return True


def _answers(url: str) -> bool:
    """Without flock the file of a killed server stays: only a server that answers counts."""
    try:
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=1).close()
    except (OSError, ValueError):
        return False
    return True


def _url_in(lock: Any) -> str:
    """Who was first may have just started, and not yet written where it is."""
    for _ in range(20):
        if found := _read(lock):
            return str(found.get("url", ""))
        time.sleep(0.1)
    return ""


def _read(lock: Any) -> dict[str, Any] | None:
    lock.seek(0)
    try:
        kept = json.load(lock)
    except ValueError:
        return None
    return kept if isinstance(kept, dict) else None
