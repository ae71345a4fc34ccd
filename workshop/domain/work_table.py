"""A thematic table (tavolo): number, theme, guiding question, seats and the short code on its tent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.people import Actor
from workshop.domain.permissions import Action
from workshop.domain.refusal import MoveNotAllowed, NotAllowed, NotInList, Refusal, Sort
from workshop.domain.states import Noun, check_move
from workshop.domain.step import ENDED
from workshop.domain.text import TITLE_MOST, maybe_words, within, words

HELP: Final = ("asked", "coming", "")  # "" = nobody calls, or it is over


class NumberTaken(Refusal):
    """Another table of this meeting has the number, and its cards are told by it. Detail: number, free (the next one)."""

    sort = Sort.OUT_OF_STEP


class CannotMergeTables(Refusal):
    """A table is merged into another table of its meeting that still takes people in; for any other move no table is named."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereTo:
    """The table that people of a merged one go to."""

    id: str
    meeting_id: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What the table is about; one versions field."""

    title: str
    question: str = ""
    seats: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareTable(Command):
    """A new table; `command_id` is its id. The join code is made by the program, never reused in the process."""

    may = Action.ARRANGE_PROCESS
    meeting_id: str
    number: int
    theme: Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class RethemeTable(Command):
    may = Action.ARRANGE_PROCESS
    work_table_id: str
    theme: Theme
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTable(Command):
    """Pause, resume, close a table: see states.MOVES. `into_id`: where its people go, when it is merged into another one."""

    may = Action.MOVE_STEP
    work_table_id: str
    state: str
    into_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHelp(Command):
    """The table asks who leads to come; who leads says they are coming; either says that it is over. See HELP."""

    may = Action.CALL_HELP
    work_table_id: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePrepared(Edit):
    kind: ClassVar[str] = "work_table.prepared/1"
    meeting_id: str
    number: int
    join_code: str
    theme: Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRethemed(Edit):
    kind: ClassVar[str] = "work_table.rethemed/1"
    theme: Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMoved(Fact):
    kind: ClassVar[str] = "work_table.moved/1"
    meeting_id: str
    state: str
    into_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCalled(Fact):
    """`at`: wall clock, UTC, shown as how long they have been waiting."""

    kind: ClassVar[str] = "work_table.help_called/1"
    meeting_id: str
    state: str
    at: str = ""


def prepare_table(command: PrepareTable, join_code: str, taken: frozenset[int] = frozenset()) -> list[Fact]:
    """`taken`: numbers of the tables that this meeting has, closed and merged ones too: their cards keep their codes."""
    number = within(command.number, "number", 1, 99)
    if number in taken:
        raise NumberTaken("number", number=number, free=next_number(taken))
    theme = _checked(command.theme)
    return [TablePrepared(about=command.command_id, meeting_id=command.meeting_id, number=number, join_code=join_code, theme=theme)]


def next_number(taken: Iterable[int]) -> int:
    """After the last one; when that is 99, the first that is free. 0 when there is none."""
    used = set(taken)
    after = max(used, default=0) + 1
    return after if after <= 99 else next((number for number in range(1, 100) if number not in used), 0)


def retheme_table(command: RethemeTable) -> list[Fact]:
    return [TableRethemed(about=command.work_table_id, theme=_checked(command.theme), replaces=command.replaces)]


def move_table(command: MoveTable, meeting_id: str, state: str, synthesis: str, into: WhereTo | None = None) -> list[Fact]:
    """A table is validated with its synthesis, never by saying so; after a break it may be so again. `into`: the table named."""
    check_move(Noun.WORK_TABLE, state, command.state)
    if command.state == "validated" and synthesis != "validated":
        raise MoveNotAllowed("state", noun=Noun.WORK_TABLE, before=state, after=command.state)
    if (command.state == "merged") is not _takes_people(into, command.work_table_id, meeting_id):
        raise CannotMergeTables("into_id")
    return [TableMoved(about=command.work_table_id, meeting_id=meeting_id, state=command.state, into_id=command.into_id)]


def call_help(command: CallHelp, meeting_id: str, now: str, actor: Actor) -> list[Fact]:
    """Only who leads can promise to come."""
    if command.state not in HELP:
        raise NotInList("state", choices=HELP)
    if command.state == "coming" and not actor.leads:
        raise NotAllowed("state")
    return [HelpCalled(about=command.work_table_id, meeting_id=meeting_id, state=command.state, at=now)]


def _takes_people(into: WhereTo | None, leaving_id: str, meeting_id: str) -> bool:
    return into is not None and into.id != leaving_id and into.meeting_id == meeting_id and into.state not in ENDED


def _checked(theme: Theme) -> Theme:
    return Theme(
        title=words(theme.title, "title", 3, TITLE_MOST),
        question=maybe_words(theme.question, "question", 300),
        seats=within(theme.seats, "seats", 2, 14),
    )
