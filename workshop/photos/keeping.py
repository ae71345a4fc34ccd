"""What the record and the shelf owe each other: bytes come before their fact, and go when the fact says so."""

from collections.abc import Callable, Collection
from typing import Final, TypeVar

from workshop.domain.erasure import ErasureConfirmed
from workshop.domain.photo import PhotoRemoved
from workshop.photos.developing import Developed
from workshop.photos.shelf import Shelf
from workshop.record.database import Store
from workshop.record.queries.photos import all_bytes_named, bytes_removed, is_some_photo_without_name
from workshop.record.writer import Committed, Received

ORPHAN: Final = 24 * 3600.0  # seconds: bytes whose fact never came, because the power went in between
T = TypeVar("T")


def keep(shelf: Shelf, developed: Developed, state: Callable[[str], T]) -> T:
    """Bytes on the disk first, then the fact (`state` is told their hash). If it is refused they are an orphan, gone after a day."""
    with shelf.keeping:
        return state(shelf.put(developed.data))


def tidy(store: Store, shelf: Shelf) -> int:
    """Delete what was removed or erased, wherever that was said; how many. Blocks on the disk: called apart.

    An erased photo has no name any more: then whatever none names goes. Else only what is surely removed, or was left over.
    """
    with shelf.keeping, store.readers.connect() as connection:
        here = set(shelf.here())
        nameless = here - all_bytes_named(connection).keys() if here else set()
        if not nameless:
            return 0
        gone = nameless if is_some_photo_without_name(connection) else nameless & bytes_removed(connection)
        left = {sha256 for sha256 in nameless - gone if shelf.age(sha256) > ORPHAN}
        return shelf.delete(gone) + shelf.delete(left, on_purpose=False)


def concerns(news: Collection[Committed | Received]) -> bool:
    """Whether bytes may have to go after this."""
    return any(isinstance(item, Received) or isinstance(item.fact, PhotoRemoved | ErasureConfirmed) for item in news)
