"""Whatever happens to laptops, the centre, lines, sticks and disks: what was acknowledged is everywhere once, and all agree in the end.

Hypothesis plays days. People work at any place (`people_at_work`); contacts carry any profile and are cut, sticks are cut, kept and read
again later; computers are restarted, cloned, resumed twice from one snapshot, backed up and restored (their phones send again what they
hold), given a wrong clock, renewed or put back to an older program, shut out; words are taken back. The centre is one of the places.
"""

import io
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, multiple, precondition, rule, run_state_machine_as_test

from sync.bundle import Manifest, NotABundle, export, take_in
from sync.exchange import Outcome, exchange
from sync.log import EVERYTHING, Load, Log
from sync.sealing import NotForUs
from sync.signing import Notice, certify, public_key_of, revoke
from tests.support.postgres import Cluster
from tests.sync.computers import CENTRE, NEWER, Computer, Disk, InFolder, InPostgres, Said, the_day
from tests.sync.lines import Altering, Cut
from tests.sync.people_at_work import PeopleAtWork, centres, laptops, places, texts
from tests.sync.streams import Beside, new_id
from workshop.domain.contribution import AddContribution
from workshop.domain.erasure import EraseCard
from workshop.domain.profiles import Profile
from workshop.domain.refusal import Refusal
from workshop.record.erasing import WORDS, to_drop
from workshop.record.fold import held_in, rows_digest
from workshop.web.leaving import load_of

ROUNDS = 12
COMPUTERS_MOST = 6
EXAMPLES, STEPS = int(os.environ.get("TAVOLI_EXAMPLES", "10")), int(os.environ.get("TAVOLI_STEPS", "25"))
loads = st.sampled_from([EVERYTHING, load_of(Profile.CONTRIBUTIONS), load_of(Profile.SYNTHESES)])


@dataclass(frozen=True)
class Stick:
    """A bundle as it was written; `reader` is empty when it is open to everybody."""

    data: bytes
    reader: str


class Days(PeopleAtWork):
    sticks = Bundle("sticks")

    def __init__(self, cluster: Cluster | None = None) -> None:
        super().__init__(the_day())
        self.home, self.count = Path(tempfile.mkdtemp(prefix="days-")), 0
        self.cluster = cluster
        self.all: list[Computer] = []
        self.written: list[Stick] = []
        self.erasures: list[Said] = []
        self.shut_out: set[bytes] = set()
        self.notices: list[Notice] = []
        folder = self.home / "centre"
        folder.mkdir()
        self.disk: Disk = InPostgres(cluster) if cluster else InFolder(folder)
        self.centre = self._keep(Computer("centre", folder, CENTRE, self.disk))

    @initialize(target=laptops, old=st.booleans())
    def two_laptops(self, old: bool) -> Any:
        """Both have the prepared meeting; one perhaps an older program."""
        return multiple(*(self._laptop(bytes([n]) * 32, NEWER if old and n == 1 else frozenset()) for n in (1, 2)))

    @initialize(target=centres)
    def a_centre(self) -> Computer:
        """It has nothing yet."""
        return self.centre

    @initialize(at=laptops, cards=st.lists(texts, min_size=1, max_size=3))
    def the_first_cards(self, at: Computer, cards: list[str]) -> None:
        for text in cards:
            self.a_card(at, text)

    @rule(at=laptops, other=places, load=loads, calls=st.integers(0, 12))
    def a_contact(self, at: Computer, other: Computer, load: Load, calls: int) -> None:
        """Cut or not; "identical" is only said when it is so."""
        if at is other:
            return
        told = exchange(at.log, Cut(other.log, iter(range(calls))), self.day.process_id, load=load)
        assert not told.identical or self._are_the_same(at, other, load)

    @rule(at=laptops)
    def a_body_is_altered_on_the_way(self, at: Computer) -> None:
        told = exchange(at.log, Altering(self.centre.log), self.day.process_id)
        assert not told.identical or told.received == 0

    @rule(target=sticks, at=places, reader=places, sealed=st.booleans(), load=loads)
    def a_stick_is_written(self, at: Computer, reader: Computer, sealed: bool, load: Load) -> Any:
        file, readers = io.BytesIO(), [public_key_of(reader.seed)] if sealed else []
        manifest = Manifest(self.day.process_id, "2026-11-22T10:00Z", 0, "")
        export(at.log, file, manifest, "che cos’è", readers, load)
        self.written.append(Stick(file.getvalue(), readers[0] if readers else ""))
        return self.written[-1]

    @rule(stick=sticks, at=places, part=st.floats(0.2, 1) | st.just(1))
    def a_stick_is_read(self, stick: Stick, at: Computer, part: float) -> None:
        """At once or much later, whole or cut, by whoever finds it."""
        self._read(stick, at.log, at.seed, part)

    @rule(at=places)
    def a_restart(self, at: Computer) -> None:
        at.stop()
        at.start()

    @rule(at=laptops)
    def another_program(self, at: Computer) -> None:
        """Renewed, or put back to an older one: rows are folded again, what was held is read or the other way round."""
        at.stop()
        at.lacks = frozenset() if at.lacks else NEWER
        at.start()

    @rule(at=places, days=st.sampled_from([-1_100, -1, 0, 3_650]))
    def a_clock_goes_wrong(self, at: Computer, days: int) -> None:
        at.off = timedelta(days=days)

    @rule(target=laptops, at=laptops, running=st.booleans())
    def a_clone(self, at: Computer, running: bool) -> Any:
        """The disk was copied while it ran, or a snapshot of the running machine is resumed twice; both go on."""
        if len(self.all) >= COMPUTERS_MOST:
            return multiple()
        folder = at.copy_to(self._a_folder("clone"))
        clone = self._keep(Computer(f"{at.name}-bis", folder, at.seed, InFolder(folder), at.lacks, said=[*at.said]))
        if running:
            at.resume_as(clone)
            for each in (at, clone):
                self.a_card(each, "Un parco")  # at one place in one stream
        return clone

    @rule(at=places)
    def a_backup(self, at: Computer) -> None:
        at.backups.append(at.copy_to(self._a_folder("backup")))

    @precondition(lambda self: any(each.backups for each in self.all))
    @rule(at=places)
    def a_disk_dies_and_is_restored(self, at: Computer) -> None:
        """Its phones still hold what they were told is kept, and send it again. What others brought comes back from them."""
        if not at.backups:
            at = next(each for each in self.all if each.backups)
        said, at.said = at.said, []
        at.restore(at.backups[-1])
        at.log.hear(self.notices)
        for each in said:
            if not self._is_erased(each) and not self._send(at, each):
                self.waiting.append((at, each))

    @precondition(lambda self: not self.shut_out)
    @rule(at=laptops)
    def a_computer_is_shut_out(self, at: Computer) -> None:
        """The centre vouches for what it has of it; what it writes later waits for a person, there and with whoever hears of it."""
        self.shut_out.add(at.seed)
        self.centre.log.vouch_for(public_key_of(at.seed))
        self.notices.append(revoke(CENTRE, public_key_of(at.seed), "2026-11-22T12:00:00.000000Z"))
        self.centre.log.hear(self.notices[-1:])

    @precondition(lambda self: len(self.erased) < 3)
    @rule(at=places, data=st.data())
    def words_are_taken_back(self, at: Computer, data: st.DataObject) -> None:
        card = self._any_card(data)
        if card is None:
            return
        command = EraseCard(command_id=new_id(), process_id=self.day.process_id, contribution_id=card.id)
        try:
            at.do(Said(command, self.day.lead))
        except Refusal:
            return
        self.erased.add(card.id)
        self._erase(at)

    @invariant()
    def what_was_acknowledged_is_where_it_was_said_once(self) -> None:
        """And what the rows show is what a rebuild shows."""
        for each in self.all:
            if each.touched:
                self._check(each)
                each.touched = False

    def teardown(self) -> None:
        try:
            self._end()
        finally:
            for each in self.all:
                each.stop()
            if self.cluster:
                self.disk.drop()  # type: ignore[attr-defined]
            shutil.rmtree(self.home, ignore_errors=True)

    def _end(self) -> None:
        """All meet the centre and get today's program; a person accepts what waits; then all old sticks are read once more."""
        self._come_to_rest()
        for each in self.all:
            if each.lacks:
                self.another_program(each)
        self._come_to_rest()
        self._send_what_waits()
        self._accept_what_waits()
        self._come_to_rest()
        for stick in self.written:
            for each in self.all:
                self._read(stick, each.log, each.seed, 1)
        self._come_to_rest()
        self._compare()

    def _come_to_rest(self) -> None:
        for _ in range(ROUNDS):
            moved = 0
            for each in self.all[:-1]:
                told = self._whole_contact(each)
                moved += told.sent + told.received
            for each in self.all:
                moved += self._erase(each)
            if not moved:
                return
        raise AssertionError("the logs do not come to rest")

    def _whole_contact(self, at: Computer) -> Outcome:
        told = exchange(at.log, Beside(self.centre.log), self.day.process_id)
        assert (told.problem, told.refused) == (None, ())
        return told

    def _accept_what_waits(self) -> None:
        self.centre.log.accept(self.day.process_id, self.centre.room.ask(held_in))

    def _compare(self) -> None:
        scope = self.day.process_id
        for each in self.all:
            self._check(each)
            assert each.room.ask(to_drop) == []
            assert each.room.ask(held_in) == {}
        assert len({each.log.digest(scope) for each in self.all}) == 1
        assert len({each.room.ask(rows_digest) for each in self.all}) == 1
        self._every_word_is_at_the_centre()

    def _every_word_is_at_the_centre(self) -> None:
        entries = self.centre.entries(self.day.process_id)
        wanted = {said.id for said in self.kept.values() if not self._is_erased(said)}
        assert wanted - self.of_no_use <= {entry.head.cause for entry in entries}
        for entry in entries:
            if entry.head.kind in WORDS and entry.head.about in self.erased:
                assert entry.body_bytes is None
            elif said := self.kept.get(entry.head.cause):
                assert entry.body_bytes is not None
                assert not isinstance(said.command, AddContribution) or said.command.text.encode() in entry.body_bytes

    def _check(self, at: Computer) -> None:
        verdict = at.verdict()
        assert verdict.is_good, (at.name, verdict)
        found = at.entries(self.day.process_id)
        assert {said.id for said in at.said} <= {entry.head.cause for entry in found}
        for (cause, *_), times in Counter((e.head.cause, e.head.kind, e.head.about) for e in found).items():
            assert times <= max(1, self.carried[cause]), (at.name, cause, times)

    def _are_the_same(self, at: Computer, other: Computer, load: Load) -> bool:
        scope = self.day.process_id
        here, there = (
            {(e.hash, e.body_bytes is not None and load.carries(e.head.kind)) for e in each.entries(scope)} for each in (at, other)
        )
        return here == there

    def _read(self, stick: Stick, log: Log, seed: bytes, part: float) -> None:
        data = stick.data[: int(len(stick.data) * part)]
        try:
            told = take_in(log, io.BytesIO(data), seed, lambda _scope: True)
        except NotABundle:
            assert part < 1
        except NotForUs:
            assert stick.reader not in {"", public_key_of(seed)}
        else:
            assert told.is_whole or part < 1
            assert told.received.refused == ()

    def _erase(self, at: Computer) -> int:
        return at.erase(self._a_folder("copy"))

    def _laptop(self, seed: bytes, lacks: frozenset[str]) -> Computer:
        folder = self.home / f"laptop-{seed[0]}"
        shutil.copytree(self.day.folder, folder)
        return self._keep(Computer(folder.name, folder, seed, InFolder(folder), lacks))

    def _keep(self, computer: Computer) -> Computer:
        """The centre stands last."""
        issued = f"2026-11-22T10:00:{len(self.all):02d}.000000Z"
        if computer.seed != CENTRE and computer.seed not in {each.seed for each in self.all}:
            self.notices.append(certify(CENTRE, new_id(), public_key_of(computer.seed), None, issued))
        self.all.append(computer)
        self.all.sort(key=lambda each: each.seed == CENTRE)
        for each in self.all:
            each.log.hear(self.notices)
        return computer

    def _a_folder(self, name: str) -> Path:
        self.count += 1
        return self.home / f"{name}-{self.count}"


@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("centre", ["sqlite", "postgresql"])
def test_whatever_happens_nothing_is_lost_or_doubled_and_all_agree_in_the_end(centre: str, request: pytest.FixtureRequest) -> None:
    cluster: Cluster | None = request.getfixturevalue("postgres_cluster") if centre == "postgresql" else None
    examples = max(2, EXAMPLES // 6) if cluster else EXAMPLES
    played = settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(lambda: Days(cluster), settings=played)
