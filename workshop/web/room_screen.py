"""The views of the room's screen, each with what its template shows. Nothing here that the whole room may not see."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from workshop.domain.step import Step, Verb
from workshop.record.queries.ballots import ballots_in, paper_at, results_told
from workshop.record.queries.boards import clusters_of
from workshop.record.queries.processes import MeetingShown, ProcessShown, the_meeting, the_process
from workshop.record.queries.read_backs import the_read_back
from workshop.record.queries.syntheses import Edition, editions_of, state_of
from workshop.record.queries.tables import TableShown, people_at, tables_of
from workshop.record.queries.walls import cards_for_the_wall
from workshop.web.results import InPlaces, in_places

Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OnScreen:
    """`table` is the one the lead chose, if any; `tables` those the view is about."""

    process: ProcessShown
    meeting: MeetingShown
    every: list[TableShown]
    view: str
    table: TableShown | None

    @property
    def tables(self) -> list[TableShown]:
        return [self.table] if self.table else self.every

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.process.description.time_zone)


@dataclass(frozen=True, slots=True)
class TableTime:
    """`ends`: seconds since 1970, 0 without a length."""

    table: TableShown
    step: Step | None
    ends: int
    is_paused: bool


@dataclass(frozen=True, slots=True)
class TableDots:
    """`result` only of a ballot that is closed; `ballots` so far of one that is open."""

    table: TableShown
    result: InPlaces | None
    is_open: bool
    ballots: int
    people: int

    @property
    def firsts(self) -> list[Any]:
        return [place for place in self.result.places if place.place == 1 and place.dots] if self.result else []


@dataclass(frozen=True, slots=True)
class TableSynthesis:
    """`edition`: the latest confirmed version; `validated`: the one with the show of hands."""

    table: TableShown
    state: str
    edition: Edition | None
    validated: Edition | None


def on_screen(connection: Connection, meeting_id: str) -> OnScreen:
    meeting = the_meeting(connection, meeting_id)
    tables = tables_of(connection, meeting_id)
    chosen = next((table for table in tables if table.id == meeting.screen.get("work_table_id")), None)
    return OnScreen(the_process(connection, meeting.process_id), meeting, tables, meeting.screen.get("view", "entrance"), chosen)


def context_of(connection: Connection, screen: OnScreen) -> Context:
    load = _LOADERS.get(screen.view)
    return load(connection, screen) if load else {}


def _wall(connection: Connection, screen: OnScreen) -> Context:
    return {"cards": cards_for_the_wall(connection, screen.meeting, screen.tables)}


def _clock(connection: Connection, screen: OnScreen) -> Context:
    """`now_all`: the step, when all tables are at the same one; its clock is that of the table that ends last."""
    times = [table_time(table, screen.meeting) for table in screen.tables]
    steps = {at.step.id for at in times if at.step}
    together = max(times, key=lambda at: at.ends) if len(steps) == 1 and all(at.step for at in times) else None
    return {"times": times, "together": together, "now": int(time.time()), "following": _following(screen.meeting, together)}


def _neutral(connection: Connection, screen: OnScreen) -> Context:
    """A pause says when we go on; anything else says nothing of the tables."""
    pauses = [at for table in screen.every if (at := table_time(table, screen.meeting)).step and at.step.do is Verb.PAUSE]
    pause = max(pauses, key=lambda at: at.ends) if pauses and len(pauses) == len(screen.every) else None
    return {"pause": pause, "until": datetime.fromtimestamp(pause.ends, UTC).isoformat() if pause and pause.ends else ""}


def _dots(connection: Connection, screen: OnScreen) -> Context:
    people = people_at(connection, screen.meeting.id)
    return {"results": [_table_dots(connection, screen.meeting, table, people.get(table.id, 0)) for table in screen.tables]}


def _synthesis(connection: Connection, screen: OnScreen) -> Context:
    told = [_table_synthesis(connection, table) for table in screen.tables]
    reading = the_read_back(connection, screen.table) if screen.table else None
    return {"told": told, "reading": reading}


_LOADERS: Final[dict[str, Callable[[Connection, OnScreen], Context]]] = {
    "wall": _wall,
    "clock": _clock,
    "dots": _dots,
    "synthesis": _synthesis,
    "neutral": _neutral,
}


def table_time(table: TableShown, meeting: MeetingShown) -> TableTime:
    """The step that is open there, and when it ends."""
    step = next((s for s in reversed(meeting.steps) if table.steps.get(s.id) in {"open", "paused"}), None)
    if step is None:
        return TableTime(table, None, 0, is_paused=False)
    clock, minutes = table.clock(step), table.minutes_of(step)
    ends = int(clock.ends(minutes, datetime.now(UTC)).timestamp()) if clock.at and step.minutes else 0
    return TableTime(table, step, ends, "paused" in {table.state, table.steps.get(step.id)})


def _following(meeting: MeetingShown, together: TableTime | None) -> Step | None:
    """The next step of the running sheet that people take part in."""
    ids = [step.id for step in meeting.steps]
    if together is None or together.step is None:
        return None
    rest = meeting.steps[ids.index(together.step.id) + 1 :]
    return next((step for step in rest if step.where != "desk"), None)


def _table_dots(connection: Connection, meeting: MeetingShown, table: TableShown, people: int) -> TableDots:
    open_vote = next((s for s in meeting.steps if s.ballot == "dots" and table.steps.get(s.id) in {"open", "paused"}), None)
    if open_vote:
        ballots = ballots_in(connection, open_vote.id, table.id) + paper_at(connection, open_vote.id, table.id)[0]
        return TableDots(table, None, True, ballots, people)
    told = list(results_told(connection, table.id).values())
    titles = {cluster.id: cluster.title for cluster in clusters_of(connection, table.id) if not cluster.gone}
    return TableDots(table, in_places(told[-1], titles) if told else None, False, 0, people)


def _table_synthesis(connection: Connection, table: TableShown) -> TableSynthesis:
    confirmed = [edition for edition in editions_of(connection, table.id) if edition.sort != "read_back"]
    validated = next((edition for edition in confirmed if edition.sort == "validated"), None)
    return TableSynthesis(table, state_of(connection, table.id), confirmed[0] if confirmed else None, validated)
