"""Where a version comes from, as far as the record knows: role and computer, day and hour. Names of people are not in the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from sync.entry import Entry
from workshop.domain.fact import Edit, Fact
from workshop.domain.stream import StreamOpened
from workshop.record.codec import read_fact, read_signed
from workshop.record.log import entries_of_cause, entry_of, entry_table

_e: Final = entry_table.c
_OPENINGS: Final = select(_e.head, _e.body).where(
    _e.scope == bindparam("scope"), _e.stream.in_(bindparam("streams", expanding=True)), _e.n == 1
)


@dataclass(frozen=True, slots=True)
class Origin:
    """`role`: "" when the body is not here; `device`: the computer's own short name for itself, "" when not known; `wall`: UTC."""

    role: str
    device: str
    wall: str
    stream: str


def entry_behind(connection: Connection, process_id: str, thing_id: str, version_id: str) -> Entry | None:
    """The entry that wrote this version of the thing. One command may have written versions of several things."""
    written = entries_of_cause(connection, process_id, version_id)
    return next((entry for entry in written if entry.head.about == thing_id), None)


def edit_behind(connection: Connection, process_id: str, thing_id: str, version_id: str, field: str) -> Edit | None:
    """What the entry says; None when it is not here or its body is not. `field` tells apart two edits of one thing by one command."""
    written = [entry for entry in entries_of_cause(connection, process_id, version_id) if entry.head.about == thing_id]
    facts = [fact for entry in written if isinstance(fact := read_fact(entry), Edit)]
    return next((fact for fact in facts if field in fields_of(type(fact))), None)


def origins(connection: Connection, process_id: str, entries: Iterable[Entry]) -> dict[str, Origin]:
    """Entry hash -> where it comes from."""
    known = list(entries)
    devices = devices_of(connection, process_id, {entry.head.stream for entry in known})
    return {entry.hash: _origin(entry, devices.get(entry.head.stream, "")) for entry in known}


def devices_of(connection: Connection, process_id: str, streams: Iterable[str]) -> dict[str, str]:
    """Stream -> the device that opened it."""
    found = connection.execute(_OPENINGS, {"scope": process_id, "streams": list(streams)})
    opened = ((entry, read_fact(entry)) for entry in map(entry_of, found))
    return {entry.head.stream: fact.device for entry, fact in opened if isinstance(fact, StreamOpened)}


def fields_of(fact: type[Fact]) -> tuple[str, ...]:
    """The versions fields that a fact of this kind writes."""
    return _FIELDS.get(fact.kind, ())


_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "process.created/1": ("description",),
    "process.described/1": ("description",),
    "meeting.planned/1": ("plan",),
    "meeting.replanned/1": ("plan",),
    "meeting.running_sheet_set/1": ("sheet",),
    "work_table.prepared/1": ("theme",),
    "work_table.rethemed/1": ("theme",),
    "contribution.added/1": ("text", "translation"),
    "contribution.corrected/1": ("text",),
    "contribution.redacted/1": ("text",),
    "contribution.translated/1": ("translation",),
    "contribution.merged/1": ("card_merged_into",),
    "contribution.placed/1": ("place",),
    "cluster.added/1": ("title", "position", "removed"),
    "cluster.titled/1": ("title",),
    "cluster.merged/1": ("merged_into",),
    "cluster.ordered/1": ("position",),
    "cluster.removed/1": ("removed",),
    "sentence.added/1": ("wording",),
    "sentence.rewritten/1": ("wording",),
    "good_practice.added/1": ("practice",),
    "good_practice.changed/1": ("practice",),
    "good_practice.removed/1": ("practice",),
    "local_resource.added/1": ("resource",),
    "local_resource.changed/1": ("resource",),
    "local_resource.removed/1": ("resource",),
}


def _origin(entry: Entry, device: str) -> Origin:
    return Origin(read_signed(entry).actor_role, device, entry.head.wall, entry.head.stream)
