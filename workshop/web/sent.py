"""What came with a request: a form or a JSON object, read once and looked at before its page is asked. Anything else is refused."""

import json
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from flask import Flask, g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge, RequestTimeout, UnsupportedMediaType

from workshop.domain.refusal import Malformed, TextUnreadable
from workshop.domain.text import is_keepable

MOST: Final = 1_000  # values in one form: a board of 200 cards names each twice
SECRETS: Final = frozenset({"secret", "passphrase", "again", "new", "code"})
_FORM: Final = "application/x-www-form-urlencoded"
# Large: read only when it is known who sends it.
READ_LATER: Final = frozenset({"photo_uploads.add_photo", "photo_uploads.add_piece", "sticks.bring_a_file", "central_scan.read"})


def look_first(app: Flask) -> None:
    """At every address but those of sync, which speaks in entries: so all of them refuse the same things in the same way."""

    @app.before_request
    def look() -> None:
        if request.method not in {"GET", "HEAD", "OPTIONS"} and request.endpoint not in READ_LATER:
            _bytes()
            if not request.path.startswith("/sync/"):
                sent()


def sent() -> dict[str, Any]:
    """Form fields as lists of strings, or the members of a JSON object."""
    if "sent" not in g:
        g.sent = _read()
    return g.sent  # type: ignore[no-any-return]


def take_file(name: str, most: int) -> FileStorage | None:
    """A form of at most so many bytes with a file in it; None when no file was chosen. Its other fields are `sent` as those of any form."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    request.max_content_length = most
    try:
        files, fields = request.files.getlist(name), dict(request.form.lists())
    except (ClientDisconnected, OSError) as gone:
        raise RequestTimeout from gone
    g.sent = _checked(fields)
    return next((file for file in files if file.filename), None)


def sent_words() -> list[tuple[str, str]]:
    """What the person had written in a plain form, to be shown again with the error; never a secret."""
    if request.method != "POST" or request.mimetype != _FORM or request.content_length is None:
        return []
    found = [(name, value) for name, values in request.form.lists() if name not in SECRETS for value in values]
    return found if len(found) <= MOST else []


def _bytes() -> bytes:
    """The body, whole: who went away in the middle, or stopped, said nothing."""
    try:
        return request.get_data()
    except (ClientDisconnected, OSError) as gone:
        raise RequestTimeout from gone


def _read() -> dict[str, Any]:
    data = _bytes()
    match request.mimetype:
        case "application/json":
            found = _members(data)
        case "application/x-www-form-urlencoded":
            found = _fields(data)
        case _ if data:
            raise UnsupportedMediaType
        case _:
            found = {}
    return _checked(found)


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    if _count(found) > MOST:
        raise RequestEntityTooLarge
    for name, value in found.items():
        _check_keepable(value, name if is_keepable(name) else "")
    return found


def _members(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as wrong:
        raise Malformed("") from wrong
    if not isinstance(found, dict):
        raise Malformed("")
    return found


def _fields(data: bytes) -> dict[str, Any]:
    """Werkzeug would drop or keep as they are the letters that are none."""
    try:
        unquote_to_bytes(data).decode()
    except ValueError as wrong:
        raise Malformed("") from wrong
    return dict(request.form.lists())


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _count(found: dict[str, Any]) -> int:
    return sum(len(value) if isinstance(value, list | dict) else 1 for value in found.values())


def _check_keepable(value: Any, name: str) -> None:
    """No letter that one of our databases cannot keep, however deep it lies."""
    if isinstance(value, str) and not is_keepable(value):
        raise TextUnreadable(name)
    for item in (*value.keys(), *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_keepable(item, name)
