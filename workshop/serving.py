"""Serve a data folder: the listening socket, the allowed hosts, the server."""

import logging
import signal
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final

import gevent
from gevent.pywsgi import WSGIHandler, WSGIServer

from workshop.addresses import lan_addresses
from workshop.app import Building
from workshop.web.live.rooms import cut_off_the_slow

HEADER_PATIENCE: Final = 8.0  # seconds to send the head of a request
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


def listen(host: str, port: int) -> socket.socket:
    """A listening socket with TCP_NODELAY, which accepted ones inherit: without it a push may wait 40 ms. OSError: the port is taken."""
    sock: Any = gevent.socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.bind((host, port))
    sock.listen(1024)
    return sock  # type: ignore[no-any-return]


def serve(building: Building, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Until a signal asks to stop; then answer what is under way and close the databases."""
    _raise_file_limit()
    server = WSGIServer(sock, building.app, handler_class=_Handler, log=None, error_log=logging.getLogger("tavoli.server"))
    for each in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(each, server.stop, timeout=1)
    server.start()
    building.sockets.start_background_task(cut_off_the_slow, building.sockets)
    ready()
    try:
        server.serve_forever(stop_timeout=1)
    finally:
        building.close()


class _Handler(WSGIHandler):
    """A request head that does not come in time is cut off; a TLS hello on our plain port is answered at once, not left hanging."""

    def read_request(self, raw_requestline: str) -> Any:
        self.socket.settimeout(HEADER_PATIENCE)
        try:
            return super().read_request(raw_requestline)
        finally:
            self.socket.settimeout(None)

    def log_request(self) -> None:
        """No address, no path, nothing about people in a log."""

    def handle_error(self, kind: Any, value: Any, trace: Any) -> None:
        if not issubclass(kind, ConnectionError | ssl.SSLError | TimeoutError):
            super().handle_error(kind, value, trace)


def _raise_file_limit() -> None:
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, 20_000) if hard != resource.RLIM_INFINITY else 20_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
