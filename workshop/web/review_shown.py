"""The page "to review": a part of the list, each row with what stands side by side, where it comes from, and what can be done."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from flask import current_app
from sqlalchemy import Connection

from workshop.domain.fact import Edit
from workshop.record.log import count_entries, held_of
from workshop.record.queries.ballots_apart import BallotApart
from workshop.record.queries.doubles import Double
from workshop.record.queries.fields import Version
from workshop.record.queries.origins import entry_behind, origins
from workshop.record.queries.review import Found, Matter, the_review
from workshop.record.queries.rivals import Rivals
from workshop.record.queries.siblings import Siblings
from workshop.record.queries.strays import Stray
from workshop.record.queries.subjects import Subject, subjects
from workshop.record.queries.waiting import Waiting
from workshop.web.computers import computer_words, names
from workshop.web.house import house
from workshop.web.review_sides import Names, Side, Told, side_by_side, things_in

PER_PAGE: Final = 20
FRESH: Final = 5.0  # seconds that the number on the lead's page may be old
FORMS: Final = {  # fields whose versions can be merged into new words -> the parts of the box
    "text": ("text",),
    "translation": ("translation",),
    "title": ("title", "description"),
    "wording": ("text", "who", "first_step", "due"),
    "theme": ("title", "question", "seats"),
}
BEGUN: Final = {  # an addition -> what it adds, and the versions field that begins with it
    "ContributionAdded": ("card", "text"),
    "ClusterAdded": ("group", "title"),
    "SentenceAdded": ("sentence", "wording"),
    "TablePrepared": ("table", "theme"),
    "MeetingPlanned": ("meeting", "plan"),
    "ProcessCreated": ("process", "description"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """`subject`: what it is about, if it is here; `others`: further things it names; `next_key`: the row to go on to.

    `can_settle`: every version can be read here. `box`: the words to begin a merged version from."""

    matter: Matter
    sort: str
    what: str
    subject: Subject | None
    others: tuple[Subject, ...]
    sides: tuple[Side, ...]
    box: dict[str, str]
    computer: str
    next_key: str

    @property
    def can_settle(self) -> bool:
        return all(side.words is not None for side in self.sides)

    @property
    def is_redacted_here(self) -> bool:
        """Other words were put in one place, while the author went on in another."""
        return self.what == "text" and any(side.reason for side in self.sides)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`at`: the row that gets the focus."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int
    at: str


@dataclass(slots=True)
class _Kept:
    stamp: tuple[Any, ...]
    moment: float
    matters: list[Matter]


def review_page(process_id: str, number: int, at: str) -> ReviewPage:
    matters = _matters(process_id, 0)
    pages = max(1, -(-len(matters) // PER_PAGE))
    number = min(max(number, 1), pages)
    part, following = (matters[(number - 1) * PER_PAGE + n : number * PER_PAGE + n] for n in (0, 1))
    keys = [matter.key for matter in part]
    with house().reading() as record, house().reading_private() as private:
        rows = _rows(record, process_id, part, names(private), [*(matter.key for matter in following), ""])
    return ReviewPage(rows, len(matters), number, pages, at if at in keys or not (at and keys) else keys[0])


def how_many(process_id: str) -> int:
    """For the lead's page: exact after every change of ours, a few seconds old while cards pour in."""
    return len(_matters(process_id, FRESH))


@dataclass(frozen=True, slots=True)
class ToReview:
    """The way to the list, with its number. `topic` and `version` (read first) keep the number true."""

    process_id: str
    topic: str
    version: str
    count: int


def to_review(process_id: str) -> ToReview:
    topic = f"review:{process_id}"
    version = house().versions(topic)
    return ToReview(process_id, topic, version, how_many(process_id))


def _matters(process_id: str, patience: float) -> list[Matter]:
    """Found once for each state of the record: entries are only added. Apart, because a large process takes tens of milliseconds."""
    kept: dict[str, _Kept] = current_app.extensions.setdefault("review", {})
    told, now = house().versions(f"review:{process_id}"), time.monotonic()
    found = kept.get(process_id)
    if found and found.stamp[0] == told and now - found.moment < patience:
        return found.matters
    stamp = (told, house().ask(count_entries, process_id), house().ask(held_of, process_id))
    if found is None or found.stamp != stamp:
        found = kept[process_id] = _Kept(stamp, now, house().desk.apart(house().ask, the_review, process_id))
    found.moment = now
    return found.matters


def _rows(record: Connection, process_id: str, part: list[Matter], computers: dict[str, str], nexts: list[str]) -> tuple[Row, ...]:
    named = subjects(record, {thing for matter in part for thing in _things_in(matter)})
    return tuple(_row(record, process_id, matter, named, computers, following) for matter, following in zip(part, nexts, strict=False))


def _things_in(matter: Matter) -> Iterable[str]:
    yield matter.about
    match matter.found:
        case Siblings(field=field, versions=versions):
            for version in versions:
                yield from things_in(field, version.value)
        case Double(things=things) | Stray(things=things):
            yield from things[:PER_PAGE]
        case BallotApart():
            yield from matter.found.things
        case _:
            pass


def _row(record: Connection, process_id: str, matter: Matter, named: Names, computers: dict[str, str], following: str) -> Row:
    found, told = matter.found, _told(record, process_id, matter.found)
    sort, _, what = matter.matter.partition(":")
    field = _field(found)
    return Row(
        matter=matter,
        sort=sort,
        what=_what(found) or what,
        subject=named.get(matter.about),
        others=tuple(named[i] for i in getattr(found, "things", ())[:PER_PAGE] if i in named),
        sides=side_by_side(field, told, named, computers),
        box=_box(field, told) if isinstance(found, Siblings) else {},
        computer=_computer(found, computers),
        next_key=following,
    )


def _computer(found: Found, computers: dict[str, str]) -> str:
    """Of entries that wait, which one; of a ballot, which ones took how many."""
    match found:
        case Waiting(device=device):
            return computer_words(device, computers)
        case BallotApart(runs=runs):
            return ", ".join(f"{computer_words(run.device, computers)}: {run.voters}" for run in runs)
        case _:
            return ""


def _what(found: Found) -> str:
    match found:
        case Rivals(shown=shown):
            return BEGUN[type(shown).__name__][0]
        case Double(sort=sort):
            return sort
        case BallotApart(told=told):
            return "told" if told else "votes"
        case _:
            return ""


def _field(found: Found) -> str:
    match found:
        case Siblings(field=field):
            return field
        case Rivals(shown=shown):
            return BEGUN[type(shown).__name__][1]
        case BallotApart():
            return "result"
        case _:
            return ""


def _told(record: Connection, process_id: str, found: Found) -> list[Told]:
    match found:
        case Siblings(thing_id=thing_id, versions=versions):
            return [_version(record, process_id, thing_id, version) for version in versions]
        case Rivals():
            return _rivals(record, process_id, found)
        case BallotApart(told=told):
            where = origins(record, process_id, (entry for entry, _ in told))
            return [Told(entry.hash, asdict(fact), where[entry.hash]) for entry, fact in reversed(told)]
        case _:
            return []


def _version(record: Connection, process_id: str, thing_id: str, version: Version) -> Told:
    entry = entry_behind(record, process_id, thing_id, version.id)
    origin = origins(record, process_id, [entry])[entry.hash] if entry else None
    return Told(version.id, version.value, origin, version.wall, version.reason)


def _rivals(record: Connection, process_id: str, found: Rivals) -> list[Told]:
    known = {entry.hash: entry for entry in found.entries}
    where = origins(record, process_id, known.values())
    facts = dict(zip(found.hashes, (found.shown, *found.kept), strict=True))
    return [Told(entry_hash, _value(fact), where[entry_hash]) for entry_hash, fact in facts.items()]


def _value(fact: Edit) -> Any:
    """What it says, as the versions field that it begins."""
    field = BEGUN[type(fact).__name__][1]
    value = getattr(fact, field)
    return [value, ""] if field == "title" else value if isinstance(value, str) else asdict(value)


def _box(field: str, told: list[Told]) -> dict[str, str]:
    """The box starts from the version that is shown first."""
    value = next((each.value for each in told if each.value is not None), None)
    if value is None or field not in FORMS:
        return {}
    parts = {"title": value[0], "description": value[1]} if field == "title" else value if isinstance(value, dict) else {field: value}
    return {name: str(parts.get(name, "")) for name in FORMS[field]}
