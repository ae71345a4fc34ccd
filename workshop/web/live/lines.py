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
from engineio.packet import MESSAGE, Packet
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
    """What is left of a message as it goes over the line."""


class _Left(Packet):  # type: ignore[misc]
    def encode(self, b64: bool = False) -> _Frame:
        return _Frame(self.data)


class _Waiting(JoinableQueue[Packet | None]):
    """Packets for one phone. Nearly always nothing waits and the kernel takes all of it: then no greenlet has to be woken for it.

    Engine.IO waits for packets with a limit that is longer than the time between two pings, so it never ends: no timer for it."""

    at_once: Callable[[Packet], bytes] | None = None  # sends what it can and answers with what is left

    def put(self, item: Packet | None, block: bool = True, timeout: float | None = None) -> None:
        if item is None or self.at_once is None or not self.empty():
            super().put(item)
        elif left := self.at_once(item):
            super().put(_Left(MESSAGE, left))

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
        self._phone.queue.at_once = self._left_of
        try:
            answer: Iterable[bytes] = self._handler(self)
            return answer
        finally:
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

    def _left_of(self, packet: Packet) -> bytes:
        """Of its frame, after what could be sent without waiting: all of it while the phone still polls, or is sent something else."""
        frame = _frame(packet.encode())
        return self._line.left_of(frame) if self._phone.upgraded and not self._phone.closed else frame

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

    def left_of(self, frame: bytes) -> bytes:
        return self._whole.left_of(frame) if self.connected else frame

    def hang_up(self) -> None:
        """Nobody speaks HTTP again on this connection."""
        self._whole.hang_up()


class _WholeSends:
    """A socket that sends everything or hangs up, one message after the other."""

    def __init__(self, sock: Any) -> None:
        self._sock, self._alone = sock, BoundedSemaphore()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, WAITING_MOST)

    def send(self, data: bytes) -> None:
        with self._alone:
            try:
                if left := self._after_a_try(data):
                    with gevent.Timeout(SEND_PATIENCE, TimeoutError("nobody reads")):
                        self._sock.sendall(left)
            except OSError:
                with contextlib.suppress(OSError):
                    self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING_LEFT)
                self.hang_up()
                raise

    def left_of(self, data: bytes) -> bytes:
        """What is not sent when nobody waits. A line that is broken keeps everything: the next send that waits finds out."""
        if self._alone.locked():
            return data
        try:
            return self._after_a_try(data)
        except OSError:
            return data

    def _after_a_try(self, data: bytes) -> bytes:
        """What the kernel does not take without waiting: nearly always nothing, and then no timer is needed."""
        try:
            return data[int(self._sock.send(data, 0, 0.0)) :]
        except BlockingIOError:
            return data

    def recv(self, most: int) -> bytes:
        received: bytes = self._sock.recv(most)
        return received

    def close(self) -> None:
        self._sock.close()

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
