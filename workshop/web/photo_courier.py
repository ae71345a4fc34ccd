"""Photos at the end of a contact: after all entries, last in priority, and only where the profile lets their facts travel."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from sync.blob_line import HttpBlobs
from sync.blobs import Carried, carry
from sync.exchange import Progress, Stopped
from sync.log import Load
from sync.transport import HttpPeer
from workshop.domain.photo import PhotoAdded
from workshop.photos.blobs import PhotoBlobs
from workshop.photos.keeping import tidy
from workshop.photos.shelf import shelf_in
from workshop.record.database import Store


def carry_photos(
    data: Path, store: Store, peer: HttpPeer, scopes: Iterable[str], load: Load, show: Callable[[Progress], object] = lambda _: None
) -> Carried:
    """A photo may show people: it leaves with the words of people, or not at all. What a peer gives is taken."""
    shelf = shelf_in(data)
    with suppress(OSError):
        tidy(store, shelf)  # what somebody else removed does not lie here any more
    blobs, line, carried = PhotoBlobs(store, shelf), HttpBlobs(peer), Carried()
    for scope in scopes:
        carried += carry(blobs, line, scope, load.carries(PhotoAdded.kind), partial(_tell, show, carried))
        if carried.problem:
            break
    return carried


def told_of(carried: Carried) -> dict[str, int]:
    """For the receipt. `cut`: the line ended before all of them were through; the next contact goes on there."""
    told = {"sent": carried.sent, "received": carried.received, "waiting": carried.waiting, "refused": carried.refused}
    return told | {"cut": int(not isinstance(carried.problem, Stopped | None))}


def _tell(show: Callable[[Progress], object], before: Carried, now: Carried, of: int) -> None:
    carried = before + now
    done = carried.sent + carried.received + carried.refused
    show(Progress(done, max(done, of), carried.size))
