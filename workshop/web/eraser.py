"""The eraser carries out what was ordered here or came by sync: bodies, log files, earlier copies; then says so in the record.

It begins again at every start, so a cut in between loses nothing; what was already done is done again without harm.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, cast

from workshop.copies.outside import count_left
from workshop.domain.erasure import ErasureConfirmed, WordsErased
from workshop.domain.ids import new_id
from workshop.domain.people import NOBODY
from workshop.private.copies_out import CopyOut
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.erasing import Erased, Waiting, all_erased, drop_bodies, to_drop, unconfirmed
from workshop.record.freed import leave_nothing_behind
from workshop.record.writer import Committed, Received, Writer

TRIES: Final = 60  # looks at a file that somebody still reads
PAUSE: Final = 0.25  # seconds between two
LONG_PAUSE: Final = 5.0  # on PostgreSQL, where each look writes a table anew
Retire = Callable[[list[Erased]], list[CopyOut]]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Eraser:
    """`place`: how this computer is called in the record. `retire`: writes down what must not come back, makes a fresh copy and
    deletes the earlier ones; the answer is those that could not be reached."""

    store: Store
    desk: Desk
    place: str
    retire: Retire = field(default=lambda _erased: [])
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def hear(self, news: Iterable[Committed | Received]) -> bool:
        """Whether there may be something to do: an erasure was ordered, or entries came."""
        return any(isinstance(item, Received) or isinstance(item.fact, WordsErased) for item in news)

    def stop(self) -> None:
        self._stopped.set()

    def run_quietly(self) -> None:
        """The same where nobody waits for the answer: what fails is tried again at the next start."""
        try:
            self.run()
        except Exception:
            if not self._stopped.is_set():
                _log.exception("an erasure is not finished yet")

    def run(self) -> int:
        """Everything that waits; the number of erasures confirmed. Blocks: called apart."""
        with self._alone:
            waiting, left = self._waiting()
            if not waiting and not left:
                return 0
            if left:
                self.desk.submit(lambda writer: _drop(writer, {each.scope for each in waiting}))
            if not self._is_clean():
                _log.warning("erased words may still be in a file: somebody reads it; tried again at the next start")
                return 0
            out_of_reach = self.retire(self._all())
            return cast("int", self.desk.submit(lambda writer: _confirm(writer, self.place, out_of_reach)))

    def _waiting(self) -> tuple[list[Waiting], list[Erased]]:
        with self.store.readers.connect() as connection:
            return unconfirmed(connection, self.place), to_drop(connection)

    def _all(self) -> list[Erased]:
        with self.store.readers.connect() as connection:
            return all_erased(connection)

    def _is_clean(self) -> bool:
        """Freed pages are overwritten (secure_delete) and the log file is cut to nothing; PostgreSQL writes its table anew."""
        look, pause = (self._is_cut, PAUSE) if self.store.is_sqlite else (partial(leave_nothing_behind, self.store), LONG_PAUSE)
        for _ in range(TRIES):
            if look():
                return True
            if self._stopped.wait(pause):
                break
        return False

    def _is_cut(self) -> bool:
        self.desk.submit(_ask_for_cut)
        return cast("bool", self.desk.submit(_was_cut))


def _drop(writer: Writer, scopes: set[str]) -> int:
    for scope in scopes:
        writer.announce(Received(scope))  # pages fetch what is left
    return drop_bodies(writer.connection, [each.entry_hash for each in to_drop(writer.connection)])


def _ask_for_cut(writer: Writer) -> None:
    writer.cut_logs = True  # after COMMIT of this batch


def _was_cut(writer: Writer) -> bool:
    return not writer.cut_logs


def _confirm(writer: Writer, place: str, out_of_reach: list[CopyOut]) -> int:
    """Nothing came in between: what must have no body has none. Every word is gone before the record says so."""
    if to_drop(writer.connection):
        return 0
    waiting = unconfirmed(writer.connection, place)
    for erasure_id, scope in waiting:
        left = count_left(writer, erasure_id, scope, out_of_reach)
        fact = ErasureConfirmed(about=erasure_id, place=place, copies_left=left)
        writer.append(scope, fact, new_id(), NOBODY)
    return len(waiting)
