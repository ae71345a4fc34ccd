"""Entries that are kept and passed on, but not shown: what they say waits for a newer program, or for a person."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from workshop.domain.review import seen_of
from workshop.record.log import entry_table, held_table
from workshop.record.queries.origins import devices_of

_e, _h = entry_table.c, held_table.c
_HELD: Final = (
    select(_h.reason, _e.stream, _e.kind, _e.hash)
    .join(entry_table, _e.hash == _h.hash)
    .where(_h.scope == bindparam("scope"))
    .order_by(_h.reason, _e.stream, _e.lamport, _e.hash)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one run of one computer wrote that waits for one reason. `kinds` as the heads name them, each once."""

    reason: str
    stream: str
    device: str
    kinds: tuple[str, ...]
    hashes: tuple[str, ...]

    @property
    def seen(self) -> str:
        return seen_of(self.hashes)


def waiting_in(connection: Connection, process_id: str) -> list[Waiting]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for reason, stream, kind, entry_hash in connection.execute(_HELD, {"scope": process_id}):
        found.setdefault((reason, stream), []).append((kind, entry_hash))
    devices = devices_of(connection, process_id, {stream for _, stream in found})
    return [
        Waiting(reason, stream, devices.get(stream, ""), tuple(dict.fromkeys(k for k, _ in told)), tuple(h for _, h in told))
        for (reason, stream), told in found.items()
    ]
