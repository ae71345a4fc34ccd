"""Behind a reverse proxy: who asks is what the proxy saw, never what somebody says; https is known, never asked for."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import Server, a_server
from workshop.web.line import DIRECT, Line, neighbourhood, network

NAME, HERE = "archivio.example", "https://archivio.example"
DOCS = Path(__file__).parents[2] / "docs" / "central.md"
PROXIED = {"Host": NAME, "Origin": HERE, "Accept-Language": "it", "X-Forwarded-For": "203.0.113.7"}


@pytest.mark.parametrize(
    ("peer", "told", "who"),
    [
        ("10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "1.1.1.1, 203.0.113.7", "203.0.113.7"),  # what stands further left was said by the visitor
        ("10.0.0.5", "203.0.113.7, 10.0.0.9", "203.0.113.7"),  # two proxies of ours
        ("10.0.0.5", "203.0.113.7, nonsense", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.9", "10.0.0.5"),
        ("10.0.0.5", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),  # not one of ours
        ("10.0.0.5", ",".join(["10.0.0.9"] * 5_000), "10.0.0.5"),
    ],
)
def test_the_address_of_a_visitor_is_the_first_one_from_the_right_that_is_no_proxy_of_ours(peer: str, told: str, who: str) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": told, "wsgi.url_scheme": "http"}
    Line(is_https=True, proxies=(network("10.0.0.0/8"),)).settle(environ)
    assert environ == {"REMOTE_ADDR": who, "wsgi.url_scheme": "https"}


def test_in_the_room_nothing_forwarded_is_believed_or_left() -> None:
    told = dict.fromkeys(("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP"), "1.1.1.1")
    environ: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", **told}
    DIRECT.settle(environ)
    assert environ == {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}


def test_an_ipv6_network_counts_as_one_and_an_ipv4_address_as_itself() -> None:
    assert [neighbourhood(each) for each in ("2001:db8:1:2:3::4", "203.0.113.7", "", "?")] == ["2001:db8:1:2::/64", "203.0.113.7", "", "?"]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory, postgres_cluster: Any) -> Iterator[Server]:
    from tests.support.postgres import fresh_database

    with fresh_database(postgres_cluster) as url:
        options = ("--central", "--address", f"{HERE}:443/")
        with a_server(tmp_path_factory.mktemp("centre"), *options, environment={"DATABASE_URL": url}) as server:
            yield server


def asked(server: Server, method: str = "GET", path: str = "/sign-in", **headers: str) -> httpx.Response:
    data = {"name": "x", "passphrase": "y", "code": "z"} if method == "POST" else None
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        return client.request(method, path, data=data, headers={**PROXIED, **headers})


def test_only_its_public_name_is_answered(centre: Server) -> None:
    assert asked(centre).status_code == 200
    for host in ("evil.example", f"{NAME}:8080", f"{NAME}.evil.example", ""):
        assert asked(centre, Host=host).status_code in {400, 421}
    assert asked(centre, Host="evil.example", **{"X-Forwarded-Host": NAME}).status_code == 421


def test_only_its_own_pages_over_https_may_send_forms(centre: Server) -> None:
    statuses = [asked(centre, "POST", Origin=origin).status_code for origin in (HERE, f"http://{NAME}", "https://evil.example", "null")]
    assert statuses == [422, 403, 403, 403]


def test_visitors_are_told_apart_by_what_the_proxy_saw(centre: Server) -> None:
    statuses = [asked(centre, "POST", **{"X-Forwarded-For": f"9.9.9.{n}, 198.51.100.9"}).status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]
    assert asked(centre, "POST", **{"X-Forwarded-For": "198.51.100.9, 198.51.100.10"}).status_code in {422, 429}


def test_a_socket_is_opened_through_the_proxy_for_our_own_page_alone(centre: Server) -> None:
    assert [opens_a_socket(centre, origin) for origin in (HERE, f"http://{NAME}", "https://evil.example")] == ["101", "403", "403"]


def opens_a_socket(server: Server, origin: str) -> str:
    lines = ["GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", f"Host: {NAME}", f"Origin: {origin}", "Upgrade: websocket"]
    lines += ["Connection: upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=10) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        return line.recv(64).split()[1].decode()


def test_the_example_of_the_documentation_says_what_the_program_needs() -> None:
    told = dict(re.findall(r"proxy_set_header (\S+) (\S+);", DOCS.read_text(encoding="utf-8")))
    assert told == {
        "Host": "$http_host",
        "X-Forwarded-For": "$proxy_add_x_forwarded_for",
        "Upgrade": "$http_upgrade",
        "Connection": "$connection_upgrade",
    }
