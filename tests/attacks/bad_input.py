"""Bad input, made from a good form: bodies that are no form at all, and one field at a time of the wrong sort."""

import json
from collections.abc import Iterator
from typing import Any, Final

DEEP: Final = "[" * 100_000
BODIES: Final[dict[str, tuple[bytes, str]]] = {  # name -> (bytes, content type)
    "null": (b"null", "application/json"),
    "a list": (b"[]", "application/json"),
    "a string": (b'"x"', "application/json"),
    "a number": (b"7", "application/json"),
    "nothing": (b"", "application/json"),
    "deep brackets": (DEEP.encode(), "application/json"),
    "deep objects": (b'{"a":' * 50_000, "application/json"),
    "a cut object": (b'{"text": "cia', "application/json"),
    "two objects": (b"{}{}", "application/json"),
    "broken UTF-8": (b'{"text": "\xff\xfe\x80"}', "application/json"),
    "UTF-16": ('{"text": "ciao"}'.encode("utf-16"), "application/json"),
    "broken UTF-8 in a form": (b"text=\xff\xfe&x=\x80", "application/x-www-form-urlencoded"),
    "plain text": (b"text=ciao", "text/plain"),
    "no content type": (b"text=ciao", ""),
    "XML": (b"<card><text>ciao</text></card>", "application/xml"),
    "YAML": (b"!!python/object/apply:os.system ['true']", "application/yaml"),
    "a form without its boundary": (b"--x\r\n\r\n--x--", "multipart/form-data"),
    "a form of 600 parts": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 600 + b"--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "a form cut in the middle": (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', "multipart/form-data; boundary=x"),
    "too big": (b'{"text": "' + b"a" * 300_000 + b'"}', "application/json"),
    "too big a form": (b"text=" + b"a" * 300_000, "application/x-www-form-urlencoded"),
}
READABLE: Final = frozenset({"a form cut in the middle"})  # read as the empty form that it is
NUMBERS: Final = ("1e999", "-1e999", "9" * 400, "9" * 5_000, "9223372036854775808", "1.5", "NaN", "Infinity", "-Infinity")
TEXTS: Final = ("a\x00b", "a\ud800b", "\udfff", "a\x07b", "\uffff")


def wrong_values(value: Any) -> Iterator[Any]:
    """Of another sort than this one."""
    yield from (None, {"x": 1}, [[1]], [None], {"a": {"b": "c"}})
    if isinstance(value, str):
        yield from (7, True, 1.5, *TEXTS, ["x", {"y": 1}])
    elif isinstance(value, bool):
        yield from ("forse", 7, "si'", 1.5)
    elif isinstance(value, int):
        yield from ("dodici", "1;DROP TABLE entry", 1.5, "1.5")
    elif isinstance(value, list):
        yield from (7, True, [7], ["not-an-id"], ["a\x00b"], ["\ud800"], [["x"]], ["f" * 32] * 300)
    else:
        yield from (7, "x", ["x"], {"\ud800": 1}, {"not-an-id": 1}, {"f" * 32: "molti"}, {"f" * 32: 1.5})


def bad_objects(fields: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """(what is wrong, JSON bytes) for each field and each wrong value, and one field that is nobody's."""
    for name, value in fields.items():
        for wrong in wrong_values(value):
            yield f"{name}={str(wrong)[:40]!r}", json.dumps({**fields, name: wrong}).encode()
        if isinstance(value, int) and not isinstance(value, bool):
            for number in NUMBERS:
                yield f"{name}={number[:20]}", json.dumps({**fields, name: "@"}).replace('"@"', number).encode()
        if name.endswith("_id") and name not in {"answer_id"}:
            for id_ in ("xyz", "F" * 32, "f" * 31, "f" * 33, "../../etc/passwd", "' OR 1=1 --", "f" * 32 + "\n"):
                yield f"{name}={id_[:40]!r}", json.dumps({**fields, name: id_}).encode()
    for unknown in ("role", "actor_id", "process_id", "__proto__", "\ud800", "a\x00b", "x" * 10_000, ""):
        yield f"unknown {unknown[:20]!r}", json.dumps({**fields, unknown: "lead"}).encode()
