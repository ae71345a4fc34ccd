"""A real server, attacked on the wire: half requests, odd requests, slow readers, huge frames, stolen and revoked tokens."""

import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.attacks.served import Served, served
from tests.attacks.wire import WebSocket, answer_to, connect, frame, host_of, is_open, read_all
from workshop.domain.ids import new_id

POLLING = "/socket.io/?EIO=4&transport=polling"
POST = b"POST /join HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept: application/json\r\n"
NOT_HTTP = {
    "letters": (b"\x00\x01\x02\x03\r\n\r\n", 400),
    "one word": (b"HELLO\r\n\r\n", 400),
    "another version": (b"GET / HTTP/9.9\r\nHost: {host}\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 421),
    "no host, no version": (b"GET /\r\n\r\n", 421),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n", 400),
    "a whole address": (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    "a line without colon": (
        b"GET /nowhere HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: application/json\r\nnonsense\r\nX: y\r\n\r\n",
        400,
    ),
    "a space before the colon": (POST + b"Content-Length : 4\r\n\r\na=b&", 400),
    "a line that goes on": (b"GET / HTTP/1.1\r\nHost: {host}\r\nX-A: b\r\n c\r\n\r\n", 400),
    "a nothing in a line": (b"GET / HTTP/1.1\r\nHost: {host}\r\nX-A: b\x00c\r\n\r\n", 400),
    "a head of one line": (b"GET / HTTP/1.1\r\nHost: {host}\r\nX-A: " + b"b" * 70_000 + b"\r\n\r\n", 400),
    "a head of one line of spaces": (b"GET / HTTP/1.1\r\nHost: {host}\r\nX-A:" + b" " * 65_000 + b"\x00\r\n\r\n", 400),
    "a long line": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: {host}\r\n\r\n", 414),
    "many lines": (b"GET / HTTP/1.1\r\nHost: {host}\r\n" + b"X-A: b\r\n" * 2_000 + b"\r\n", 400),
    "a negative length": (POST + b"Content-Length: -1\r\n\r\n", 400),
    "no length": (POST + b"Content-Length: many\r\n\r\n", 400),
    "a small two for a length": (POST + b"Content-Length: \xb2\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "pieces": (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", 411),
    "odd pieces": (POST + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\n", 411),
    "length and pieces": (POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /lead HTTP/1.1\r\n\r\n", 411),
    "too much": (POST + b"Content-Length: 300000\r\n\r\n" + b"a" * 300_000, 413),
    "far too much": (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
    "a socket without a key": (
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\n\r\n",
        400,
    ),
    "a socket of another page": (
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\nConnection: Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        403,
    ),
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("wire")) as running:
        yield running


@pytest.mark.parametrize("what", NOT_HTTP)
def test_what_is_no_request_of_ours_is_answered_in_the_same_shape(at: Served, what: str) -> None:
    data, status = NOT_HTTP[what]
    with connect(at.url) as sock:
        sock.sendall(data.replace(b"{host}", host_of(at.url).encode()))
        if status in {400, 413} and b"99999999999" in data:
            sock.shutdown(1)
        found = read_all(sock)
    head, _, body = found.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), found[:300]
    if b"websocket" not in data or status != 400:
        assert set(json.loads(body)) == {"error", "title", "detail", "field", "limit"}
        assert b"Content-Security-Policy: default-src 'self'" in head
    assert at.complaints() == ""


def test_a_tls_hello_on_the_plain_port_is_hung_up_on_at_once(at: Served) -> None:
    for hello in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 506, b"\x16\x03\x01"):
        began = time.monotonic()
        assert answer_to(at.url, hello, 5) == b""
        assert time.monotonic() - began < 1
    assert at.complaints() == ""


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n", b"HELLO\r\n\r\n", b"GET /" + b"a" * 20_000], ids=["half a head", "no request", "a long line"]
)
def test_who_hangs_up_before_the_answer_is_nothing_for_the_log(at: Served, data: bytes) -> None:
    for _ in range(30):
        with connect(at.url) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # not even a goodbye
            sock.sendall(data)
    assert answer_to(at.url, b"HELLO\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert at.complaints() == ""


@pytest.mark.timeout(300)
def test_half_requests_are_cut_off_while_everybody_else_goes_on(at: Served) -> None:
    """Fifty heads that never end, one that drips, a body that stops, connections that say nothing at all."""
    host, before = host_of(at.url).encode(), at.entries()
    halves = [b"", b"G", b"GET /join HTTP/1.1", b"GET /join HTTP/1.1\r\nHost: " + host + b"\r\nX-Slow: "] * 13
    lines = [connect(at.url) for _ in halves]
    for sock, half in zip(lines, halves, strict=True):
        sock.sendall(half)
    dripping, stopped = connect(at.url), connect(at.url)
    dripping.sendall(b"GET /join HTTP/1.1\r\nX-Slow: ")
    stopped.sendall(POST.replace(b"{host}", host) + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    began, slowest = time.monotonic(), 0.0
    with at.client() as client:
        while time.monotonic() - began < 10:
            asked = time.monotonic()
            assert client.get("/rejoin").status_code == 200
            slowest = max(slowest, time.monotonic() - asked)
            if is_open(dripping, 0.25):
                dripping.sendall(b"a")
    assert [sock for sock in (*lines, dripping) if is_open(sock)] == []
    assert slowest < 2
    answer = read_all(stopped)
    assert (answer.split(b" ")[1], time.monotonic() - began < 25) == (b"408", True)
    assert at.entries() == before
    assert at.complaints() == ""


def test_seventeen_packets_in_one_request_all_arrive(at: Served) -> None:
    with at.client("facilitator") as client:
        path = f"{POLLING}&sid={json.loads(client.get(POLLING).text[1:])['sid']}"
        assert client.post(path, content="40").text == "OK"
        asked = [f'42{n}["listen",{{"topic":"board:{at.ids["here"]}"}}]' for n in range(17)]
        assert client.post(path, content="\x1e".join(asked)).text == "OK"
        told = ""
        while told.count('{"version"') < 17:
            told += client.get(path).text
    assert all(f"43{n}[" in told for n in range(17))


def test_a_huge_message_is_cut_off_before_it_fills_the_memory(at: Served) -> None:
    before = at.memory()
    for start in (frame(b"a" * 60_000, told=300_000_000), frame(b"a" * 60_000, first=0x01)):
        with WebSocket(at.url) as line:
            line.join()
            sent = _push(line, start, frame(b"a" * 60_000, first=0x00) if start[0] == 0x01 else b"a" * 60_000)
        assert sent < 20_000_000
    with WebSocket(at.url) as line:
        line.join()
        line.sock.sendall(frame(b"4" + b"a" * 1_000_000))
        assert not is_open(line.sock, 5)
    assert at.memory() - before < 30
    assert at.complaints() == ""


def _push(line: WebSocket, start: bytes, more: bytes) -> int:
    """How many bytes go before the other side hangs up; 100 MB at most."""
    sent = 0
    try:
        line.sock.sendall(start)
        while sent < 100_000_000:
            line.sock.sendall(more)
            sent += len(more)
    except OSError:
        pass
    return sent


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "4",
        "42",
        "42[]",
        "42[1]",
        "42{}",
        "42null",
        '42["listen"',
        '42["listen"]',
        '42["listen",7,8,9,10]',
        '42["listen",{"topic":{"topic":[]}}]',
        '42["leave"]',
        '42["leave",1,2,3]',
        '42["connect",{}]',
        '42["disconnect"]',
        '42["push",{}]',
        '42["__class__"]',
        '420["listen",{"topic":"board:../../x"}]',
        "42" + "[" * 60_000,
        '42["' + "a" * 60_000 + '"]',
        '42["listen",' + "9" * 5_000 + "]",
        "40/nowhere,",
        "41/nowhere,",
        '451-["listen",{"_placeholder":true,"num":0}]',
        '4599999999-["x",{"_placeholder":true,"num":9}]',
        "9x",
        "x",
        "\x00",
        "2probe",
        "6",
    ],
    ids=lambda packet: str(packet)[:24].replace("\x00", "NUL"),
)
def test_a_packet_that_makes_no_sense_ends_at_most_its_own_line(at: Served, packet: str) -> None:
    with WebSocket(at.url, at.cookies("facilitator")) as odd, WebSocket(at.url, at.cookies("facilitator")) as other:
        odd.join()
        other.join()
        odd.send(packet)
        assert '"version"' in other.ask("listen", f'{{"topic":"board:{at.ids["here"]}"}}')
    assert at.complaints() == ""


def test_nobody_fills_the_memory_with_topics_that_are_not_there(at: Served) -> None:
    with WebSocket(at.url) as line:
        line.join()
        told = [line.ask("listen", f'{{"topic":"screen:{new_id()}"}}', n) for n in range(100)]
        assert sum('"version"' in each for each in told) <= 20
        assert "not_allowed" in line.ask("listen", '{"topic":"screen:not-an-id"}', 200)


def test_whoever_left_hears_nothing_more(at: Served) -> None:
    """A participant gives the phone back; a member of the staff signs out, or is sent away: on every window, at once."""
    topic = f'{{"topic":"table:{at.ids["voting"]}"}}'
    with WebSocket(at.url, at.cookies("voter")) as line, at.client("voter") as client:
        line.join()
        assert '"version"' in line.ask("listen", topic)
        assert client.post("/leave").status_code == 303
        _assert_deaf(line, topic)
    with WebSocket(at.url, at.cookies("scribe")) as line, at.client("scribe") as client:
        line.join()
        assert '"version"' in line.ask("listen", f'{{"topic":"board:{at.ids["here"]}"}}')
        assert client.post("/sign-out").status_code == 303
        _assert_deaf(line, f'{{"topic":"board:{at.ids["here"]}"}}')
    with WebSocket(at.url, at.cookies("voter")) as line:
        line.join()
        assert "not_allowed" in line.ask("listen", topic)


def _assert_deaf(line: WebSocket, topic: str) -> None:
    """Hung up on, or refused at the next event."""
    try:
        assert "not_allowed" in line.ask("listen", topic, 2)
    except ConnectionError:
        return


@pytest.mark.timeout(500)
def test_who_does_not_read_is_cut_off_and_the_others_hear_all(at: Served) -> None:
    board, before = f'{{"topic":"board:{at.ids["here"]}"}}', at.memory()
    deaf = [WebSocket(at.url, at.cookies("facilitator"), receive_buffer=4_096) for _ in range(10)]
    for line in deaf:
        line.join()
        line.ask("listen", board)
    with at.client("facilitator") as polling, at.client("facilitator") as writer, WebSocket(at.url, at.cookies("facilitator")) as hearing:
        silent = f"{POLLING}&sid={json.loads(polling.get(POLLING).text[1:])['sid']}"
        for packet in ("40", f'421["listen",{board}]'):
            assert polling.post(silent, content=packet).status_code == 200
        hearing.join()
        hearing.ask("listen", board)
        _write_until(lambda: not any(_is_connected(line) for line in deaf), at, writer, hearing)
        _write_until(lambda: polling.post(silent, content="3").status_code == 400, at, writer, hearing)
    assert at.memory() - before < 60
    assert at.complaints() == ""


def _write_until(ended: Callable[[], bool], at: Served, writer: httpx.Client, hearing: WebSocket) -> None:
    """Cards, until those who do not read are cut off; who reads hears of each."""
    form, path, began = at.forms["boards.enter_card"].fields, f"/tables/{at.ids['here']}/entries", time.monotonic()
    while not ended():
        assert time.monotonic() - began < 240
        for _ in range(25):
            card: dict[str, Any] = {**form, "command_id": new_id(), "text": "Servono altalene e ombra " * 11}
            assert writer.post(path, json=card).status_code == 201
        while card["command_id"] not in (told := hearing.receive()) and '"html":null' not in told:
            continue


def _is_connected(line: WebSocket) -> bool:
    """From the kernel, without reading: whoever reads is not deaf."""
    state = line.sock.getsockopt(6, 11, 1)[0]  # TCP_INFO: 1 is established
    return state == 1
