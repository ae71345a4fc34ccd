"""What was erased is erased in copies too: it is written down beside them, a fresh copy is made, the earlier ones are deleted."""

import logging
import shutil
from collections.abc import Iterable
from pathlib import Path

from workshop.copies.copier import Copier
from workshop.copies.erasures import note_erasures
from workshop.copies.shape import Copy, copies_in
from workshop.record.erasing import Erased

_log = logging.getLogger(__name__)


def forget_in_copies(copier: Copier, erased: Iterable[Erased]) -> int:
    """The answer: how many earlier copies could not be deleted (at least one when the second place is not here). Blocks."""
    note_erasures(copier.here.path, erased)
    earlier = copies_in(copier.here.path)
    if not earlier and not copier.there:
        return 0
    fresh = copier.copy_now()
    left = _delete(copier.here.path, fresh)
    if copier.there is None:
        return left
    if copier.there.problem:
        return left + 1
    return left + _delete(_place_of(copier.there.copy) or copier.there.path, fresh)


def _place_of(copy: Copy | None) -> Path | None:
    return copy.path.parent if copy else None


def _delete(place: Path, fresh: Copy) -> int:
    left = 0
    for copy in copies_in(place):
        if copy.path.name == fresh.path.name:
            continue
        try:
            shutil.rmtree(copy.path)
        except OSError:
            _log.warning("a copy that holds erased words could not be deleted: %s", copy.path)
            left += 1
    return left
