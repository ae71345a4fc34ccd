"""What the lead's page of a meeting shows, read in one go: tables with their light, running sheet, screen, what waits for somebody."""

from dataclasses import dataclass
from datetime import UTC, datetime

from workshop.addresses import is_gone
from workshop.domain.screen import VIEWS
from workshop.domain.states import MOVES, Noun
from workshop.private.settings_kept import setting
from workshop.record.queries.numbers import cards_to_review
from workshop.record.queries.processes import MeetingShown, ProcessShown, the_meeting, the_process
from workshop.record.queries.tables import TableShown, cards_at, people_at, tables_of
from workshop.web import lead_words
from workshop.web.house import house
from workshop.web.pace import Line, Pace, local_now, minutes_late, pace, running_sheet


@dataclass(frozen=True, slots=True)
class TableCard:
    """One table as the lead sees it. `to_review`: cards that wait for somebody's eyes."""

    table: TableShown
    pace: Pace
    phones: int
    people: int
    cards: int
    to_review: int


@dataclass(frozen=True, slots=True)
class Cockpit:
    process: ProcessShown
    meeting: MeetingShown
    cards: tuple[TableCard, ...]
    lines: list[Line]
    late: int
    phones: int
    clock: str

    @property
    def near(self) -> list[Line]:
        """The lines around now, and those where a table still is: a day has forty of them."""
        reached = max((i for i, line in enumerate(self.lines) if line.tables or line.done), default=0)
        return [line for i, line in enumerate(self.lines) if line.tables or reached - 1 <= i < reached + 6]

    @property
    def open_step_id(self) -> str:
        """The step to propose next: the one after the furthest that is open or done."""
        reached = max((i for i, line in enumerate(self.lines) if line.tables or line.done), default=-1)
        return self.lines[min(reached + 1, len(self.lines) - 1)].step.id if self.lines else ""

    def count(self, tone: str) -> int:
        return sum(card.pace.tone == tone for card in self.cards)

    def moves(self, aside: bool) -> list[tuple[str, str]]:
        return lead_words.moves(MOVES[Noun.MEETING][self.meeting.state], lead_words.MEETING_MOVES, aside)

    @property
    def views(self) -> list[str]:
        """Views of the whole room; dots and syntheses are of one table."""
        return [view for view in VIEWS if view not in {"dots", "synthesis"}]

    @property
    def screen_table(self) -> int:
        return next((c.table.number for c in self.cards if c.table.id == self.meeting.screen["work_table_id"]), 0)


@dataclass(frozen=True, slots=True)
class AddressShown:
    """`gone`: the address that phones and printed codes know, when this computer does not answer there any more."""

    current: str
    gone: str


def the_cockpit(meeting_id: str, now: datetime | None = None) -> Cockpit:
    with house().reading() as connection:
        meeting = the_meeting(connection, meeting_id)
        process, tables = the_process(connection, meeting.process_id), tables_of(connection, meeting_id)
        people, cards = people_at(connection, meeting_id), cards_at(connection, meeting_id)
        waiting = cards_to_review(connection, meeting_id)
    local = local_now(process.description.time_zone, now or datetime.now(UTC))
    lines = running_sheet(meeting.steps, tables, meeting.plan.date, meeting.plan.start, local)
    shown = tuple(
        TableCard(
            table=t,
            pace=pace(t, meeting.steps, local),
            phones=house().presence.phones_at(t.id),
            people=people.get(t.id, 0),
            cards=cards.get(t.id, 0),
            to_review=waiting.get(t.id, 0),
        )
        for t in tables
    )
    late = minutes_late(lines, meeting.plan.date, local)
    return Cockpit(process, meeting, shown, lines, late, house().presence.phones_in(meeting_id), local.strftime("%H:%M"))


def the_address() -> AddressShown:
    current, printed = house().address, house().ask_private(setting, "printed")
    lost = next((each for each in (printed, current) if each and is_gone(each.rpartition(":")[0])), "")
    return AddressShown(current, lost or (printed if printed and printed != current else ""))
