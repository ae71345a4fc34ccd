"""Tells rooms what happened, after COMMIT, in another greenlet. A fault here is logged and never reaches the author."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from workshop.record.writer import Committed, Received
from workshop.web.live.audience import Delivery, Refresh, Resubscribe, Show, deliveries, to_review
from workshop.web.live.topics import Name, Topic, archive, review, throughout

MOST_WAITING: Final = 8  # more changes of one topic at once: fetch
PULSE: Final = 0.1  # seconds: a topic that only refreshes is told ten times a second at most
_log = logging.getLogger(__name__)


class Sockets(Protocol):
    """What the announcer needs of Socket.IO."""

    def emit(self, event: str, data: object, *, to: str) -> None: ...

    def start_background_task(self, target: Callable[[], None]) -> Any: ...

    def sleep(self, seconds: Any) -> Any: ...


Render = Callable[[str, str, str], str]  # fragment, thing id, language -> html
Listening = Callable[[Topic], set[str]]  # languages that somebody listens in


@dataclass(slots=True)
class Announcer:
    """`widen` finds the meetings' topics behind a topic that names only the process (a scope)."""

    sockets: Sockets
    render: Render
    listening: Listening
    widen: Callable[[Topic], list[Topic]]
    run: str = field(default_factory=lambda: secrets.token_hex(4))
    counts: dict[str, int] = field(default_factory=dict)
    _waiting: dict[Topic, str] = field(default_factory=dict)  # topic -> its version before what waits to be told
    _pulsing: bool = False

    def version(self, topic: str) -> str:
        """`<run>:<count>`; a page reads it before its rows, so that a push may be applied twice but never missed."""
        return f"{self.run}:{self.counts.get(topic, 0)}"

    def tell(self, news: list[Committed | Received]) -> None:
        for topic, told in self._by_topic(news).items():
            try:
                self._tell(topic, told)
            except Exception:
                _log.exception("could not tell %s", topic)

    def refresh(self, topic: Topic) -> None:
        """Soon, and once for all that ask within a pulse. It counts at once: a page that is made from now on shows it, and an older page
        that arrives later must not pass for as new as that one."""
        self._waiting.setdefault(topic, self._next(topic))
        if not self._pulsing:
            self._pulsing = True
            self.sockets.start_background_task(self._pulse)

    def _by_topic(self, news: list[Committed | Received]) -> dict[Topic, list[Delivery]]:
        told: dict[Topic, list[Delivery]] = {}
        widened: dict[Topic, list[Topic]] = {}  # many facts of one batch name the same process
        for item in news:
            for delivery in self._deliveries(item):
                if isinstance(delivery, Resubscribe):
                    self.sockets.emit("resubscribe", {}, to=f"person:{delivery.participant_id}")
                    continue
                if delivery.topic not in widened:
                    widened[delivery.topic] = self.widen(delivery.topic)
                for topic in widened[delivery.topic]:
                    told.setdefault(topic, []).append(delivery)
        return told

    def _deliveries(self, item: Committed | Received) -> list[Delivery]:
        if isinstance(item, Received):
            wide = [Refresh(throughout(name, item.scope)) for name in (Name.COCKPIT, Name.SCREEN, Name.BOARD)]
            return [Refresh(archive(item.scope)), Refresh(review(item.scope)), *wide]
        try:
            return [*deliveries(item.fact, item.scope), *to_review(item.fact, item.scope)]
        except Exception:
            _log.exception("nobody hears %s", type(item.fact).__name__)
            return []

    def _tell(self, topic: Topic, told: list[Delivery]) -> None:
        shows = [d for d in dict.fromkeys(told) if isinstance(d, Show)]
        if len(shows) != len(set(told)) or len(shows) > MOST_WAITING:
            self.refresh(topic)
            return
        for show in shows:
            self._push(topic, show)

    def _push(self, topic: Topic, show: Show) -> None:
        languages = self.listening(topic)
        after = self._next(topic)
        for language in languages:
            html = self.render(show.fragment, show.thing_id, language)
            self._emit(topic, language, after, html)

    def _emit(self, topic: Topic, language: str, after: str, html: str | None) -> None:
        push = {"topic": str(topic), "after": after, "version": self.version(str(topic)), "html": html}
        self.sockets.emit("push", push, to=f"{topic}|{language}")

    def _next(self, topic: Topic) -> str:
        after = self.version(str(topic))
        self.counts[str(topic)] = self.counts.get(str(topic), 0) + 1
        return after

    def _pulse(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            for topic, after in waiting.items():
                for language in self.listening(topic):
                    self._emit(topic, language, after, None)
            self.sockets.sleep(PULSE)
        self._pulsing = False
