"""The computers of a day: laptops and a centre that are stopped, copied, restored, resumed from a snapshot, and run older programs.

day = the_day()                                  # a meeting that every laptop begins from; made once
laptop = Computer("laptop-1", folder, seed, InFolder(folder))
centre = Computer("centre", folder, CENTRE, InPostgres(cluster))
"""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sync.entry import Entry
from sync.log import Raw, Received
from sync.signing import UNSIGNED, Signatures, public_key_of
from tests.builders import Room, a_cluster, a_facilitator, a_meeting, a_room, a_step_open
from tests.support.postgres import Cluster
from workshop.domain.command import Command
from workshop.domain.contribution import ContributionLeftOut
from workshop.domain.fact import FACTS
from workshop.domain.people import Actor
from workshop.private.copies_out import CopyOut
from workshop.record.desk import DirectDesk
from workshop.record.log import entries_in_order
from workshop.record.peers import PeerLog
from workshop.record.signed import Signet
from workshop.record.verify import Verdict, verify
from workshop.record.writer import Receipt
from workshop.web.eraser import Eraser

CENTRE = b"\x09" * 32
NEWER = frozenset({ContributionLeftOut.kind})  # what the older program has never heard of


@dataclass
class Day:
    """A meeting with a table, a step for cards and one for dots, and a cluster."""

    folder: Path
    process_id: str
    meeting_id: str
    table: str
    steps: dict[str, str]
    cluster: str
    scribe: Actor
    lead: Actor


@dataclass(frozen=True, slots=True)
class Said:
    """A command that was answered "kept", and who gave it: the same again may come from their phone at any time."""

    command: Command
    actor: Actor

    @property
    def id(self) -> str:
        return self.command.command_id


def _prepared() -> Day:
    folder = Path(tempfile.mkdtemp(prefix="day-"))
    room = a_room(folder, desk=DirectDesk)
    meeting = a_meeting(room)
    facilitator = a_facilitator(meeting)
    a_step_open(meeting, "scrivi")
    cluster = a_cluster(meeting, facilitator)
    a_step_open(meeting, "bollini")
    room.close()
    return Day(folder, meeting.process_id, meeting.id, meeting.table, meeting.steps, cluster, facilitator, room.lead)


_days: list[Day] = []


def the_day() -> Day:
    if not _days:
        _days.append(_prepared())
    return _days[0]


class Disk(Protocol):
    """Where the record lies. `copy` and `put_back` are for a computer that does not run."""

    @property
    def url(self) -> str: ...

    def copy(self, to: Path) -> None: ...

    def put_back(self, copy: Path) -> None: ...


@dataclass
class InFolder:
    """SQLite, in one file."""

    folder: Path
    url: str = ""

    def copy(self, to: Path) -> None:
        _copy_database(self.folder / "record.db", to / "record.db")

    def put_back(self, copy: Path) -> None:
        _replace(self.folder / "record.db", copy / "record.db")


@dataclass
class InPostgres:
    cluster: Cluster
    name: str = ""
    copies: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.cluster.create_database()

    @property
    def url(self) -> str:
        return self.cluster.url(self.name)

    def copy(self, to: Path) -> None:
        self.copies[to] = self.cluster.copy_database(self.name)

    def put_back(self, copy: Path) -> None:
        self.cluster.drop_database(self.name)
        self.name = self.cluster.copy_database(self.copies[copy])

    def drop(self) -> None:
        for name in (self.name, *self.copies.values()):
            self.cluster.drop_database(name)


@dataclass
class Computer:
    """`said`: what people were told is kept, here, and still hold. `lacks`: kinds that its program does not know.
    `off`: how wrong its clock is. `touched`: something happened to its record since somebody looked."""

    name: str
    folder: Path
    seed: bytes
    disk: Disk
    lacks: frozenset[str] = frozenset()
    off: timedelta = timedelta()
    said: list[Said] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)
    touched: bool = True
    room: Room = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        with lacking(self.lacks):
            self.room = a_room(self.folder, self.disk.url, DirectDesk, device=self.name, clock=self.now)
        self.touched = True

    def stop(self) -> None:
        self.room.close()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off

    @property
    def log(self) -> "LogOfProgram":
        self.touched = True
        return LogOfProgram(self.room.store, self.room.desk, Signet(self.seed, public_key_of(CENTRE)), self.lacks)

    def do(self, said: Said) -> Receipt:
        """By the front door, and told to whoever asked once it is kept."""
        with lacking(self.lacks):
            receipt = self.room.door(said.command, said.actor)
        self.touched = True
        if said not in self.said:
            self.said.append(said)
        return receipt

    def entries(self, scope: str) -> list[Entry]:
        with self.room.store.readers.connect() as connection:
            return list(entries_in_order(connection, scope))

    def verdict(self) -> Verdict:
        with lacking(self.lacks):
            return verify(self.room.store)

    def copy_to(self, folder: Path) -> Path:
        """As a backup does: the database's own copy of one moment. PostgreSQL copies only what nobody is connected to."""
        folder.mkdir()
        if self.disk.url:
            self.stop()
        self.disk.copy(folder)
        _copy_database(self.folder / "private.db", folder / "private.db")
        if self.disk.url:
            self.start()
        return folder

    def restore(self, copy: Path) -> None:
        """On a new machine, with the program of today."""
        self.stop()
        self.disk.put_back(copy)
        _replace(self.folder / "private.db", copy / "private.db")
        self.lacks = frozenset()
        self.start()

    def resume_as(self, other: "Computer") -> None:
        """A snapshot of the running machine: what its writer knows goes on there, and the same stream is continued twice."""
        streams = {scope: replace(stream) for scope, stream in self._writer().streams.items()}
        other._writer().streams.update(streams)

    def erase(self, place_for_copy: Path) -> int:
        """Carry out what was ordered; then there is one copy, made afterwards."""

        def retire(_erased: object) -> list[CopyOut]:
            self.backups = [self.copy_to(place_for_copy)] if not self.disk.url else []
            return []

        self.touched = True
        with lacking(self.lacks):
            return Eraser(self.room.store, self.room.desk, self.name, retire).run()

    def _writer(self) -> Any:
        return self.room.desk.writer  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class LogOfProgram(PeerLog):
    """The record as a program meets others that does not know some kinds yet."""

    lacks: frozenset[str] = frozenset()

    def receive(self, scope: str, batch: Sequence[Raw], signatures: Signatures = UNSIGNED) -> Received:
        with lacking(self.lacks):
            return PeerLog.receive(self, scope, batch, signatures)


@contextlib.contextmanager
def lacking(kinds: frozenset[str]) -> Iterator[None]:
    """As in a program that was made before there were these kinds."""
    taken = {kind: FACTS.pop(kind) for kind in kinds}
    try:
        yield
    finally:
        FACTS.update(taken)


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)


def _replace(path: Path, copy: Path) -> None:
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    shutil.copy(copy, path)
