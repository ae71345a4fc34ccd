"""Copies while people write: every five minutes when something changed, soon after each change of step; in a native thread of its own."""

import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from workshop.copies.disk import NoSpace, sweep
from workshop.copies.erasures import carry_erasures, erasures_in
from workshop.copies.making import Moment, carry, make_copy, pin
from workshop.copies.outside import note_backup, place_is_clean, place_is_owing
from workshop.copies.photos import PHOTOS, carry_photos
from workshop.copies.restoring import BACKUPS
from workshop.copies.second_place import SecondPlace, own_folder
from workshop.copies.shape import PRIVATE, RECORD, Copy, CopyUnusable, copies_in
from workshop.copies.thinning import thin
from workshop.domain.meeting import MeetingMoved
from workshop.domain.step import StepMoved
from workshop.domain.work_table import TableMoved
from workshop.record.desk import Desk
from workshop.record.writer import Committed, Received
from workshop.settings import Folder

EVERY: Final = 300.0  # seconds
LATE: Final = 600.0  # seconds with something not copied: red
LOOK: Final = 5.0  # seconds between two looks
SETTLE: Final = 2.0  # seconds: six tables that change step together are one change
BETWEEN: Final = 20.0  # seconds between two copies, however often steps change
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stands:
    """How one place stands. `problem`: '' or absent, no_space, not_sound, failed."""

    path: Path
    copy: Copy | None = None
    problem: str = ""


@dataclass(slots=True)
class Copier:
    """`second`: asks for the chosen second place. Pages read `here`, `there` and `is_late` from memory: they never wait for a stick."""

    folder: Folder
    desk: Desk
    second: Callable[[], SecondPlace | None]
    here: Stands = Stands(Path())
    there: Stands | None = None
    _changed: float | None = None  # since when something is not copied
    _copied: tuple[int, ...] = ()  # what the files looked like at the last copy
    _at: float = -EVERY  # when the last copy was made or tried
    _asked: queue.SimpleQueue[str] = None  # type: ignore[assignment]
    _one_by_one: threading.Lock = None  # type: ignore[assignment]
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._asked, self._one_by_one = queue.SimpleQueue(), threading.Lock()
        self.here = Stands(self.folder.path / BACKUPS, next(iter(copies_in(self.folder.path / BACKUPS)), None))

    def start(self) -> None:
        sweep(self.here.path)
        self._thread = threading.Thread(target=self._run, daemon=True, name="copies")
        self._thread.start()

    def hear(self, news: Iterable[Committed | Received]) -> None:
        """Told what was written: only leaves a note for the other thread."""
        if any(isinstance(item, Committed) and isinstance(item.fact, StepMoved | MeetingMoved | TableMoved) for item in news):
            self._asked.put("step")

    def is_late(self) -> bool:
        """Something was written long ago and is in no copy yet, or the last copy did not come out well."""
        return bool(self.here.problem) or (self._changed is not None and time.monotonic() - self._changed > LATE)

    def carry_now(self) -> None:
        """To a second place that was just chosen. Blocks; called apart."""
        with self._one_by_one:
            self._carry()

    def close(self) -> None:
        """With a last copy, if something is not copied yet. Called apart: it waits."""
        if self._thread:
            self._asked.put("close")
            self._thread.join(30)

    def copy_now(self, place: Path | None = None) -> Copy:
        """Blocks; called apart. Without `place`: on the data disk, and carried to the second place if that is there."""
        with self._one_by_one:
            looked = self._looks()
            moment = cast("Moment", self.desk.submit(lambda _writer: pin(self.folder)))
            try:
                copy = make_copy(self.folder, own_folder(place, self.folder) if place else self.here.path, moment)
            finally:
                moment.close()
            if place is None:
                self._copied, self._changed = looked, None
                self.here = Stands(self.here.path, copy)
                thin(self.here.path)
                self._carry()
            else:
                self._kept_elsewhere(place, copy)
            return copy

    def _kept_elsewhere(self, place: Path, copy: Copy) -> None:
        """With the list of what must not come back; earlier copies there that may hold such words go."""
        own, owing = copy.path.parent, place_is_owing(self.desk, place.resolve())
        carry_erasures(self.here.path, own)
        if owing:
            self._clean(own, place.resolve())
        note_backup(self.desk, place, copy)

    def _clean(self, own: Path, place: Path) -> None:
        """The newest copy is enough here."""
        thin(own, only_newest=True)
        if len(copies_in(own)) <= 1:
            place_is_clean(self.desk, place)

    def _run(self) -> None:
        wish = ""
        while wish != "close":
            wish = self._wait()
            try:
                self._look(is_step=wish == "step", is_last=wish == "close")
            except Exception:
                _log.exception("no copy was made")
                self.here = Stands(self.here.path, self.here.copy, "failed")

    def _wait(self) -> str:
        """The next wish; several together are one."""
        wish = self._next(LOOK)
        while wish == "step" and (more := self._next(SETTLE)):
            wish = more
        return wish

    def _next(self, patience: float) -> str:
        try:
            return self._asked.get(timeout=patience)
        except queue.Empty:
            return ""

    def _look(self, *, is_step: bool, is_last: bool) -> None:
        now = time.monotonic()
        if self._changed is None and self._looks() != self._copied:
            self._changed = now
        if self._changed is not None and (is_last or now - self._at >= (BETWEEN if is_step else EVERY)):
            self._at = now
            self._try()
        elif self._changed is not None and is_step:
            self._at = min(self._at, now - EVERY + BETWEEN)  # soon
        else:
            self.carry_now()

    def _try(self) -> None:
        """What went wrong is for the page; the next look tries again."""
        try:
            if self._has_entries():
                self.copy_now()
            else:
                self._copied, self._changed = self._looks(), None  # a room where nobody has prepared anything yet
        except (OSError, sqlite3.Error, CopyUnusable) as wrong:
            _log.info("no copy was made: %s", wrong)
            self.here = Stands(self.here.path, self.here.copy, problem_of(wrong))

    def _carry(self) -> None:
        """The newest copy to the second place, if it lacks there."""
        second = self.second()
        if second is None:
            self.there = None
            return
        place = own_folder(second.path, self.folder)
        if not second.is_there(self.folder):
            self.there = Stands(second.path, self.there.copy if self.there and self.there.path == second.path else None, "absent")
            return
        newest = next(iter(copies_in(place)), None)
        try:
            if self.here.copy and (newest is None or newest.path.name < self.here.copy.path.name):
                lacked = erasures_in(self.here.path) - erasures_in(place)
                newest = carry(self.here.copy, place)
                carry_photos(self.folder.path / PHOTOS, place / PHOTOS)
                if lacked or second.owes:  # what was erased while this stick was out is in its earlier copies
                    self._clean(place, second.path)
                thin(place)
            self.there = Stands(second.path, newest)
        except (OSError, sqlite3.Error, CopyUnusable) as wrong:
            _log.info("not carried to the second place: %s", wrong)
            self.there = Stands(second.path, newest, problem_of(wrong))

    def _has_entries(self) -> bool:
        moment = pin(self.folder)
        try:
            return bool(moment.record.execute("SELECT EXISTS (SELECT 1 FROM entry)").fetchone()[0])
        finally:
            moment.close()

    def _looks(self) -> tuple[int, ...]:
        """Sizes and times of the files: whatever is written changes them."""
        found: list[int] = []
        for name in (RECORD, f"{RECORD}-wal", PRIVATE, f"{PRIVATE}-wal"):
            try:
                stat = os.stat(self.folder.path / name)
                found += [stat.st_mtime_ns, stat.st_size]
            except FileNotFoundError:
                found += [0, 0]
        return tuple(found)


def problem_of(wrong: Exception) -> str:
    """A short word for what stands in the way of a copy."""
    if isinstance(wrong, CopyUnusable):
        return wrong.why
    return "no_space" if isinstance(wrong, NoSpace) or getattr(wrong, "errno", 0) == 28 or "full" in str(wrong) else "failed"
