"""A participant: a pseudonym in the record, never a name. Where they sit may change; what they wrote stays where it was."""

from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import NotInList, Refusal, Sort
from workshop.domain.step import DOORS_OPEN, ENDED, TableIsClosed
from workshop.domain.text import language_of, maybe_words

CATEGORIES: Final = ("family", "citizen", "institution", "third_sector", "business", "other", "undeclared")


class MeetingNotOpen(Refusal):
    """The meeting has not opened its doors yet, or has closed them."""

    sort = Sort.OUT_OF_STEP


class TableIsFull(Refusal):
    """Detail: seats. Somebody who already sits there may always come back."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """The table somebody wants to sit at: its meeting, its state, its seats, how many are taken."""

    meeting_id: str
    meeting_state: str
    table_state: str
    seats: int
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Command):
    """Somebody scans the code and takes a seat. The participant's id is made at the door; the nickname is kept in private only."""

    may = Action.JOIN
    meeting_id: str
    work_table_id: str
    category: str = "undeclared"
    language: str = "it"
    nickname: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSeat(Command):
    """A participant moves to another table."""

    may = Action.ADD_OWN_CARD
    participant_id: str
    work_table_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantJoined(Fact):
    """About the meeting: a head outlives an erasure, so it names nobody, not even by a pseudonym."""

    kind: ClassVar[str] = "participant.joined/1"
    participant_id: str
    number: int  # Participant 31
    category: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken(Fact):
    """About the table; a participant's last one wins."""

    kind: ClassVar[str] = "seat.taken/1"
    participant_id: str
    meeting_id: str
    left_table_id: str = ""


def join(command: Join, participant_id: str, there: SeatFacts, number: int) -> list[Fact]:
    if command.category not in CATEGORIES:
        raise NotInList("category", choices=CATEGORIES)
    _check_seat(there)
    maybe_words(command.nickname, "nickname", 24)
    language, meeting_id = language_of(command.language), command.meeting_id
    joined = ParticipantJoined(about=meeting_id, participant_id=participant_id, number=number, category=command.category, language=language)
    return [joined, SeatTaken(about=command.work_table_id, participant_id=participant_id, meeting_id=meeting_id)]


def take_seat(command: TakeSeat, there: SeatFacts, from_table: str) -> list[Fact]:
    """Who sits there already just stays, whatever became of table and meeting."""
    if from_table == command.work_table_id:
        return []
    _check_seat(there)
    who = command.participant_id
    return [SeatTaken(about=command.work_table_id, participant_id=who, meeting_id=there.meeting_id, left_table_id=from_table)]


def _check_seat(there: SeatFacts) -> None:
    if there.meeting_state not in DOORS_OPEN:
        raise MeetingNotOpen(state=there.meeting_state)
    if there.table_state in ENDED:
        raise TableIsClosed("work_table_id")
    if there.taken >= there.seats:
        raise TableIsFull("work_table_id", seats=there.seats)
