"""Registrations on their way: what stands in a parcel for each person, and taking one in. Whatever goes wrong leaves what was here."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from sync.calling import Caller
from sync.exchange import PeerProblem
from sync.parcel import fetch
from sync.transport import HttpPeer, RefusedThere
from workshop.domain.ids import is_id
from workshop.domain.refusal import Refusal
from workshop.domain.registration import Registration, registered
from workshop.private.registrations import take_in
from workshop.record.desk import Desk
from workshop.record.writer import Writer
from workshop.web.contacts import failure_of

IDS: Final = ("id", "meeting_id")
WORDS: Final = ("name", "contact", "work_table_id", "category", "needs", "created")

_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")


def item_of(found: Registration) -> dict[str, Any]:
    return {name: getattr(found, name) for name in (*IDS, *WORDS)}


def read_item(item: dict[str, Any], process_id: str) -> Registration | None:
    """None when it cannot be taken; what a newer centre says besides is left out."""
    told = {name: item.get(name, "") for name in (*IDS, *WORDS)}
    if not all(isinstance(value, str) for value in told.values()) or not all(is_id(told[name]) for name in IDS):
        return None
    try:
        found = registered(Registration(process_id=process_id, own=False, **told))
    except Refusal:
        return None
    return found if _is_plain(found) else None


def fetch_registrations(desk: Desk, peer: HttpPeer, caller: Caller, scopes: Iterable[str]) -> dict[str, Any]:
    """For the receipt: `here` (of all that came, now or before), `unread`, and `problem`, the name of a ContactFailed."""
    told: dict[str, Any] = {"here": 0, "unread": 0, "problem": ""}
    for scope in scopes:
        try:
            items = fetch(peer, caller, scope)
        except RefusedThere:
            continue  # a centre that knows no parcels
        except PeerProblem as problem:
            return told | {"problem": type(failure_of(problem)).__name__}
        people = [found for item in items if (found := read_item(item, scope))]
        told["here"] += desk.submit(partial(_take_in, scope, people))
        told["unread"] += len(items) - len(people)
    return told


def _take_in(scope: str, people: list[Registration], writer: Writer) -> int:
    taken = take_in(writer.private, scope, people)
    writer.cut_logs = writer.cut_logs or taken.gone > 0  # who was taken off the list does not stay in a log file
    return taken.here


def _is_plain(found: Registration) -> bool:
    return (not found.work_table_id or is_id(found.work_table_id)) and (not found.created or _MOMENT.fullmatch(found.created) is not None)
