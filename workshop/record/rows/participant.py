"""Rows of participants (pseudonyms) and where they sit."""

from sqlalchemy import Column, Index, Integer, String, Table

from sync.entry import Entry
from workshop.domain.participant import ParticipantJoined, SeatTaken
from workshop.record.database import ROWS
from workshop.record.fold import Rows, folds
from workshop.record.rows.fields import added, placed

participant = Table(
    "participant",
    ROWS,
    Column("id", String(32), primary_key=True),
    Column("process_id", String(32), nullable=False),
    Column("meeting_id", String(32)),
    Column("number", Integer),
    Column("category", String(20)),
    Column("language", String(8)),
    *added(),
    Index("participant_by_meeting", "meeting_id"),
)

seat = Table(
    "seat",
    ROWS,
    Column("participant_id", String(32), primary_key=True),
    Column("meeting_id", String(32), nullable=False),
    Column("work_table_id", String(32), nullable=False),
    *placed(),
    Index("seat_by_table", "work_table_id"),
)


@folds(ParticipantJoined)
def _(rows: Rows, fact: ParticipantJoined | None, entry: Entry) -> None:
    if fact:
        rows.first(
            participant,
            entry,
            is_stub=False,
            id=fact.participant_id,
            process_id=entry.head.scope,
            meeting_id=entry.head.about,
            number=fact.number,
            category=fact.category,
            language=fact.language,
        )


@folds(SeatTaken)
def _(rows: Rows, fact: SeatTaken | None, entry: Entry) -> None:
    if fact:
        rows.put(seat, entry, participant_id=fact.participant_id, meeting_id=fact.meeting_id, work_table_id=entry.head.about)
