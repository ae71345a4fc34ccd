"""The outer guard, in front of Flask and of Engine.IO: host, size, origin, socket ids bound to their device, headers."""

import hashlib
import json
from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MOST: Final = 256 * 1024  # bytes of a request
MOST_SYNC: Final = 4 * 1024 * 1024
FORWARDED: Final = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PREFIX")
HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),  # with no-referrer Chromium sends Origin: null on plain forms
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    (
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
    ),
)


class Guard:
    """`hosts` gives the allowed `host:port` names at this moment; `trusts_proxy` keeps forwarded headers (only at the centre)."""

    def __init__(self, application: Application, hosts: Callable[[], set[str]], cookie: str, trusts_proxy: bool = False) -> None:
        self.application, self.hosts, self.cookie, self.trusts_proxy = application, hosts, cookie, trusts_proxy
        self.owners: dict[str, str] = {}  # Engine.IO sid -> hash of the device's cookies

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        for name in () if self.trusts_proxy else FORWARDED:
            environ.pop(name, None)
        if environ.get("PATH_INFO", "").startswith("/socket.io"):
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)  # compression costs 12 times the CPU and 3 times the memory
        if refused := self._refused(environ):
            return _answer(environ, start_response, *refused)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            have = {name.lower() for name, _ in headers}
            return start_response(status, [*headers, *(h for h in HEADERS if h[0].lower() not in have)], exc_info)

        return self.application(environ, start)

    def own(self, sid: str, cookies: str) -> None:
        """Remember which device opened a socket: a stolen sid alone is then worth nothing."""
        self.owners[sid] = self._owner(cookies)

    def disown(self, sid: str) -> None:
        self.owners.pop(sid, None)

    def _refused(self, environ: Environ) -> tuple[str, str, str] | None:
        if environ.get("HTTP_HOST", "").lower() not in self.hosts():
            return "421 Misdirected Request", "wrong_host", "This address is not ours."
        if not self._fits(environ):
            return "413 Content Too Large", "too_big", "This is too big. Make it shorter and send it again."
        if not self._is_ours(environ):
            return "403 Forbidden", "foreign_page", "This came from another page. Open ours and try again."
        if not self._owns_socket(environ):
            return "403 Forbidden", "foreign_socket", "This connection belongs to another device."
        return None

    def _fits(self, environ: Environ) -> bool:
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            return False
        return int(length) <= (MOST_SYNC if environ.get("PATH_INFO", "").startswith("/sync/") else MOST)

    def _is_ours(self, environ: Environ) -> bool:
        """An unsafe request, or a socket, must come from a page of ours; enrolled devices show their token instead."""
        path, origin = environ.get("PATH_INFO", ""), environ.get("HTTP_ORIGIN", "")
        if path.startswith("/sync/") or environ.get("HTTP_X_LOCAL_KEY"):
            return not origin
        if environ["REQUEST_METHOD"] in SAFE and not path.startswith("/socket.io"):
            return True
        if environ["REQUEST_METHOD"] in SAFE and not origin and not environ.get("HTTP_UPGRADE"):
            return True  # a same-origin GET carries no Origin
        told = origin or environ.get("HTTP_REFERER", "")
        return urlsplit(told).netloc.lower() in self.hosts() if told else False

    def _owns_socket(self, environ: Environ) -> bool:
        if not environ.get("PATH_INFO", "").startswith("/socket.io"):
            return True
        sid = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])[0]
        owner = self.owners.get(sid)
        return owner is None or owner == self._owner(environ.get("HTTP_COOKIE", ""))

    def _owner(self, cookies: str) -> str:
        kept = read_cookies(cookies)
        ours = sorted(f"{name}={value}" for name, value in kept.items() if name.startswith(self.cookie))
        return hashlib.sha256("&".join(ours).encode()).hexdigest()


def read_cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _answer(environ: Environ, start_response: StartResponse, status: str, error: str, words: str) -> Iterable[bytes]:
    body = json.dumps({"error": error, "title": words, "detail": "", "field": "", "limit": {}}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close"), *HEADERS]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
