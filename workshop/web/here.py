"""Where a participant is: the table, its meeting, and what is going on there, as every page of a phone needs it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Response

from workshop.domain.people import Actor
from workshop.domain.refusal import SignInFirst
from workshop.domain.step import DOORS_OPEN, ENDED, Step, Verb
from workshop.record.queries.processes import MeetingShown, ProcessShown, the_meeting, the_process
from workshop.record.queries.tables import TableShown, cards_at, the_table, where_people_went
from workshop.web.answers import show, words
from workshop.web.house import house
from workshop.web.identity import language, participant
from workshop.web.refusal_words import N_
from workshop.web.shown import filters

RIGHT_TO_LEFT: Final = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class Here:
    """`version` and `own_version` were read before the rows: a push may come twice, never be missed."""

    me: Actor
    process: ProcessShown
    meeting: MeetingShown
    table: TableShown
    count: int
    version: str
    own_version: str
    goes_to: TableShown | None = None  # the table that this one was merged into

    @property
    def is_over(self) -> bool:
        return self.meeting.state not in DOORS_OPEN

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.process.description.time_zone)

    @property
    def now(self) -> Step | None:
        """The step that is open (or paused) at this table."""
        return next((s for s in reversed(self.meeting.steps) if self.table.steps.get(s.id) in {"open", "paused"}), None)

    def latest(self, verb: Verb, *states: str) -> Step | None:
        """Of the steps that do this and are in one of these states here, the one that began last."""
        found = [s for s in self.meeting.steps if s.do is verb and self.table.steps.get(s.id) in states]
        return max(found, key=lambda s: self.table.clock(s).at, default=None)


def here() -> Here:
    """Refuses who has no seat: the personal code brings back who had one."""
    me = participant()
    seat = next(iter(me.tables), "")
    if not me.id or not seat:
        raise SignInFirst()
    version, own_version = house().versions(f"table:{seat}"), house().versions(f"person:{me.id}")
    with house().reading() as connection:
        table = the_table(connection, seat)
        meeting, process = the_meeting(connection, table.meeting_id), the_process(connection, table.process_id)
        count = cards_at(connection, meeting.id).get(seat, 0)
        goes_to = where_people_went(connection, table)
    return Here(me, process, meeting, table, count, version, own_version, goes_to if goes_to.id != table.id else None)


def show_phone(template: str, at: Here, tab: str, status: int = 200, **context: Any) -> Response:
    """A page of the phone: the sticky block hears the person's own topic, the page hears the table's."""
    answer = show(
        template,
        status,
        tab=tab,
        at=at,
        table={"id": at.table.id, "number": at.table.number, "title": at.table.theme.title},
        count=at.count,
        phase=phase(at),
        who=at.me.id,
        topic=f"table:{at.table.id}",
        version=at.version,
        top_topic=f"person:{at.me.id}",
        top_version=at.own_version,
        **context,
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def phase(at: Here) -> str:
    """What the table is doing, and until when: 'We write in silence, until 11:30'."""
    return _standing_still(at) or (_step_now(at, at.now) if at.now else words(N_("We start soon")))


def _standing_still(at: Here) -> str:
    """Why nothing goes on here, if nothing does."""
    if at.is_over:
        return words(N_("The meeting is closed"))
    if at.goes_to:
        return words(N_("It goes on with table %(number)s"), number=at.goes_to.number)
    if at.table.state in ENDED:
        return words(N_("The table has finished"))
    return words(N_("The table is taking a break")) if at.table.state == "paused" else ""


def _step_now(at: Here, step: Step) -> str:
    title = in_language(step.title)
    if at.table.steps.get(step.id) == "paused":
        return words(N_("%(step)s: paused"), step=title)
    until = ends_at(at, step)
    return words(N_("%(step)s, until %(time)s"), step=title, time=until) if until else title


def ends_at(at: Here, step: Step) -> str:
    """HH:MM where the process is; '' when the step has no length or nobody wrote down its beginning."""
    clock = at.table.clock(step)
    if not clock.at or not step.minutes:
        return ""
    ends = clock.ends(at.table.minutes_of(step), datetime.now(UTC))
    return str(filters(language())["clock"](ends.isoformat(), at.zone))


def said(at: Here, step: Step, question: str = "") -> str:
    """The sentence of the step. `question` takes the place of {question}: '' where the page has it as its title."""
    text = in_language(step.say)
    for name, value in {"question": question, "domanda": question, "quota": step.quota, "votes": step.votes, "voti": step.votes}.items():
        text = text.replace("{" + name + "}", str(value))
    return text.strip()


def in_language(texts: dict[str, str]) -> str:
    return str(filters(language())["words_in"](texts))
