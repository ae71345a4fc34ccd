"""Whatever happens to laptops, lines, sticks and disks: what was acknowledged is at the centre once, and all logs agree in the end.

Hypothesis plays days: cards and titles, phones that send again, contacts that are cut, sticks that are cut, restarts, clones, backups
restored (their phones send again what they hold), shut-out computers, newer programs, words taken back.
"""

import io
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from sync.bundle import Manifest, NotABundle, export, take_in
from sync.entry import Entry
from sync.exchange import Page, exchange
from sync.log import Load, Raw, Received, Tips
from sync.log import Place as At
from sync.signing import Signatures, certify, public_key_of, revoke, sign_tip
from sync.transport import LineCut
from tests.builders import Room, a_cluster, a_facilitator, a_meeting, a_room, a_step_open
from tests.sync.streams import Beside, an_entry, new_id, raws
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.cluster import TitleCluster
from workshop.domain.contribution import Channel, EnterContribution, Kind
from workshop.domain.erasure import EraseCard
from workshop.domain.people import Actor
from workshop.domain.refusal import Refusal
from workshop.record.desk import DirectDesk
from workshop.record.erasing import to_drop
from workshop.record.fold import rows_digest
from workshop.record.log import entries_in_order
from workshop.record.peers import PeerLog
from workshop.record.queries.fields import versions_shown
from workshop.record.signed import Signet
from workshop.record.verify import verify
from workshop.web.eraser import Eraser

CENTRE = b"\x09" * 32
ROUNDS = 12
EXAMPLES, STEPS = int(os.environ.get("TAVOLI_EXAMPLES", "12")), int(os.environ.get("TAVOLI_STEPS", "25"))


@dataclass
class Day:
    """The meeting that every laptop begins from; made once, copied for each play."""

    folder: Path
    process_id: str
    table: str
    step: str
    cluster: str
    scribe: Actor
    lead: Actor


def _prepared() -> Day:
    folder = Path(tempfile.mkdtemp(prefix="day-"))
    room = a_room(folder, desk=DirectDesk)
    meeting = a_meeting(room)
    step, facilitator = a_step_open(meeting, "scrivi"), a_facilitator(meeting)
    cluster = a_cluster(meeting, facilitator)
    day = Day(folder, meeting.process_id, meeting.table, step, cluster, facilitator, room.lead)
    room.close()
    return day


_days: list[Day] = []


def the_day() -> Day:
    if not _days:
        _days.append(_prepared())
    return _days[0]


@dataclass
class Computer:
    """A laptop, or the centre. `said`: what its phones and its staff were told is kept, and still hold."""

    name: str
    folder: Path
    seed: bytes
    room: Room = field(init=False)
    said: list[Any] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.room = a_room(self.folder, desk=DirectDesk, device=self.name)

    def stop(self) -> None:
        self.room.close()

    @property
    def log(self) -> PeerLog:
        return PeerLog(self.room.store, self.room.desk, Signet(self.seed, public_key_of(CENTRE)))

    @property
    def door(self) -> FrontDoor:
        return self.room.door

    def copy_to(self, folder: Path) -> Path:
        """As a backup does: the database's own copy of one moment."""
        folder.mkdir()
        for name in ("record.db", "private.db"):
            with closing(sqlite3.connect(self.folder / name)) as source, closing(sqlite3.connect(folder / name)) as target:
                source.backup(target)
        return folder

    def erase(self) -> None:
        Eraser(self.room.store, self.room.desk, self.name).run()


@dataclass(frozen=True, slots=True)
class Cut(Beside):
    """A line that is cut at the so-many-th answer, which got lost on its way back."""

    calls: Iterator[int] = field(default_factory=lambda: iter(()))

    def _gone(self) -> None:
        if next(self.calls, None) is None:
            raise LineCut

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received:
        received = Beside.push(self, scope, entries, signatures)
        self._gone()
        return received

    def pull(self, scope: str, tips: Tips, after: At, limit: int) -> Page:
        page = Beside.pull(self, scope, tips, after, min(limit, 5))
        self._gone()
        return page

    def tips(self, scope: str, load: Load) -> Tips:
        self._gone()
        return Beside.tips(self, scope, load)


@dataclass(frozen=True, slots=True)
class Altering(Beside):
    """Gives one body that is not the one of its head."""

    def pull(self, scope: str, tips: Tips, after: At, limit: int) -> Page:
        page = Beside.pull(self, scope, tips, after, limit)
        batch = [*page.batch]
        if batch:
            batch[-1] = Raw(batch[-1].head, b"other words")
        return Page(batch, page.more, page.signatures)


class Days(RuleBasedStateMachine):
    computers = Bundle("computers")

    def __init__(self) -> None:
        super().__init__()
        self.day, self.count = the_day(), 0
        self.home = Path(tempfile.mkdtemp(prefix="days-"))
        self.all: list[Computer] = []
        self.acked: dict[str, Any] = {}
        self.erased: set[str] = set()
        self.shut_out: set[bytes] = set()
        self.notices: list[Any] = []
        self.centre = self._computer("centre", CENTRE, fresh=True)

    @initialize(target=computers)
    def two_laptops(self) -> Any:
        """Both have the prepared meeting; the centre has nothing yet."""
        return multiple(*(self._laptop(bytes([n]) * 32) for n in (1, 2)))

    @rule(at=computers, text=st.sampled_from(["Un parco", "Più ombra 🌳", "أحتاج إلى وقت", "x" * 280]))
    def a_card(self, at: Computer, text: str) -> None:
        self._do(
            at, EnterContribution, work_table_id=self.day.table, step_id=self.day.step, kind=Kind.NEED, text=text, channel=Channel.PAPER
        )

    @rule(at=computers, title=st.sampled_from(["Bagni", "Strade", "Tempo"]))
    def a_title(self, at: Computer, title: str) -> None:
        """Two apart leave two versions side by side."""
        seen = at.room.ask(versions_shown, [self.day.cluster], "title")[self.day.cluster, "title"]
        self._do(at, TitleCluster, cluster_id=self.day.cluster, title=title, replaces=tuple(each.id for each in seen))

    @rule(at=computers, data=st.data())
    def a_phone_sends_again(self, at: Computer, data: st.DataObject) -> None:
        """Its answer was lost; or it has come to another laptop."""
        said = [each for each in self.acked.values() if each.command_id not in self.erased]
        if said:
            self._send(at, data.draw(st.sampled_from(said)))

    @rule(at=computers, other=computers, calls=st.integers(0, 8))
    def a_contact_of_laptops(self, at: Computer, other: Computer, calls: int) -> None:
        if at is not other:
            exchange(at.log, Cut(other.log, iter(range(calls))), self.day.process_id)

    @rule(at=computers, calls=st.integers(0, 12))
    def a_contact_with_the_centre(self, at: Computer, calls: int) -> None:
        exchange(at.log, Cut(self.centre.log, iter(range(calls))), self.day.process_id)

    @rule(at=computers)
    def a_body_is_altered_on_the_way(self, at: Computer) -> None:
        told = exchange(at.log, Altering(self.centre.log), self.day.process_id)
        assert not told.identical or told.received == 0

    @rule(at=computers, other=computers, part=st.floats(0.2, 1))
    def a_stick(self, at: Computer, other: Computer, part: float) -> None:
        file = io.BytesIO()
        export(at.log, file, Manifest(self.day.process_id, "2026-11-22T10:00Z", 0, ""), "che cos’è", [public_key_of(other.seed)])
        data = file.getvalue()
        try:
            take_in(other.log, io.BytesIO(data[: int(len(data) * part)]), other.seed, lambda _scope: True)
        except NotABundle as wrong:
            assert part < 1, wrong

    @rule(at=computers)
    def a_restart(self, at: Computer) -> None:
        at.stop()
        at.start()

    @rule(target=computers, at=computers)
    def a_clone(self, at: Computer) -> Any:
        """The disk was copied while it ran; both go on."""
        if len(self.all) > 5:
            return multiple()
        self.count += 1
        folder = at.copy_to(self.home / f"clone-{self.count}")
        clone = self._keep(Computer(f"{at.name}-bis", folder, at.seed))
        clone.said = [*at.said]
        return clone

    @rule(at=computers)
    def a_backup(self, at: Computer) -> None:
        self.count += 1
        at.backups.append(at.copy_to(self.home / f"backup-{self.count}"))

    @rule(at=computers)
    def the_laptop_dies_and_is_restored(self, at: Computer) -> None:
        """Its phones still hold what they were told is kept, and send it again."""
        if not at.backups:
            return
        at.stop()
        for name in ("record.db", "private.db"):
            for old in at.folder.glob(f"{name}*"):
                old.unlink()
            shutil.copy(at.backups[-1] / name, at.folder / name)
        at.start()
        for command in at.said:
            if command.command_id not in self.erased:
                self._send(at, command)
        for notice in self.notices:
            at.log.hear([notice])

    @rule(at=computers)
    def a_newer_program_writes(self, at: Computer) -> None:
        entry = an_entry(self.day.process_id, new_id(), kind="future.told/1", lamport=at.room.ask(_next_lamport, self.day.process_id))
        tip = sign_tip(at.seed, self.day.process_id, entry.head.stream, 1, entry.hash)
        assert at.log.receive(self.day.process_id, raws([entry]), Signatures((tip,))).stored == 1

    @rule(at=computers)
    def a_computer_is_shut_out(self, at: Computer) -> None:
        """The centre and whoever hears of it keep what it writes later, and wait for a person."""
        if self.shut_out:
            return
        self.shut_out.add(at.seed)
        self.notices.append(revoke(CENTRE, public_key_of(at.seed), "2026-11-22T12:00:00.000000Z"))
        self.centre.log.hear(self.notices[-1:])

    @rule(at=computers, data=st.data())
    def words_are_taken_back(self, at: Computer, data: st.DataObject) -> None:
        here = [each for each in at.said if isinstance(each, EnterContribution) and each.command_id not in self.erased]
        if not here or self.shut_out or len(self.erased) > 2:
            return
        card = data.draw(st.sampled_from(here)).command_id
        command = EraseCard(command_id=new_id(), process_id=self.day.process_id, contribution_id=card)
        try:
            at.door(command, self.day.lead)
        except Refusal:
            return
        self.erased.add(card)
        at.erase()

    @invariant()
    def what_was_acknowledged_is_where_it_was_said(self) -> None:
        for each in self.all:
            wanted = {command.command_id for command in each.said}
            assert wanted <= _causes(each, self.day.process_id)

    def teardown(self) -> None:
        try:
            self._come_to_rest()
            self._compare()
        finally:
            for each in self.all:
                each.stop()
            shutil.rmtree(self.home, ignore_errors=True)

    def _come_to_rest(self) -> None:
        scope, laptops = self.day.process_id, [each for each in self.all if each is not self.centre]
        for _ in range(ROUNDS):
            moved = 0
            for each in laptops:
                told = exchange(each.log, Beside(self.centre.log), scope)
                assert told.problem is None
                assert told.refused == ()
                moved += told.sent + told.received
            for each in self.all:
                each.erase()
            if not moved:
                return
        raise AssertionError("the logs do not come to rest")

    def _compare(self) -> None:
        scope = self.day.process_id
        digests = {each.name: each.log.digest(scope) for each in self.all}
        assert len(set(digests.values())) == 1, digests
        for each in self.all:
            assert verify(each.room.store).is_good
            assert each.room.ask(to_drop) == []
        assert set(self.acked) <= _causes(self.centre, scope)
        self._nothing_came_back()
        if not self.shut_out:
            assert len({each.room.ask(rows_digest) for each in self.all}) == 1

    def _nothing_came_back(self) -> None:
        for each in self.all:
            with each.room.store.readers.connect() as connection:
                for entry in entries_in_order(connection, self.day.process_id):
                    if entry.head.about in self.erased and entry.head.kind == "contribution.added/1":
                        assert entry.body_bytes is None

    def _laptop(self, seed: bytes) -> Computer:
        return self._computer(f"laptop-{seed[0]}", seed, fresh=False)

    def _computer(self, name: str, seed: bytes, *, fresh: bool) -> Computer:
        folder = self.home / name
        if fresh:
            folder.mkdir()
        else:
            shutil.copytree(self.day.folder, folder)
        return self._keep(Computer(name, folder, seed))

    def _keep(self, computer: Computer) -> Computer:
        issued = f"2026-11-22T10:00:{len(self.all):02d}.000000Z"
        if computer.seed != CENTRE and computer.seed not in {each.seed for each in self.all}:
            self.notices.append(certify(CENTRE, new_id(), public_key_of(computer.seed), None, issued))
        self.all.append(computer)
        for each in self.all:
            each.log.hear(self.notices)
        return computer

    def _do(self, at: Computer, wish: Any, **fields: Any) -> None:
        command = wish(command_id=new_id(), process_id=self.day.process_id, **fields)
        at.door(command, self.day.scribe)
        self.acked[command.command_id] = command
        at.said.append(command)

    def _send(self, at: Computer, command: Any) -> None:
        """The same bytes again: done once here, whatever this laptop knows."""
        known = command.command_id in _causes(at, self.day.process_id)
        assert at.door(command, self.day.scribe).first_time is not known
        if command not in at.said:
            at.said.append(command)


def _causes(computer: Computer, scope: str) -> set[str]:
    with computer.room.store.readers.connect() as connection:
        return {entry.head.cause for entry in entries_in_order(connection, scope)}


def _next_lamport(connection: Any, scope: str) -> int:
    return max((entry.head.lamport for entry in entries_in_order(connection, scope)), default=0) + 1


Days.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TestDays = Days.TestCase
