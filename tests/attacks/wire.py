"""What a browser never sends: bytes on a bare socket, WebSocket frames by hand."""

import base64
import os
import select
import socket
import struct
import time
from typing import Any, Final
from urllib.parse import urlsplit

UPGRADE: Final = (
    "GET /socket.io/?EIO=4&transport=websocket{session} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{more}\r\n"
)


def host_of(url: str) -> str:
    return urlsplit(url).netloc


def connect(url: str, patience: float = 20) -> socket.socket:
    host, _, port = host_of(url).partition(":")
    return socket.create_connection((host, int(port)), timeout=patience)


def answer_to(url: str, data: bytes, patience: float = 20) -> bytes:
    """All that comes back until the other side hangs up; what it says of its name is put in for {host}."""
    with connect(url, patience) as sock:
        sock.sendall(data.replace(b"{host}", host_of(url).encode()))
        return read_all(sock)


def read_all(sock: socket.socket) -> bytes:
    found = b""
    try:
        while part := sock.recv(65_536):
            found += part
    except ConnectionResetError:
        pass
    return found


def is_open(sock: socket.socket, patience: float = 0) -> bool:
    """False once the other side has hung up; what it sends meanwhile is thrown away."""
    until = time.monotonic() + patience
    while select.select([sock], [], [], max(0.0, until - time.monotonic()))[0]:
        try:
            if not sock.recv(65_536):
                return False
        except OSError:
            return False
    return True


class WebSocket:
    """A WebSocket that does what it is told, also what no browser does."""

    def __init__(self, url: str, cookie: str = "", receive_buffer: int = 0, sid: str = "") -> None:
        """`sid`: of a session that polls, to be upgraded."""
        host, _, port = host_of(url).partition(":")
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(20)
        self.sock.connect((host, int(port)))
        more = f"Cookie: {cookie}\r\n" if cookie else ""
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(UPGRADE.format(host=host_of(url), key=key, more=more, session=f"&sid={sid}" if sid else "").encode())
        self._rest = b""
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        assert b" 101 " in head.splitlines()[0], head

    def join(self) -> None:
        """OPEN, then the namespace."""
        assert self.receive().startswith("0{")
        self.send("40")
        assert self.receive().startswith("40")

    def send(self, text: str) -> None:
        self.sock.sendall(frame(text.encode()))

    def ask(self, event: str, data: str, number: int = 1) -> str:
        """An event with an acknowledgement."""
        self.send(f'42{number}["{event}",{data}]')
        while not (told := self.receive()).startswith(f"43{number}"):
            if told == "41":
                raise ConnectionError("disconnected")
        return told

    def receive(self) -> str:
        while len(self._rest) < 2:
            self._rest += self._more()
        size, head = self._rest[1] & 127, 2
        for code, wide, form in ((126, 2, ">H"), (127, 8, ">Q")):
            if self._rest[1] & 127 == code:
                while len(self._rest) < 2 + wide:
                    self._rest += self._more()
                size, head = struct.unpack(form, self._rest[2 : 2 + wide])[0], 2 + wide
        while len(self._rest) < head + size:
            self._rest += self._more()
        text, self._rest = self._rest[head : head + size].decode(errors="replace"), self._rest[head + size :]
        if text == "2":
            self.send("3")
            return self.receive()
        return text

    def close(self) -> None:
        self.sock.close()

    def __enter__(self) -> "WebSocket":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _more(self) -> bytes:
        part = self.sock.recv(65_536)
        if not part:
            raise ConnectionError("hung up")
        return part


def frame(data: bytes, first: int = 0x81, told: int | None = None) -> bytes:
    """A masked frame, as devices send them; `told`: the length that its head says."""
    size, mask = len(data) if told is None else told, os.urandom(4)
    if size < 126:
        head = bytes([first, 0x80 | size])
    elif size < 65_536:
        head = bytes([first, 0xFE]) + struct.pack(">H", size)
    else:
        head = bytes([first, 0xFF]) + struct.pack(">Q", size)
    whole = int.from_bytes(data, "big") ^ int.from_bytes((mask * (len(data) // 4 + 1))[: len(data)], "big")
    return head + mask + whole.to_bytes(len(data), "big")
