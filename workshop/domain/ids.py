"""Ids and codes: 128 random bits for things, short codes for people, from letters nobody confuses."""

import re
import secrets
from typing import Final

UNAMBIGUOUS: Final = "ACDEFGHJKLMNPQRTUVWXY34679"  # no 0/O, 1/I, 2/Z, 5/S, 8/B: read aloud and handwritten
_ID: Final = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """128 random bits as 32 hexadecimal characters."""
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def new_code(length: int) -> str:
    return "".join(secrets.choice(UNAMBIGUOUS) for _ in range(length))


def new_personal_code() -> str:
    """Six characters that bring a person back on another phone, shown as QF7-KM2 (28 bits, guesses are limited)."""
    return new_code(6)


def show_code(code: str) -> str:
    """QF7KM2 -> QF7-KM2."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def read_code(typed: str) -> str:
    """What a person typed, in small letters, with dashes or spaces -> QF7KM2."""
    return re.sub(r"[\s\-–—.]", "", typed).upper()
