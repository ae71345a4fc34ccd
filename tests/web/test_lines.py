"""Sending over a line of Engine.IO: at once where nobody waits, and whole and in order where somebody reads late."""

import select
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import TypeVar

import engineio
import gevent
import pytest
from gevent.pywsgi import WSGIServer

from tests.attacks.wire import WebSocket
from tests.support.awaiting import until
from workshop.web.live.lines import harden

T = TypeVar("T")


class Exchange:
    """An Engine.IO server in this thread's hub, and one phone on a bare socket, which a native thread opens."""

    def __init__(self) -> None:
        self.engine = engineio.Server(async_mode="gevent", cors_allowed_origins=[], allow_upgrades=True)
        harden(SimpleNamespace(server=SimpleNamespace(eio=self.engine)))
        self.server = WSGIServer(("127.0.0.1", 0), engineio.WSGIApp(self.engine, engineio_path="socket.io"), log=None)
        self.server.start()
        self.phone = self.apart(lambda: WebSocket(f"http://127.0.0.1:{self.server.server_port}", receive_buffer=4_096))
        assert self.apart(self.phone.receive).startswith("0{")
        [self.sid] = self.engine.sockets
        self.apart(lambda: until(lambda: not self.waiting))

    def apart(self, act: Callable[[], T]) -> T:
        """On a native thread, so that the hub goes on serving."""
        return gevent.get_hub().threadpool.apply(act)

    @property
    def waiting(self) -> int:
        return self.engine.sockets[self.sid].queue.qsize() if self.sid in self.engine.sockets else 0

    def close(self) -> None:
        self.phone.close()
        self.server.stop(timeout=1)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    opened = Exchange()
    yield opened
    opened.close()


def test_what_nobody_waits_before_is_on_its_way_before_anybody_else_has_a_turn(exchange: Exchange) -> None:
    exchange.engine.send(exchange.sid, "subito")
    assert select.select([exchange.phone.sock], [], [], 5)[0], "the hub had no turn, and yet it is here"
    assert exchange.apart(exchange.phone.receive) == "4subito"


@pytest.mark.parametrize("taken_up", [False, True], ids=["all of it in the queue", "one of them half sent"])
def test_who_reads_late_gets_everything_whole_and_in_order(exchange: Exchange, taken_up: bool) -> None:
    told = [f"{n}: {'è' * 3_000}" for n in range(300)]
    for each in told[:200]:
        exchange.engine.send(exchange.sid, each)
    assert exchange.waiting > 50, "more than the kernel keeps"
    if taken_up:
        exchange.apart(lambda: until(lambda: not exchange.waiting))  # by the greenlet that writes, which now waits for room
    read = [exchange.phone.receive() for _ in range(30)]  # there is room again, and the hub has had no turn
    for each in told[200:]:
        exchange.engine.send(exchange.sid, each)
    read += exchange.apart(lambda: [exchange.phone.receive() for _ in told[30:]])
    assert read == [f"4{each}" for each in told]


def test_who_has_gone_is_found_out_and_forgotten(exchange: Exchange) -> None:
    exchange.phone.close()
    for n in range(3):
        exchange.engine.send(exchange.sid, f"{n}")
    exchange.apart(lambda: until(lambda: exchange.sid not in exchange.engine.sockets))
