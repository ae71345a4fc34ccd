"""What the board of a table shows beside its rows: steps and clock, what can be undone, similar cards, places to move to, the vote."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from workshop.dispatch.step import still_asked
from workshop.domain.contribution import Kind
from workshop.domain.step import TABLE_STATE, Step, Verb
from workshop.domain.text import POSITION_MOST
from workshop.record.queries.ballots import Result, ballots_in, paper_at, results_told
from workshop.record.queries.boards import GAP, Board, Cluster
from workshop.record.queries.processes import MeetingShown
from workshop.record.queries.tables import TableShown

OPEN: Final = frozenset({"open", "paused"})
TAKEN_IN: Final = frozenset({"open", "paused", "closed"})  # a collecting step that was opened still takes cards, marked late
NEW, BACK = "new", "loose"  # places of the Move-to control that are no cluster


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster as the board shows it. `up`, `down`: which cluster gets which position so that this one stands one place on."""

    cluster: Cluster
    number: int
    up: tuple[str, int] | None
    down: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class StepsShown:
    """The steps done at tables. `now` was opened last; `blockers`: what it still asks before the next one opens."""

    steps: tuple[Step, ...]
    states: dict[str, str]
    now: Step | None
    next: Step | None
    blockers: tuple[str, ...]
    ends: int  # seconds since 1970; 0 when nothing is timed
    length: int
    seconds: int  # since 1970, now

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def state(self) -> str:
        return self.states.get(self.now.id, "planned") if self.now else ""

    def number(self, step: Step) -> int:
        return self.steps.index(step) + 1


@dataclass(frozen=True, slots=True)
class VoteShown:
    """While the vote is open: how many ballots came in, and what the scribe entered from paper. No totals."""

    step: Step
    ballots: int
    paper_ballots: int
    paper_dots: dict[str, int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """`rank` 1 twice is a tie: two firsts, then a third."""

    cluster: Cluster
    dots: int
    rank: int
    tied: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """A closed vote as it was told."""

    step: Step
    ranked: tuple[Ranked, ...]
    voters: int
    paper_ballots: int


def groups_of(board: Board) -> list[Group]:
    at = [cluster.position for cluster in board.clusters]
    ids = [cluster.id for cluster in board.clusters]
    last = len(at) - 1
    return [
        Group(
            cluster,
            n + 1,
            _first((ids[n], _before(at, n - 1)), (ids[n - 1], _after(at, n))) if n else None,
            _first((ids[n], _after(at, n + 1)), (ids[n + 1], _before(at, n))) if n < last else None,
        )
        for n, cluster in enumerate(board.clusters)
    ]


def steps_shown(connection: Connection, meeting: MeetingShown, table: TableShown) -> StepsShown:
    steps = tuple(step for step in meeting.steps if step.where == "tables")
    now = next((step for step in steps if step.id == table.step_id), None)
    later = steps[steps.index(now) + 1 :] if now else steps
    following = next((step for step in later if table.steps.get(step.id, "planned") == "planned"), None)
    asked = still_asked(connection, table.facts_of(now), table) if now and table.steps.get(now.id) in OPEN else []
    moment = datetime.now(UTC)
    ends, length = _clock(table, now, moment)
    return StepsShown(steps, table.steps, now, following, tuple(asked), ends, length, int(moment.timestamp()))


def after_the_break(steps: StepsShown, table: TableShown) -> str:
    """The state a paused table goes back to: what its synthesis or its open step asks for."""
    if table.synthesis != "draft":
        return {"in_review": "validating"}.get(table.synthesis, table.synthesis)
    return TABLE_STATE.get(steps.now.do, "open") if steps.now and steps.is_open else "open"


def vote_shown(connection: Connection, steps: StepsShown, table: TableShown) -> VoteShown | None:
    step = steps.now
    if step is None or step.do is not Verb.VOTE or step.ballot != "dots" or not steps.is_open:
        return None
    paper_ballots, paper_dots = paper_at(connection, step.id, table.id)
    return VoteShown(step, ballots_in(connection, step.id, table.id), paper_ballots, paper_dots)


def outcome_shown(connection: Connection, steps: StepsShown, board: Board, table: TableShown) -> Outcome | None:
    """The last vote this table has closed; a group that came afterwards is not in it."""
    told = results_told(connection, table.id)
    step = next((step for step in reversed(steps.steps) if step.id in told), None)
    return _outcome(step, told[step.id], board) if step else None


def kinds_taken(steps: tuple[Step, ...], states: dict[str, str]) -> list[str]:
    """Kinds that the scribe may write: of every collecting step opened so far, those of the latest first."""
    opened = [step for step in reversed(steps) if step.do is Verb.COLLECT and states.get(step.id) in TAKEN_IN]
    kinds = [kind for step in opened for kind in (step.kinds or tuple(Kind))]
    return list(dict.fromkeys(str(kind) for kind in kinds))


def step_taking(steps: tuple[Step, ...], states: dict[str, str], kind: str) -> str:
    """The step a card of this kind belongs to: the latest opened one that asks for it; else one that tells why not."""
    collecting = [step for step in steps if step.do is Verb.COLLECT]
    opened = [step for step in reversed(collecting) if states.get(step.id) in TAKEN_IN]
    asking = [step for step in opened if not step.kinds or kind in step.kinds]
    return next((step.id for step in [*asking, *opened, *collecting, *steps]), "")


def _outcome(step: Step, told: Result, board: Board) -> Outcome:
    rows = sorted(((told.totals[c.id], c) for c in board.clusters if c.id in told.totals), key=lambda row: -row[0])
    numbers = [dots for dots, _ in rows]
    ranked = tuple(Ranked(c, dots, 1 + sum(n > dots for n in numbers), numbers.count(dots) > 1) for dots, c in rows)
    return Outcome(step, ranked, told.voters, told.paper_ballots)


def _clock(table: TableShown, step: Step | None, now: datetime) -> tuple[int, int]:
    """(when it ends, how long it lasts) in seconds; (0, 0) when the step has no length or is not open."""
    if step is None or not table.clock(step).at or not step.minutes or table.steps.get(step.id) not in OPEN:
        return 0, 0
    minutes = table.minutes_of(step)
    return int(table.clock(step).ends(minutes, now).timestamp()), 60 * minutes


def _first(*ways: tuple[str, int | None]) -> tuple[str, int] | None:
    """The group itself goes past its neighbour; where there is no room left, the neighbour goes past it."""
    return next(((cluster_id, position) for cluster_id, position in ways if position is not None), None)


def _before(at: list[int], n: int) -> int | None:
    return _between(at[n - 1] if n else -1, at[n])


def _after(at: list[int], n: int) -> int | None:
    return _between(at[n], at[n + 1] if n + 1 < len(at) else min(at[n] + 2 * GAP, POSITION_MOST + 1))


def _between(low: int, high: int) -> int | None:
    middle = (low + high) // 2
    return middle if low < middle < high else None
