"""The courier goes by itself: soon after something new while the centre can be reached, seldom otherwise; a thread of its own."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from workshop.addresses import lan_addresses
from workshop.domain.refusal import Refusal
from workshop.private.peers import the_centre
from workshop.private.settings_kept import setting
from workshop.web.courier import Courier, may_go
from workshop.web.leaving import not_at_centre

SETTING: Final = "goes_by_itself"
EVERY: Final = 60.0  # seconds between two looks
LOOK_AROUND: Final = 10  # looks without anything new here: then it asks what is new there
PATIENCE_MOST: Final = 4  # looks that are left out after failures, at most
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Rounds:
    """`courier` is the one that the pages use too, so two contacts never run at once. `every`: TAVOLI_LOOK_EVERY, when a room is served."""

    courier: Callable[[], Courier]
    every: float = EVERY
    _stopped: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _idle: int = 0
    _left_out: int = 0
    _failures: int = 0
    _network: frozenset[str] = frozenset()  # addresses of this computer at the last look

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True, name="rounds")
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self.every):
            try:
                self.look()
            except Exception:
                _log.exception("the courier did not go by itself")

    def look(self) -> None:
        """One look; goes if there is a reason. On another network the way to the centre may be open at once."""
        network = frozenset(lan_addresses())
        if network != self._network:
            self._network, self._left_out = network, 0
        if self._left_out > 0:
            self._left_out -= 1
            return
        if not self._is_due():
            self._idle += 1
            return
        self._idle = 0
        try:
            failed = bool(self.courier().run().problem)
        except Refusal:
            failed = True
        self._failures = self._failures + 1 if failed else 0
        self._left_out = min(2**self._failures - 1, PATIENCE_MOST)

    def _is_due(self) -> bool:
        """Who stopped a contact has a reason, such as a line that costs: it does not go again at once."""
        here = self.courier()
        if here.is_under_way:
            return False
        with here.private_store.readers.connect() as private, here.store.readers.connect() as record:
            if not goes_by_itself(private) or the_centre(private) is None:
                return False
            waiting = not here.was_stopped and not_at_centre(record, private, may_go(private)) > 0
            return self._idle >= LOOK_AROUND or waiting


def goes_by_itself(private: Connection) -> bool:
    return setting(private, SETTING, "yes") == "yes"
