"""Serve a data folder: the listening socket, the allowed hosts, the server."""

import contextlib
import json
import logging
import os
import re
import signal
import socket
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import gevent
from gevent.pywsgi import OldMessage, WSGIHandler, WSGIServer

from workshop.addresses import lan_addresses
from workshop.app import Building
from workshop.web.courier import Courier
from workshop.web.guard import security_headers
from workshop.web.http.local import courier
from workshop.web.live.rooms import cut_off_the_slow
from workshop.web.rounds import EVERY, Rounds
from workshop.web.wording import say, status_words

HEAD_PATIENCE: Final = 8.0  # seconds to send the line of a request, and again for the rest of its head
IDLE_PATIENCE: Final = 75.0  # seconds until the next request on the same connection
LEAVE: Final = 0.3  # seconds, so that the answer which says so still goes out
PATIENCE: Final = 20.0  # seconds without a byte, in or out
DISCARD_MOST: Final = 8 * 1024 * 1024  # bytes of a body that was refused are read to its end, so that the answer arrives
HEADERS_MOST: Final = 100
HEADER_MOST: Final = 64 * 1024  # bytes of one line
HEADER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]++):([^\r\n\0]*+)\r?\n")  # gives nothing back: a long line takes no longer
HEAD_ENDS: Final = frozenset({b"\r\n", b"\n"})
ONE_PACKET: Final = 16 * 1024  # bytes of an answer that go out with its head
TLS_HELLO: Final = b"\x16"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


def allowed_hosts(port: int, extra: str = "") -> Callable[[], set[str]]:
    """Our own names at this moment: they follow the computer when its address changes. Looked up at most every two seconds."""
    kept: dict[str, Any] = {"at": -10.0, "hosts": set()}

    def hosts() -> set[str]:
        if time.monotonic() - kept["at"] > 2:
            names = LOOPBACK | set(lan_addresses()) | ({extra} if extra else set())
            kept.update(at=time.monotonic(), hosts={f"{name}:{port}" for name in names} | (names if port in {80, 443} or extra else set()))
        return kept["hosts"]  # type: ignore[no-any-return]

    return hosts


def own_names(port: int) -> set[str]:
    """Of this computer for itself: the command line asks the server by them."""
    return {f"{name}:{port}" for name in LOOPBACK}


class PortUnusable(RuntimeError):
    """Another program listens there, or this one may not, or the number is no port."""

    def __init__(self, port: int, why: str) -> None:
        super().__init__(f"Port {port} cannot be used ({why}). Close the other program or choose --port.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket with TCP_NODELAY, which accepted ones inherit: without it a push may wait 40 ms. Raises PortUnusable."""
    sock: Any = gevent.socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        sock.bind((host, port))
        sock.listen(1024)
    except (OSError, OverflowError) as wrong:
        raise PortUnusable(port, getattr(wrong, "strerror", "") or str(wrong)) from wrong
    return sock  # type: ignore[no-any-return]


def serve(building: Building, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Until a signal asks to stop; then answer what is under way and close the databases."""
    _raise_file_limit()
    door = _Door(building.app)
    server = WSGIServer(sock, door, handler_class=_Handler, log=None, error_log=logging.getLogger("tavoli.server"))
    for each in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(each, server.stop, timeout=1)
    building.house.leave = lambda: door.leave(server)
    server.start()
    building.sockets.start_background_task(cut_off_the_slow, building.sockets)
    if building.house.copier:
        building.house.copier.start()
    if building.house.eraser:
        building.sockets.start_background_task(building.house.desk.apart, building.house.eraser.run_quietly)
    rounds = _rounds(building)
    ready()
    try:
        server.serve_forever(stop_timeout=1)
    finally:
        rounds.stop()
        building.close()


def _rounds(building: Building) -> Rounds:
    """A room goes to its centre by itself; a centre waits for rooms."""

    def ours() -> Courier:
        with building.app.app_context():
            return courier()

    rounds = Rounds(ours, float(os.environ.get("TAVOLI_LOOK_EVERY", EVERY)))
    if building.house.place == "room":
        rounds.start()
    return rounds


class _Door:
    """The program, until it leaves: then whoever asks is sent to the same address on a new connection, which waits for the next one."""

    def __init__(self, application: Any) -> None:
        self.application, self.is_open = application, True

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if self.is_open:
            return self.application(environ, start_response)
        asked = quote(environ.get("PATH_INFO", "/"), encoding="latin-1")
        query = environ.get("QUERY_STRING", "")
        where = f"{asked}?{query}" if query else asked
        start_response("307 Temporary Redirect", [("Location", where), ("Connection", "close"), ("Content-Length", "0")])
        return []

    def leave(self, server: Any) -> None:
        """After the answer under way: nobody new is let in from now on."""
        self.is_open = False
        server.stop_accepting()
        gevent.spawn_later(LEAVE, server.stop, timeout=1)


class _Handler(WSGIHandler):
    """A request head that does not come in time is cut off; a TLS hello on our plain port is hung up on at once."""

    is_first = True
    is_whole = False  # the head came in one piece, as nearly always: nobody waits for it, and no timer is needed
    with_head = b""

    def handle(self) -> None:
        """Who has gone before being told that this was no HTTP is no fault of ours either."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def handle_one_request(self) -> Any:
        found = super().handle_one_request()
        self.is_first = False
        return (found[0], _raw_refusal(found[0])) if isinstance(found, tuple) else found

    def read_requestline(self) -> str:
        with gevent.Timeout(HEAD_PATIENCE if self.is_first else IDLE_PATIENCE, TimeoutError()):
            begins = self.rfile.peek(1)
        if begins[:1] == TLS_HELLO:
            return ""
        self.is_whole = b"\r\n\r\n" in begins
        with self._patience():
            return str(super().read_requestline())

    def read_request(self, raw_requestline: str) -> Any:
        with self._patience():
            found = super().read_request(raw_requestline)
        if any(len(self.headers.get_all(name, [])) > 1 for name in ("Host", "Content-Length")):
            raise ValueError("said twice")
        return found

    def MessageClass(self, *_told: Any) -> Any:
        """The lines of a head, each as the standard has it. What gevent asks by itself, made for mail, takes three times as long,
        and what follows an odd line it drops in silence: a second length, for one."""
        head: Any = OldMessage()
        for _ in range(HEADERS_MOST + 1):
            line = self.rfile.readline(HEADER_MOST)
            if line in HEAD_ENDS:
                return head
            if (found := HEADER.fullmatch(line)) is None:
                break
            head.set_raw(found[1].decode("ascii"), found[2].decode("latin-1").strip(" \t"))
        raise ValueError("no head")

    def _patience(self) -> contextlib.AbstractContextManager[object]:
        return contextlib.nullcontext() if self.is_whole else gevent.Timeout(HEAD_PATIENCE, TimeoutError())

    def get_environ(self) -> dict[str, Any]:
        """From here on silence has an end, but for sockets, which ask by themselves who is still there."""
        environ: dict[str, Any] = super().get_environ()
        self.socket.settimeout(None if environ.get("HTTP_UPGRADE") else PATIENCE)
        body: Any = self.wsgi_input
        body.chunked_input, body.content_length = False, min(self.content_length or 0, DISCARD_MOST)  # the guard refuses what is more
        return environ

    def _write_with_headers(self, data: bytes) -> None:
        """A small answer goes out with its head: two packets would each wait for their turn in the air."""
        self.with_head = data if self.provided_content_length is not None and len(data) <= ONE_PACKET else b""
        try:
            super()._write_with_headers(b"" if self.with_head else data)  # type: ignore[misc]
        finally:
            self.with_head = b""

    def _sendall(self, data: bytes) -> None:
        super()._sendall(data + self.with_head)  # type: ignore[misc]

    def log_request(self) -> None:
        """No address, no path, nothing about people in a log."""

    def handle_error(self, kind: Any, value: Any, trace: Any) -> None:
        self.close_connection = True
        if not issubclass(kind, ConnectionError | ssl.SSLError | TimeoutError):
            super().handle_error(kind, value, trace)

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        """Who cannot speak HTTP is no fault of ours: nothing in the log."""
        return ("408" if isinstance(ex, TimeoutError) else "400", b"")


def _raw_refusal(status: str) -> bytes:
    """The same shape of error where no request could be read: nobody knows the reader's language, so Italian."""
    title, detail = status_words(int(status))
    told = {"error": f"http_{status}", "title": say("it", title), "detail": say("it", detail), "field": "", "limit": {}}
    body = json.dumps(told).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close"), *security_headers("")]
    lines = [f"HTTP/1.1 {status} {HTTPStatus(int(status)).phrase}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _raise_file_limit() -> None:
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 20_000) if hard != resource.RLIM_INFINITY else 20_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
