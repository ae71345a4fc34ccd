"""The load generator, in its own process: phones that listen, phones that write. Spec as JSON on standard input, result on output.

Spec: {port, phones: [{cookie, table, step}], seconds, rate (cards/s in all; 0 = as fast as acknowledged), burst (0 or cards at once)}.
A card is on the last screen when every phone of its table has been told a count that includes it.
"""

import json
import re
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import gevent
from gevent.lock import BoundedSemaphore

from bench.wire import Connection, Phone, event

COUNT = re.compile(r'id="count-[^"]*"[^>]*>\D*(\d+)')


@dataclass
class Table:
    """`told`: phone -> highest count told; `waiting`: seq -> when its card was sent."""

    phones: int = 0
    told: dict[int, int] = field(default_factory=dict)
    waiting: dict[int, float] = field(default_factory=dict)
    screens: list[float] = field(default_factory=list)

    def hear(self, phone: int, count: int, now: float) -> None:
        self.told[phone] = max(self.told.get(phone, 0), count)
        self.settle(now)

    def settle(self, now: float) -> None:
        if len(self.told) < self.phones:
            return
        least = min(self.told.values())
        for seq in [s for s in self.waiting if s <= least]:
            self.screens.append(now - self.waiting.pop(seq))


class Load:
    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec, self.tables = spec, {phone["table"]: Table() for phone in spec["phones"]}
        self.acks: list[float] = []
        self.failures = self.refreshes = 0
        self.sent_ids: list[str] = []
        self.kept: list[tuple[str, bool]] = []

    def run(self) -> dict[str, Any]:
        gate = BoundedSemaphore(50)
        listeners = [gevent.spawn(self._join, i, phone, gate) for i, phone in enumerate(self.spec["phones"])]
        gevent.joinall(listeners, raise_error=True)
        joined = zip(enumerate(self.spec["phones"]), listeners, strict=True)
        hearing = [gevent.spawn(self._hear, i, phone, each.value) for (i, phone), each in joined]
        writers = [Connection(self.spec["port"], phone["cookie"]) for phone in self.spec["phones"]]
        start = time.perf_counter()
        if self.spec.get("burst"):
            gevent.joinall([gevent.spawn(self._write, i % len(writers), writers) for i in range(self.spec["burst"])])
        elif self.spec["rate"]:
            self._at_rate(writers, start)
        else:
            gevent.joinall([gevent.spawn(self._fast, i, writers, start) for i in range(len(writers))])
        elapsed = time.perf_counter() - start
        self._await_screens()
        gevent.killall(hearing)
        return self._result(elapsed)

    def _join(self, i: int, phone: dict[str, str], gate: BoundedSemaphore) -> Phone:
        with gate:
            socket = Phone(self.spec["port"], phone["cookie"])
            socket.open()
            socket.listen(f"table:{phone['table']}")
            self.tables[phone["table"]].phones += 1
            return socket

    def _hear(self, i: int, phone: dict[str, str], socket: Phone) -> None:
        table = self.tables[phone["table"]]
        for text in socket.frames():
            found = event(text)
            if not found or found[0] != "push":
                continue
            html = found[1]["html"]
            if html is None:
                gevent.spawn(self._fetch, i, phone, table)
            elif count := COUNT.search(html):
                table.hear(i, int(count.group(1)), time.perf_counter())

    def _fetch(self, i: int, phone: dict[str, str], table: Table) -> None:
        """A push without html: the page fetches, as live.js does."""
        self.refreshes += 1
        reader = Connection(self.spec["port"], phone["cookie"])
        _, body, _ = reader.get("/table")
        reader.close()
        if count := COUNT.search(body.decode()):
            table.hear(i, int(count.group(1)), time.perf_counter())

    def _at_rate(self, writers: list[Connection], start: float) -> None:
        sent, jobs = 0, []
        while (now := time.perf_counter() - start) < self.spec["seconds"]:
            while sent < now * self.spec["rate"]:
                jobs.append(gevent.spawn(self._write, sent * 7 % len(writers), writers))
                sent += 1
            gevent.sleep(0.002)
        gevent.joinall(jobs)

    def _fast(self, i: int, writers: list[Connection], start: float) -> None:
        while time.perf_counter() - start < self.spec["seconds"]:
            self._write(i, writers)

    def _write(self, i: int, writers: list[Connection]) -> None:
        phone, card = self.spec["phones"][i], secrets.token_hex(16)
        members = {"command_id": card, "step_id": phone["step"], "kind": "question", "text": f"Domanda {card[:12]}: a chi chiediamo?"}
        begin = time.perf_counter()
        self.sent_ids.append(card)
        try:
            connection = Connection(self.spec["port"], phone["cookie"]) if self.spec.get("burst") else writers[i]
            status, body = connection.post(f"/tables/{phone['table']}/cards", json.dumps(members).encode())
        except OSError:
            self.failures += 1
            return
        now = time.perf_counter()
        if status not in {200, 201}:
            self.failures += 1
            return
        told = json.loads(body)
        self.acks.append(now - begin)
        self.kept.append((card, told.get("first_time", True)))
        table = self.tables[phone["table"]]
        table.waiting[_seq(told)] = begin
        table.settle(now)

    def _await_screens(self) -> None:
        until = time.perf_counter() + 20
        while any(table.waiting for table in self.tables.values()) and time.perf_counter() < until:
            gevent.sleep(0.01)

    def _result(self, elapsed: float) -> dict[str, Any]:
        screens = [delay for table in self.tables.values() for delay in table.screens]
        return {
            "acked": len(self.acks),
            "acked_per_s": round(len(self.acks) / elapsed, 1),
            "failures": self.failures,
            "refreshes": self.refreshes,
            "never_shown": sum(len(table.waiting) for table in self.tables.values()),
            "ids": self.sent_ids if self.spec.get("burst") else [],
            **{f"ack_{name}_ms": value for name, value in quantiles(self.acks).items()},
            **{f"screen_{name}_ms": value for name, value in quantiles(screens).items()},
        }


def _seq(told: dict[str, Any]) -> int:
    """Number at the table: the peer says it plainly, Tavoli in the code it tells the person (T4-03)."""
    return int(told["seq"]) if "seq" in told else int(re.sub(r"\D", "", str(told["code"]).rpartition("-")[2]))


def quantiles(values: list[float]) -> dict[str, float]:
    """p50, p95, p99 in milliseconds; 0 without values."""
    ordered = sorted(values) or [0.0]
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * q))] * 1000, 2)
        for name, q in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


if __name__ == "__main__":
    json.dump(Load(json.load(sys.stdin)).run(), sys.stdout)
