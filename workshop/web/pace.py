"""How a meeting goes against its running sheet: the light of each table, the times that were planned and those to be expected.

A light says only what can be measured: minutes since the step was opened at that table, against the minutes it has there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workshop.domain.step import Step, moment
from workshop.record.queries.tables import TableShown

LEAST_OVER: Final = 5  # minutes over before a table is said to need help


@dataclass(frozen=True, slots=True)
class Pace:
    """`tone`: ok, wait (slow), bad (needs help), done, or "" when no step is open. `over`: minutes past the end, negative = left."""

    step: Step | None
    tone: str
    over: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the running sheet. Times are local HH:MM, "" = not known. `tables`: numbers of those at this step now.

    `since`: minutes it has run there, pauses left out; `took`: (least, most) minutes where it was closed, None = nowhere yet."""

    step: Step
    planned: str
    expected: str
    minutes: int
    since: int | None
    tables: tuple[int, ...]
    done: bool
    took: tuple[int, int] | None = None


def pace(table: TableShown, steps: Iterable[Step], now: datetime) -> Pace:
    """Slow: over its minutes. Needs help: over by more than half of them, and five at least."""
    step = next((s for s in steps if table.steps.get(s.id) in {"open", "paused"}), None)
    if table.state == "closed" or (table.synthesis == "validated" and step is None):
        return Pace(step, "done")
    if step is None:
        return Pace(None, "")
    allowed = table.minutes_of(step)
    over = _minutes(table.clock(step).elapsed(now)) - allowed
    return Pace(step, "ok" if over <= 0 else "wait" if over <= max(LEAST_OVER, allowed // 2) else "bad", over)


def running_sheet(steps: tuple[Step, ...], tables: list[TableShown], day: str, start: str, now: datetime) -> list[Line]:
    """`now` is local. After the furthest open step, expected times follow from when it began, never earlier than now."""
    current = max((i for i, step in enumerate(steps) if _at(step, tables)), default=-1)
    planned, expected = _planned(day, start, now), None
    lines = []
    for i, step in enumerate(steps):
        here = _at(step, tables)
        began = min((moment(t.clock(step).began).astimezone(now.tzinfo) for t in here if t.clock(step).began), default=None)
        since = max((_minutes(t.clock(step).elapsed(now)) for t in here), default=None)
        minutes = min((t.minutes_of(step) for t in here), default=step.minutes)
        shown = _clock(expected) if i > current >= 0 else _clock(began)
        done = not here and bool(tables) and all(t.steps.get(step.id) in {"closed", "skipped"} for t in tables)
        lines.append(Line(step, _clock(planned), shown, minutes, since, tuple(t.number for t in here), done, _took(step, tables)))
        planned = planned and planned + timedelta(minutes=step.minutes)
        if i >= current >= 0:
            left = minutes - since if i == current and since is not None else minutes
            expected = (expected or now) + timedelta(minutes=max(0, left))
    return lines


def minutes_late(lines: list[Line], day: str, now: datetime) -> int:
    """How much later than planned the next step will begin; 0 on any other day than the planned one."""
    if day != now.date().isoformat():
        return 0
    upcoming = [line for line in lines if line.expected and line.planned and not line.tables and not line.done]
    return max(0, _between(upcoming[0].planned, upcoming[0].expected)) if upcoming else 0


def local_now(zone: str, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(zone))


def _at(step: Step, tables: list[TableShown]) -> list[TableShown]:
    return [t for t in tables if t.steps.get(step.id) in {"open", "paused"}]


def _planned(day: str, start: str, now: datetime) -> datetime | None:
    if not start:
        return None
    return datetime.combine(date.fromisoformat(day) if day else now.date(), time.fromisoformat(start), now.tzinfo)


def _took(step: Step, tables: list[TableShown]) -> tuple[int, int] | None:
    spent = [t.clock(step).spent for t in tables if t.steps.get(step.id) == "closed"]
    return (min(spent), max(spent)) if spent else None


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def _clock(moment: datetime | None) -> str:
    return moment.strftime("%H:%M") if moment else ""


def _between(first: str, second: str) -> int:
    one, two = (time.fromisoformat(text) for text in (first, second))
    return (two.hour - one.hour) * 60 + two.minute - one.minute
