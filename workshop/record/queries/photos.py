"""Photos of a table, and the bytes that the photos of a process name. Whether the bytes are here, the shelf knows."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, select

from workshop.domain.photo import names_bytes
from workshop.domain.refusal import NotFound
from workshop.domain.stream import StreamOpened
from workshop.record.codec import read_fact
from workshop.record.log import entry_of, entry_table
from workshop.record.rows.fields import last_word
from workshop.record.rows.photo import photo

_p: Final = photo.c
_PHOTOS: Final[Select[Any]] = select(photo, last_word.c.value.label("gone")).select_from(
    photo.outerjoin(last_word, and_(last_word.c.thing_id == _p.id, last_word.c.key == "removed"))
)
_STAYS: Final = and_(last_word.c.value.is_(None), _p.stub.is_(False))


@dataclass(frozen=True, slots=True)
class Photo:
    """`removed`: its bytes are deleted everywhere. One whose fact did not travel whole (withheld, erased) names no bytes."""

    id: str
    process_id: str
    work_table_id: str
    step_id: str
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    caption: str
    wall: str
    stream: str
    removed: bool

    @property
    def names_bytes(self) -> bool:
        return not self.removed and names_bytes(self.sha256, self.size)


def photos_at(connection: Connection, work_table_id: str) -> list[Photo]:
    """Those that nobody removed, the oldest first."""
    chosen = _PHOTOS.where(_p.work_table_id == work_table_id, _STAYS).order_by(_p.lamport, _p.hash)
    return [_photo(row) for row in connection.execute(chosen)]


def the_photo(connection: Connection, photo_id: str) -> Photo:
    """A removed one too: it says so."""
    row = connection.execute(_PHOTOS.where(_p.id == photo_id)).first()
    if row is None:
        raise NotFound("photo_id")
    return _photo(row)


def bytes_named(connection: Connection, process_id: str) -> dict[str, int]:
    """SHA-256 -> size of all bytes that photos of a process name, the oldest first; nothing that cannot be a photo's."""
    chosen = _PHOTOS.where(_p.process_id == process_id, _STAYS).order_by(_p.lamport, _p.hash)
    return _named(_photo(row) for row in connection.execute(chosen))


def all_bytes_named(connection: Connection) -> dict[str, int]:
    """The same of every process here."""
    return _named(_photo(row) for row in connection.execute(_PHOTOS.where(_STAYS)))


def bytes_removed(connection: Connection) -> frozenset[str]:
    """Named by a photo that somebody removed, and by no other."""
    removed = select(_p.sha256).join(last_word, and_(last_word.c.thing_id == _p.id, last_word.c.key == "removed"))
    return frozenset(connection.execute(removed.where(_p.sha256.is_not(None))).scalars()) - all_bytes_named(connection).keys()


def is_some_photo_without_name(connection: Connection) -> bool:
    """The fact of some photo is here without its body: it was erased, or did not travel."""
    return connection.execute(select(_p.id).where(_p.stub.is_(True)).limit(1)).first() is not None


def device_of(connection: Connection, process_id: str, stream: str) -> str:
    """Which device wrote a stream; "" when its opening is not here."""
    e = entry_table.c
    chosen = select(e.head, e.body).where(e.scope == process_id, e.stream == stream, e.n == 1)
    opened = [read_fact(entry_of(row)) for row in connection.execute(chosen)]
    return next((fact.device for fact in opened if isinstance(fact, StreamOpened)), "")


def _named(photos: Any) -> dict[str, int]:
    return {photo.sha256: photo.size for photo in photos if photo.names_bytes}


def _photo(row: Any) -> Photo:
    return Photo(
        id=row.id,
        process_id=row.process_id,
        work_table_id=row.work_table_id or "",
        step_id=row.step_id or "",
        sha256=row.sha256 or "",
        size=row.size or 0,
        media_type=row.media_type or "",
        width=row.width or 0,
        height=row.height or 0,
        caption=row.caption or "",
        wall=row.wall or "",
        stream=row.stream or "",
        removed=row.gone is not None,
    )
