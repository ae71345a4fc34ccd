"""One person on two laptops: counted once where the ballot's key is the same, and shown to a person where it cannot be."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.exchange import exchange
from tests.builders import Meeting, Room, a_card, a_cluster, a_facilitator, a_meeting, a_participant, a_room, a_step_open, move_step
from tests.sync.streams import Beside
from workshop.domain.dots import CastDots
from workshop.domain.people import Actor
from workshop.domain.review import NoteDifference
from workshop.private.ballot_keys import known_key
from workshop.record.desk import DirectDesk
from workshop.record.peers import PeerLog
from workshop.record.queries.ballots import ballots_in
from workshop.record.queries.ballots_apart import BallotApart, ballots_apart_in
from workshop.record.queries.review import the_review

Open = Callable[[str], Room]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """A room in a data folder of this name; each call is a start of the program."""
    rooms: list[Room] = []

    def start(name: str) -> Room:
        (tmp_path / name).mkdir(exist_ok=True)
        rooms.append(a_room(tmp_path / name, desk=DirectDesk, device="laptop"))
        return rooms[-1]

    yield start
    for room in rooms:
        room.close()


class Day:
    """A table that votes on one group, and somebody who will vote twice."""

    def __init__(self, room: Room) -> None:
        self.meeting = a_meeting(room)
        a_step_open(self.meeting, "scrivi")
        self.voter, facilitator = a_participant(self.meeting), a_facilitator(self.meeting)
        self.group = a_cluster(self.meeting, facilitator, cards=[a_card(self.meeting, facilitator)])
        self.step = self.meeting.steps["bollini"]

    def on(self, room: Room) -> Meeting:
        return replace(self.meeting, room=room)

    def vote(self, room: Room, dots: int = 1, who: Actor | None = None) -> None:
        told = {"work_table_id": self.meeting.table, "step_id": self.step, "dots": {self.group: dots}}
        self.on(room).do(CastDots, who or self.voter, **told)

    def meet(self, one: Room, other: Room) -> None:
        assert exchange(PeerLog(one.store, one.desk), Beside(PeerLog(other.store, other.desk)), self.meeting.process_id).identical

    def votes(self, room: Room) -> int:
        return room.ask(ballots_in, self.step, self.meeting.table)

    def apart(self, room: Room) -> list[BallotApart]:
        return room.ask(ballots_apart_in, self.meeting.process_id)


def cloned(tmp_path: Path, opened: Open, room: Room) -> tuple[Room, Room]:
    """The data folder is copied while nobody runs; then both go on."""
    room.close()
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    return opened("one"), opened("copy")


def test_the_key_of_a_ballot_is_made_when_its_step_opens(opened: Open) -> None:
    room = opened("one")
    day = Day(room)
    assert room.ask_private(known_key, day.step) is None
    a_step_open(day.meeting, "bollini")
    assert room.ask_private(known_key, day.step) is not None


def test_on_a_copy_made_after_the_step_opened_the_same_person_is_counted_once(opened: Open, tmp_path: Path) -> None:
    room = opened("one")
    day = Day(room)
    a_step_open(day.meeting, "bollini")
    one, copy = cloned(tmp_path, opened, room)
    day.vote(one, 1)
    day.vote(copy, 2)
    day.meet(one, copy)
    assert (day.votes(one), day.votes(copy)) == (1, 1)


def test_on_a_copy_made_before_they_are_counted_twice_and_a_person_is_told(opened: Open, tmp_path: Path) -> None:
    room = opened("one")
    day = Day(room)
    one, copy = cloned(tmp_path, opened, room)
    for each in (one, copy):
        a_step_open(day.on(each), "bollini")
        day.vote(each)
    assert (day.apart(one), day.apart(copy)) == ([], [])
    day.meet(one, copy)
    assert day.votes(one) == 2
    assert day.apart(one) == day.apart(copy)
    [found] = day.apart(one)
    assert (found.told, [run.voters for run in found.runs]) == ((), [1, 1])
    assert f"ballot:{day.step}" in [matter.matter for matter in one.ask(the_review, day.meeting.process_id)]


def test_two_computers_that_close_it_with_other_totals_stand_side_by_side(opened: Open, tmp_path: Path) -> None:
    room = opened("one")
    day = Day(room)
    a_step_open(day.meeting, "bollini")
    one, copy = cloned(tmp_path, opened, room)
    for each, dots in ((one, 1), (copy, 2)):
        day.vote(each, dots)
        move_step(day.on(each), "bollini", "closed")
    day.meet(one, copy)
    [found] = day.apart(one)
    assert sorted(fact.totals[day.group] for _, fact in found.told) == [1, 2]
    noted = {"thing_id": found.work_table_id, "matter": f"ballot:{day.step}", "seen": found.seen}
    day.on(one).do(NoteDifference, one.lead, **noted)
    day.meet(one, copy)
    assert [m.matter for m in copy.ask(the_review, day.meeting.process_id) if m.matter.startswith("ballot")] == []


def test_two_computers_that_tell_the_same_totals_are_no_matter(opened: Open, tmp_path: Path) -> None:
    room = opened("one")
    day = Day(room)
    a_step_open(day.meeting, "bollini")
    day.vote(room)
    one, copy = cloned(tmp_path, opened, room)
    for each in (one, copy):
        move_step(day.on(each), "bollini", "closed")
    day.meet(one, copy)
    assert day.apart(one) == []


def test_a_program_that_starts_again_during_a_ballot_is_one_computer(opened: Open) -> None:
    room = opened("one")
    day = Day(room)
    a_step_open(day.meeting, "bollini")
    day.vote(room)
    room.close()
    again = opened("one")
    day.vote(again, 2)
    day.vote(again, 1, a_participant(day.on(again)))
    assert (day.votes(again), day.apart(again)) == (2, [])


def test_two_tables_that_vote_on_two_laptops_are_no_matter(opened: Open, tmp_path: Path) -> None:
    """One step, a table each: nothing is doubled."""
    room = opened("one")
    meeting = a_meeting(room, tables=2)
    for table in meeting.tables:
        a_step_open(meeting, "bollini", table)
    groups = [a_cluster(meeting, a_facilitator(meeting, table), table=table) for table in meeting.tables]
    people = [a_participant(meeting, table) for table in meeting.tables]
    both = cloned(tmp_path, opened, room)
    for each, table, group, who in zip(both, meeting.tables, groups, people, strict=True):
        told = {"work_table_id": table, "step_id": meeting.steps["bollini"], "dots": {group: 1}}
        replace(meeting, room=each).do(CastDots, who, **told)
    one, other = (PeerLog(each.store, each.desk) for each in both)
    assert exchange(one, Beside(other), meeting.process_id).identical
    assert both[0].ask(ballots_apart_in, meeting.process_id) == []
