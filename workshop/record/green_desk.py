"""The desk under gevent: greenlets wait, one greenlet collects a batch, the batch runs on a native thread."""

from typing import Any

import gevent
from gevent.event import AsyncResult
from gevent.queue import Full, Queue
from gevent.threadpool import ThreadPool

from workshop.record.desk import PATIENCE, QUEUE, Listener, WriterIsBusy, settle
from workshop.record.writer import BATCH, Answer, Committed, Job, Received, Writer


class GreenDesk:
    """COMMIT waits for the disk on the native thread, so the hub goes on serving phones meanwhile."""

    def __init__(self, writer: Writer, listener: Listener) -> None:
        self.writer, self._listener = writer, listener
        self._native = ThreadPool(1)
        self._jobs: Any = Queue(QUEUE)
        self._news: Any = Queue()
        self._greenlets = [gevent.spawn(self._write), gevent.spawn(self._tell)]

    def submit(self, job: Job) -> Answer:
        waiting: Any = AsyncResult()
        try:
            self._jobs.put_nowait((job, waiting))
        except Full:
            raise WriterIsBusy from None
        try:
            return settle(waiting.get(timeout=PATIENCE))
        except gevent.Timeout:
            raise WriterIsBusy from None

    def close(self) -> None:
        self._jobs.put(None)
        gevent.joinall(self._greenlets, timeout=PATIENCE)
        self._native.apply(self.writer.close)
        self._native.kill()

    def _write(self) -> None:
        while batch := self._batch():
            answers, news = self._native.apply(self._run, ([job for job, _ in batch],))
            for (_, waiting), answer in zip(batch, answers, strict=True):
                waiting.set(answer)  # the answer first, then the screens, in order, in another greenlet
            self._news.put(news)
        self._news.put(None)

    def _run(self, jobs: list[Job]) -> tuple[list[Answer], list[Committed | Received]]:
        return self.writer.write(jobs), self.writer.take_committed()

    def _batch(self) -> list[tuple[Job, Any]]:
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
            self._listener(news)
