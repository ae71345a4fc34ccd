"""Where input becomes a command: form or JSON, validated once; unknown fields are refused."""

import dataclasses
import types
from collections.abc import Hashable
from functools import cache
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from workshop.domain.command import Command
from workshop.domain.ids import is_id, new_id
from workshop.domain.refusal import FieldUnknown, Malformed
from workshop.web.sent import sent

C = TypeVar("C", bound=Command)
_NOT_OURS: Final = frozenset({"back", "next"})  # fields of the page, not of the command


def read(kind: type[C], **given: object) -> C:
    """The command in this request. `given` comes from the address, never from the form. Raises Refusals only."""
    fields = _own_fields(cast("Hashable", kind))
    told = {name: value for name, value in sent().items() if name not in _NOT_OURS}
    if doubled := set(told) & (set(given) - {"command_id"}):
        raise FieldUnknown(sorted(doubled)[0])
    values = _gathered(fields, told) | given
    values.setdefault("command_id", new_id())
    try:
        command = cast("C", _adapter(cast("Hashable", kind)).validate_python(values))
    except ValidationError as wrong:
        raise _refusal(wrong) from wrong
    if not is_id(command.command_id):
        raise Malformed("command_id")
    return command


def form_id() -> str:
    """The form's `command_id`, for pages that make several commands of one form, or the thing itself."""
    if not is_id(found := field("command_id")):
        raise Malformed("command_id")
    return found


def field(name: str, otherwise: str = "") -> str:
    """One plain field of the request, for pages whose form is no command (sign in, settings)."""
    value = sent().get(name, otherwise)
    value = value[-1] if isinstance(value, list) else value
    if not isinstance(value, str):
        raise Malformed(name)
    return value


def _gathered(fields: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Flat names into the command's shape: `title` into its description, `dots.<id>` into a mapping, repeated names into a tuple."""
    values: dict[str, Any] = {}
    for name, value in told.items():
        stem, _, key = name.partition(".")
        if name in fields and not dataclasses.is_dataclass(fields[name]):
            values[name] = _shaped(fields[name], value)
        elif key and stem not in told and _is_mapping(fields.get(stem)):
            values.setdefault(stem, {})[key] = _shaped(int, value)
        elif owner := _owner(fields, name):
            values.setdefault(owner, {})[name] = _shaped(_own_fields(fields[owner])[name], value)
        else:
            raise FieldUnknown(name)
    return values


def _shaped(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        items = value if isinstance(value, list) else [value]
        return tuple(part for item in items for part in (item.split() if isinstance(item, str) else [item]))
    value = value[-1] if isinstance(value, list) and value else value
    if isinstance(value, str) and hint in {int, bool} and not value.strip():
        return 0 if hint is int else False
    return value


def _owner(fields: dict[str, Any], name: str) -> str:
    return next((o for o, hint in fields.items() if dataclasses.is_dataclass(hint) and name in _own_fields(cast("Hashable", hint))), "")


def _is_mapping(hint: Any) -> bool:
    return get_origin(hint) is dict


@cache
def _own_fields(kind: Hashable) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {f.name: _plain(hints[f.name]) for f in dataclasses.fields(cast("Any", kind))}


def _plain(hint: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", kind))


def _refusal(wrong: ValidationError) -> Malformed:
    """Names the field of the form: a place inside a list or a mapping is no field."""
    place = [str(part) for part in wrong.errors()[0]["loc"]]
    return Malformed(next((part for part in reversed(place) if part.isidentifier() and not is_id(part)), ""))
