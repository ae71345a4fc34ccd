"""Dots (bollini): a secret ballot on clusters. It belongs to its step, not to a table: who moves table still has one vote."""

from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Refusal, Sort
from workshop.domain.step import StepFacts, StepIsNotFor, StepNotOpenYet, Verb
from workshop.domain.text import within

PAPER_MOST: Final = 500  # paper ballots of one table


class BallotIsClosed(Refusal):
    """The totals were already told; they do not move any more."""

    sort = Sort.OUT_OF_STEP


class TooManyDots(Refusal):
    """Detail: votes (in all) or per_item (on one cluster)."""


class NoSuchCluster(Refusal):
    """A dot on something that is not a cluster of this table."""


class PaperDotsDoNotFit(Refusal):
    """More dots than the paper ballots can hold. Detail: most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CastDots(Command):
    """One person's whole ballot at this table; casting again replaces it, until the step closes. `dots`: cluster id -> number."""

    may = Action.CAST_DOTS
    work_table_id: str
    step_id: str
    dots: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPaperDots(Command):
    """The scribe enters the totals of the paper ballots of this table; entering again replaces them."""

    may = Action.COUNT_PAPER
    work_table_id: str
    step_id: str
    dots: dict[str, int]
    ballots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DotsCast(Fact):
    """About the step. `voter` is keyed with the ballot's key, which is destroyed at the end; no actor is named."""

    kind: ClassVar[str] = "dots.cast/1"
    names_actor: ClassVar[bool] = False
    work_table_id: str
    voter: str
    dots: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDotsCounted(Fact):
    kind: ClassVar[str] = "dots.paper_counted/1"
    work_table_id: str
    dots: dict[str, int]
    ballots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotClosed(Fact):
    """About the step: the totals as they were told at this table. Profiles without votes still have them."""

    kind: ClassVar[str] = "ballot.closed/1"
    work_table_id: str
    totals: dict[str, int]
    voters: int
    paper_ballots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotFacts:
    """`earlier_table`: where this voter's dots are now; `closed_tables`: tables that have told their totals."""

    clusters: frozenset[str]
    closed_tables: frozenset[str]
    earlier_table: str = ""


def cast_dots(command: CastDots, step: StepFacts, ballot: BallotFacts, voter: str) -> list[Fact]:
    _check_open(step, ballot, command.work_table_id)
    if ballot.earlier_table in ballot.closed_tables:
        raise BallotIsClosed("dots")
    dots = _kept(command.dots, ballot)
    if sum(dots.values()) > step.step.votes:
        raise TooManyDots("dots", votes=step.step.votes)
    if any(number > step.step.per_item for number in dots.values()):
        raise TooManyDots("dots", per_item=step.step.per_item)
    return [DotsCast(about=command.step_id, work_table_id=command.work_table_id, voter=voter, dots=dots)]


def count_paper_dots(command: CountPaperDots, step: StepFacts, ballot: BallotFacts) -> list[Fact]:
    _check_open(step, ballot, command.work_table_id)
    dots, ballots = _kept(command.dots, ballot), within(command.ballots, "ballots", 0, PAPER_MOST)
    if sum(dots.values()) > ballots * step.step.votes:
        raise PaperDotsDoNotFit("dots", most=ballots * step.step.votes)
    if any(number > ballots * step.step.per_item for number in dots.values()):
        raise PaperDotsDoNotFit("dots", most=ballots * step.step.per_item)
    return [PaperDotsCounted(about=command.step_id, work_table_id=command.work_table_id, dots=dots, ballots=ballots)]


def _check_open(step: StepFacts, ballot: BallotFacts, work_table_id: str) -> None:
    if step.step.do is not Verb.VOTE or step.step.ballot != "dots":
        raise StepIsNotFor("step_id", verb=step.step.do)
    if step.state == "closed" or work_table_id in ballot.closed_tables:
        raise BallotIsClosed("dots")
    if step.state not in {"open", "paused"}:
        raise StepNotOpenYet("step_id")


def _kept(dots: dict[str, int], ballot: BallotFacts) -> dict[str, int]:
    kept = {cluster: number for cluster, number in dots.items() if number}
    if any(number < 0 for number in kept.values()):
        raise TooManyDots("dots", votes=0)
    if not set(kept) <= ballot.clusters:
        raise NoSuchCluster("dots")
    return kept
