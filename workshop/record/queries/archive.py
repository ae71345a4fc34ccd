"""What is kept: processes, meetings and tables with the state of each synthesis; one synthesis with all its versions."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from workshop.domain.frozen import Frozen
from workshop.record.queries.absent import STAYED, absent_behind, cards_that_stayed
from workshop.record.queries.evidence import Exhibit, cited, exhibits_at
from workshop.record.queries.processes import MeetingShown, ProcessShown, meetings_of, processes, the_meeting, the_process
from workshop.record.queries.syntheses import Edition, editions_of, state_of
from workshop.record.queries.tables import TableShown, cards_at, people_at, tables_of, the_table
from workshop.record.rows.sentence import sentence


@dataclass(frozen=True, slots=True)
class Kept:
    """`state`: none, draft, in_review, validated, rectified. `confirmed`: the newest version that may be published.
    `outcome`: favour, against, abstain and notes of the validation. `rivals`: versions validated apart, in two places.
    `stayed`: cards its sentences cite whose words stayed in the room; a head does not say how many more were written there."""

    table: TableShown
    state: str
    editions: tuple[Edition, ...]
    confirmed: Edition | None
    outcome: dict[str, Any]
    rivals: int
    cards: int = 0
    people: int = 0
    stayed: int = 0


@dataclass(frozen=True, slots=True)
class MeetingKept:
    meeting: MeetingShown
    tables: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class ProcessKept:
    """`stayed`: cards of which only the head travelled here; a head names no table."""

    process: ProcessShown
    meetings: tuple[MeetingKept, ...]
    stayed: int

    @property
    def tables(self) -> list[Kept]:
        return [table for meeting in self.meetings for table in meeting.tables]

    @property
    def cards(self) -> int:
        """Also those whose words are not here."""
        return sum(table.cards for table in self.tables) + self.stayed

    @property
    def confirmed(self) -> int:
        return sum(table.confirmed is not None for table in self.tables)


@dataclass(frozen=True, slots=True)
class KeptSynthesis:
    """One synthesis with everything it cites."""

    kept: Kept
    meeting: MeetingShown
    process: ProcessShown
    exhibits: dict[str, Exhibit]

    def behind(self, ids: tuple[str, ...]) -> list[Exhibit]:
        return cited(self.exhibits, ids)

    @property
    def versions(self) -> list[Edition]:
        """The latest first, without the read-backs that were validated as they stood."""
        confirmed = {(e.number, e.fingerprint) for e in self.kept.editions if e.sort != "read_back"}
        return [e for e in self.kept.editions if e.sort != "read_back" or (e.number, e.fingerprint) not in confirmed]

    def before(self, edition: Edition) -> Frozen | None:
        """What stood before this version: the version it corrects, else the read-back before."""
        earlier = [e for e in self.kept.editions if e.number < edition.number]
        return max(earlier, key=lambda e: e.number).frozen if earlier else None


def the_archive(connection: Connection) -> list[ProcessKept]:
    return [_process(connection, process) for process in processes(connection)]


def the_kept_synthesis(connection: Connection, synthesis_id: str) -> KeptSynthesis:
    """Of the table with this id."""
    table = the_table(connection, synthesis_id)
    meeting, process = the_meeting(connection, table.meeting_id), the_process(connection, table.process_id)
    return KeptSynthesis(_kept(connection, table), meeting, process, exhibits_at(connection, table))


def _process(connection: Connection, process: ProcessShown) -> ProcessKept:
    meetings = tuple(_meeting(connection, meeting) for meeting in meetings_of(connection, process.id))
    return ProcessKept(process, meetings, cards_that_stayed(connection, process.id))


def _meeting(connection: Connection, meeting: MeetingShown) -> MeetingKept:
    cards, people = cards_at(connection, meeting.id), people_at(connection, meeting.id)
    tables = tables_of(connection, meeting.id)
    absent = absent_behind(connection, [table.id for table in tables])
    return MeetingKept(meeting, tuple(_counted(_kept(connection, t), cards, people, absent) for t in tables))


def _counted(kept: Kept, cards: dict[str, int], people: dict[str, int], absent: dict[str, dict[str, str]]) -> Kept:
    at = kept.table.id
    stayed = sum(sort == STAYED for sort in absent.get(at, {}).values())
    return replace(kept, cards=cards.get(at, 0), people=people.get(at, 0), stayed=stayed)


def _kept(connection: Connection, table: TableShown) -> Kept:
    editions = tuple(editions_of(connection, table.id))
    confirmed = next((e for e in editions if e.sort != "read_back"), None)
    validated = [e for e in editions if e.sort == "validated"]
    return Kept(
        table=table,
        state=_state(connection, table.id, confirmed),
        editions=editions,
        confirmed=confirmed,
        outcome=validated[0].about_it if validated else {},
        rivals=len({e.fingerprint for e in validated}) - 1 if validated else 0,
    )


def _state(connection: Connection, table_id: str, confirmed: Edition | None) -> str:
    if confirmed:
        return confirmed.sort
    state = state_of(connection, table_id)
    if state == "draft" and connection.execute(select(sentence.c.id).where(sentence.c.synthesis_id == table_id).limit(1)).first() is None:
        return "none"
    return state
