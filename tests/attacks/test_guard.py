"""The outer guard, asked by pages that are not ours: on every address and on the sockets' own path, in this process."""

import json
from typing import Any

import pytest

from tests.attacks.forms import BETWEEN_COMPUTERS, forms
from tests.attacks.place import Furnished
from workshop.record.queries.cards import cards_of_table

FOREIGN = {
    "evil": {"Origin": "http://evil.example"},
    "null": {"Origin": "null"},
    "empty": {"Origin": ""},
    "a subdomain": {"Origin": "http://sub.localhost"},
    "a suffix": {"Origin": "http://localhost.evil.example"},
    "a prefix": {"Origin": "http://evil-localhost"},
    "another port": {"Origin": "http://localhost:9999"},
    "https": {"Origin": "https://localhost"},
    "a file": {"Origin": "file://localhost"},
    "somebody at": {"Origin": "http://localhost@evil.example"},
    "broken": {"Origin": "http://[localhost"},
    "two": {"Origin": "http://localhost, http://evil.example"},
    "referer only": {"Referer": "http://evil.example/localhost"},
    "referer broken": {"Referer": "http://[::1"},
    "nothing": {},
    "ours, fetched from elsewhere": {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    "ours, fetched from another port": {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
    "forwarded": {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"},
    "a key that is none": {"Origin": "http://evil.example", "X-Local-Key": "guess"},
}
HOSTS = (
    "evil.example",
    "localhost.evil.example",
    "localhost:9999",
    "localhost@evil.example",
    "",
    "LOCALHOST.",
    "[::1",
    "localhost\x00",
    "127.0.0.1",
)
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLLING = "/socket.io/?EIO=4&transport=polling"


def opened(answer: Any) -> bool:
    """Whether an Engine.IO session was opened."""
    return answer.status_code == 200 and answer.text.startswith("0{")


@pytest.mark.parametrize("page", FOREIGN)
def test_a_form_of_another_page_is_refused_at_every_address(room: Furnished, page: str) -> None:
    before, wrong = room.state(), []
    for rule in room.rules("POST"):
        if rule.endpoint.startswith(BETWEEN_COMPUTERS):
            continue
        form = forms(room)[rule.endpoint]
        answer = room.browser(form.who).post(room.path(rule, **form.path), json=form.fields, headers=FOREIGN[page])
        if answer.status_code != 403 or answer.get_json()["error"] not in {"foreign_page", "NotAllowed"}:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert (wrong, room.state()) == ([], before)


@pytest.mark.parametrize("page", [name for name in FOREIGN if name != "nothing"])
def test_a_socket_of_another_page_is_not_opened(room: Furnished, page: str) -> None:
    """Without Origin and Upgrade it is our own page that asks by GET; a page elsewhere cannot read that answer."""
    if "Referer" in FOREIGN[page]:
        return
    answers = [room.browser("participant").get(path, headers=FOREIGN[page]) for path in (POLLING, POLLING + "&j=0")]
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x" * 24}
    answers.append(room.browser("participant").get(POLLING.replace("polling", "websocket"), headers={**FOREIGN[page], **upgrade}))
    if page == "empty":
        answers = answers[1:]
    assert [opened(answer) or answer.status_code not in {400, 403} for answer in answers] == [False] * len(answers)


def test_a_script_of_another_page_cannot_read_a_sid(room: Furnished) -> None:
    """JSONP would hand it to whoever loads it as a script."""
    for asked in ("&j=0", "&j", "&j=", "&%6A=1"):
        answer = room.browser("participant").get(POLLING + asked)
        assert (answer.status_code, "sid" in answer.text) == (403, False)


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_misdirected_everywhere(room: Furnished, host: str) -> None:
    """Also when the page agrees with it: a rebound name brings both."""
    for path in ("/", "/join", "/lead", "/static/icon.svg", POLLING, "/sync/hello", "/nowhere"):
        for more in ({}, {"Origin": f"http://{host}"}, {"X-Forwarded-Host": "localhost"}, {"Forwarded": "host=localhost"}):
            answer = room.browser().get(path, headers={"Host": host, **more})
            assert (answer.status_code, answer.get_json()["error"]) == (421, "wrong_host")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "abc"}, 411),
        ({"Content-Length": "1e3"}, 411),
        ({"Content-Length": "1_0"}, 411),
        ({"Content-Length": "+1"}, 411),
        ({"Content-Length": "\xb2"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"Transfer-Encoding": "gzip, chunked"}, 411),
        ({"Transfer-Encoding": "identity", "Content-Length": "2"}, 411),
        ({"Content-Length": "262145"}, 413),
        ({"Content-Length": "9" * 30}, 413),
    ],
)
def test_a_length_that_is_none_or_too_big_is_refused(room: Furnished, headers: dict[str, str], status: int) -> None:
    for path in ("/join", POLLING, "/socket.io/?EIO=4&transport=polling&sid=x"):
        more = {f"HTTP_{name.upper().replace('-', '_')}".replace("HTTP_CONTENT", "CONTENT"): value for name, value in headers.items()}
        asked = {"Origin": "http://localhost", "Accept-Language": "it"}
        answer = room.browser().open(path, method="POST", headers=asked, environ_overrides=more)
        told = answer.get_json()
        assert (answer.status_code, set(told)) == (status, {"error", "title", "detail", "field", "limit"})
    if status == 413:
        assert (told["title"], told["limit"], "256 kB" in told["detail"]) == ("Questo è troppo grande.", {"most": 256}, True)


def test_a_refusal_of_the_guard_is_a_page_for_who_looks_at_pages(room: Furnished) -> None:
    asked, big = {"Accept": "text/html,*/*;q=0.8", "Origin": "http://localhost"}, {"CONTENT_LENGTH": "999999"}
    shown = {}
    for language in ("it", "en"):
        answer = room.browser().open("/join", method="POST", headers={**asked, "Accept-Language": language}, environ_overrides=big)
        assert (answer.status_code, answer.mimetype) == (413, "text/html")
        shown[language] = answer.text
    assert "Questo è troppo grande." in shown["it"]
    assert "This is too big." in shown["en"]


def test_every_answer_has_the_security_headers(room: Furnished, centre: Furnished) -> None:
    wrong = []
    for place in (room, centre):
        for who in ("", "lead"):
            for rule in place.rules("GET"):
                wrong += _without(place.browser(who).get(place.path(rule)), rule.endpoint)
    asked: list[tuple[str, str, dict[str, str]]] = [
        ("GET", "/nowhere", {}),
        ("DELETE", "/join", {}),
        ("POST", "/join", {}),
        ("POST", "/join", {"Origin": "http://localhost"}),
        ("POST", "/join", {"Origin": "http://localhost", "Transfer-Encoding": "chunked"}),
        ("GET", "/", {"Host": "evil.example"}),
        ("GET", POLLING, {}),
        ("OPTIONS", POLLING, {"Origin": "http://localhost"}),
        ("GET", POLLING + "&sid=nobody", {}),
        ("POST", POLLING + "&sid=nobody", {"Origin": "http://localhost"}),
        ("GET", "/socket.io/?EIO=3", {}),
        ("GET", "/socket.io", {}),
        ("GET", "/static/icon.svg", {"If-None-Match": "x", "Range": "bytes=0-1"}),
        ("HEAD", "/", {}),
    ]
    for method, path, headers in asked:
        wrong += _without(room.browser().open(path, method=method, headers=headers), f"{method} {path}")
    assert not wrong, "\n".join(wrong)


def _without(answer: Any, name: str) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    found = [f"{name} ({answer.status_code}): {header}" for header, value in SECURITY.items() if answer.headers.getlist(header) != [value]]
    if "default-src 'self'" not in policy or "unsafe" in policy or "frame-ancestors 'none'" not in policy or " ws: " in policy:
        found.append(f"{name} ({answer.status_code}): policy {policy!r}")
    if answer.headers.get("Access-Control-Allow-Origin"):
        found.append(f"{name} ({answer.status_code}): opened to other pages")
    cookies = answer.headers.getlist("Set-Cookie")
    return found + [f"{name}: {cookie}" for cookie in cookies if "HttpOnly" not in cookie or "SameSite=Lax" not in cookie]


def test_a_sid_without_the_device_that_opened_it_is_worth_nothing(room: Furnished) -> None:
    """From the first packet on, before any namespace is connected."""
    victim, thief, nobody = (room.browser(who) for who in ("participant", "elsewhere", ""))
    sid = json.loads(victim.get(POLLING).text[1:])["sid"]
    path, ours = f"{POLLING}&sid={sid}", {"Origin": "http://localhost"}
    stolen = [thief.get(path), nobody.get(path), thief.post(path, data="40", headers=ours), nobody.post(path, data="40", headers=ours)]
    assert [answer.status_code for answer in stolen] == [403] * 4
    assert victim.post(path, data="40", headers=ours).text == "OK"
    assert victim.get(path).text.startswith("40{")
    assert thief.post(path, data="41", headers=ours).status_code == 403


def test_a_strange_cookie_of_another_program_hides_nobody(room: Furnished) -> None:
    """Cookies do not know ports: another program on this computer sets its own, in its own way."""
    letter, token = room.tokens["participant"]
    odd = '={"a": 1}; b="\\"; [x]=y; $Version=1; ' + f"{room.building.house.cookie}_{letter}={token}; z=é"
    assert room.building.app.test_client(use_cookies=False).get("/mine", headers={"Cookie": odd}).status_code == 200
    sid = json.loads(room.browser("participant").get(POLLING).text[1:])["sid"]
    answer = room.building.app.test_client(use_cookies=False).post(
        f"{POLLING}&sid={sid}", data="40", headers={"Cookie": odd, "Origin": "http://localhost"}
    )
    assert (answer.status_code, answer.text) == (200, "OK")


def test_no_words_of_a_form_get_into_the_line_of_a_header(room: Furnished) -> None:
    """`back` is put into the address that follows."""
    card = cards_of_table
    before = len(room.meeting.ask(card, room.ids["here"]))
    client = room.browser("facilitator")
    for back in (
        "section-x\r\nSet-Cookie: a=b",
        "section-\nX",
        "untold\u2028x\x85y",
        "//evil.example",
        "https://evil.example",
        "untold" + "é" * 50,
    ):
        form = forms(room)["syntheses.place_a_sentence"]
        answer = client.post(
            f"/sentences/{room.ids['sentence']}/position", json={**form.fields, "back": back}, headers={"Origin": "http://localhost"}
        )
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(f"/tables/{room.ids['here']}/synthesis")
        assert answer.headers.getlist("Set-Cookie") == []
    assert len(room.meeting.ask(card, room.ids["here"])) == before
