"""The outer guard, in front of Flask and of Engine.IO: host, size, origin, socket ids bound to their device, headers."""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from werkzeug.http import parse_cookie
from werkzeug.wrappers import Request

from workshop.web.line import DIRECT, Line
from workshop.web.refusal_words import GUARD
from workshop.web.wording import best_language, say

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Page = Callable[[dict[str, Any], str], str]  # problem, language -> html

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
MOST: Final = 256  # kB of a request
MOST_SYNC: Final = 4 * 1024
MOST_PHOTO: Final = 12 * 1024 + 64  # a form with a photo in it
MOST_BUNDLE: Final = 64 * 1024  # a form with a bundle in it
STATUS: Final = {
    "wrong_host": "421 Misdirected Request",
    "foreign_page": "403 Forbidden",
    "foreign_socket": "403 Forbidden",
    "no_length": "411 Length Required",
    "too_big": "413 Content Too Large",
    "photo_too_big": "413 Content Too Large",
}
HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),  # with no-referrer Chromium sends Origin: null on plain forms
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
CAMERA: Final = "/lead/central/scan"  # the one page that may ask for it: the lead reads the code of a central record
HTTPS: Final = (("Strict-Transport-Security", "max-age=31536000"),)  # never in the room, which has no certificate
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; connect-src 'self'{sockets}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class Guard:
    """`hosts` gives the allowed `host:port` names at this moment; `line`: whether a proxy stands in front, and how far it is believed."""

    def __init__(
        self, application: Application, hosts: Callable[[], set[str]], cookie: str, line: Line = DIRECT, page: Page | None = None
    ) -> None:
        self.application, self.hosts, self.cookie, self.line, self.page = application, hosts, cookie, line, page
        self.owners: dict[str, str] = {}  # Engine.IO sid -> hash of the device's cookies

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self.line.settle(environ)
        if not environ.get("HTTP_COOKIE", "").isascii():  # of another program on this computer; ours are plain
            environ["HTTP_COOKIE"] = environ["HTTP_COOKIE"].encode("ascii", "replace").decode()
        if _is_socket(environ):
            environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)  # compression costs 12 times the CPU and 3 times the memory
        refused = self._refused(environ)
        host, path = "" if refused == "wrong_host" else environ["HTTP_HOST"], environ.get("PATH_INFO", "")

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            have = {name.lower() for name, _ in headers}
            ours = (*security_headers(host, path), *(HTTPS if self.line.is_https else ()))
            return start_response(status, [*headers, *(h for h in ours if h[0].lower() not in have)], exc_info)

        return self._answer(environ, start, refused) if refused else self.application(environ, start)

    def own(self, sid: str, cookies: str) -> None:
        """Remember which device opened a socket: a stolen sid alone is then worth nothing."""
        self.owners[sid] = self._owner(cookies)

    def disown(self, sid: str) -> None:
        self.owners.pop(sid, None)

    def _refused(self, environ: Environ) -> str:
        if environ.get("HTTP_HOST", "").lower() not in self.hosts():
            return "wrong_host"
        length = environ.get("CONTENT_LENGTH") or "0"
        if environ.get("HTTP_TRANSFER_ENCODING") or not (length.isascii() and length.isdigit()):
            return "no_length"
        if len(length) > 12 or int(length) > _most(environ) * 1024:
            return "photo_too_big" if _takes_photos(environ.get("PATH_INFO", "")) else "too_big"
        if not self._is_ours(environ):
            return "foreign_page"
        return "" if self._owns_socket(environ) else "foreign_socket"

    def _is_ours(self, environ: Environ) -> bool:
        """An unsafe request, or a socket, must come from a page of ours; enrolled devices show their token instead."""
        path, origin, is_socket = environ.get("PATH_INFO", ""), environ.get("HTTP_ORIGIN", ""), _is_socket(environ)
        if path.startswith("/sync/") or environ.get("HTTP_X_LOCAL_KEY"):
            return not origin
        if environ["REQUEST_METHOD"] in SAFE and not is_socket:
            return True
        if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in {"same-origin", "none"}:
            return False  # told where the line is trusted (this computer itself, https); another port is another page
        if environ["REQUEST_METHOD"] in SAFE and not origin and not environ.get("HTTP_UPGRADE"):
            return "j" not in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)  # a script of any page could read that
        return self._is_our_page(origin or environ.get("HTTP_REFERER", ""), environ["wsgi.url_scheme"])

    def _is_our_page(self, told: str, scheme: str) -> bool:
        try:
            page = urlsplit(told)
        except ValueError:
            return False
        return page.netloc.lower() in self.hosts() and page.scheme == scheme

    def _owns_socket(self, environ: Environ) -> bool:
        if not _is_socket(environ):
            return True
        sid = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])[0]
        owner = self.owners.get(sid)
        return owner is None or owner == self._owner(environ.get("HTTP_COOKIE", ""))

    def _owner(self, cookies: str) -> str:
        kept = read_cookies(cookies)
        ours = sorted(f"{name}={value}" for name, value in kept.items() if name.startswith(self.cookie))
        return hashlib.sha256("&".join(ours).encode()).hexdigest()

    def _answer(self, environ: Environ, start: StartResponse, error: str) -> Iterable[bytes]:
        """The same shape of error as behind the guard; a page for who looks at pages."""
        asked = Request(environ, populate_request=False)
        language = best_language(asked.args.get("lang"), asked.cookies.get("lang"), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        problem = _problem(error, language, _most(environ))
        is_page = asked.accept_mimetypes.best == "text/html" and asked.mimetype != "application/json" and not _is_socket(environ)
        body = (self.page(problem, language) if self.page and is_page else json.dumps(problem)).encode()
        sort = "text/html; charset=utf-8" if is_page else "application/json"
        start(STATUS[error], [("Content-Type", sort), ("Content-Length", str(len(body))), ("Connection", "close")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def security_headers(host: str, path: str = "") -> tuple[tuple[str, str], ...]:
    """Of every answer. Sockets go to the checked host only: not every browser counts them as 'self'."""
    return _headers(host, path == CAMERA)


@lru_cache(maxsize=64)
def _headers(host: str, may_see: bool) -> tuple[tuple[str, str], ...]:
    sockets = f" ws://{host} wss://{host}" if host else ""
    camera = ("Permissions-Policy", f"camera=({'self' if may_see else ''}), microphone=(), geolocation=()")
    return (*HEADERS, camera, ("Content-Security-Policy", POLICY.format(sockets=sockets)))


def read_cookies(header: str) -> dict[str, str]:
    """As the pages read them: a strange cookie of another program on this computer does no harm."""
    return parse_cookie(header).to_dict()


def _problem(error: str, language: str, most: int) -> dict[str, Any]:
    title, detail = GUARD[error]
    limit = {"most": most // 1024 if error == "photo_too_big" else most} if error.endswith("too_big") else {}
    return {"error": error, "title": say(language, title), "detail": say(language, detail, **limit), "field": "", "limit": limit}


def _most(environ: Environ) -> int:
    path = environ.get("PATH_INFO", "")
    if path.startswith("/sync/"):
        return MOST_SYNC
    if path == "/stick/file":
        return MOST_BUNDLE
    return MOST_PHOTO if _takes_photos(path) else MOST


def _takes_photos(path: str) -> bool:
    return path == CAMERA or (path.startswith("/tables/") and path.endswith("/photos"))


def _is_socket(environ: Environ) -> bool:
    return str(environ.get("PATH_INFO", "")).startswith("/socket.io")
