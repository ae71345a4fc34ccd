"""Local resources of a process, as pages and rules need them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from workshop.domain.local_resource import LocalResource, ResourceKind
from workshop.domain.refusal import NotFound
from workshop.record.queries.fields import Version, versions_shown, what_stands
from workshop.record.rows.local_resource import local_resource

_r: Final = local_resource.c
_OF_PROCESS: Final = select(_r.id, _r.process_id).where(_r.process_id == bindparam("process_id")).order_by(_r.lamport, _r.hash)
_ONE: Final = select(_r.id, _r.process_id).where(_r.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class LocalResourceShown:
    """`resource` None: it was removed, or its words are not here. `versions`: to send back with a change; several are side by side."""

    id: str
    process_id: str
    resource: LocalResource | None
    versions: tuple[str, ...]

    @property
    def is_gone(self) -> bool:
        return self.resource is None


def local_resources_of(connection: Connection, process_id: str) -> list[LocalResourceShown]:
    """Those that nobody removed, in the order in which they were added."""
    ids = {row.id: row.process_id for row in connection.execute(_OF_PROCESS, {"process_id": process_id})}
    return [shown for shown in _shown(connection, ids) if not shown.is_gone]


def the_local_resource(connection: Connection, local_resource_id: str) -> LocalResourceShown:
    """A removed one too: it says so. Raises NotFound."""
    found = _shown(connection, {row.id: row.process_id for row in connection.execute(_ONE, {"id": local_resource_id})})
    if not found:
        raise NotFound("local_resource_id")
    return found[0]


def _shown(connection: Connection, ids: dict[str, str]) -> list[LocalResourceShown]:
    versions = versions_shown(connection, ids, "resource")
    return [
        LocalResourceShown(thing_id, process_id, _resource(found), tuple(version.id for version in found))
        for thing_id, process_id in ids.items()
        for found in [versions.get((thing_id, "resource"), [])]
    ]


def _resource(found: list[Version]) -> LocalResource | None:
    told = what_stands(found)
    return LocalResource(**{**told, "kind": ResourceKind(told["kind"])}) if told else None
