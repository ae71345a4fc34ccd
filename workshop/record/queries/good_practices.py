"""Good practices of a process, as pages and rules need them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from workshop.domain.good_practice import GoodPractice
from workshop.domain.refusal import NotFound
from workshop.record.queries.fields import Version, versions_shown, what_stands
from workshop.record.rows.good_practice import good_practice

_g: Final = good_practice.c
_OF_PROCESS: Final = select(_g.id, _g.process_id).where(_g.process_id == bindparam("process_id")).order_by(_g.lamport, _g.hash)
_ONE: Final = select(_g.id, _g.process_id).where(_g.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class GoodPracticeShown:
    """`practice` None: it was removed, or its words are not here. `versions`: to send back with a change; several are side by side."""

    id: str
    process_id: str
    practice: GoodPractice | None
    versions: tuple[str, ...]

    @property
    def is_gone(self) -> bool:
        return self.practice is None


def good_practices_of(connection: Connection, process_id: str) -> list[GoodPracticeShown]:
    """Those that nobody removed, in the order in which they were added."""
    ids = {row.id: row.process_id for row in connection.execute(_OF_PROCESS, {"process_id": process_id})}
    return [shown for shown in _shown(connection, ids) if not shown.is_gone]


def the_good_practice(connection: Connection, good_practice_id: str) -> GoodPracticeShown:
    """A removed one too: it says so. Raises NotFound."""
    found = _shown(connection, {row.id: row.process_id for row in connection.execute(_ONE, {"id": good_practice_id})})
    if not found:
        raise NotFound("good_practice_id")
    return found[0]


def _shown(connection: Connection, ids: dict[str, str]) -> list[GoodPracticeShown]:
    versions = versions_shown(connection, ids, "practice")
    return [
        GoodPracticeShown(thing_id, process_id, _practice(found), tuple(version.id for version in found))
        for thing_id, process_id in ids.items()
        for found in [versions.get((thing_id, "practice"), [])]
    ]


def _practice(found: list[Version]) -> GoodPractice | None:
    told = what_stands(found)
    return GoodPractice(**{**told, "tools": tuple(told["tools"])}) if told else None
