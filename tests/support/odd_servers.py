"""Lines that fail in every way: a proxy that cuts, a server that answers something else, answers slowly, or not at all."""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)  # linger 0: closing sends a reset, as a pulled cable looks in the end


@contextlib.contextmanager
def answering(answer: bytes, *, hang: bool = False) -> Iterator[str]:
    """A server that answers every request with these bytes and closes, or goes on in silence; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stopped = threading.Event()
        thread = threading.Thread(target=_answer_all, args=(listener, answer, stopped if hang else None), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def http_answer(status: str, body: bytes, sort: str = "application/json", *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {sort}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _answer_all(listener: socket.socket, answer: bytes, hold: threading.Event | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.recv(65_536)
            connection.sendall(answer)
            if hold:
                hold.wait(30)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                continue


@dataclass(slots=True)
class CuttingProxy:
    """Passes bytes on to `target`, under its name; after `cut_after` bytes, counted over both ways of one connection, it cuts.

    `unplugged`: whoever comes is sent away at once. `hold_at`: when these bytes have gone through it waits for `go_on`, and
    `is_held` says so."""

    target: tuple[str, int]
    cut_after: int | None = None
    cuts: int = 0
    passed: int = 0  # bytes of the last connection
    heard: bytearray = field(default_factory=bytearray)  # all that went through, both ways
    url: str = ""
    unplugged: bool = False
    hold_at: bytes = b""
    is_held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def hold(self) -> None:
        if self.hold_at and self.hold_at in self.heard and not self.is_held.is_set():
            self.is_held.set()
            self.go_on.wait(30)


@contextlib.contextmanager
def a_cutting_proxy(url: str) -> Iterator[CuttingProxy]:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = CuttingProxy((host, int(port)), url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=_accept, args=(listener, proxy), daemon=True)
        thread.start()
        yield proxy
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def _accept(listener: socket.socket, proxy: CuttingProxy) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        if proxy.unplugged:
            client.close()
        else:
            threading.Thread(target=_pass_on, args=(client, proxy), daemon=True).start()


def _pass_on(client: socket.socket, proxy: CuttingProxy) -> None:
    with client, socket.create_connection(proxy.target) as server, contextlib.suppress(OSError):
        left = proxy.cut_after
        proxy.passed = 0
        while ready := select.select([client, server], [], [], 30)[0]:
            for side in ready:
                data = side.recv(65_536).replace(_host(proxy.url), _host(f"http://{proxy.target[0]}:{proxy.target[1]}"))
                if not data:
                    return
                part = data if left is None else data[:left]
                (server if side is client else client).sendall(part)
                proxy.passed += len(part)
                proxy.heard += part
                proxy.hold()
                left = None if left is None else left - len(part)
                if left == 0:
                    proxy.cuts += 1
                    for each in (client, server):
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    return


def _host(url: str) -> bytes:
    """The server's guard lets only its own name in. Ports have five digits here, so the length stays."""
    return url.replace("http://", "Host: ").encode()
