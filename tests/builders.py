"""Builders: a room, its meeting and its people, made through the front door. No mocks; a test asks for what it is about.

room = a_room(tmp_path)                         # SQLite; a_room(tmp_path, postgres_url) for PostgreSQL
meeting = a_meeting(room, tables=2)             # live, method "tavoli-metaplan"
who = a_participant(meeting)                    # seated at the first table
a_step_open(meeting, "scrivi")
card = a_card(meeting, who, "Servono fasciatoi")
meeting.do(WithdrawContribution, who, contribution_id=card)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from sync.entry import sha256
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.cluster import AddCluster
from workshop.domain.command import Command
from workshop.domain.contribution import AddContribution, Channel, EnterContribution, Kind
from workshop.domain.good_practice import AddGoodPractice
from workshop.domain.ids import new_id
from workshop.domain.local_resource import AddLocalResource, LocalResource, ResourceKind
from workshop.domain.meeting import MoveMeeting, Plan, PlanMeeting, SetRunningSheet
from workshop.domain.participant import Join, ParticipantJoined
from workshop.domain.people import NOBODY, Actor, Role
from workshop.domain.photo import AddPhoto
from workshop.domain.process import CreateProcess, Description, MoveProcess
from workshop.domain.sentence import AddSentence, Section, Wording
from workshop.domain.step import MoveStep
from workshop.domain.synthesis import DeclareNoMinority, OpenReadBack, Validate
from workshop.domain.work_table import PrepareTable, Theme
from workshop.private.database import PrivateStore, open_private
from workshop.record import rows
from workshop.record.database import Store, open_store
from workshop.record.desk import Desk, Listener, ThreadDesk
from workshop.record.fold import prepare
from workshop.record.queries.processes import the_meeting
from workshop.record.writer import Committed, Receipt, Received, Writer

P = ParamSpec("P")
T = TypeVar("T")
TO_LIVE = ("announced", "open", "ready", "live")


@dataclass(slots=True)
class Room:
    """A place the program runs in, without the web. `news`: what the announcer was told."""

    store: Store
    private: PrivateStore
    desk: Desk
    door: FrontDoor
    lead: Actor
    news: list[Committed | Received] = field(default_factory=list)

    def ask(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A query on a reader's connection."""
        with self.store.readers.connect() as connection:
            return query(connection, *args, **kwargs)

    def ask_private(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self.private.readers.connect() as connection:
            return query(connection, *args, **kwargs)

    def close(self) -> None:
        self.desk.close()
        self.store.close()
        self.private.close()


@dataclass(frozen=True, slots=True)
class Meeting:
    """A live meeting: `tables` are ids, `steps` step id by its name in the pack."""

    room: Room
    process_id: str
    id: str
    tables: tuple[str, ...]
    steps: dict[str, str]

    @property
    def table(self) -> str:
        return self.tables[0]

    @property
    def lead(self) -> Actor:
        return self.room.lead

    def do(self, wish: type[Command], actor: Actor, /, **fields: Any) -> Receipt:
        """A command of this process through the front door; a fresh `command_id` unless one is given."""
        return self.room.door(self.command(wish, **fields), actor)

    def command(self, wish: type[Command], /, **fields: Any) -> Any:
        return wish(**{"command_id": new_id(), "process_id": self.process_id, **fields})

    def ask(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.room.ask(query, *args, **kwargs)


def a_room(folder: Path, url: str = "", desk: Callable[[Writer, Listener], Desk] = ThreadDesk, **writer: Any) -> Room:
    """A prepared store (SQLite in `folder`, or `url`), a private database in `folder`, a running desk. Close it when done."""
    rows.every_noun()
    store = open_store(url or f"sqlite:///{folder}/record.db")
    with store.writer.begin() as connection:
        prepare(connection)
    private = open_private(f"sqlite:///{folder}/private.db")
    news: list[Committed | Received] = []
    running = desk(Writer(store, private, **writer), news.extend)
    return Room(store, private, running, FrontDoor(running), Actor(role=Role.LEAD, id=new_id()), news)


def a_process(room: Room, title: str = "Lucca In famiglia") -> str:
    process_id = new_id()
    description = Description(title=title, contact_email="famiglia@example.org")
    room.door(CreateProcess(command_id=process_id, process_id=process_id, description=description), room.lead)
    room.door(MoveProcess(command_id=new_id(), process_id=process_id, state="published"), room.lead)
    return process_id


def a_meeting(room: Room, tables: int = 1, pack: str = "tavoli-metaplan", state: str = "live", seats: int = 12) -> Meeting:
    """A meeting of a new process, moved on to `state`, with its tables prepared and its running sheet set."""
    process_id, meeting_id = a_process(room), new_id()
    empty = Meeting(room, process_id, meeting_id, (), {})
    plan = Plan(title="Laboratorio", date="2020-10-24", start="10:00", place="Casermetta San Martino")
    empty.do(PlanMeeting, room.lead, command_id=meeting_id, plan=plan)
    empty.do(SetRunningSheet, room.lead, meeting_id=meeting_id, pack=pack)
    for reached in TO_LIVE[: TO_LIVE.index(state) + 1] if state in TO_LIVE else ():
        empty.do(MoveMeeting, room.lead, meeting_id=meeting_id, state=reached)
    ids = tuple(new_id() for _ in range(tables))
    for number, table in enumerate(ids, start=1):
        theme = Theme(title=f"Tavolo {number}", question="Che cosa serve alle famiglie?", seats=seats)
        empty.do(PrepareTable, room.lead, command_id=table, meeting_id=meeting_id, number=number, theme=theme)
    steps = {step.key: step.id for step in room.ask(the_meeting, meeting_id).steps}
    return Meeting(room, process_id, meeting_id, ids, steps)


def a_participant(meeting: Meeting, table: str = "", **join: Any) -> Actor:
    """Somebody who came in by the table's code."""
    where = table or meeting.table
    receipt = meeting.do(Join, NOBODY, meeting_id=meeting.id, work_table_id=where, **join)
    joined = receipt.facts[0]
    assert isinstance(joined, ParticipantJoined)
    return Actor(role=Role.PARTICIPANT, id=joined.participant_id, meeting_id=meeting.id, tables=frozenset({where}))


def a_facilitator(meeting: Meeting, *tables: str) -> Actor:
    """Of the first table, or of those named."""
    return Actor(role=Role.FACILITATOR, id=new_id(), meeting_id=meeting.id, tables=frozenset(tables or {meeting.table}))


def a_scribe(meeting: Meeting, *tables: str) -> Actor:
    return Actor(role=Role.SCRIBE, id=new_id(), meeting_id=meeting.id, tables=frozenset(tables or {meeting.table}))


def an_organiser() -> Actor:
    return Actor(role=Role.ORGANISER, id=new_id())


def a_step_open(meeting: Meeting, key: str, table: str = "") -> str:
    """The lead opens a step, whatever the one before still asks; the step's id."""
    move_step(meeting, key, "open", table, reason="andiamo avanti")
    return meeting.steps[key]


def move_step(meeting: Meeting, key: str, state: str, table: str = "", actor: Actor | None = None, reason: str = "") -> Receipt:
    return meeting.do(
        MoveStep,
        actor or meeting.lead,
        meeting_id=meeting.id,
        work_table_id=table or meeting.table,
        step_id=meeting.steps[key],
        state=state,
        reason=reason,
    )


def a_card(meeting: Meeting, who: Actor, text: str = "Servono fasciatoi", key: str = "scrivi", **fields: Any) -> str:
    """A card of this person, by phone or (staff) on paper; its id. The step `key` must have been opened."""
    table = fields.pop("work_table_id", _table_of(meeting, who))
    told = {"work_table_id": table, "step_id": meeting.steps[key], "kind": Kind.NEED, "text": text, **fields}
    if who.is_staff:
        return meeting.do(EnterContribution, who, **{"channel": Channel.PAPER, **told}).command_id
    return meeting.do(AddContribution, who, **told).command_id


def a_cluster(meeting: Meeting, who: Actor, title: str = "Servono bagni per tutti", cards: Iterable[str] = (), table: str = "") -> str:
    """A cluster with these cards in it; its id."""
    where = table or _table_of(meeting, who)
    return meeting.do(AddCluster, who, work_table_id=where, title=title, contribution_ids=tuple(cards)).command_id


def a_sentence(meeting: Meeting, who: Actor, text: str, section: Section = Section.CONVERGENCES, **fields: Any) -> str:
    table = fields.pop("synthesis_id", _table_of(meeting, who))
    return meeting.do(AddSentence, who, synthesis_id=table, section=section, wording=Wording(text=text), **fields).command_id


def a_photo(meeting: Meeting, who: Actor | None = None, table: str = "", data: bytes = b"", **fields: Any) -> str:
    """What the record says of a photo of a flipchart with these bytes, wherever they lie; its id."""
    told = {"sha256": sha256(data), "size": max(1, len(data)), "width": 4, "height": 3, "caption": "La mappa", **fields}
    return meeting.do(AddPhoto, who or meeting.lead, work_table_id=table or meeting.table, **told).command_id


def a_practice(meeting: Meeting, title: str = "Family Share", **fields: Any) -> str:
    told = {"title": title, "place": "Bologna", "what": "Genitori che condividono tempo e cura.", "tools": "banca del tempo\napp"}
    return meeting.do(AddGoodPractice, meeting.lead, **{**told, **fields}).command_id


def a_resource(meeting: Meeting, title: str = "Sala della biblioteca", kind: ResourceKind = ResourceKind.SPACE, **fields: Any) -> str:
    return meeting.do(AddLocalResource, meeting.lead, resource=LocalResource(title=title, kind=kind, **fields)).command_id


def a_read_back(meeting: Meeting, who: Actor, evidence: Iterable[str] = ()) -> str:
    """The shortest synthesis that may be read back, opened for the table; the read-back's id. `evidence`: cards or clusters to cite."""
    table = _table_of(meeting, who)
    cited = tuple(evidence)
    if not cited:
        if "scrivi" in meeting.steps:
            a_step_open(meeting, "scrivi", table)
        cited = (a_cluster(meeting, who, cards=[a_card(meeting, who)]),)
    a_sentence(meeting, who, "Il tavolo ha parlato di spazi.", Section.FRAME, evidence=cited)
    a_sentence(meeting, who, "Servono bagni attrezzati.", evidence=cited)
    meeting.do(DeclareNoMinority, who, synthesis_id=table)
    return meeting.do(OpenReadBack, who, synthesis_id=table).command_id


def a_confirmed_synthesis(meeting: Meeting, who: Actor | None = None, favour: int = 9, against: int = 1) -> str:
    """Read back and validated by show of hands; the synthesis has the table's id."""
    facilitator = who or a_facilitator(meeting)
    read_back = a_read_back(meeting, facilitator)
    table = _table_of(meeting, facilitator)
    told = {"synthesis_id": table, "read_back_id": read_back}
    meeting.do(Validate, facilitator, **told, favour=favour, against=against, abstain=0)
    return table


def _table_of(meeting: Meeting, who: Actor) -> str:
    """Where they sit or serve; the first table for those who reach every one."""
    return next(iter(who.tables), meeting.table)
