"""Two versions side by side: what each says, in words, and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from workshop.domain.cluster import PARKED
from workshop.domain.differences import Marked, only_new
from workshop.record.queries.origins import Origin
from workshop.record.queries.subjects import Subject
from workshop.record.rows.fields import REMOVED
from workshop.web import lead_words
from workshop.web.answers import words
from workshop.web.computers import computer_words
from workshop.web.identity import language
from workshop.web.review_words import ROLES
from workshop.web.shown import filters

N_ = lead_words.N_
Lines = tuple[tuple[str, str], ...]
Names = dict[str, Subject]


@dataclass(frozen=True, slots=True)
class Side:
    """`words` None: not in this record. `lines`: (label, value) of what else differs. `id`: of the version, or the hash of a rival."""

    letter: str
    id: str
    words: Marked | None
    lines: Lines
    who: str
    wall: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One version before it stands beside the others."""

    id: str
    value: Any
    origin: Origin | None
    wall: str = ""
    reason: str = ""


def side_by_side(field: str, told: list[Told], named: Names, computers: dict[str, str]) -> tuple[Side, ...]:
    said = [_said(field, each.value, named) for each in told]
    return tuple(
        Side(
            letter="ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n % 26],
            id=each.id,
            words=None if each.value is None else only_new(said[1 if n == 0 else 0][0], said[n][0]),
            lines=tuple(line for line in said[n][1] if _differs(line, [lines for _, lines in said])),
            who=who(each.origin, computers),
            wall=each.origin.wall if each.origin else each.wall,
            reason=each.reason,
        )
        for n, each in enumerate(told)
    )


def who(origin: Origin | None, computers: dict[str, str]) -> str:
    """Role and computer: names of people are not in the record."""
    if origin is None:
        return words(N_("not known here"))
    role = words(ROLES[origin.role]) if origin.role in ROLES else words(N_("somebody"))
    return f"{role}, {computer_words(origin.device, computers)}"


def things_in(field: str, value: Any) -> set[str]:
    """Ids that a value names, so that they can be called by their names."""
    return {str(value)} - {"", PARKED} if field in _PLACES and value else set()


def _said(field: str, value: Any, named: Names) -> tuple[str, Lines]:
    if value is None:
        return "", ()
    return _SAID[field](value, named)


def _differs(line: tuple[str, str], every: list[Lines]) -> bool:
    return any(line not in lines for lines in every)


def _place(value: Any, named: Names) -> tuple[str, Lines]:
    if value == PARKED:
        return words(N_("Parking lot")), ()
    return (_name(value, named) if value else words(N_("In no group"))), ()


def _apart_or(value: Any, named: Names) -> tuple[str, Lines]:
    return (words(N_("Together with: %(what)s"), what=_name(value, named)) if value else words(N_("It stands on its own"))), ()


def _name(thing_id: str, named: Names) -> str:
    subject = named.get(thing_id)
    if subject is None:
        return words(N_("something that is not in this record"))
    return f"{subject.code} {subject.words}".strip() or words(N_("A group without a title"))


def _lines(value: dict[str, Any], labels: dict[str, str], shown: dict[str, dict[str, str]]) -> Lines:
    return tuple((words(label), _shown(name, value.get(name), shown)) for name, label in labels.items() if value.get(name))


def _shown(name: str, value: Any, shown: dict[str, dict[str, str]]) -> str:
    if name in shown:
        return words(shown[name][value]) if value in shown[name] else str(value)
    if name == "date":
        return str(filters(language())["day"](value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


WORDING: Final = {"who": N_("Who could do it"), "first_step": N_("First step"), "due": N_("By when")}
THEME: Final = {"question": N_("Guiding question"), "seats": N_("Seats")}
PLAN: Final = {
    "format": N_("Format"),
    "mode": N_("How people meet"),
    "date": N_("Date"),
    "start": N_("Start"),
    "end": N_("End"),
    "place": N_("Place"),
    "link": N_("Link, if at a distance"),
}
DESCRIPTION: Final = {
    "subtitle": N_("Subtitle"),
    "aim": N_("What is it for?"),
    "territory": N_("Territory"),
    "promoters": N_("Who promotes it"),
    "contact_email": N_("E-mail for questions"),
    "contact_phone": N_("Telephone for questions"),
    "licence": N_("Licence of the results"),
    "languages": N_("Languages of the participants"),
    "time_zone": N_("Time zone"),
}
PRACTICE: Final = {
    "place": N_("Place"),
    "actor_kind": N_("Who does it"),
    "what": N_("What is done"),
    "tools": N_("Tools"),
    "transferable_if": N_("It can be done elsewhere if"),
    "source": N_("Source"),
}
RESOURCE: Final = {"kind": N_("Sort of resource"), "offered_by": N_("Offered by"), "terms": N_("Terms")}
CODES: Final = {"format": lead_words.FORMATS, "mode": lead_words.MODES}


def _kept(labels: dict[str, str], shown: dict[str, dict[str, str]]) -> Callable[[Any, Names], tuple[str, Lines]]:
    """Of what may have been taken away in one place and changed in another."""
    return lambda value, _: (words(N_("Taken away")), ()) if value == REMOVED else (value["title"], _lines(value, labels, shown))


def _steps(value: Any, _named: Names) -> tuple[str, Lines]:
    minutes = sum(step.get("minutes", 0) for step in value["steps"])
    told = words(N_("%(steps)s steps, %(minutes)s minutes"), steps=len(value["steps"]), minutes=minutes)
    return str(value["pack"]), ((words(N_("Running sheet")), told),)


def _result(value: Any, named: Names) -> tuple[str, Lines]:
    """Groups in which two results differ follow as lines."""
    told = words(N_("%(phones)s by phone, %(paper)s on paper"), phones=value["voters"], paper=value["paper_ballots"])
    return told, tuple((_name(cluster, named), str(dots)) for cluster, dots in sorted(value["totals"].items()))


_SAID: Final[dict[str, Callable[[Any, Names], tuple[str, Lines]]]] = {
    "text": lambda value, _: (str(value), ()),
    "translation": lambda value, _: (str(value), ()),
    "wording": lambda value, _: (value["text"], _lines(value, WORDING, {})),
    "title": lambda value, _: (value[0] or "…", ((words(N_("Description")), value[1]),) if value[1] else ()),
    "theme": lambda value, _: (value["title"], _lines(value, THEME, {})),
    "plan": lambda value, _: (value["title"], _lines(value, PLAN, CODES)),
    "description": lambda value, _: (value["title"], _lines(value, DESCRIPTION, {})),
    "practice": _kept(PRACTICE, {}),
    "resource": _kept(RESOURCE, {"kind": lead_words.RESOURCE_KINDS}),
    "sheet": _steps,
    "result": _result,
    "place": _place,
    "card_merged_into": _apart_or,
    "merged_into": _apart_or,
    "position": lambda value, _: (words(N_("Place %(n)s"), n=value), ()),
    "removed": lambda value, _: (words(N_("Taken away")) if value else words(N_("It is there")), ()),
}
_PLACES: Final = frozenset({"place", "card_merged_into", "merged_into"})
