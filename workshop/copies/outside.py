"""Copies outside our reach: noted when they are made; when one is deleted, this place confirms its erasures again with one less."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from workshop.copies.second_place import own_folder
from workshop.copies.shape import Copy, copies_in
from workshop.domain.erasure import ErasureConfirmed
from workshop.domain.ids import new_id
from workshop.domain.people import NOBODY
from workshop.domain.refusal import Refusal, Sort
from workshop.private.copies_out import CopyOut, forget_copy, forget_overwritten, forget_place, left_of, note_copy, note_left, owes
from workshop.record.desk import Desk
from workshop.record.erasing import has_confirmed, words_erased
from workshop.record.log import entry_table
from workshop.record.writer import Writer
from workshop.settings import Folder

_e = entry_table.c


class CopyStillThere(Refusal):
    """Somebody says that a copy was deleted, and it lies there. Detail: place."""

    sort = Sort.OUT_OF_STEP


def note_made(desk: Desk, copy: CopyOut, *, overwrites: bool = False) -> None:
    """Asked when it is whole: whatever is in the record by now may be in it."""

    def job(writer: Writer) -> None:
        chosen = select(func.max(_e.lamport))
        reach = writer.connection.execute(chosen.where(_e.scope == copy.scope) if copy.scope else chosen).scalar() or 0
        gone = forget_overwritten(writer.private, copy) if overwrites else {}
        note_copy(writer.private, replace(copy, reach=reach))
        _confirm_again(writer, gone)

    desk.submit(job)


def note_backup(desk: Desk, place: Path, copy: Copy) -> None:
    """A person had it made in a place that they named."""
    note_made(desk, CopyOut(sort="backup", name=copy.path.parent.name, place=str(place.resolve()), at=minute_of(copy.made)))


def in_second_place(path: Path, folder: Folder, at: str) -> CopyOut:
    """Copies in a second place, all together."""
    return CopyOut(sort="second", name=own_folder(path, folder).name, place=str(path), at=at)


def place_is_owing(desk: Desk, place: Path) -> bool:
    return bool(desk.submit(lambda writer: owes(writer.private, str(place))))


def place_is_clean(desk: Desk, place: Path) -> None:
    """Earlier copies in this place were deleted."""
    desk.submit(lambda writer: _confirm_again(writer, forget_place(writer.private, str(place))))


def check_gone(copy: CopyOut) -> None:
    """Blocks; called apart. Raises CopyStillThere. A place that is not here now is believed to whoever had it in their hands."""
    there = Path(copy.place, copy.name)
    if copy.place and (there.is_file() or copies_in(there)):
        raise CopyStillThere("copy_id", place=str(there))


def copy_is_deleted(desk: Desk, copy_id: str) -> None:
    desk.submit(lambda writer: _confirm_again(writer, forget_copy(writer.private, copy_id)))


def count_left(writer: Writer, erasure_id: str, scope: str, out_of_reach: list[CopyOut]) -> int:
    """Copies that may hold what this erasure took away: those that retiring did not reach, and those that had left before."""
    for copy in out_of_reach:
        note_copy(writer.private, copy)
    return note_left(writer.private, erasure_id, scope, words_erased(writer.connection, erasure_id))


def minute_of(made: str) -> str:
    return f"{made[:16]}Z"


def _confirm_again(writer: Writer, erasures: dict[str, str]) -> None:
    for erasure_id, scope in sorted(erasures.items()):
        if has_confirmed(writer.connection, erasure_id, writer.device):
            left = len(left_of(writer.private, erasure_id))
            writer.append(scope, ErasureConfirmed(about=erasure_id, place=writer.device, copies_left=left), new_id(), NOBODY)
