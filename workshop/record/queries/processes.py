"""Processes and meetings as pages and rules need them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from workshop.domain.limits import with_limits
from workshop.domain.meeting import Plan
from workshop.domain.process import Description
from workshop.domain.refusal import NotFound
from workshop.domain.states import FIRST, Noun
from workshop.domain.step import Step
from workshop.record.queries.fields import Version, last_words, versions_shown
from workshop.record.queries.steps import step_of
from workshop.record.rows.meeting import meeting
from workshop.record.rows.process import process


@dataclass(frozen=True, slots=True)
class ProcessShown:
    """`versions`: ids to send back with an edit. `siblings`: descriptions written at the same time, to be settled.

    `stood`: its state, or the one that it was suspended from."""

    id: str
    state: str
    stood: str
    description: Description
    versions: tuple[str, ...]
    siblings: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class MeetingShown:
    id: str
    process_id: str
    position: int
    state: str
    plan: Plan
    versions: tuple[str, ...]
    screen: dict[str, str]
    steps: tuple[Step, ...]
    pack: str
    sheet_versions: tuple[str, ...]


def processes(connection: Connection) -> list[ProcessShown]:
    ids = list(connection.execute(select(process.c.id).order_by(process.c.lamport, process.c.id)).scalars())
    return _processes(connection, ids)


def the_process(connection: Connection, process_id: str) -> ProcessShown:
    found = _processes(connection, list(connection.execute(select(process.c.id).where(process.c.id == process_id)).scalars()))
    if not found:
        raise NotFound("process_id")
    return found[0]


def meetings_of(connection: Connection, process_id: str) -> list[MeetingShown]:
    m = meeting.c
    chosen = select(m.id, m.process_id, m.position).where(m.process_id == process_id).order_by(m.position, m.lamport, m.id)
    return _meetings(connection, list(connection.execute(chosen)))


def meeting_ids(connection: Connection, process_id: str) -> list[str]:
    """Without reading them."""
    return list(connection.execute(select(meeting.c.id).where(meeting.c.process_id == process_id)).scalars())


def the_meeting(connection: Connection, meeting_id: str) -> MeetingShown:
    m = meeting.c
    found = _meetings(connection, list(connection.execute(select(m.id, m.process_id, m.position).where(m.id == meeting_id))))
    if not found:
        raise NotFound("meeting_id")
    return found[0]


def live_meetings(connection: Connection) -> list[MeetingShown]:
    """Meetings whose doors are open: people may join."""
    m = meeting.c
    every = _meetings(connection, list(connection.execute(select(m.id, m.process_id, m.position).order_by(m.position, m.id))))
    return [shown for shown in every if shown.state in {"open", "ready", "live"}]


def the_step(shown: MeetingShown, step_id: str) -> Step:
    for step in shown.steps:
        if step.id == step_id:
            return step
    raise NotFound("step_id")


def _processes(connection: Connection, ids: list[str]) -> list[ProcessShown]:
    versions, words = versions_shown(connection, ids, "description"), last_words(connection, ids)
    return [
        ProcessShown(
            id=process_id,
            state=words.get((process_id, "state"), FIRST[Noun.PROCESS]),
            stood=words.get((process_id, "stood"), FIRST[Noun.PROCESS]),
            description=_description(found),
            versions=tuple(version.id for version in found),
            siblings=tuple(found[1:]),
        )
        for process_id in ids
        for found in [versions.get((process_id, "description"), [])]
    ]


def _description(found: list[Version]) -> Description:
    value = found[0].value if found and found[0].value else {"title": "…"}
    return Description(**{**value, "languages": tuple(value.get("languages", ("it",)))})


def _meetings(connection: Connection, rows: list[Any]) -> list[MeetingShown]:
    ids = [row.id for row in rows]
    versions, words = versions_shown(connection, ids, "plan", "sheet"), last_words(connection, ids)
    return [_meeting(row, versions.get((row.id, "plan"), []), versions.get((row.id, "sheet"), []), words) for row in rows]


def _meeting(row: Any, plans: list[Version], sheets: list[Version], words: dict[tuple[str, str], Any]) -> MeetingShown:
    sheet: dict[str, Any] = sheets[0].value if sheets and sheets[0].value else {"pack": "", "steps": []}
    return MeetingShown(
        id=row.id,
        process_id=row.process_id,
        position=row.position or 0,
        state=words.get((row.id, "state"), FIRST[Noun.MEETING]),
        plan=Plan(**(plans[0].value if plans and plans[0].value else {"title": "…"})),
        versions=tuple(version.id for version in plans),
        screen=words.get((row.id, "screen"), {"view": "entrance", "work_table_id": ""}),
        steps=tuple(with_limits(step_of(step), words.get((row.id, f"limits:{step['id']}"), {})) for step in sheet["steps"]),
        pack=sheet["pack"],
        sheet_versions=tuple(version.id for version in sheets),
    )
