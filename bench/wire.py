"""The little of HTTP, WebSocket and Socket.IO that a load generator needs: raw bytes on a gevent socket, so that it costs little."""

import base64
import json
import os
import struct
from collections.abc import Iterator
from typing import Any

from gevent import socket


class Connection:
    """One kept connection to 127.0.0.1."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """(status, body) of a JSON POST."""
        head = self._head("POST", path, f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n")
        self.socket.sendall(head + body)
        return self._answer()

    def get(self, path: str, more: str = "") -> tuple[int, bytes, int]:
        """(status, body, bytes on the wire)."""
        self.socket.sendall(self._head("GET", path, more))
        status, body, wire = self._whole_answer()
        return status, body, wire

    def close(self) -> None:
        self.socket.close()

    def _head(self, method: str, path: str, more: str) -> bytes:
        origin = f"http://127.0.0.1:{self.port}"
        lines = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: {origin}\r\n{more}"
        return (lines + (f"Cookie: {self.cookie}\r\n" if self.cookie else "") + "\r\n").encode()

    def _answer(self) -> tuple[int, bytes]:
        status, body, _ = self._whole_answer()
        return status, body

    def _whole_answer(self) -> tuple[int, bytes, int]:
        while b"\r\n\r\n" not in self.pending:
            self.pending += self._more()
        head, _, rest = self.pending.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
        while len(rest) < length:
            rest += self._more()
        self.pending = rest[length:]
        return int(head[9:12]), rest[:length], len(head) + 4 + length

    def _more(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed")
        return bytes(data)


class Phone(Connection):
    """A phone's Socket.IO connection over WebSocket, offering compression as browsers do."""

    def open(self) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        more = (
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
        )
        self.socket.sendall(self._head("GET", "/socket.io/?EIO=4&transport=websocket", more))
        while b"\r\n\r\n" not in self.pending:
            self.pending += self._more()
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        if b" 101 " not in head[:20]:
            raise ConnectionError(head[:200].decode(errors="replace"))
        frames = self.frames()
        next(frames)  # 0{...}
        self.send("40")
        while not next(frames).startswith("40"):
            continue

    def listen(self, topic: str) -> None:
        self.send("420" + json.dumps(["listen", {"topic": topic}]))
        for text in self.frames():
            if text.startswith("430"):
                if "error" in text:
                    raise ConnectionError(text)
                return

    def send(self, text: str) -> None:
        data, mask = text.encode(), os.urandom(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.socket.sendall(b"\x81" + length + mask + masked)

    def frames(self) -> Iterator[str]:
        """Text frames; pings of Engine.IO are answered."""
        while True:
            data = self._frame()
            if data == "2":
                self.send("3")
            else:
                yield data

    def _frame(self) -> str:
        while (parsed := self._parse()) is None:
            self.pending += self._more()
        opcode, payload = parsed
        if opcode == 8:
            raise ConnectionError("closed by server")
        return payload.decode() if opcode == 1 else ""

    def _parse(self) -> tuple[int, bytes] | None:
        if len(self.pending) < 2:
            return None
        size, at = self.pending[1] & 127, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            if len(self.pending) < 2 + width:
                return None
            size, at = int.from_bytes(self.pending[2 : 2 + width], "big"), 2 + width
        if len(self.pending) < at + size:
            return None
        opcode, payload = self.pending[0] & 15, self.pending[at : at + size]
        self.pending = self.pending[at + size :]
        return opcode, payload


def event(text: str) -> tuple[str, Any] | None:
    """(name, data) of a Socket.IO event frame."""
    if not text.startswith("42"):
        return None
    name, *data = json.loads(text[2:])
    return str(name), data[0] if data else None
