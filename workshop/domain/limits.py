"""How many cards or dots each person has in one step of a meeting: the method proposes, whoever arranges the meeting decides."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Refusal, Sort
from workshop.domain.step import Step, StepIsNotFor, Verb
from workshop.domain.text import within

MOST: Final = 20  # cards, or dots, of one person in one step


class StepHasBegun(Refusal):
    """A table has opened it: what people were told there stands."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitStep(Command):
    """Before a step opens. For a step that collects: `quota`, cards per person, 0 = as many as they like. For a vote by dots: `votes` per
    person, and `per_item`, the most on one cluster. What the step does not ask for is left out."""

    may = Action.ARRANGE_PROCESS
    meeting_id: str
    step_id: str
    quota: int = 0
    votes: int = 0
    per_item: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLimited(Fact):
    """About the step; the last word. It holds for every table of the meeting."""

    kind: ClassVar[str] = "step.limited/1"
    meeting_id: str
    quota: int
    votes: int
    per_item: int


def limit_step(command: LimitStep, step: Step, states: frozenset[str]) -> list[Fact]:
    """`states`: of this step at the tables of the meeting."""
    if states - {"planned", "skipped"}:
        raise StepHasBegun("step_id")
    if has_dots(step):
        votes = within(command.votes, "votes", 1, MOST)
        return [_limited(command, 0, votes, within(command.per_item, "per_item", 1, votes))]
    if step.do is not Verb.COLLECT:
        raise StepIsNotFor("step_id", verb=step.do)
    return [_limited(command, within(command.quota, "quota", 0, MOST), 0, 0)]


def has_dots(step: Step) -> bool:
    return step.do is Verb.VOTE and step.ballot == "dots"


def with_limits(step: Step, limits: dict[str, int]) -> Step:
    """The step as people meet it. `limits`: the last word on it; empty: as the method says."""
    quota, votes, per_item = (limits.get(name, getattr(step, name)) for name in ("quota", "votes", "per_item"))
    return replace(step, quota=quota, votes=votes, per_item=per_item)


def _limited(command: LimitStep, quota: int, votes: int, per_item: int) -> StepLimited:
    return StepLimited(about=command.step_id, meeting_id=command.meeting_id, quota=quota, votes=votes, per_item=per_item)
