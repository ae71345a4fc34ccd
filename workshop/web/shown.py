"""How small things are shown in a language: dates, times, sizes, states, codes. Filters of the templates."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

ROME: Final = ZoneInfo("Europe/Rome")


def filters(language: str) -> dict[str, Callable[..., Any]]:
    """`day` (YYYY-MM-DD), `clock` (UTC wall time of an entry), `count`, `size` (of bytes), `card_code`, `words_in` (texts of a pack)."""
    return {
        "day": lambda text, style="long": format_date(date.fromisoformat(text), style, language) if text else "",
        "clock": lambda wall, zone=ROME: _clock(wall, zone, language),
        "count": lambda number: format_decimal(number, locale=language),
        "size": lambda number: _size(number, language),
        "card_code": card_code,
        "words_in": lambda texts: texts.get(language) or texts.get("it") or next(iter(texts.values()), ""),
        "fingerprint": lambda text: f"{text[:4]}-{text[4:8]}",
    }


def card_code(card: Any, table_number: int) -> str:
    """T4-03."""
    return f"T{table_number}-{card.code}"


def _size(number: int, language: str) -> str:
    """48 kB, 1,2 MB: as the line is sold, in thousands."""
    unit, name, pattern = (1_000_000, "MB", "0.0") if number >= 1_000_000 else (1_000, "kB", "0")
    return f"{format_decimal(number / unit, pattern, locale=language)} {name}"


def _clock(wall: str, zone: ZoneInfo, language: str) -> str:
    if not wall:
        return ""
    moment = datetime.fromisoformat(wall.replace("Z", "+00:00")).astimezone(zone)
    return format_time(moment, "HH:mm", locale=language)


def utc_now() -> datetime:
    return datetime.now(UTC)
