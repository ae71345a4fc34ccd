"""Taken away in one place, worked on in another: it stays away, and a person decides whether it comes back."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, select

from workshop.domain.review import seen_of
from workshop.record.queries.fields import last_words, versions_shown
from workshop.record.rows.fields import edit, last_word, replaced, version

_e, _w, _v, _r = edit.c, last_word.c, version.c, replaced.c


@dataclass(frozen=True, slots=True)
class Revived:
    """`sort`: card (withdrawn by its author), sentence (taken out), group (taken away). `versions`: words that who did it had not seen."""

    sort: str
    thing_id: str
    field: str
    versions: tuple[str, ...]

    @property
    def seen(self) -> str:
        return seen_of(self.versions)


def _edited_and(key: str, field: str) -> Select[Any]:
    """Things with an edit of this field that have the last word `key`."""
    away = (_w.thing_id == _e.thing_id) & (_w.key == key) & (_w.value == "true")
    return select(_e.thing_id).distinct().join(last_word, away).where(_e.process_id == bindparam("process_id"), _e.field == field)


_REMOVED: Final = (  # groups that were taken away, and when in the order of all entries
    select(_v.thing_id, _v.lamport, _v.hash)
    .join(edit, (_e.thing_id == _v.thing_id) & (_e.field == _v.field) & (_e.id == _v.id))
    .outerjoin(replaced, (_r.thing_id == _v.thing_id) & (_r.field == _v.field) & (_r.id == _v.id))
    .where(_e.process_id == bindparam("process_id"), _e.field == "removed", _v.value == "true", _r.by_id.is_(None))
)
_TITLES: Final = select(_v.thing_id, _v.id, _v.lamport, _v.hash).where(
    _v.thing_id.in_(bindparam("ids", expanding=True)), _v.field == "title"
)
_CARDS: Final = _edited_and("withdrawn", "text")
_SENTENCES: Final = _edited_and("removed", "wording")


def revived_in(connection: Connection, process_id: str) -> list[Revived]:
    return [
        *_unseen(connection, process_id, "card", "text", _CARDS),
        *_unseen(connection, process_id, "sentence", "wording", _SENTENCES),
        *_titled_later(connection, process_id),
    ]


def _unseen(connection: Connection, process_id: str, sort: str, field: str, asked: Select[Any]) -> list[Revived]:
    ids = sorted(connection.execute(asked, {"process_id": process_id}).scalars())
    shown, saw = versions_shown(connection, ids, field), last_words(connection, ids, "saw")
    found = [(i, tuple(v.id for v in shown.get((i, field), ()) if v.id not in saw.get((i, "saw"), ()))) for i in ids]
    return [Revived(sort, thing_id, field, unseen) for thing_id, unseen in found if unseen]


def _titled_later(connection: Connection, process_id: str) -> list[Revived]:
    """Nobody can give a title to a group that is not there: a later title came from a place that did not know."""
    removed = {row.thing_id: (row.lamport, row.hash) for row in connection.execute(_REMOVED, {"process_id": process_id})}
    later: dict[str, list[str]] = {}
    for row in connection.execute(_TITLES, {"ids": sorted(removed)}) if removed else ():
        if (row.lamport, row.hash) > removed[row.thing_id]:
            later.setdefault(row.thing_id, []).append(row.id)
    return [Revived("group", thing_id, "title", tuple(sorted(ids))) for thing_id, ids in sorted(later.items())]
