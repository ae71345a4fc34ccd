"""When news counts, and how often it is told."""

from collections.abc import Callable
from dataclasses import dataclass, field

from workshop.web.live.announcer import Announcer
from workshop.web.live.topics import synthesis

TOPIC = synthesis("7" * 32)


@dataclass
class Sockets:
    """Notes what is told; what would run in the background runs when the test says so."""

    told: list[object] = field(default_factory=list)
    later: list[Callable[[], None]] = field(default_factory=list)

    def emit(self, event: str, data: object, *, to: str) -> None:
        self.told.append(data)

    def start_background_task(self, target: Callable[[], None]) -> None:
        self.later.append(target)

    def sleep(self, seconds: float) -> None: ...


def test_what_is_told_in_a_moment_counts_at_once_and_is_told_once() -> None:
    """Who acts within that moment gets a page with the act in it: a page that was asked for before must not count as much."""
    sockets = Sockets()
    announcer = Announcer(sockets, lambda *_: "", lambda _topic: {"it"}, lambda topic: [topic])
    before = announcer.version(str(TOPIC))
    announcer.refresh(TOPIC)
    old_page = announcer.version(str(TOPIC))
    announcer.refresh(TOPIC)
    own_page = announcer.version(str(TOPIC))
    assert len({before, old_page, own_page}) == 3
    [pulse] = sockets.later
    pulse()
    assert sockets.told == [{"topic": str(TOPIC), "after": before, "version": own_page, "html": None}]
