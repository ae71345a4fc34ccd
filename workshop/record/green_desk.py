"""The desk under gevent: greenlets wait, one greenlet collects a batch, the batch runs on a native thread."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult
from gevent.queue import Full, Queue
from gevent.threadpool import ThreadPool

from workshop.record.desk import PATIENCE, QUEUE, Listener, WriterIsBusy, settle, tell
from workshop.record.writer import BATCH, Answer, Committed, Job, Received, Writer

T = TypeVar("T")


class GreenDesk:
    """COMMIT waits for the disk on the native thread, so the hub goes on serving phones meanwhile."""

    def __init__(self, writer: Writer, listener: Listener, places: int = QUEUE, patience: float = PATIENCE) -> None:
        self.writer, self._listener, self._patience = writer, listener, patience
        self._hub, self._home = gevent.get_hub(), threading.get_ident()
        self._native = ThreadPool(1)
        self._jobs: Any = Queue(places)
        self._news: Any = Queue()
        self._greenlets = [gevent.spawn(self._write), gevent.spawn(self._tell)]

    def submit(self, job: Job) -> Answer:
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
        self._jobs.put(None)
        gevent.joinall(self._greenlets, timeout=PATIENCE)
        self._native.apply(self.writer.close)
        self._native.kill()

    def _take_in(self, job: Job, give: Callable[[Answer], object]) -> None:
        try:
            self._jobs.put_nowait((job, give))
        except Full:
            give(WriterIsBusy())

    def _submit_from_outside(self, job: Job) -> Answer:
        """From a native thread: what gevent makes must not be touched there, so the hub takes the job in at its next turn."""
        waiting: Future[Answer] = Future()
        self._hub.loop.run_callback_threadsafe(self._take_in, job, waiting.set_result)
        try:
            answer = waiting.result(self._patience)
        except TimeoutError:
            raise WriterIsBusy from None
        return settle(answer)

    def _write(self) -> None:
        while batch := self._batch():
            answers, news = self._native.apply(self._run, ([job for job, _ in batch],))
            for (_, give), answer in zip(batch, answers, strict=True):
                give(answer)  # the answer first, then the screens, in order, in another greenlet
            self._news.put(news)
        self._news.put(None)

    def _run(self, jobs: list[Job]) -> tuple[list[Answer], list[Committed | Received]]:
        return self.writer.write(jobs), self.writer.take_committed()

    def _batch(self) -> list[tuple[Job, Callable[[Answer], object]]]:
        first = self._jobs.get()
        batch = [] if first is None else [first]
        while batch and len(batch) < BATCH and not self._jobs.empty():
            if (item := self._jobs.get_nowait()) is None:
                self._jobs.put(None)
                break
            batch.append(item)
        return batch

    def _tell(self) -> None:
        while (news := self._news.get()) is not None:
            tell(self._listener, news)
