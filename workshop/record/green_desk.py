"""The desk under gevent: greenlets wait, one native thread collects a batch and writes it, the hub hands out what is done."""

import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeAlias, TypeVar

import gevent
from gevent.event import AsyncResult, Event
from gevent.queue import Queue

from workshop.record.desk import PATIENCE, QUEUE, Listener, WriterIsBusy, settle, tell
from workshop.record.writer import BATCH, Answer, Committed, Job, Received, Writer

T = TypeVar("T")

Give: TypeAlias = Callable[[Answer], object]


class GreenDesk:
    """COMMIT waits for the disk on the native thread, so the hub goes on serving phones meanwhile.

    Only two things cross between thread and hub, a queue of jobs and a list of what is done: gevent's own pool takes twice as long."""

    def __init__(self, writer: Writer, listener: Listener, places: int = QUEUE, patience: float = PATIENCE) -> None:
        self.writer, self._listener, self._patience, self._places = writer, listener, patience, places
        self._hub, self._home = gevent.get_hub(), threading.get_ident()
        self._jobs: queue.SimpleQueue[tuple[Job, Give] | None] = queue.SimpleQueue()
        self._done: deque[tuple[list[Give], list[Answer], list[Committed | Received]] | None] = deque()
        self._news: Any = Queue()
        self._closed: Any = Event()
        self._is_leaving = False
        self._wake = self._hub.loop.async_()
        self._wake.start(self._hand_out)
        self._teller = gevent.spawn(self._tell)
        threading.Thread(target=self._write, daemon=True).start()

    def submit(self, job: Job) -> Answer:
        """From the hub's thread, where a greenlet waits, or from a native one."""
        if threading.get_ident() != self._home:
            return self._submit_from_outside(job)
        waiting: Any = AsyncResult()
        self._take_in(job, waiting.set)
        try:
            return settle(waiting.get(timeout=self._patience))
        except gevent.Timeout:
            raise WriterIsBusy from None

    def apart(self, function: Callable[..., T], *args: object) -> T:
        """Run what blocks over 5 ms on a native thread, so that the hub goes on serving; it may submit from there."""
        return self._hub.threadpool.apply(function, args) if threading.get_ident() == self._home else function(*args)

    def close(self) -> None:
        """What is in the queue is done; whoever comes later hears at once that nobody writes any more."""
        self._is_leaving = True
        self._jobs.put(None)
        self._closed.wait()
        gevent.joinall([self._teller], timeout=PATIENCE)
        self._wake.close()

    def _take_in(self, job: Job, give: Give) -> None:
        if self._is_leaving or self._jobs.qsize() >= self._places:
            give(WriterIsBusy())
        else:
            self._jobs.put((job, give))

    def _submit_from_outside(self, job: Job) -> Answer:
        waiting: Future[Answer] = Future()
        self._take_in(job, waiting.set_result)
        try:
            answer = waiting.result(self._patience)
        except TimeoutError:
            raise WriterIsBusy from None
        return settle(answer)

    def _write(self) -> None:
        """On the native thread, which touches nothing of gevent's but the bell that wakes the hub."""
        while batch := self._batch():
            answers = self.writer.write([job for job, _ in batch])
            self._done.append(([give for _, give in batch], answers, self.writer.take_committed()))
            self._wake.send()
            if self._jobs.empty():
                self.writer.rest()
        self.writer.close()
        self._done.append(None)
        self._wake.send()

    def _batch(self) -> list[tuple[Job, Give]]:
        first = self._jobs.get()
        batch = [] if first is None else [first]
        while batch and len(batch) < BATCH and not self._jobs.empty():
            if (item := self._jobs.get()) is None:
                self._jobs.put(None)
                break
            batch.append(item)
        return batch

    def _hand_out(self) -> None:
        """In the hub, where nothing may wait: the answer first, then the screens, in order, in another greenlet."""
        while self._done:
            done = self._done.popleft()
            if done is None:
                self._news.put(None)
                self._closed.set()
                continue
            gives, answers, news = done
            for give, answer in zip(gives, answers, strict=True):
                give(answer)
            self._news.put(news)

    def _tell(self) -> None:
        while (news := self._news.get()) is not None:
            tell(self._listener, news)
