"""The Wi-Fi as a phone's camera reads it from a QR code."""

import re
from typing import Final

_MARKS: Final = re.compile(r'([\\;,":])')


def wifi_payload(name: str, password: str) -> str:
    r"""Marks that have a meaning there (`\ ; , " :`) are escaped."""
    kind, key = ("WPA", f"P:{_escaped(password)};") if password else ("nopass", "")
    return f"WIFI:T:{kind};S:{_escaped(name)};{key};"


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)
