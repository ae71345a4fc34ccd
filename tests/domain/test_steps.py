"""Rules of steps: one open at a time at each table, what must be true first, and who may reopen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from workshop.domain.refusal import MoveNotAllowed, NotAllowed, NumberOutOfRange, ReasonMissing
from workshop.domain.step import (
    TABLE_STATE,
    ExtendStep,
    MeetingNotUnderWay,
    MoveStep,
    Step,
    StepClock,
    StepExtended,
    StepFacts,
    StepMoved,
    StepNotOpenYet,
    StepNotReady,
    TableIsClosed,
    Verb,
    extend_step,
    moment,
    move_step,
)

MEETING, TABLE, STEP, NEXT, NOW = ("1" * 32, "2" * 32, "3" * 32, "4" * 32, "2020-10-24T08:30Z")


def at(
    state: str, step_id: str = STEP, do: Verb = Verb.COLLECT, table: str = "open", clock: StepClock | None = None, meeting: str = "live"
) -> StepFacts:
    """Moved to its state just now."""
    clock = clock or StepClock(state=state, at=NOW)
    return StepFacts(
        step=Step(id=step_id, key="scrivi", do=do, minutes=10), state=state, table_state=table, clock=clock, meeting_state=meeting
    )


def move(step: StepFacts, state: str, reason: str = "", others: Any = (), blockers: Any = (), by_lead: bool = False) -> list[Any]:
    command = MoveStep(
        command_id="5" * 32,
        process_id="6" * 32,
        meeting_id=MEETING,
        work_table_id=TABLE,
        step_id=step.step.id,
        state=state,
        reason=reason,
    )
    return list(move_step(command, step, list(others), list(blockers), by_lead, NOW))


def moved(step_id: str, state: str, table_state: str = "", reason: str = "") -> StepMoved:
    told = {"about": step_id, "meeting_id": MEETING, "work_table_id": TABLE, "state": state, "at": NOW}
    return StepMoved(**told, began=NOW if state == "open" else "", table_state=table_state, reason=reason)


@pytest.mark.parametrize("verb", Verb)
def test_the_table_does_what_its_open_step_asks(verb: Verb) -> None:
    assert move(at("planned", do=verb), "open") == [moved(STEP, "open", TABLE_STATE.get(verb, ""))]


def test_opening_a_step_closes_the_one_that_was_open() -> None:
    facts = move(at("planned", NEXT, Verb.CLUSTER), "open", others=[at("open")])
    assert facts == [moved(STEP, "closed"), moved(NEXT, "open", "clustering")]


def test_pausing_and_closing_leave_the_others_alone() -> None:
    assert move(at("open"), "paused", others=[at("open", NEXT)]) == [moved(STEP, "paused")]
    assert move(at("open"), "closed", others=[at("open", NEXT)]) == [moved(STEP, "closed")]


def test_what_must_be_true_first_is_named() -> None:
    with pytest.raises(StepNotReady) as refused:
        move(at("open"), "closed", blockers=["no_orphans", "titles_filled"])
    assert refused.value.detail == {"must": ["no_orphans", "titles_filled"]}


def test_only_the_lead_goes_on_all_the_same_and_says_why() -> None:
    with pytest.raises(StepNotReady):
        move(at("open"), "closed", blockers=["no_orphans"], by_lead=True)
    with pytest.raises(StepNotReady):
        move(at("open"), "closed", "tardi", blockers=["no_orphans"])
    assert move(at("open"), "closed", "tardi", blockers=["no_orphans"], by_lead=True) == [moved(STEP, "closed", reason="tardi")]


def test_a_closed_step_is_reopened_by_the_lead_with_a_reason() -> None:
    with pytest.raises(NotAllowed):
        move(at("closed"), "open", "ancora un cartoncino")
    with pytest.raises(ReasonMissing):
        move(at("closed"), "open", by_lead=True)
    assert move(at("closed"), "open", "ancora uno", by_lead=True) == [moved(STEP, "open", "collecting", "ancora uno")]


def test_a_skipped_step_is_taken_up_again_with_a_reason() -> None:
    with pytest.raises(ReasonMissing):
        move(at("skipped"), "open")
    assert move(at("skipped"), "open", "c'è tempo") == [moved(STEP, "open", "collecting", "c'è tempo")]


@pytest.mark.parametrize(("state", "after"), [("planned", "closed"), ("planned", "paused"), ("open", "skipped"), ("open", "open")])
def test_a_step_moves_only_as_its_states_allow(state: str, after: str) -> None:
    with pytest.raises(MoveNotAllowed):
        move(at(state), after, "perché sì", by_lead=True)


@pytest.mark.parametrize("table", ["closed", "merged"])
def test_a_table_that_ended_opens_no_step(table: str) -> None:
    with pytest.raises(TableIsClosed):
        move(at("planned", table=table), "open")


def test_minutes_more_come_in_small_portions() -> None:
    told = {"command_id": "5" * 32, "process_id": "6" * 32, "meeting_id": MEETING, "work_table_id": TABLE, "step_id": STEP}
    for asked in (1, 5, 30):
        command = ExtendStep(**told, minutes=asked)
        assert extend_step(command, at("open")) == [StepExtended(about=STEP, meeting_id=MEETING, work_table_id=TABLE, minutes=asked)]
    for asked in (0, -3, 31, 10**20):
        with pytest.raises(NumberOutOfRange):
            extend_step(ExtendStep(**told, minutes=asked), at("open"))
    with pytest.raises(StepNotOpenYet):
        extend_step(ExtendStep(**told), at("planned"))


def after(minutes: int) -> str:
    return f"2020-10-24T{8 + (30 + minutes) // 60:02d}:{(30 + minutes) % 60:02d}Z"


def shown(clock: StepClock, minutes: int) -> int:
    """Minutes it has run, so long after NOW."""
    return clock.elapsed(moment(after(minutes))) // timedelta(minutes=1)


def played(*moves: tuple[int, str]) -> StepClock:
    """(minutes after NOW, state) one after the other, from the facts that the rule states."""
    clock = StepClock()
    for minutes, state in moves:
        told = replace(at(clock.state, clock=clock), state=clock.state)
        [fact] = move_step(_command(state), told, [], [], True, after(minutes))
        assert isinstance(fact, StepMoved)
        clock = StepClock(state=fact.state, at=fact.at, began=fact.began, spent=fact.spent)
    return clock


def _command(state: str) -> MoveStep:
    told = {"command_id": "5" * 32, "process_id": "6" * 32, "meeting_id": MEETING, "work_table_id": TABLE, "step_id": STEP}
    return MoveStep(**told, state=state, reason="si va avanti")


def test_a_pause_does_not_restart_the_clock_of_a_step() -> None:
    clock = played((0, "open"), (7, "paused"), (20, "open"))
    assert (clock.began, clock.spent, shown(clock, 20), shown(clock, 23)) == (NOW, 7, 7, 10)
    assert clock.ends(10, moment(after(21))) == moment(after(23))


def test_while_a_step_is_paused_its_minutes_stand_still() -> None:
    clock = played((0, "open"), (4, "paused"))
    assert [shown(clock, minutes) for minutes in (4, 30, 60)] == [4, 4, 4]


def test_a_closed_step_keeps_its_minutes_and_reopening_adds_to_them() -> None:
    closed = played((0, "open"), (12, "closed"))
    assert (closed.spent, shown(closed, 50)) == (12, 12)
    again = played((0, "open"), (12, "closed"), (40, "open"), (45, "closed"))
    assert (again.began, again.spent) == (NOW, 17)


def test_a_clock_that_was_set_back_takes_no_minutes_away() -> None:
    clock = played((10, "open"), (15, "paused"), (30, "open"), (20, "paused"))
    assert clock.spent == 5


@pytest.mark.parametrize("meeting", ["draft", "announced", "postponed", "closed", "reported", "cancelled"])
def test_no_step_opens_where_nobody_is(meeting: str) -> None:
    for before in ("planned", "paused", "skipped", "closed"):
        with pytest.raises(MeetingNotUnderWay) as refused:
            move(at(before, meeting=meeting), "open", "si riapre", by_lead=True)
        assert refused.value.detail == {"state": meeting}


def test_what_a_meeting_left_open_is_closed_after_it_and_what_is_not_needed_is_skipped_before() -> None:
    assert move(at("open", meeting="closed"), "closed")
    assert move(at("planned", meeting="announced"), "skipped")
    for doors in ("open", "ready", "live"):
        assert move(at("planned", meeting=doors), "open")
