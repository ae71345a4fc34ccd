"""What an answer looks like on the wire."""

from collections.abc import Callable, Iterable
from typing import Any

import gevent
import httpx
import pytest
from gevent.pywsgi import WSGIHandler, WSGIServer

from workshop.serving import ONE_PACKET, _Handler


@pytest.mark.parametrize(
    ("body", "with_length", "packets"),
    [
        ([b"a" * 100], True, 1),
        ([b"a" * (ONE_PACKET + 1)], True, 2),
        ([b"a" * 100, b"b" * 100], True, 2),
        ([b"a", b"b"], False, 4),  # the head, two pieces, the end
        ([], True, 1),
    ],
)
def test_a_small_answer_goes_out_with_its_head_and_every_answer_arrives_whole(
    monkeypatch: pytest.MonkeyPatch, body: list[bytes], with_length: bool, packets: int
) -> None:
    sent: list[bytes] = []
    sendall = WSGIHandler._sendall

    def note(handler: Any, data: bytes) -> None:
        sent.append(bytes(data))
        sendall(handler, data)

    def program(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(sum(map(len, body))))] if with_length else [])
        return iter(body)

    monkeypatch.setattr(WSGIHandler, "_sendall", note)
    server = WSGIServer(("127.0.0.1", 0), program, handler_class=_Handler, log=None)
    server.start()
    with httpx.Client(trust_env=False) as client:
        answer = gevent.get_hub().threadpool.apply(client.get, (f"http://127.0.0.1:{server.server_port}/",))
    server.stop(timeout=1)
    assert (answer.content, len(sent)) == (b"".join(body), packets)
