"""Every way a line fails has its own name, and none is taken for an answer."""

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from sync import transport
from sync.exchange import PeerProblem
from sync.log import Tips
from sync.transport import HttpPeer
from tests.support.odd_servers import answering, http_answer
from tests.sync.streams import a_stream

SCOPE = "a" * 32
LOGIN = b"<!doctype html><title>Free Wi-Fi</title><form>room number</form>"
JSON = "application/json"


@contextmanager
def a_peer(answer: bytes) -> Iterator[HttpPeer]:
    """A peer that always answers this."""
    with answering(answer) as url, httpx.Client(trust_env=False) as client:
        yield HttpPeer(client, url)


def problem_of(url: str, patience: float = 5.0) -> type[PeerProblem]:
    """What becomes of asking for tips at this address."""
    with httpx.Client(trust_env=False) as client, pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport, "PATIENCE", httpx.Timeout(patience))
        with pytest.raises(PeerProblem) as problem:
            HttpPeer(client, url).tips(SCOPE)
    return type(problem.value)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (http_answer("200 OK", LOGIN, "text/html; charset=utf-8"), transport.LoginPage),
        (http_answer("403 Forbidden", LOGIN, "text/html"), transport.LoginPage),
        (http_answer("302 Found", b"", JSON, "Location: http://wifi.hotel.example/login"), transport.LoginPage),
        (http_answer("308 Permanent Redirect", b"", JSON, "Location: https://127.0.0.1/sync"), transport.Moved),
        (http_answer("502 Bad Gateway", b"<h1>Bad Gateway</h1>", "text/html"), transport.PeerBroken),
        (http_answer("500 Internal Server Error", b"{}"), transport.PeerBroken),
        (http_answer("503 Service Unavailable", b"{}", JSON, "Retry-After: 2"), transport.PeerBusy),
        (http_answer("429 Too Many Requests", b"{}"), transport.PeerBusy),
        (http_answer("401 Unauthorized", b"{}"), transport.NotEnrolled),
        (http_answer("422 Unprocessable Content", b'{"error":"Malformed","title":"No."}'), transport.RefusedThere),
        (http_answer("404 Not Found", b"nothing", "text/plain"), transport.RefusedThere),
        (http_answer("200 OK", b"hello", "text/plain"), transport.NotOurProtocol),
        (http_answer("200 OK", b"not json"), transport.NotOurProtocol),
        (http_answer("200 OK", b'{"tips":{"x":1}}'), transport.NotOurProtocol),
        (http_answer("200 OK", b"[" * 100_000), transport.NotOurProtocol),
        (http_answer("200 OK", b'{"tips":{}}')[:-4], transport.LineCut),
        (b"HTTP/1.1 200 OK\r\nContent-Le", transport.LineCut),
        (b"", transport.LineCut),
        (b"SSH-2.0-OpenSSH_9.2\r\n", transport.LineCut),
    ],
)
def test_each_answer_that_is_none_has_its_name(answer: bytes, problem: type[PeerProblem]) -> None:
    with answering(answer) as url:
        assert problem_of(url) is problem


def test_silence_is_no_answer() -> None:
    with answering(b"", hang=True) as url:
        assert problem_of(url, patience=0.3) is transport.NoAnswer


def test_an_answer_that_stops_half_way_is_no_answer() -> None:
    with answering(http_answer("200 OK", b'{"tips":{}}')[:-4], hang=True) as url:
        assert problem_of(url, patience=0.3) is transport.NoAnswer


def test_an_answer_that_dribbles_for_ever_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LONGEST", 0.0)
    with answering(http_answer("200 OK", b'{"tips":{}}')) as url:
        assert problem_of(url) is transport.NoAnswer


def test_nobody_there_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert problem_of(url) is transport.CannotReach


def test_a_secret_door_that_speaks_plainly_is_not_trusted() -> None:
    with answering(http_answer("200 OK", b'{"tips":{}}')) as url:
        assert problem_of(url.replace("http:", "https:")) in {transport.CannotReach, transport.NotTrusted}


@pytest.mark.parametrize("typed", ["", "  ", "ftp://archive.example", "https://", "http://:80", "https://archive.example:port"])
def test_what_is_no_address_is_out_of_reach(typed: str) -> None:
    with pytest.raises(transport.CannotReach):
        transport.origin(typed)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("archivio.example", "https://archivio.example"),
        (" https://archivio.example/ ", "https://archivio.example"),
        ("https://example.org/tavoli/", "https://example.org/tavoli"),
        ("192.168.1.20:8080", "http://192.168.1.20:8080"),
        ("localhost:8080", "http://localhost:8080"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, address: str) -> None:
    assert transport.origin(typed) == address


@pytest.mark.parametrize(("what", "why"), [(b"\n" * 50_000_000, "lines"), ((b"x" * 20_000 + b"\n") * 2_000, "bytes")])
def test_a_bomb_from_the_peer_is_put_out(what: bytes, why: str) -> None:
    bomb = http_answer("200 OK", gzip.compress(what), "application/gzip")
    with a_peer(bomb) as peer, pytest.raises(transport.NotOurProtocol, match=why):
        peer.pull(SCOPE, Tips(), (0, ""), 500)


def test_a_refusal_brings_the_words_of_the_peer() -> None:
    told = json.dumps({"error": "BatchTooBig", "title": "This is too much at once.", "detail": "Send less."}).encode()
    with a_peer(http_answer("413 Content Too Large", told)) as peer, pytest.raises(transport.RefusedThere) as refused:
        peer.push(SCOPE, a_stream(SCOPE, 1))
    assert (refused.value.error, refused.value.detail) == ("BatchTooBig", "This is too much at once. Send less.")


def test_another_format_of_the_record_is_not_spoken_to() -> None:
    with a_peer(http_answer("200 OK", b'{"format":2}')) as peer, pytest.raises(transport.NotOurProtocol, match="format 2"):
        peer.hello()
