"""Fields with more than one version that nothing replaces: edits made at the same time, for a person to settle."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, func, or_, select

from workshop.record.queries.fields import Version, versions_shown
from workshop.record.rows.fields import edit

_e: Final = edit.c
BEGUN_BY_ADDING: Final = (
    "description",
    "plan",
    "theme",
    "text",
    "translation",
    "title",
    "position",
    "removed",
    "wording",
    "practice",
    "resource",
)
_SUSPECTS: Final = (  # two edits after one version, two that saw none, or one that did not see the addition
    select(_e.thing_id, _e.field)
    .where(_e.process_id == bindparam("process_id"))
    .group_by(_e.field, _e.thing_id, _e.after)
    .having(or_(func.count() > 1, (_e.after == "") & _e.field.in_(BEGUN_BY_ADDING)))
)


@dataclass(frozen=True, slots=True)
class Siblings:
    """`versions`: the one that is shown first; those that say the same count once."""

    thing_id: str
    field: str
    versions: tuple[Version, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(version.id for version in self.versions)


def siblings_in(connection: Connection, process_id: str) -> list[Siblings]:
    """Of a whole process. Versions with equal words leave nothing to decide."""
    suspects = {(row.thing_id, row.field) for row in connection.execute(_SUSPECTS, {"process_id": process_id})}
    shown = versions_shown(connection, {thing_id for thing_id, _ in suspects}, *sorted({field for _, field in suspects}))
    found = [Siblings(thing_id, field, tuple(shown.get((thing_id, field), ()))) for thing_id, field in sorted(suspects)]
    return [each for each in found if _differ(each.versions)]


def siblings_of(connection: Connection, thing_id: str, field: str) -> Siblings:
    """As they stand now: none or one when nothing is to be settled."""
    return Siblings(thing_id, field, tuple(versions_shown(connection, [thing_id], field).get((thing_id, field), ())))


def _differ(versions: tuple[Version, ...]) -> bool:
    return any(version.value != versions[0].value for version in versions[1:])
