"""The history of a meeting's plan in words: what each change made of when, where and how."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from workshop.record.queries.fields import Version
from workshop.web.answers import words
from workshop.web.lead_words import FORMATS, MODES
from workshop.web.refusal_words import N_

_NAMES: Final = {
    "title": N_("Title of the meeting"),
    "format": N_("Format"),
    "mode": N_("How people meet"),
    "date": N_("Date"),
    "start": N_("Start"),
    "end": N_("End"),
    "place": N_("Place"),
    "link": N_("Link, if at a distance"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """What one version changed: (name, before, after) in the reader's language; nothing at the first."""

    version: Version
    parts: tuple[tuple[str, str, str], ...]


def plan_history(versions: list[Version], day: Callable[[str], str]) -> list[Changed]:
    """The latest first, each compared with the one before it; those whose words are not here are left out. `day`: a date in words."""
    known = [each for each in versions if each.value]
    return [Changed(now, _parts(before.value, now.value, day)) for now, before in pairwise([*known, known[-1]])] if known else []


def _parts(before: dict[str, Any], now: dict[str, Any], day: Callable[[str], str]) -> tuple[tuple[str, str, str], ...]:
    changed = (name for name in _NAMES if before.get(name, "") != now.get(name, ""))
    return tuple((words(_NAMES[name]), _told(name, before, day), _told(name, now, day)) for name in changed)


def _told(name: str, plan: dict[str, Any], day: Callable[[str], str]) -> str:
    value = str(plan.get(name, ""))
    if not value:
        return words(N_("to be decided"))
    return day(value) if name == "date" else words({**FORMATS, **MODES}.get(value, value)) if name in {"format", "mode"} else value
