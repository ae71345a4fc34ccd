"""A step as one table meets it: asked for every card and every ballot."""

import json
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from workshop.domain.limits import with_limits
from workshop.domain.refusal import NotFound
from workshop.domain.states import FIRST, Noun
from workshop.domain.step import Step, StepFacts, Verb
from workshop.record.prepared import Prepared
from workshop.record.queries.fields import last_words
from workshop.record.rows.fields import version
from workshop.record.rows.work_table import work_table

_MEETING: Final = Prepared(select(work_table.c.meeting_id).where(work_table.c.id == bindparam("id")))
_SHEETS: Final = Prepared(
    select(version.c.value)
    .where(version.c.thing_id == bindparam("meeting_id"), version.c.field == "sheet", version.c.value.is_not(None))
    .order_by(version.c.lamport.desc(), version.c.hash.desc())
)


def step_at(connection: Connection, work_table_id: str, step_id: str) -> tuple[str, StepFacts]:
    """(meeting, the step at this table). A step of an earlier running sheet is still known: a card for it may come late."""
    meeting_id = _MEETING.scalar(connection, id=work_table_id)
    if meeting_id is None:
        raise NotFound("work_table_id")
    step = _step(connection, meeting_id, step_id)
    words = last_words(connection, [work_table_id, meeting_id], "state", f"step:{step_id}", f"limits:{step_id}")
    return meeting_id, StepFacts(
        step=with_limits(step, words.get((meeting_id, f"limits:{step_id}"), {})),
        state=words.get((work_table_id, f"step:{step_id}"), {"state": FIRST[Noun.STEP]})["state"],
        table_state=words.get((work_table_id, "state"), FIRST[Noun.WORK_TABLE]),
        meeting_state=words.get((meeting_id, "state"), FIRST[Noun.MEETING]),
    )


def step_of(value: dict[str, Any]) -> Step:
    """From the JSON of a running sheet."""
    lists = {name: tuple(value.get(name, ())) for name in ("kinds", "sections", "uses", "must")}
    return Step(**{**value, **lists, "do": Verb(value["do"])})


def _step(connection: Connection, meeting_id: str, step_id: str) -> Step:
    for (sheet,) in _SHEETS.all(connection, meeting_id=meeting_id):
        if step := _steps_in(str(sheet)).get(step_id):
            return step
    raise NotFound("step_id")


@lru_cache(maxsize=32)
def _steps_in(sheet: str) -> dict[str, Step]:
    """A version never changes, so it is read once."""
    return {value["id"]: step_of(value) for value in json.loads(sheet)["steps"]}
