"""Participants' personal codes and nicknames. Nothing of it enters the record."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from workshop.domain.ids import new_personal_code
from workshop.private.database import person_table
from workshop.private.tokens import revoke_all_of


@dataclass(frozen=True, slots=True)
class Person:
    participant_id: str
    process_id: str
    meeting_id: str
    code: str
    nickname: str


def remember(connection: Connection, participant_id: str, process_id: str, meeting_id: str, nickname: str) -> Person:
    """The person of this participant, made now if there is none: joining twice gives the same code."""
    if known := person(connection, participant_id):
        return known
    code = _free_code(connection)
    values = {"participant_id": participant_id, "process_id": process_id, "meeting_id": meeting_id, "code": code, "nickname": nickname}
    connection.execute(insert(person_table), values)
    return Person(participant_id, process_id, meeting_id, code, nickname)


def person(connection: Connection, participant_id: str) -> Person | None:
    return _one(connection, person_table.c.participant_id == participant_id)


def person_with_code(connection: Connection, code: str) -> Person | None:
    return _one(connection, person_table.c.code == code)


def forget(connection: Connection, participant_id: str) -> None:
    """The code and the nickname go, and nobody comes in with them any more."""
    connection.execute(delete(person_table).where(person_table.c.participant_id == participant_id))
    revoke_all_of(connection, participant_id)


def _one(connection: Connection, which: object) -> Person | None:
    p = person_table.c
    row = connection.execute(select(p.participant_id, p.process_id, p.meeting_id, p.code, p.nickname).where(which)).first()  # type: ignore[arg-type]
    return Person(*row) if row else None


def _free_code(connection: Connection) -> str:
    while person_with_code(connection, code := new_personal_code()):
        continue
    return code
