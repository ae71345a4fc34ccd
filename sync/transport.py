"""A peer over HTTP. Every way a line can fail has its own plain name: a login page in between is not the centre answering."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx

from sync import wire
from sync.calling import Caller
from sync.entry import FORMAT, Entry
from sync.exchange import Page, PeerProblem
from sync.log import EVERYTHING, Digest, Load, Place, Received, Tips
from sync.signing import UNSIGNED, Certificate, Notice, Signatures, fingerprint, read_notice

PATIENCE: Final = httpx.Timeout(20.0, connect=8.0)  # seconds of silence
LONGEST: Final = 120.0  # seconds for one answer, however it dribbles
NDJSON: Final = "application/gzip"
NO_MORE: Final[Mapping[str, str]] = {}
OPEN: Final = ("/sync/hello", "/sync/enrol")
T = TypeVar("T")
D = TypeVar("D")


class CannotReach(PeerProblem):
    """No connection: no network, wrong address, the other program is not running."""

    reason = "cannot_reach"


class NoAnswer(PeerProblem):
    """Connected, then silence."""

    reason = "no_answer"
    may_pass = True


class LineCut(PeerProblem):
    """The connection ended in the middle."""

    reason = "line_cut"
    may_pass = True


class LoginPage(PeerProblem):
    """A web page answered instead of the peer: the network wants somebody to sign in first (hotel, library, school)."""

    reason = "login_page"


class Moved(PeerProblem):
    """The peer is at another address of the same name, mostly https instead of http: `detail` is where."""

    reason = "moved"


class NotTrusted(PeerProblem):
    """The certificate is not one for this address: a login page again, or somebody in between, or a clock far off."""

    reason = "not_trusted"


class PeerBroken(PeerProblem):
    """The peer has a fault (5xx)."""

    reason = "peer_broken"


class PeerBusy(PeerProblem):
    """The peer asks for patience (429, 503)."""

    reason = "peer_busy"


class NotEnrolled(PeerProblem):
    """The peer does not know this computer, or does not want it any more (401, 403)."""

    reason = "not_enrolled"


class StaleCall(PeerProblem):
    """The peer's challenge was given too long ago: it gives another one."""

    reason = "stale_call"


class AnotherPeer(PeerProblem):
    """Who answers has another key than the one that was told: somebody in between, or the link of another centre."""

    reason = "another_peer"


class RefusedThere(PeerProblem):
    """The peer read the request and refused it. `error` is its name for it, `detail` its words."""

    reason = "refused"

    def __init__(self, detail: str = "", error: str = "") -> None:
        super().__init__(detail)
        self.error = error


class NotOurProtocol(PeerProblem):
    """Something answers, but it is no Tavoli, or one of another format."""

    reason = "not_our_protocol"


class HttpPeer:
    """`client` is injected and closed by who made it. `caller`: who asks whom; without one only `hello` and `enrol` are answered."""

    def __init__(self, client: httpx.Client, url: str, caller: Caller | None = None) -> None:
        self._client, self._url, self._caller, self._challenge = client, origin(url), caller, ""
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity"}

    def hello(self) -> dict[str, Any]:
        told = self._json("GET", "/sync/hello")
        if told.get("format") != FORMAT:
            raise NotOurProtocol(f"format {told.get('format')}")
        return told

    def enrol(self, code: str, public_key: str, name: str, known_by: str = "") -> dict[str, Any]:
        """{name, peer_id, public_key, certificate}; a code is good once. The certificate must be the centre's own word about us.

        `known_by`: fingerprint of the centre's key, if it was told: then the code goes to nobody else. Raises AnotherPeer.
        """
        _is_meant(self.hello(), known_by)  # before the code is used up
        told = self._json("POST", "/sync/enrol", {"code": code, "public_key": public_key, "name": name})
        if not all(isinstance(told.get(each), str) for each in ("name", "peer_id", "public_key")):
            raise NotOurProtocol("enrol")
        _is_meant(told, known_by)
        notice = _read(wire.notice_of, told.get("certificate"))
        certificate = read_notice(notice, told["public_key"])
        if not isinstance(certificate, Certificate) or certificate.public_key != public_key:
            raise NotOurProtocol("certificate")
        return told | {"certificate": notice}

    def tips(self, scope: str, load: Load = EVERYTHING) -> Tips:
        return _read(wire.tips_from_json, self._json("POST", f"/sync/{scope}/tips", wire.load_to_json(load)))

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures = UNSIGNED) -> Received:
        told = self.call("POST", f"/sync/{scope}/push", wire.pack(entries, signatures), NDJSON)
        return _read(wire.received_from_json, _read(wire.object_of, told))

    def pull(self, scope: str, tips: Tips, after: Place, limit: int) -> Page:
        asked = wire.tips_to_json(tips) | {"limit": limit, "after": list(after)}
        told = self.call("POST", f"/sync/{scope}/pull", json.dumps(asked).encode(), "application/json", NDJSON)
        batch, more = _read(wire.unpack_page, [told])
        return Page(batch.entries, more, batch.signatures)

    def digest(self, scope: str, load: Load, mine: Digest) -> Digest:
        asked = wire.load_to_json(load) | {"mine": wire.digest_to_json(mine)}
        return _read(wire.digest_from_json, self._json("POST", f"/sync/{scope}/digest", asked))

    def offered(self) -> list[tuple[str, str]]:
        """(scope, title) of what this computer may bring to where it is."""
        return self.offers()[0]

    def offers(self) -> tuple[list[tuple[str, str]], Notice | None]:
        """The same, and for whom sealed bodies are sealed there, in the centre's own words; nothing of it is believed yet."""
        told = self._json("POST", "/sync/offered", {})
        return self._offered(told), _read(wire.notice_of, told["reader"]) if told.get("reader") else None

    def _offered(self, told: dict[str, Any]) -> list[tuple[str, str]]:
        found = [(each.get("scope"), each.get("title")) for each in told.get("offered", []) if isinstance(each, dict)]
        return [(scope, title) for scope, title in found if isinstance(scope, str) and wire.is_id(scope) and isinstance(title, str)]

    def _json(self, method: str, path: str, told: dict[str, Any] | None = None) -> dict[str, Any]:
        body = None if told is None else json.dumps(told).encode()
        return _read(wire.object_of, self.call(method, path, body, "application/json"))

    def call(
        self, method: str, path: str, body: bytes | None, sort: str, wanted: str = "application/json", headers: Mapping[str, str] = NO_MORE
    ) -> bytes:
        """One request and its whole answer, or the PeerProblem that it was. Asked again once when the peer's challenge was too old."""
        named = {**headers, "Accept": f"{wanted}, application/json"} | ({"Content-Type": sort} if body is not None else {})
        try:
            return self._call(method, path, body, wanted, named | self._signed(method, path, body))
        except StaleCall:
            self._challenge = ""
            return self._call(method, path, body, wanted, named | self._signed(method, path, body))

    def _signed(self, method: str, path: str, body: bytes | None) -> dict[str, str]:
        if self._caller is None or path in OPEN:
            return {}
        if not self._challenge:
            self._challenge = str(self.hello().get("challenge", ""))
        return {"Authorization": self._caller.header(method, path, body or b"", self._challenge)}

    def _call(self, method: str, path: str, body: bytes | None, wanted: str, headers: Mapping[str, str]) -> bytes:
        headers = {**self._headers, **headers}
        try:
            with self._client.stream(method, self._url + path, content=body, headers=headers, timeout=PATIENCE) as answer:
                data = b"".join(_in_time(answer.iter_raw()))
        except (httpx.HTTPError, httpx.InvalidURL) as wrong:
            raise _problem(wrong) from wrong
        _check(answer, data, wanted)
        return data


def _is_meant(told: dict[str, Any], known_by: str) -> None:
    if known_by and fingerprint(str(told.get("public_key", ""))) != known_by:
        raise AnotherPeer(known_by)


def origin(url: str) -> str:
    """`https://archive.example` from what a person typed; raises CannotReach. Without a scheme: https, but http on this computer or LAN."""
    text = url.strip()
    parts = urlsplit(text if "://" in text else f"{_scheme(text)}://{text}")
    try:
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise CannotReach(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _scheme(text: str) -> str:
    host = text.split("/")[0].rsplit(":", 1)[0]
    return "http" if host == "localhost" or host.replace(".", "").isdigit() else "https"


def _read(reader: Callable[[D], T], data: D) -> T:
    try:
        return reader(data)
    except wire.WireFault as wrong:
        raise (LineCut if wrong.why == "cut" else NotOurProtocol)(wrong.why) from wrong


def _in_time(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Bounded in time and size: a peer that dribbles for ever is one that does not answer."""
    until, size = time.monotonic() + LONGEST, 0
    for chunk in chunks:
        size += len(chunk)
        if time.monotonic() > until:
            raise NoAnswer(f"{LONGEST:.0f} s")
        if size > wire.UNPACKED_MOST:
            raise NotOurProtocol("bytes")
        yield chunk


def _check(answer: httpx.Response, data: bytes, wanted: str) -> None:
    sort = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    if answer.next_request and answer.next_request.url.host == answer.request.url.host:
        raise Moved(origin(str(answer.next_request.url.copy_with(path="/", query=None))))
    if answer.is_redirect or (sort in {"text/html", "application/xhtml+xml"} and answer.status_code < 500):
        raise LoginPage(answer.headers.get("location", ""))
    if answer.status_code in {429, 503}:
        raise PeerBusy(answer.headers.get("retry-after", ""))
    if answer.status_code >= 500:
        raise PeerBroken(str(answer.status_code))
    if answer.status_code == 401 and _words(data)[0] == "StaleCall":
        raise StaleCall
    if answer.status_code in {401, 403}:
        raise NotEnrolled(_words(data)[1])
    if answer.status_code >= 400:
        raise RefusedThere(_words(data)[1] or str(answer.status_code), _words(data)[0])
    if sort not in {wanted, "application/json"}:
        raise NotOurProtocol(sort or "no content type")


def _words(data: bytes) -> tuple[str, str]:
    """(error, title and detail) of a refusal."""
    try:
        told = wire.object_of(data)
    except wire.WireFault:
        return "", ""
    return str(told.get("error", "")), " ".join(str(told[each]) for each in ("title", "detail") if told.get(each))


def _problem(wrong: Exception) -> PeerProblem:
    words = str(wrong) or type(wrong).__name__
    match wrong:
        case httpx.ConnectError() if "CERTIFICATE" in words.upper():
            return NotTrusted(words)
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return CannotReach(words)
        case httpx.TimeoutException():
            return NoAnswer(words)
        case httpx.NetworkError() | httpx.RemoteProtocolError():
            return LineCut(words)
        case _:
            return NotOurProtocol(words)
