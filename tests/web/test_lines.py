"""Sending over a line of Engine.IO: at once where nobody waits, and whole and in order where somebody reads late."""

import gc
import json
import select
import socket
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import TypeVar

import engineio
import gevent
import gevent.socket
import httpx
import pytest
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from tests.attacks.wire import WebSocket, frame
from tests.support.awaiting import until
from workshop.web.live.lines import _WholeSends, harden

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


@pytest.mark.parametrize("ping_first", [False, True])
def test_a_ping_that_is_answered_meanwhile_tears_nothing(exchange: Exchange, ping_first: bool) -> None:
    """Python's phones send them. It is read in the turn of the hub in which a push is half sent."""
    told = [f"{n}: {'è' * 3_000}" for n in range(100)]
    here, there = socket.socketpair()

    def emit() -> None:
        there_too.recv(1)
        for each in told:
            exchange.engine.send(exchange.sid, each)

    with here, gevent.socket.socket(fileno=there.detach()) as there_too:
        emitting = gevent.spawn(emit)
        gevent.sleep(0)
        acts = [lambda: here.sendall(b"x"), lambda: exchange.phone.sock.sendall(frame(b"sei qui?", first=0x89))]
        for act in reversed(acts) if ping_first else acts:
            act()
        line = exchange.engine.sockets[exchange.sid].queue.at_once.__self__._line
        assert select.select([line.sock._sock.fileno()], [], [], 20)[0]  # both are there before the hub has its turn
        emitting.join()
    heard = exchange.apart(lambda: [exchange.phone.receive() for _ in range(101)])
    assert [each for each in heard if each != "sei qui?"] == [f"4{each}" for each in told]
    assert heard.count("sei qui?") == 1


def test_who_waits_for_the_line_is_not_overtaken() -> None:
    """An answer to a ping waits for room, the greenlet that writes waits for that one: whoever comes now waits too."""
    room, sock = Event(), OneSent()
    sock.sendall = lambda data: (room.wait(), sock.out.append(bytes(data)))  # type: ignore[method-assign]
    line = _WholeSends(sock)
    waiting = [gevent.spawn(line.send, each) for each in (b"pong", b"A")]
    gevent.sleep(0)
    room.set()
    begun = gevent.spawn(line.begins, b"X")
    gevent.joinall([*waiting, begun], timeout=20)
    assert (begun.value, sock.out) == (False, [b"pong", b"A"])


def test_nothing_is_begun_while_something_is_owed() -> None:
    sock = OneSent(takes=3)
    line = _WholeSends(sock)
    assert (line.begins(b"prima"), line.owes, line.begins(b"poi")) == (True, True, False)
    line.send(b"poi")
    assert (b"".join(sock.out), line.owes) == (b"primapoi", False)


class OneSent:
    """A socket whose kernel has room, for who asks only now."""

    def __init__(self, takes: int = 1_000) -> None:
        self.out, self.takes = list[bytes](), takes

    def setsockopt(self, *_: object) -> None: ...

    def send(self, data: bytes, _flags: int, _timeout: float) -> int:
        self.out.append(bytes(data[: self.takes]))
        return len(self.out[-1])

    def sendall(self, data: bytes) -> None:
        self.out.append(bytes(data))


def test_a_phone_that_polls_first_is_upgraded_and_hears_everything(exchange: Exchange) -> None:
    """Our own pages begin with a socket; other clients poll first, and may give up in the middle."""
    url = f"http://127.0.0.1:{exchange.server.server_port}"
    path = "/socket.io/?EIO=4&transport=polling"
    with httpx.Client(base_url=url, trust_env=False, timeout=20) as client:
        sid = json.loads(exchange.apart(lambda: client.get(path).text[1:]))["sid"]
        given_up = exchange.apart(lambda: _probe(url, sid))
        given_up.close()
        exchange.engine.send(sid, "intanto")
        exchange.apart(lambda: until(lambda: "4intanto" in client.get(f"{path}&sid={sid}").text))
        line = exchange.apart(lambda: _probe(url, sid))
        line.send("5")
        exchange.apart(lambda: until(lambda: exchange.engine.sockets[sid].upgraded))
        exchange.engine.send(sid, "poi")
        assert exchange.apart(lambda: [line.receive(), line.receive()]) == ["6", "4poi"]  # the first wakes a poll that nobody made
        line.close()


def _probe(url: str, sid: str) -> WebSocket:
    line = WebSocket(url, sid=sid)
    line.send("2probe")
    assert line.receive() == "3probe"
    return line


def test_a_line_that_ended_is_held_by_nobody(exchange: Exchange) -> None:
    """The collector looks rarely; phones come back all day."""
    held = weakref.ref(exchange.engine.sockets[exchange.sid].queue.at_once.__self__)
    gc.disable()
    try:
        exchange.phone.close()
        exchange.apart(lambda: until(lambda: exchange.sid not in exchange.engine.sockets))
        exchange.apart(lambda: until(lambda: held() is None))
    finally:
        gc.enable()


def test_who_has_gone_is_found_out_and_forgotten(exchange: Exchange) -> None:
    exchange.phone.close()
    for n in range(3):
        exchange.engine.send(exchange.sid, f"{n}")
    exchange.apart(lambda: until(lambda: exchange.sid not in exchange.engine.sockets))
