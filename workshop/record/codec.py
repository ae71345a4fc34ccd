"""Facts to bytes and back. The one place in the record where foreign bytes become facts, hence a door with a validator."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter, ValidationError

from sync.entry import Entry
from workshop.domain import every_noun
from workshop.domain.fact import FACTS, Edit, Fact
from workshop.domain.members import members_of
from workshop.domain.people import Actor
from workshop.domain.text import is_keepable

every_noun()  # all facts are known before the first entry is read
_OWN_MEMBERS: Final = frozenset({"salt", "actor", "digest"})
_HEAD_MEMBERS: Final = frozenset({"about", "replaces"})
Upcast: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTS: Final[dict[str, tuple[str, Upcast]]] = {}  # old kind -> today's kind, and its body from the old one


@dataclass(frozen=True, slots=True)
class Held:
    """Stored, relayed and listed, but not folded. `fact`: its kind is known, only its body cannot be read."""

    reason: str
    fact: type[Fact] | None = None


@dataclass(frozen=True, slots=True)
class Stub:
    """The body was withheld or erased: only the head is known."""

    fact: type[Fact]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who and what a body says it comes from. Votes name no actor."""

    actor_role: str
    actor_id: str
    digest: str


def write_body(fact: Fact, actor: Actor, digest: str) -> bytes:
    """The salt comes first, so that nobody finds an erased body again by guessing."""
    members: dict[str, object] = {"salt": secrets.token_hex(16), "digest": digest}
    if type(fact).names_actor:
        members["actor"] = {"role": actor.role, "id": actor.id}
    fields = {name: value for name, value in members_of(fact).items() if name not in _HEAD_MEMBERS}
    return json.dumps(members | fields, ensure_ascii=False, separators=(",", ":")).encode()


def replaces_of(fact: Fact) -> tuple[str, ...]:
    return fact.replaces if isinstance(fact, Edit) else ()


def read_fact(entry: Entry) -> Fact | Stub | Held:
    """Today's fact (older kinds are upcast), a stub without its body, or the reason why it is held."""
    kind, upcast = UPCASTS.get(entry.head.kind, (entry.head.kind, dict))
    if kind not in FACTS:
        return Held("unknown_kind")
    if not _is_moment(entry.head.wall):
        return Held("invalid_wall")
    if entry.body_bytes is None:
        return Stub(FACTS[kind])
    members = _members(entry.body_bytes)
    if members is None:
        return Held("unreadable_body", FACTS[kind])
    return _validated(kind, upcast(members), entry)


def read_signed(entry: Entry) -> Signed:
    members = (_members(entry.body_bytes) if entry.body_bytes else None) or {}
    actor = members.get("actor")
    named = actor if isinstance(actor, dict) else {}
    return Signed(str(named.get("role", "")), str(named.get("id", "")), str(members.get("digest", "")))


def _validated(kind: str, members: dict[str, Any], entry: Entry) -> Fact | Held:
    fields = {name: value for name, value in members.items() if name not in _OWN_MEMBERS}
    fields["about"] = entry.head.about
    fact = FACTS[kind]
    if issubclass(fact, Edit):
        fields["replaces"] = entry.head.replaces
    try:
        return _adapter(kind).validate_python(fields)
    except ValidationError:
        return Held("invalid_body", fact)


@cache
def _adapter(kind: str) -> TypeAdapter[Fact]:
    return TypeAdapter(FACTS[kind])


def _members(body: bytes) -> dict[str, Any] | None:
    try:
        members = json.loads(body)
        return members if isinstance(members, dict) and "salt" in members and _all_keepable(members) else None
    except (ValueError, RecursionError):
        return None


def _is_moment(wall: str) -> bool:
    """The 31st of February has the right form, and no page could show it."""
    try:
        return bool(datetime.fromisoformat(wall))
    except ValueError:
        return False


def _all_keepable(value: object) -> bool:
    match value:
        case str():
            return is_keepable(value)
        case dict():
            return all(is_keepable(name) and _all_keepable(item) for name, item in value.items())
        case list():
            return all(_all_keepable(item) for item in value)
        case float():
            return False  # no fact has one; NaN and Infinity are not JSON
        case int():
            return abs(value) <= 2**53
        case _:
            return True
