"""Small structures inside a row, as JSON text with sorted keys: equal values are equal texts on both databases."""

import json


def as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
