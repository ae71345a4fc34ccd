"""A step as one table meets it: asked for every card and every ballot."""

import json
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, select

from workshop.domain.limits import with_limits
from workshop.domain.refusal import NotFound
from workshop.domain.states import FIRST, Noun
from workshop.domain.step import Step, StepFacts, Verb
from workshop.record.prepared import Prepared
from workshop.record.queries.fields import last_words
from workshop.record.rows.fields import version
from workshop.record.rows.work_table import work_table

_AT: Final = Prepared(
    select(work_table.c.meeting_id, version.c.value)
    .outerjoin(version, and_(version.c.thing_id == work_table.c.meeting_id, version.c.field == "sheet", version.c.value.is_not(None)))
    .where(work_table.c.id == bindparam("id"))
    .order_by(version.c.lamport.desc(), version.c.hash.desc())
)


def step_at(connection: Connection, work_table_id: str, step_id: str) -> tuple[str, StepFacts]:
    """(meeting, the step at this table). A step of an earlier running sheet is still known: a card for it may come late."""
    found = _AT.all(connection, id=work_table_id)
    if not found or found[0][0] is None:
        raise NotFound("work_table_id")
    meeting_id, step = found[0][0], _step([sheet for _, sheet in found if sheet], step_id)
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


def _step(sheets: list[str], step_id: str) -> Step:
    """From the latest sheet that knows it."""
    for sheet in sheets:
        if step := _steps_in(sheet).get(step_id):
            return step
    raise NotFound("step_id")


@lru_cache(maxsize=32)
def _steps_in(sheet: str) -> dict[str, Step]:
    """A version never changes, so it is read once."""
    return {value["id"]: step_of(value) for value in json.loads(sheet)["steps"]}
