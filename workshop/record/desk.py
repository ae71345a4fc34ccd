"""How callers reach the one writer: a queue with a limit, a native thread behind it, answers first and announcements after.

Two runners with one face: `GreenDesk` (gevent, not monkey-patched: only the finished batch crosses to the native thread) and
`ThreadDesk` (plain threads: tests, command line, small rooms).
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from workshop.domain.refusal import Refusal, Sort
from workshop.record.writer import BATCH, Answer, Committed, Job, Received, Writer

QUEUE: Final = 2_000
PATIENCE: Final = 10.0  # seconds; the phone sends the same id again

Listener: TypeAlias = Callable[[list[Committed | Received]], None]
T = TypeVar("T")
_log = logging.getLogger(__name__)


class WriterIsBusy(Refusal):
    """The queue is full or the answer takes too long: try again in a moment; the same id is done once."""

    sort = Sort.SLOW_DOWN


class Desk(Protocol):
    def submit(self, job: Job) -> Answer: ...

    def apart(self, function: Callable[..., T], *args: object) -> T:
        """Run what blocks over 5 ms where it holds nobody up."""
        ...

    def close(self) -> None: ...


def settle(answer: Answer) -> Any:
    """The answer itself, or its refusal or surprise raised in the caller."""
    if isinstance(answer, BaseException):
        raise answer
    return answer


def tell(listener: Listener, news: list[Committed | Received]) -> None:
    """What is told is already on disk: a listener that fails must not become the author's error, nor end the telling."""
    try:
        listener(news)
    except Exception:
        _log.exception("a listener failed; the record is not touched")


class DirectDesk:
    """No thread at all: the command line, when nobody serves the same folder."""

    def __init__(self, writer: Writer, listener: Listener) -> None:
        self.writer, self._listener = writer, listener

    def submit(self, job: Job) -> Answer:
        [answer] = self.writer.write([job])
        tell(self._listener, self.writer.take_committed())
        return settle(answer)

    def apart(self, function: Callable[..., T], *args: object) -> T:
        return function(*args)

    def close(self) -> None:
        self.writer.close()


class ThreadDesk:
    """Plain threads. `places` in the queue, `patience` in seconds."""

    def __init__(self, writer: Writer, listener: Listener, places: int = QUEUE, patience: float = PATIENCE) -> None:
        self.writer, self._listener, self._patience = writer, listener, patience
        self._jobs: queue.Queue[tuple[Job, _Waiting] | None] = queue.Queue(places)
        self._news: queue.Queue[list[Committed | Received] | None] = queue.Queue()
        self._is_leaving = False
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._write, self._tell)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> Answer:
        waiting = _Waiting()
        if self._is_leaving:
            raise WriterIsBusy
        try:
            self._jobs.put_nowait((job, waiting))
        except queue.Full:
            raise WriterIsBusy from None
        if not waiting.done.wait(self._patience):
            raise WriterIsBusy
        return settle(waiting.answer)

    def apart(self, function: Callable[..., T], *args: object) -> T:
        return function(*args)

    def close(self) -> None:
        """What is in the queue is done; whoever comes later hears at once that nobody writes any more."""
        self._is_leaving = True
        self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self.writer.close()

    def _write(self) -> None:
        while batch := self._batch():
            answers = self.writer.write([job for job, _ in batch])
            for (_, waiting), answer in zip(batch, answers, strict=True):
                waiting.give(answer)
            self._news.put(self.writer.take_committed())
            if self._jobs.empty():
                self.writer.rest()
        self._news.put(None)

    def _batch(self) -> list[tuple[Job, "_Waiting"]]:
        first = self._jobs.get()
        batch = [] if first is None else [first]
        while batch and len(batch) < BATCH:
            try:
                item = self._jobs.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._jobs.put(None)
                break
            batch.append(item)
        return batch

    def _tell(self) -> None:
        while (news := self._news.get()) is not None:
            tell(self._listener, news)


class _Waiting:
    def __init__(self) -> None:
        self.done, self.answer = threading.Event(), None

    def give(self, answer: Any) -> None:
        self.answer = answer
        self.done.set()
