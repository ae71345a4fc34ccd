"""The light of a table and the times to be expected follow from minutes alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from workshop.domain.step import Step, StepClock, Verb
from workshop.domain.work_table import Theme
from workshop.record.queries.tables import TableShown
from workshop.web.pace import Pace, minutes_late, pace, running_sheet

BEGAN = datetime(2020, 10, 24, 8, 0, tzinfo=UTC)  # ten o'clock in Lucca
ROME = ZoneInfo("Europe/Rome")
STEPS = tuple(Step(id=name, key=name, do=Verb.TALK, minutes=minutes) for name, minutes in (("one", 10), ("two", 20), ("three", 5)))


def a_clock(state: str, at: str = "2020-10-24T08:00Z", spent: int = 0) -> StepClock:
    return StepClock(state=state, at=at, began="2020-10-24T08:00Z", spent=spent)


def a_table(number: int = 1, more: int = 0, state: str = "collecting", synthesis: str = "draft", **steps: str) -> TableShown:
    """`steps`: step id -> state; an open one began at ten."""
    return TableShown(
        id=str(number),
        process_id="",
        meeting_id="",
        number=number,
        join_code="",
        theme=Theme(title="Tema"),
        versions=(),
        state=state,
        step_id="",
        steps=steps,
        clocks={step: a_clock(state) for step, state in steps.items()},
        minutes_more=dict.fromkeys(steps, more),
        synthesis=synthesis,
    )


@pytest.mark.parametrize(
    ("minutes", "tone", "over"), [(0, "ok", -10), (10, "ok", 0), (11, "wait", 1), (15, "wait", 5), (16, "bad", 6), (90, "bad", 80)]
)
def test_a_table_is_on_time_then_slow_then_needs_help(minutes: int, tone: str, over: int) -> None:
    assert pace(a_table(one="open"), STEPS, BEGAN + timedelta(minutes=minutes)) == Pace(STEPS[0], tone, over)


def test_minutes_given_count(minutes: int = 14) -> None:
    assert pace(a_table(one="open", more=5), STEPS, BEGAN + timedelta(minutes=minutes)) == Pace(STEPS[0], "ok", -1)


def test_a_table_without_an_open_step_has_no_light() -> None:
    assert pace(a_table(one="closed"), STEPS, BEGAN) == Pace(None, "")


@pytest.mark.parametrize("table", [a_table(state="closed"), a_table(synthesis="validated")])
def test_a_closed_or_validated_table_is_done(table: TableShown) -> None:
    assert pace(table, STEPS, BEGAN).tone == "done"


def times(minutes: int, *tables: TableShown, start: str = "10:00", day: str = "2020-10-24") -> tuple[list[tuple[str, str]], int]:
    now = (BEGAN + timedelta(minutes=minutes)).astimezone(ROME)
    lines = running_sheet(STEPS, list(tables), day, start, now)
    return [(line.planned, line.expected) for line in lines], minutes_late(lines, day, now)


def test_before_anything_is_open_only_the_plan_is_known() -> None:
    assert times(0, a_table()) == ([("10:00", ""), ("10:10", ""), ("10:30", "")], 0)


def test_a_step_in_time_leaves_the_plan_as_it_is() -> None:
    assert times(5, a_table(one="open")) == ([("10:00", "10:00"), ("10:10", "10:10"), ("10:30", "10:30")], 0)


def test_a_step_that_goes_on_pushes_what_follows() -> None:
    assert times(14, a_table(one="open")) == ([("10:00", "10:00"), ("10:10", "10:14"), ("10:30", "10:34")], 4)


def test_the_furthest_table_leads_and_those_behind_are_still_shown() -> None:
    now = (BEGAN + timedelta(minutes=3)).astimezone(ROME)
    lines = running_sheet(STEPS, [a_table(1, two="open", one="closed"), a_table(2, one="open")], "2020-10-24", "10:00", now)
    assert [line.tables for line in lines] == [(2,), (1,), ()]


def test_on_another_day_than_planned_nobody_is_called_late() -> None:
    shown, late = times(14, a_table(one="open"), day="2020-11-04", start="17:00")
    assert (shown[0], late) == (("17:00", "10:00"), 0)


def test_a_meeting_without_a_time_has_a_sheet_all_the_same() -> None:
    assert times(0, a_table(one="open"), start="", day="") == ([("", "10:00"), ("", "10:10"), ("", "10:30")], 0)


def test_a_pause_does_not_make_a_table_late() -> None:
    paused = replace(a_table(one="paused"), clocks={"one": a_clock("paused", "2020-10-24T08:07Z", 7)})
    resumed = replace(a_table(one="open"), clocks={"one": a_clock("open", "2020-10-24T08:30Z", 7)})
    assert pace(paused, STEPS, BEGAN + timedelta(minutes=29)) == Pace(STEPS[0], "ok", -3)
    assert pace(resumed, STEPS, BEGAN + timedelta(minutes=34)) == Pace(STEPS[0], "wait", 1)
    assert times(30, paused) == ([("10:00", "10:00"), ("10:10", "10:33"), ("10:30", "10:53")], 23)


def test_a_closed_step_shows_the_minutes_it_took_beside_those_planned() -> None:
    now = (BEGAN + timedelta(minutes=50)).astimezone(ROME)
    tables = [replace(a_table(n, one="closed"), clocks={"one": a_clock("closed", spent=spent)}) for n, spent in ((1, 12), (2, 9))]
    lines = running_sheet(STEPS, tables, "2020-10-24", "10:00", now)
    assert [(line.minutes, line.took) for line in lines] == [(10, (9, 12)), (20, None), (5, None)]
