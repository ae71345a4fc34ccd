"""WebSocket lines under gevent: a message has a size, a send has an end, and two sends do not run into each other.

simple-websocket alone keeps a message of any size in memory before it is measured, sends only what fits the buffer of a slow phone
(the rest is lost in the middle of a frame), and waits for ever when nobody reads.
"""

import contextlib
import socket
import struct
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

import gevent
import gevent.event
import gevent.selectors
import simple_websocket
from engineio.async_drivers.gevent import Thread
from engineio.packet import Packet
from gevent.lock import BoundedSemaphore
from gevent.queue import JoinableQueue
from wsproto.frame_protocol import FrameProtocol
from wsproto.utilities import RemoteProtocolError

MESSAGE_MOST: Final = 65_536  # bytes from a page: it only names topics
WAITING_MOST: Final = 131_072  # bytes in the kernel for a phone that does not read; by itself it would keep megabytes
NOTHING_LEFT: Final = struct.pack("ii", 1, 0)  # on closing, what nobody read is thrown away
SEND_PATIENCE: Final = 5.0  # seconds; a phone that does not read comes back and fetches


def harden(sockets: Any) -> None:
    """Engine.IO takes this driver for its WebSockets."""
    engine = sockets.server.eio
    engine._async = {**engine._async, "websocket": Line, "queue": _Waiting}


class _Frame(bytes):
    """What goes over the line as it is."""


class _Owed(Packet):  # type: ignore[misc]
    """Wakes the greenlet that writes: part of a packet is still owed."""

    def encode(self, b64: bool = False) -> _Frame:
        return _Frame()


class _Waiting(JoinableQueue[Packet | None]):
    """Packets for one phone. Nearly always nothing waits and the kernel takes all of it: then no greenlet has to be woken for it.

    Engine.IO waits for packets with a limit that is longer than the time between two pings, so it never ends: no timer for it."""

    at_once: Callable[[Packet], bool] | None = None  # whether it went, or begins to go, without waiting

    def put(self, item: Packet | None, block: bool = True, timeout: float | None = None) -> None:
        if item is None or self.at_once is None or not self.empty() or not self.at_once(item):
            super().put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Packet | None:
        return super().get(block)


class Line:
    """What Engine.IO asks of a WebSocket: close, send, wait."""

    def __init__(self, handler: Callable[["Line"], Any], _engine: object) -> None:
        self._handler = handler
        self._phone: Any = handler.__self__  # type: ignore[attr-defined]  # Engine.IO's socket, with the queue

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            self._line = _Line(
                environ,
                max_message_size=MESSAGE_MOST,
                thread_class=Thread,
                event_class=gevent.event.Event,  # type: ignore[arg-type]
                selector_class=gevent.selectors.DefaultSelector,
            )
        except (simple_websocket.ConnectionError, RemoteProtocolError):
            start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0"), ("Connection", "close")])
            return []
        self._phone.queue.at_once = self._begins
        try:
            answer: Iterable[bytes] = self._handler(self)
            return answer
        finally:
            self._phone.queue.at_once = None
            self._line.hang_up()

    def close(self) -> None:
        with contextlib.suppress(simple_websocket.ConnectionClosed, OSError):
            self._line.close()
        self._line.hang_up()

    def send(self, message: str | bytes) -> None:
        try:
            self._line.send(message)
        except simple_websocket.ConnectionClosed as closed:
            raise OSError from closed

    def _begins(self, packet: Packet) -> bool:
        """False while the phone still polls, or where somebody would have to wait: then the packet stands in the queue."""
        if not self._phone.upgraded or self._phone.closed or not self._line.begins(_frame(packet.encode())):
            return False
        if self._line.owes:
            JoinableQueue.put(self._phone.queue, _Owed())
        return True

    def wait(self) -> str | bytes | None:
        """None ends the line: it was closed, or what came is no packet."""
        try:
            received: str | bytes = self._line.receive() or ""
        except simple_websocket.ConnectionClosed:
            return None
        return received if _is_packet(received) else None


def _is_packet(received: str | bytes) -> bool:
    """Engine.IO would break on some of it."""
    try:
        Packet(encoded_packet=received)
    except Exception:
        return False
    return True


@lru_cache(maxsize=64)
def _frame(message: str | bytes) -> bytes:
    """A push goes to everybody at a table in the same bytes: the guard lets no extension through, and a server masks nothing."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(message))


class _Line(simple_websocket.Server):
    def handshake(self) -> None:
        self._whole = _WholeSends(self.sock)
        self.sock = self._whole  # type: ignore[assignment]
        super().handshake()

    def send(self, data: str | bytes) -> None:
        if not self.connected:
            raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
        self._whole.send(data if isinstance(data, _Frame) else _frame(data))

    def begins(self, frame: bytes) -> bool:
        return bool(self.connected) and self._whole.begins(frame)

    @property
    def owes(self) -> bool:
        return self._whole.owes

    def hang_up(self) -> None:
        """Nobody speaks HTTP again on this connection."""
        self._whole.hang_up()


class _WholeSends:
    """A socket that sends everything or hangs up, one message after the other.

    What was begun without waiting and not taken whole is owed: it goes before anything else, whoever sends next."""

    def __init__(self, sock: Any) -> None:
        self._sock, self._alone, self._senders, self._owed = sock, BoundedSemaphore(), 0, b""
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WAITING_MOST)

    @property
    def owes(self) -> bool:
        return bool(self._owed)

    def send(self, data: bytes) -> None:
        self._senders += 1
        try:
            with self._alone:
                self._send(data)
        finally:
            self._senders -= 1

    def begins(self, data: bytes) -> bool:
        """Nobody waits and nobody else has a turn meanwhile. A line that is broken begins nothing: the next send that waits finds out."""
        if self._senders or self._owed:
            return False
        try:
            sent = int(self._sock.send(data, 0, 0.0))
        except OSError:  # among them: the kernel takes nothing just now
            return False
        self._owed = data[sent:]
        return sent > 0

    def _send(self, data: bytes) -> None:
        data, self._owed = self._owed + data, b""
        try:
            with gevent.Timeout(SEND_PATIENCE, TimeoutError("nobody reads")):
                self._sock.sendall(data)
        except OSError:
            with contextlib.suppress(OSError):
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING_LEFT)
            self.hang_up()
            raise

    def recv(self, most: int) -> bytes:
        received: bytes = self._sock.recv(most)
        return received

    def close(self) -> None:
        self._sock.close()

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
