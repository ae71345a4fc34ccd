"""A power cut without a power switch: the writes of a real run, replayed through a file layer that knows what was synced.

The statements that the real writer gave to SQLite are noted by SQLite itself, with their values. They are run again through APSW,
whose file layer (VFS) notes every write, truncation and sync. A cut at any moment keeps, of each file, all that was followed by a sync
of that file, and of the rest whatever a disk may have kept: nothing, everything, any part, torn pages.
"""

import contextlib
import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import apsw
from sqlalchemy import Engine, event

SECTOR: Final = 512  # bytes that a disk writes whole
READS: Final = ("SELECT", "--", "EXPLAIN")
LOGS: Final = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL
QUERY_ONLY: Final = "PRAGMA query_only"
_names: Final = itertools.count()


@dataclass(frozen=True, slots=True)
class Statement:
    """What a writing connection was given. `file`: the database, by name."""

    file: str
    sql: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """From here on somebody was told that this is kept."""

    id: str


@dataclass(frozen=True, slots=True)
class Done:
    """One act on a file: write (data at offset), truncate (to offset), sync, delete; or `folder`: what was deleted stays so."""

    what: str
    file: str
    offset: int = 0
    data: bytes = b""


Step = Statement | Acknowledged


@dataclass(slots=True)
class Tape:
    """Statements of all writing connections and acknowledgements, in the order they happened."""

    steps: list[Step] = field(default_factory=list)
    _readers: set[int] = field(default_factory=set)

    def acknowledge(self, name: str) -> None:
        self.steps.append(Acknowledged(name))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Every connection that is opened inside is listened to, from its first PRAGMA on."""
        event.listen(Engine, "connect", self._listen)
        try:
            yield
        finally:
            event.remove(Engine, "connect", self._listen)

    def _listen(self, connection: Any, _record: object) -> None:
        file = Path(connection.execute("PRAGMA database_list").fetchone()[2]).name
        connection.set_trace_callback(lambda sql: self._note(id(connection), file, sql))

    def _note(self, connection: int, file: str, sql: str) -> None:
        if sql.startswith(QUERY_ONLY):
            self._readers.add(connection)
        if connection not in self._readers and not sql.lstrip().upper().startswith(READS):
            self.steps.append(Statement(file, sql))


def replay(steps: list[Step], folder: Path) -> list[Done | Acknowledged]:
    """The same statements on fresh files in `folder`, and what they did to them."""
    done: list[Done | Acknowledged] = []
    layer = _Layer(done)
    open_now: dict[str, apsw.Connection] = {}
    for step in steps:
        if isinstance(step, Acknowledged):
            done.append(step)
            continue
        if step.file not in open_now:
            open_now[step.file] = apsw.Connection(str(folder / step.file), vfs=layer.name)
            list(open_now[step.file].execute("PRAGMA locking_mode=EXCLUSIVE"))  # APSW shares no memory: this connection is alone
        list(open_now[step.file].execute(step.sql))
    acts = list(done)  # what closing does is not part of the run
    for connection in open_now.values():
        connection.close()
    return acts


def cut(done: list[Done | Acknowledged], at: int, chance: random.Random) -> tuple[dict[str, bytes], list[str]]:
    """(files as the disk may hold them after a cut before act `at`, what had been acknowledged by then)."""
    acts = [act for act in done[:at] if isinstance(act, Done)]
    told = [act.id for act in done[:at] if isinstance(act, Acknowledged)]
    luck = chance.choice([0.0, 0.3, 0.7, 1.0])
    return {
        file: content for file in {act.file for act in acts} if file and (content := _left_of(file, acts, luck, chance)) is not None
    }, told


def _left_of(file: str, acts: list[Done], luck: float, chance: random.Random) -> bytes | None:
    synced = max((place for place, act in enumerate(acts) if act.what == "sync" and act.file == file), default=-1)
    folder_synced = max((place for place, act in enumerate(acts) if act.what == "folder"), default=-1)
    content: bytearray | None = bytearray()
    for place, act in enumerate(acts):
        is_safe = place <= (folder_synced if act.what == "delete" else synced)
        if act.file == file and (is_safe or chance.random() < luck):
            content = _after(content, act, is_safe=is_safe, chance=chance)
    return None if content is None else bytes(content)


def _after(content: bytearray | None, act: Done, *, is_safe: bool, chance: random.Random) -> bytearray | None:
    if act.what == "delete":
        return None
    content = bytearray() if content is None else content
    if act.what == "truncate":
        del content[act.offset :]
        content.extend(bytes(act.offset - len(content)))
    if act.what == "write":
        content.extend(bytes(max(0, act.offset + len(act.data) - len(content))))
        for start in range(0, len(act.data), SECTOR):
            if is_safe or chance.random() > 0.05:
                sector = act.data[start : start + SECTOR]
                content[act.offset + start : act.offset + start + len(sector)] = sector
    return content


class _Layer(apsw.VFS):
    """The system's own file layer, with a note of each act."""

    def __init__(self, done: list[Done | Acknowledged]) -> None:
        self.name, self.done = f"power-{next(_names)}", done
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _File(name, flags, self.done)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.done.append(Done("delete", Path(filename).name))
        if syncdir:
            self.done.append(Done("folder", ""))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], done: list[Done | Acknowledged]) -> None:
        self.file = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary").name
        self.done, self.is_new = done, bool(flags[0] & LOGS and flags[0] & apsw.SQLITE_OPEN_CREATE)
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:
        self.done.append(Done("write", self.file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.done.append(Done("truncate", self.file, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self.done.append(Done("sync", self.file))
        if self.is_new:  # SQLite syncs the folder with the first sync of a journal or log file
            self.is_new = False
            self.done.append(Done("folder", ""))
        super().xSync(flags)
