"""The members of a dataclass as plain values: what `dataclasses.asdict` gives, without its copies, for what is asked with every card."""

from dataclasses import fields
from functools import cache
from typing import Any, cast


def members_of(thing: Any) -> dict[str, Any]:
    """Dataclasses inside become mappings, lists and tuples stay what they are, everything else is passed on as it is."""
    return {name: _plain(getattr(thing, name)) for name in _names(cast("Any", type(thing)))}


def _plain(value: Any) -> Any:
    match value:
        case str() | int() | None:
            return value
        case tuple() | list():
            return type(value)(_plain(item) for item in value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _ if _names(cast("Any", type(value))):
            return members_of(value)
        case _:
            return value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if hasattr(kind, "__dataclass_fields__") else ()
