"""What is counted: quota used, next numbers, cards to review. Asked for every card, so statements are built once."""

from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, select

from workshop.record.prepared import Prepared
from workshop.record.rows.contribution import contribution
from workshop.record.rows.fields import last_word
from workshop.record.rows.participant import participant

_c, _w = contribution.c, last_word.c
_USED: Final = Prepared(
    select(func.count())
    .select_from(contribution.outerjoin(last_word, and_(_w.thing_id == _c.id, _w.key == "withdrawn")))
    .where(_c.participant_id == bindparam("participant_id"), _c.step_id == bindparam("step_id"), _w.value.is_(None))
)
_LAST_LANGUAGE: Final = Prepared(
    select(_c.language).where(_c.participant_id == bindparam("participant_id")).order_by(_c.lamport.desc(), _c.hash.desc()).limit(1)
)
_h = last_word.alias()
_TO_REVIEW: Final = (
    select(_c.work_table_id, func.count())
    .select_from(
        contribution.outerjoin(last_word, and_(_w.thing_id == _c.id, _w.key == "withdrawn")).outerjoin(
            _h, and_(_h.c.thing_id == _c.id, _h.c.key == "hints")
        )
    )
    .where(_c.meeting_id == bindparam("meeting_id"), _w.value.is_(None), func.coalesce(_h.c.value, _c.hints).not_in(("", "[]")))
    .group_by(_c.work_table_id)
)
_NUMBER: Final = select(func.max(_c.number)).where(_c.meeting_id == bindparam("meeting_id")).scalar_subquery()
_SEQ: Final = select(func.max(_c.seq)).where(_c.work_table_id == bindparam("work_table_id")).scalar_subquery()
_LAST_NUMBERS: Final = Prepared(select(func.coalesce(_NUMBER, 0), func.coalesce(_SEQ, 0)))


def last_language(connection: Connection, participant_id: str) -> str:
    """Of the card this person wrote last; "" before the first."""
    return _LAST_LANGUAGE.scalar(connection, participant_id=participant_id) or ""


def cards_used(connection: Connection, participant_id: str, step_id: str) -> int:
    """Cards this person has sent in this step; withdrawn ones give their place back."""
    return int(_USED.scalar(connection, participant_id=participant_id, step_id=step_id))


def next_numbers(connection: Connection, meeting_id: str, work_table_id: str) -> tuple[int, int]:
    """(number in the meeting, number at the table) for the next card."""
    number, seq = _LAST_NUMBERS.first(connection, meeting_id=meeting_id, work_table_id=work_table_id)
    return number + 1, seq + 1


def cards_to_review(connection: Connection, meeting_id: str) -> dict[str, int]:
    """Table id -> cards that look personal and that nobody has looked at."""
    return {row[0]: row[1] for row in connection.execute(_TO_REVIEW, {"meeting_id": meeting_id})}


def next_participant_number(connection: Connection, meeting_id: str) -> int:
    most = select(func.max(participant.c.number)).where(participant.c.meeting_id == meeting_id)
    return (connection.execute(most).scalar() or 0) + 1
