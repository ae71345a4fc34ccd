"""Work tables, who sits there, and which step each of them is at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select

from workshop.domain.refusal import NotFound
from workshop.domain.states import FIRST, Noun
from workshop.domain.step import Step, StepClock, StepFacts
from workshop.domain.work_table import Theme
from workshop.record.prepared import Prepared
from workshop.record.queries.fields import last_words, versions_shown
from workshop.record.rows.contribution import contribution
from workshop.record.rows.participant import seat
from workshop.record.rows.work_table import work_table

_WHEREABOUTS: Final = Prepared(
    select(work_table.c.process_id, work_table.c.meeting_id, work_table.c.number).where(work_table.c.id == bindparam("work_table_id"))
)
_SEAT: Final = Prepared(select(seat.c.work_table_id).where(seat.c.participant_id == bindparam("participant_id")))
_CARDS_AT_TABLE: Final = Prepared(
    select(func.count()).select_from(contribution).where(contribution.c.work_table_id == bindparam("work_table_id"))
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Of a table: its process, its meeting, its number."""

    process_id: str
    meeting_id: str
    number: int


@dataclass(frozen=True, slots=True)
class TableShown:
    """`steps`: step id -> state at this table; `step_id`: the step opened last; `synthesis`: draft, in_review or validated.

    `help`: asked, coming, or "" when nobody calls; `help_at`: since when. `merged_into`: where its people went."""

    id: str
    process_id: str
    meeting_id: str
    number: int
    join_code: str
    theme: Theme
    versions: tuple[str, ...]
    state: str
    step_id: str
    steps: dict[str, str]
    clocks: dict[str, StepClock]
    minutes_more: dict[str, int]
    synthesis: str
    help: str = ""
    help_at: str = ""
    merged_into: str = ""

    def clock(self, step: Step) -> StepClock:
        return self.clocks.get(step.id, StepClock())

    def minutes_of(self, step: Step) -> int:
        """What it has here, with those that were added."""
        return step.minutes + self.minutes_more.get(step.id, 0)

    def facts_of(self, step: Step, meeting_state: str = "live") -> StepFacts:
        state = self.steps.get(step.id, "planned")
        return StepFacts(step=step, state=state, table_state=self.state, meeting_state=meeting_state, clock=self.clock(step))


def tables_of(connection: Connection, meeting_id: str) -> list[TableShown]:
    chosen = select(work_table).where(work_table.c.meeting_id == meeting_id).order_by(work_table.c.number, work_table.c.lamport)
    return _tables(connection, list(connection.execute(chosen)))


def table_ids(connection: Connection, meeting_id: str) -> list[str]:
    """Without reading them."""
    return list(connection.execute(select(work_table.c.id).where(work_table.c.meeting_id == meeting_id)).scalars())


def numbers_taken(connection: Connection, meeting_id: str) -> frozenset[int]:
    chosen = select(work_table.c.number).where(work_table.c.meeting_id == meeting_id)
    return frozenset(number for number in connection.execute(chosen).scalars() if number)


def whereabouts(connection: Connection, work_table_id: str) -> Whereabouts:
    """Only what never changes of a table: one row, for what is asked with every card."""
    row = _WHEREABOUTS.first(connection, work_table_id=work_table_id)
    if row is None:
        raise NotFound("work_table_id")
    process_id, meeting_id, number = row
    return Whereabouts(process_id, meeting_id or "", number or 0)


def cards_at_table(connection: Connection, work_table_id: str) -> int:
    """Cards that came in at one table (withdrawn ones too: their codes stay)."""
    return int(_CARDS_AT_TABLE.scalar(connection, work_table_id=work_table_id))


def the_table(connection: Connection, work_table_id: str) -> TableShown:
    found = _tables(connection, list(connection.execute(select(work_table).where(work_table.c.id == work_table_id))))
    if not found:
        raise NotFound("work_table_id")
    return found[0]


def where_people_went(connection: Connection, table: TableShown) -> TableShown:
    """The table itself, or the one that it was merged into, and that one; two laptops may even have made a ring of it."""
    seen = {table.id}
    while table.merged_into and table.merged_into not in seen:
        seen.add(table.merged_into)
        table = the_table(connection, table.merged_into)
    return table


def table_with_code(connection: Connection, join_code: str) -> TableShown | None:
    found = _tables(connection, list(connection.execute(select(work_table).where(work_table.c.join_code == join_code))))
    return found[0] if found else None


def codes_used(connection: Connection) -> set[str]:
    return {code for code in connection.execute(select(work_table.c.join_code)).scalars() if code}


def seats_taken(connection: Connection, work_table_id: str) -> int:
    return connection.execute(select(func.count()).select_from(seat).where(seat.c.work_table_id == work_table_id)).scalar_one()


def people_at(connection: Connection, meeting_id: str) -> dict[str, int]:
    """Table id -> people seated."""
    chosen = select(seat.c.work_table_id, func.count()).where(seat.c.meeting_id == meeting_id).group_by(seat.c.work_table_id)
    return {row[0]: row[1] for row in connection.execute(chosen)}


def cards_at(connection: Connection, meeting_id: str) -> dict[str, int]:
    """Table id -> cards that came in (withdrawn ones too: their codes stay)."""
    c = contribution.c
    chosen = select(c.work_table_id, func.count()).where(c.meeting_id == meeting_id).group_by(c.work_table_id)
    return {row[0]: row[1] for row in connection.execute(chosen)}


def table_of_participant(connection: Connection, participant_id: str) -> str:
    return _SEAT.scalar(connection, participant_id=participant_id) or ""


def meeting_of_participant(connection: Connection, participant_id: str) -> str:
    return connection.execute(select(seat.c.meeting_id).where(seat.c.participant_id == participant_id)).scalar() or ""


def _tables(connection: Connection, rows: Iterable[Any]) -> list[TableShown]:
    rows = list(rows)
    ids = [row.id for row in rows]
    themes, words = versions_shown(connection, ids, "theme"), last_words(connection, ids)
    return [_table(row, themes.get((row.id, "theme"), []), {k: v for (i, k), v in words.items() if i == row.id}) for row in rows]


def _table(row: Any, themes: list[Any], words: dict[str, Any]) -> TableShown:
    steps = {key[5:]: value for key, value in words.items() if key.startswith("step:")}
    more: dict[str, int] = {}
    for key, minutes in words.items():
        if key.startswith("more:"):
            more[key.split(":")[1]] = more.get(key.split(":")[1], 0) + minutes
    state = words.get("state", FIRST[Noun.WORK_TABLE])
    synthesis = "validated" if words.get("validated") else words.get("synthesis", {"state": FIRST[Noun.SYNTHESIS]})["state"]
    return TableShown(
        id=row.id,
        process_id=row.process_id,
        meeting_id=row.meeting_id or "",
        number=row.number or 0,
        join_code=row.join_code or "",
        theme=Theme(**(themes[0].value if themes and themes[0].value else {"title": "…"})),
        versions=tuple(version.id for version in themes),
        state=state,
        step_id=words.get("step", ""),
        steps={step: value["state"] for step, value in steps.items()},
        clocks={step: StepClock(**{"began": value["at"], **value}) for step, value in steps.items()},
        minutes_more=more,
        synthesis=synthesis,
        help=words.get("help", {}).get("state", ""),
        help_at=words.get("help", {}).get("at", ""),
        merged_into=words.get("merged_into", "") if state == "merged" else "",
    )
