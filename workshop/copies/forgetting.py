"""What was erased is erased in copies too: it is written down beside them, a fresh copy is made, the earlier ones are deleted."""

import logging
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from workshop.copies.copier import Copier
from workshop.copies.erasures import note_erasures
from workshop.copies.outside import in_second_place, minute_of, place_is_clean
from workshop.copies.shape import Copy, CopyUnusable, copies_in
from workshop.private.copies_out import CopyOut
from workshop.record.erasing import Erased

_log = logging.getLogger(__name__)


def forget_in_copies(copier: Copier, erased: Iterable[Erased]) -> list[CopyOut]:
    """The answer: earlier copies that could not be deleted, and the second place when it is not here. Blocks."""
    note_erasures(copier.here.path, erased)
    earlier = copies_in(copier.here.path)
    if not earlier and not copier.there:
        return []
    fresh = copier.copy_now()
    left = _delete(copier.here.path, fresh)
    if copier.there is None:
        return left
    if copier.there.problem:
        return [*left, in_second_place(copier.there.path, copier.folder, minute_of(fresh.made))]
    if not (there := _delete(_place_of(copier.there.copy) or copier.there.path, fresh)):
        place_is_clean(copier.desk, copier.there.path)
    return left + there


def forget_names(copier: Copier | None) -> int:
    """After names were removed: the same. No copy can be made now? Then the earlier ones stay, and are counted. Blocks."""
    if copier is None:
        return 0
    try:
        return len(forget_in_copies(copier, ()))
    except (OSError, sqlite3.Error, CopyUnusable):
        _log.warning("earlier copies stay: no fresh one could be made")
        return max(1, len(copies_in(copier.here.path)))


def _place_of(copy: Copy | None) -> Path | None:
    return copy.path.parent if copy else None


def _delete(place: Path, fresh: Copy) -> list[CopyOut]:
    left = []
    for copy in copies_in(place):
        if copy.path.name == fresh.path.name:
            continue
        try:
            shutil.rmtree(copy.path)
        except OSError:
            _log.warning("a copy that holds erased words could not be deleted: %s", copy.path)
            left.append(CopyOut(sort="backup", name=copy.path.name, place=str(place), at=minute_of(copy.made)))
    return left
