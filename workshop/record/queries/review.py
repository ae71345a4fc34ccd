"""Everything that the machine did not decide, as one list: for a person to settle, or to note that it stays as it is."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import Connection

from workshop.record.queries.ballots_apart import BallotApart, ballots_apart_in
from workshop.record.queries.doubles import Double, doubles_in
from workshop.record.queries.fields import last_words
from workshop.record.queries.revived import Revived, revived_in
from workshop.record.queries.rivals import Rivals, rivals_in
from workshop.record.queries.siblings import Siblings, siblings_in
from workshop.record.queries.strays import Stray, strays_in
from workshop.record.queries.waiting import Waiting, waiting_in

Found: TypeAlias = Siblings | Rivals | Revived | BallotApart | Double | Stray | Waiting


FIRST: Final = (  # which fields come first: what the whole process says, then what people said, then where it lies
    "description",
    "plan",
    "sheet",
    "theme",
    "practice",
    "resource",
    "wording",
    "text",
    "translation",
    "title",
    "place",
    "card_merged_into",
    "merged_into",
    "removed",
    "position",
)


@dataclass(frozen=True, slots=True)
class Matter:
    """One row. `about` and `matter` name it in a note; `seen` names what was there, "" where noting settles nothing."""

    about: str
    matter: str
    seen: str
    found: Found

    @property
    def key(self) -> str:
        """Its name on a page: letters, digits and hyphens."""
        return f"{self.matter.replace(':', '-').replace('_', '-')}-{self.about}"


def the_review(connection: Connection, process_id: str) -> list[Matter]:
    """In an order that does not change while somebody works through it: words first, then numbers, then what only waits."""
    siblings = sorted(siblings_in(connection, process_id), key=lambda s: (FIRST.index(s.field), s.thing_id))
    rivals = rivals_in(connection, process_id)
    gone = {i for i, _ in last_words(connection, {*(s.thing_id for s in siblings), *(r.thing_id for r in rivals)}, "withdrawn")}
    away = last_words(connection, {each.thing_id for each in siblings if each.field == "wording"}, "removed")
    gone |= {i for (i, _), removed in away.items() if removed}  # worked on elsewhere since: listed as such
    matters = [
        *(Matter(s.thing_id, f"siblings:{s.field}", "", s) for s in siblings if s.thing_id not in gone),
        *(Matter(r.thing_id, "rivals", r.seen, r) for r in rivals if r.differ and r.thing_id not in gone),
        *(Matter(r.thing_id, f"revived:{r.sort}", r.seen, r) for r in revived_in(connection, process_id)),
        *(Matter(b.work_table_id, f"ballot:{b.step_id}", b.seen, b) for b in ballots_apart_in(connection, process_id)),
        *(Matter(s.missing_id, f"stray:{s.sort}", s.seen, s) for s in strays_in(connection, process_id)),
        *(Matter(d.place_id, _matter(d), d.seen, d) for d in doubles_in(connection, process_id)),
        *(Matter(w.stream, f"waiting:{w.reason}", w.seen, w) for w in waiting_in(connection, process_id)),
    ]
    noted = last_words(connection, {m.about for m in matters if m.seen}, *{f"noted:{m.matter}" for m in matters if m.seen})
    return [m for m in matters if not m.seen or noted.get((m.about, f"noted:{m.matter}")) != m.seen]


def _matter(double: Double) -> str:
    """Several numbers of one meeting may each be doubled."""
    apart = f"_{double.given[0].lower()}" if double.things else ""
    return f"double:{double.sort}{apart}"
