"""A meeting (incontro) of a process: planned with or without time and place, moved, opened, closed."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.process import Description, require_public
from workshop.domain.refusal import Malformed, NotInList, ReasonMissing, Refusal, Sort
from workshop.domain.states import Noun, check_move
from workshop.domain.step import Step
from workshop.domain.text import maybe_words, position_of, words

FORMATS: Final = ("webinar", "laboratory", "network_launch", "convention")
MODES: Final = ("in_person", "online", "hybrid")
RUNNING: Final = frozenset(
    {"live", "closed", "reported"}
)  # the day itself and after: whoever leads the room decides, see Action.RUN_MEETING
_HOUR: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class DateMissing(Refusal):
    """Announcing needs a date or 'to be decided'; opening needs date, start and place (or link)."""

    sort = Sort.OUT_OF_STEP


class EndsBeforeStart(Refusal):
    """The end is not after the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When, where and how; one versions field. Empty = to be decided. Date YYYY-MM-DD, times HH:MM local to the process."""

    title: str
    format: str = "laboratory"
    mode: str = "in_person"
    date: str = ""
    start: str = ""
    end: str = ""
    place: str = ""
    link: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.date and self.start and (self.place or self.link))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeeting(Command):
    """A new meeting; `command_id` is its id."""

    may = Action.ARRANGE_PROCESS
    plan: Plan
    position: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanMeeting(Command):
    """Change date, place, title; after the announcement a reason is kept with it."""

    may = Action.ARRANGE_PROCESS
    meeting_id: str
    plan: Plan
    reason: str = ""
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveMeeting(Command):
    """Announce, open, go live, close: see states.MOVES."""

    may = Action.ARRANGE_PROCESS
    meeting_id: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRunningSheet(Command):
    """The flat list of steps, copied from a method pack so that the record explains itself."""

    may = Action.ARRANGE_PROCESS
    meeting_id: str
    pack: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlanned(Edit):
    kind: ClassVar[str] = "meeting.planned/1"
    plan: Plan
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingReplanned(Edit):
    kind: ClassVar[str] = "meeting.replanned/1"
    plan: Plan
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMoved(Fact):
    kind: ClassVar[str] = "meeting.moved/1"
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningSheetSet(Edit):
    kind: ClassVar[str] = "meeting.running_sheet_set/1"
    pack: str
    steps: tuple[Step, ...]


def plan_meeting(command: PlanMeeting) -> list[Fact]:
    return [MeetingPlanned(about=command.command_id, plan=_checked(command.plan), position=position_of(command.position))]


def replan_meeting(command: ReplanMeeting, state: str) -> list[Fact]:
    if state != "draft" and not command.reason.strip():
        raise ReasonMissing("reason")
    reason = maybe_words(command.reason, "reason", 300)
    return [MeetingReplanned(about=command.meeting_id, plan=_checked(command.plan), reason=reason, replaces=command.replaces)]


def move_meeting(command: MoveMeeting, state: str, plan: Plan, process_state: str, description: Description) -> list[Fact]:
    """Nobody is invited before the process is published and says whom to ask."""
    check_move(Noun.MEETING, state, command.state)
    if command.state in {"announced", "open"}:
        require_public(process_state, description)
    if command.state == "open" and not plan.is_complete:
        raise DateMissing("date")
    return [MeetingMoved(about=command.meeting_id, state=command.state, reason=maybe_words(command.reason, "reason", 300))]


def set_running_sheet(command: SetRunningSheet, steps: tuple[Step, ...]) -> list[Fact]:
    return [RunningSheetSet(about=command.meeting_id, pack=command.pack, steps=steps, replaces=command.replaces)]


def _checked(plan: Plan) -> Plan:
    if plan.format not in FORMATS:
        raise NotInList("format", choices=FORMATS)
    if plan.mode not in MODES:
        raise NotInList("mode", choices=MODES)
    day, start, end = _day(plan.date), _hour(plan.start, "start"), _hour(plan.end, "end")
    if start and end and end <= start:
        raise EndsBeforeStart("end")
    title = words(plan.title, "title", 3, 200)
    place, link = maybe_words(plan.place, "place", 200), maybe_words(plan.link, "link", 300)
    return Plan(title=title, format=plan.format, mode=plan.mode, date=day, start=start, end=end, place=place, link=link)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as wrong:
        raise Malformed("date") from wrong


def _hour(text: str, field: str) -> str:
    """10:30, and 10.30 as Italians write it (which Python reads as ten o'clock and three tenths of a second)."""
    found = _HOUR.fullmatch(text)
    if text and not found:
        raise Malformed(field)
    return f"{int(found[1]):02d}:{found[2]}" if found else ""
