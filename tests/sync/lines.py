"""Lines between two logs in one process that cut, and a peer that alters what it gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sync.entry import Entry
from sync.exchange import Page
from sync.log import Load, Place, Raw, Received, Tips
from sync.signing import Signatures
from sync.transport import LineCut
from tests.sync.streams import Beside


@dataclass(frozen=True, slots=True)
class Cut(Beside):
    """A line that is cut at the so-many-th answer, which got lost on its way back."""

    calls: Iterator[int] = field(default_factory=lambda: iter(()))

    def _gone(self) -> None:
        if next(self.calls, None) is None:
            raise LineCut

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received:
        received = Beside.push(self, scope, entries, signatures)
        self._gone()
        return received

    def pull(self, scope: str, tips: Tips, after: Place, limit: int) -> Page:
        page = Beside.pull(self, scope, tips, after, min(limit, 5))
        self._gone()
        return page

    def tips(self, scope: str, load: Load) -> Tips:
        self._gone()
        return Beside.tips(self, scope, load)


@dataclass(frozen=True, slots=True)
class Altering(Beside):
    """Gives one body that is not the one of its head."""

    def pull(self, scope: str, tips: Tips, after: Place, limit: int) -> Page:
        page = Beside.pull(self, scope, tips, after, limit)
        batch = [*page.batch]
        if batch:
            batch[-1] = Raw(batch[-1].head, b"other words")
        return Page(batch, page.more, page.signatures)
