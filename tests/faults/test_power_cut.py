"""The power goes at 200 moments of a real run: what was acknowledged is there with synchronous=FULL, and lost with NORMAL: so it bites."""

import contextlib
import itertools
import random
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Meeting, Room, a_card, a_facilitator, a_meeting, a_participant, a_step_open
from tests.support.power import Acknowledged, Done, Tape, cut, replay
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.private.database import open_private
from workshop.record import rows
from workshop.record.database import open_store
from workshop.record.desk import DirectDesk
from workshop.record.fold import prepare
from workshop.record.writer import Writer

POINTS = 200
CARDS = 240  # enough for several checkpoints


@dataclass
class Lost:
    """At one moment: what had been acknowledged and is gone, and whether the databases are sound."""

    cards: list[str]
    people: list[str]
    sound: list[str]

    def __bool__(self) -> bool:
        return bool(self.cards or self.people or self.sound != ["ok", "ok"])


@pytest.mark.timeout(400)
def test_what_was_acknowledged_survives_a_power_cut_at_200_moments(tmp_path: Path) -> None:
    done = a_run(tmp_path, "FULL")
    lost = {at: found for at, found in losses(done, tmp_path).items() if found}
    assert lost == {}


@pytest.mark.timeout(400)
def test_with_synchronous_normal_acknowledged_cards_are_lost_so_this_test_can_fail(tmp_path: Path) -> None:
    done = a_run(tmp_path, "NORMAL")
    lost = [found for found in losses(done, tmp_path).values() if found.cards]
    assert len(lost) > POINTS / 4, f"only {len(lost)} of {POINTS} cuts lost a card: the cuts are too kind"


def test_a_run_writes_through_the_log_file_checkpoints_it_and_syncs_before_each_answer(tmp_path: Path) -> None:
    done = a_run(tmp_path, "FULL")
    syncs = [place for place, act in enumerate(done) if isinstance(act, Done) and (act.what, act.file) == ("sync", "record.db-wal")]
    told = [place for place, act in enumerate(done) if isinstance(act, Acknowledged)]
    checkpoints = [act for act in done if isinstance(act, Done) and (act.what, act.file) == ("sync", "record.db")]
    assert len(checkpoints) > 2
    assert all(any(before < sync < answer for sync in syncs) for before, answer in itertools.pairwise(told))


def a_run(folder: Path, synchronous: str) -> list[Done | Acknowledged]:
    """People come in and write cards, by the real front door and the real writer; each answer is noted when it is given."""
    tape, real, again = Tape(), folder / "real", folder / "again"
    for each in (real, again):
        each.mkdir()
    rows.every_noun()
    with tape.running(), contextlib.ExitStack() as closing:
        store = closing.enter_context(contextlib.closing(open_store(f"sqlite:///{real}/record.db", synchronous=synchronous)))
        private = closing.enter_context(contextlib.closing(open_private(f"sqlite:///{real}/private.db")))
        with store.writer.begin() as connection:
            prepare(connection)
        desk = closing.enter_context(contextlib.closing(DirectDesk(Writer(store, private), lambda _news: None)))
        meeting = a_meeting(Room(store, private, desk, FrontDoor(desk), Actor(role=Role.LEAD, id=new_id())), seats=14)
        a_step_open(meeting, "scrivi")
        _write(meeting, tape)
        steps = list(tape.steps)
    return replay(steps, again)


def _write(meeting: Meeting, tape: Tape) -> None:
    facilitator = a_facilitator(meeting)
    for number in range(CARDS):
        tape.acknowledge(f"card {a_card(meeting, facilitator, f'Servono bagni e panchine, {number}')}")
        if number % 20 == 0:
            tape.acknowledge(f"person {a_participant(meeting).id}")


def losses(done: list[Done | Acknowledged], folder: Path) -> dict[int, Lost]:
    """Of 200 cuts, spread over the run after the first answer; half of them just after an answer was given."""
    chance = random.Random(20201024)
    answers = [place + 1 for place, act in enumerate(done) if isinstance(act, Acknowledged)]
    after_answers = chance.sample(answers, POINTS // 2)
    moments = after_answers + chance.sample(sorted(set(range(answers[0], len(done))) - set(after_answers)), POINTS // 2)
    return {at: _lost(folder / f"cut-{at}", *cut(done, at, chance)) for at in moments}


def _lost(folder: Path, files: dict[str, bytes], told: list[str]) -> Lost:
    """Start again on what the disk kept, as SQLite does it."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    record, sound = _ask(folder / "record.db", "SELECT cause FROM entry")
    private, also = _ask(folder / "private.db", "SELECT participant_id FROM person")
    cards = [each for each in told if each.startswith("card ") and each.removeprefix("card ") not in record]
    people = [each for each in told if each.startswith("person ") and each.removeprefix("person ") not in private]
    shutil.rmtree(folder)
    return Lost(cards, people, [sound, also])


def _ask(path: Path, question: str) -> tuple[set[Any], str]:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            return {value for (value,) in connection.execute(question)}, sound
    except sqlite3.DatabaseError as wrong:
        return set(), str(wrong)
