"""Steps of a running sheet: what is asked, of whom, how many cards or dots; opened and closed table by table."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import NotAllowed, ReasonMissing, Refusal, Sort
from workshop.domain.states import Noun, check_move
from workshop.domain.text import maybe_words, within


class Verb(StrEnum):
    """The eleven verbs of a method pack: what people do."""

    TALK = "talk"
    COLLECT = "collect"
    READ = "read"
    CLUSTER = "cluster"
    LINK = "link"
    VOTE = "vote"
    ASK = "ask"
    WRITE = "write"
    VALIDATE = "validate"
    MOVE = "move"
    PAUSE = "pause"


# What the table is doing while a step of this verb is open; other verbs leave the table as it is.
TABLE_STATE = {
    Verb.COLLECT: "collecting",
    Verb.CLUSTER: "clustering",
    Verb.VOTE: "prioritising",
    Verb.WRITE: "writing",
    Verb.VALIDATE: "validating",
}


ENDED: Final = frozenset({"closed", "merged"})  # states of a table that takes nothing in any more
DOORS_OPEN: Final = frozenset({"open", "ready", "live"})  # states of a meeting that people are at


class StepNotOpenYet(Refusal):
    """The table has not come to this step yet."""

    sort = Sort.OUT_OF_STEP


class StepIsNotFor(Refusal):
    """The step asks for something else. Detail: verb."""

    sort = Sort.OUT_OF_STEP


class StepNotReady(Refusal):
    """What must be true before this step closes is not true yet. Detail: must (names), count."""

    sort = Sort.OUT_OF_STEP


class TableIsClosed(Refusal):
    """A closed or merged table takes nothing in."""

    sort = Sort.OUT_OF_STEP


class MeetingNotUnderWay(Refusal):
    """A step is opened where people are: not before the doors open, and not after the meeting. Detail: state of the meeting."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the running sheet. Texts: language -> words. `key` is its name in the pack, `id` its name in the record."""

    id: str
    key: str
    do: Verb
    minutes: int
    where: str = "tables"
    at: str = ""
    title: dict[str, str] = field(default_factory=dict)
    say: dict[str, str] = field(default_factory=dict)
    guide: dict[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    quota: int = 0  # cards per person; 0 = no limit
    ballot: str = ""
    votes: int = 0  # dots per person
    per_item: int = 0  # most dots on one cluster
    reveal: str = "on_close"
    document: str = ""
    sections: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    must: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepClock:
    """How long a step has run at one table. `at`: when it was moved last; `spent`: minutes it had run by then; pauses do not count."""

    state: str = "planned"
    at: str = ""  # UTC, to the minute
    began: str = ""  # when it was opened first
    spent: int = 0

    def elapsed(self, now: datetime) -> timedelta:
        """Never less than nothing: a clock that was set back takes no time away."""
        running = now - moment(self.at) if self.state == "open" and self.at else timedelta()
        return timedelta(minutes=self.spent) + max(running, timedelta())

    def ends(self, minutes: int, now: datetime) -> datetime:
        """When its minutes are over, if it is not paused again; while it is paused this moves on with `now`."""
        return now + timedelta(minutes=minutes) - self.elapsed(now)

    def moved(self, state: str, now: str) -> "StepClock":
        """What it shows from now on. Reopened, it goes on from the minutes it had."""
        began = self.began or (now if state == "open" else "")
        return StepClock(state=state, at=now, began=began, spent=self.elapsed(moment(now)) // timedelta(minutes=1))


def moment(wall: str) -> datetime:
    """From the wall clock of a fact."""
    return datetime.fromisoformat(wall.replace("Z", "+00:00"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """A step as one table meets it: what its rules need. `state` is this step's state at that table."""

    step: Step
    state: str
    table_state: str
    meeting_state: str = "live"
    clock: StepClock = StepClock()

    @property
    def is_open(self) -> bool:
        return self.state in {"open", "paused"}

    @property
    def takes_in_time(self) -> bool:
        """What comes now is not late: the step is open and the meeting has not ended."""
        return self.is_open and self.meeting_state not in {"closed", "reported", "cancelled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveStep(Command):
    """Open, pause, close or skip a step at one table; the lead does it table by table, or for all at once (one command each)."""

    may = Action.MOVE_STEP
    meeting_id: str
    work_table_id: str
    step_id: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendStep(Command):
    """Minutes more for the step that is open at this table."""

    may = Action.MOVE_STEP
    meeting_id: str
    work_table_id: str
    step_id: str
    minutes: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMoved(Fact):
    """About the step. `table_state` follows the verb, so the lead's page sees what each table is doing.

    `at`, `began`, `spent`: see StepClock; wall clocks are shown, and never used for order."""

    kind: ClassVar[str] = "step.moved/1"
    meeting_id: str
    work_table_id: str
    state: str
    at: str = ""
    began: str = ""
    spent: int = 0
    table_state: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepExtended(Fact):
    kind: ClassVar[str] = "step.extended/1"
    meeting_id: str
    work_table_id: str
    minutes: int


def move_step(command: MoveStep, step: StepFacts, others: list[StepFacts], blockers: list[str], by_lead: bool, now: str) -> list[Fact]:
    """`others`: steps open at this table now; they close when this one opens. `blockers`: what `must` still asks of them.
    A closed step is reopened by the lead only, with a reason."""
    check_move(Noun.STEP, step.state, command.state)
    if step.state == "closed" and not by_lead:
        raise NotAllowed("state")
    if step.table_state in ENDED:
        raise TableIsClosed("state")
    if command.state == "open" and step.meeting_state not in DOORS_OPEN:
        raise MeetingNotUnderWay("state", state=step.meeting_state)
    reason = maybe_words(command.reason, "reason", 300)
    if blockers and not (by_lead and reason):
        raise StepNotReady("state", must=blockers)
    if step.state in {"closed", "skipped"} and not reason:
        raise ReasonMissing("reason")
    closing = close_steps(others, command.meeting_id, command.work_table_id, now) if command.state == "open" else []
    return [*closing, _moved(step, command.meeting_id, command.work_table_id, command.state, now, reason)]


def close_steps(steps: list[StepFacts], meeting_id: str, work_table_id: str, now: str) -> list[Fact]:
    """All that is open at a table, when it goes on or ends."""
    return [_moved(step, meeting_id, work_table_id, "closed", now) for step in steps]


def extend_step(command: ExtendStep, step: StepFacts) -> list[Fact]:
    if not step.is_open:
        raise StepNotOpenYet("step_id")
    return [
        StepExtended(
            about=command.step_id,
            meeting_id=command.meeting_id,
            work_table_id=command.work_table_id,
            minutes=within(command.minutes, "minutes", 1, 30),
        )
    ]


def _moved(step: StepFacts, meeting_id: str, work_table_id: str, state: str, now: str, reason: str = "") -> StepMoved:
    table_state = TABLE_STATE.get(step.step.do, "") if state == "open" else ""
    clock = step.clock.moved(state, now)
    return StepMoved(
        about=step.step.id,
        meeting_id=meeting_id,
        work_table_id=work_table_id,
        state=state,
        at=now,
        began=clock.began,
        spent=clock.spent,
        table_state=table_state,
        reason=reason,
    )
