"""A page of somebody else, open in the same real Chromium in which people take part and lead: it writes nothing and reads nothing.

Another port of our own host is the same site: the browser sends the cookies along, and only the guard stands between. `localhost` is
another site: SameSite keeps the cookies away as well.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.attacks.forms import flat, forms
from tests.attacks.place import a_furnished_place
from tests.support.awaiting import until
from tests.support.odd_servers import answering, http_answer
from tests.support.server import Server, a_server
from workshop.private.database import PRIVATE, ballot_key_table, guess_table, open_private
from workshop.record.database import open_store
from workshop.record.log import count_entries
from workshop.settings import open_folder

pytestmark = pytest.mark.timeout(300)

PEOPLE = {"those who take part and lead": ("participant", "lead"), "who facilitates": ("voter", "facilitator")}
SOCKETS = "/socket.io/?EIO=4&transport="
SEND = """async ([sends, credentials, isJson]) => {
  for (const [to, fields] of sends) {
    const body = isJson ? JSON.stringify(fields) : new URLSearchParams(fields);
    await fetch(to, {method: "POST", mode: "no-cors", credentials, body}).catch(() => null);
  }
}"""
WAYS = (("include", False), ("omit", False), ("include", True))  # as a form, as a form without cookies, as words that are JSON
BEACON = "(sends) => sends.forEach(([to, fields]) => navigator.sendBeacon(to, new URLSearchParams(fields)))"
FORM = """([to, fields, enctype]) => new Promise((done) => {
  const frame = Object.assign(document.createElement("iframe"), {name: "there"});
  const form = Object.assign(document.createElement("form"), {method: "post", action: to, target: "there", enctype});
  Object.entries(fields).forEach(([name, value]) => form.append(Object.assign(document.createElement("input"), {name, value})));
  document.body.replaceChildren(frame, form);
  frame.onload = () => done();
  form.submit();
})"""
READ = "(to) => fetch(to, {credentials: 'include'}).then((answer) => answer.text(), () => 'unreadable')"
ASK_FIRST = """(to) => fetch(to, {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/json'}, body: '{}'})
  .then(() => 'answered', () => 'refused')"""
AS_A_SCRIPT = """(to) => new Promise((done) => {
  const script = Object.assign(document.createElement("script"), {src: to, onload: () => done("ran"), onerror: () => done("refused")});
  document.body.append(script);
})"""
SOCKET = """(to) => new Promise((done) => {
  const socket = new WebSocket(to.replace("http", "ws"));
  socket.onopen = () => done("open");
  socket.onerror = () => done("refused");
})"""


@dataclass(slots=True)
class Room:
    """A running room. `sends`: (path, good form) of every address that takes something; `pages`: what those who are signed in may see."""

    server: Server
    cookie: str
    tokens: dict[str, tuple[str, str]]
    sends: list[tuple[str, dict[str, str]]]
    pages: list[str]

    def state(self) -> tuple[int, str]:
        """Entries of the record, and a digest of the private database."""
        folder, marks = open_folder(str(self.server.data)), hashlib.sha256()
        private, record = open_private(folder.private_url), open_store(folder.record_url)
        with private.readers.connect() as connection, record.readers.connect() as entries:
            for table in PRIVATE.sorted_tables:
                if table not in (guess_table, ballot_key_table):
                    marks.update(repr(sorted(map(repr, connection.execute(select(table))))).encode())
            found = count_entries(entries), marks.hexdigest()
        private.close()
        record.close()
        return found

    def someone(self, browser: Browser, who: tuple[str, ...], address: str) -> Page:
        """Signed in with us, looking at a page that may be somebody else's."""
        context = browser.new_context(locale="it-IT")
        for name in who:
            letter, token = self.tokens[name]
            context.add_cookies([{"name": f"{self.cookie}_{letter}", "value": token, "url": self.server.url, "sameSite": "Lax"}])
        page = context.new_page()
        page.goto(address)
        return page


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    data = tmp_path_factory.mktemp("crossed")
    with a_furnished_place(data) as place:
        known = forms(place)
        told = [(rule, known[rule.endpoint]) for rule in place.rules("POST") if rule.endpoint in known]
        sends = [(place.path(rule, **form.path), flat(form.fields)) for rule, form in told]
        here = place.ids["here"]
        pages = ["/write", "/mine", "/lead", f"/tables/{here}", f"/tables/{here}/synthesis", "/archive", SOCKETS + "polling", "/sync/hello"]
        cookie, tokens = place.building.house.cookie, place.tokens
    with a_server(data) as server:
        yield Room(server, cookie, tokens, sends, pages)


@pytest.fixture(scope="module")
def evil() -> Iterator[str]:
    """The address of a page of somebody else, on a port of its own."""
    page = b"<!doctype html><title>Vinci un premio</title><link rel=icon href='data:,'><body>"  # nothing of its own is asked for
    with answering(http_answer("200 OK", page, "text/html")) as address:
        yield address


@pytest.fixture(params=["another port", "another site"])
def address(request: pytest.FixtureRequest, evil: str) -> str:
    return evil if request.param == "another port" else evil.replace("127.0.0.1", "localhost")


@dataclass(slots=True)
class Wire:
    """What went over the wire from this page, whether or not the page may know it: our cookies, and the status of each answer."""

    carried: list[bool] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def wait_for(self, page: Page, count: int) -> None:
        while len(self.statuses) < count:
            page.wait_for_timeout(10)


def the_wire(page: Page, cookie: str) -> Wire:
    wire, line = Wire(), page.context.new_cdp_session(page)
    line.on("Network.requestWillBeSentExtraInfo", lambda told: wire.carried.append(cookie in told["headers"].get("Cookie", "")))
    line.on("Network.responseReceivedExtraInfo", lambda told: wire.statuses.append(told["statusCode"]))
    line.send("Network.enable")
    return wire


@pytest.mark.parametrize("who", PEOPLE.values(), ids=PEOPLE)
def test_nothing_is_written_from_another_page(at: Room, browser: Browser, address: str, who: tuple[str, ...]) -> None:
    before, page = at.state(), at.someone(browser, who, address)
    wire = the_wire(page, at.cookie)
    sends = [[at.server.url + path, fields] for path, fields in at.sends]
    for way in WAYS:
        page.evaluate(SEND, [sends, *way])
    page.evaluate(BEACON, sends)
    wire.wait_for(page, len(sends) * (len(WAYS) + 1))
    assert set(wire.statuses) == {403}
    assert any(wire.carried) is ("127.0.0.1" in address)  # from another port the cookies came along, and the guard alone refused
    assert at.state() == before
    page.context.close()


@pytest.mark.parametrize("enctype", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"])
def test_no_form_of_another_page_is_taken(at: Room, browser: Browser, address: str, enctype: str) -> None:
    before, page = at.state(), at.someone(browser, ("participant", "lead"), address)
    for path, fields in at.sends[:5]:
        with page.expect_response(at.server.url + path) as answer:
            page.evaluate(FORM, [at.server.url + path, fields, enctype])
        assert answer.value.status == 403
    assert at.state() == before
    page.context.close()


def test_the_same_forms_are_taken_from_our_own_page(at: Room, browser: Browser) -> None:
    """Else a form that is not good would pass for one that was refused."""
    page = at.someone(browser, ("participant",), f"{at.server.url}/write")
    before, (path, fields) = at.state(), next(each for each in at.sends if each[0].endswith("/cards"))
    with page.expect_response(at.server.url + path) as answer:
        page.evaluate(SEND, [[[at.server.url + path, fields]], *WAYS[0]])
    assert answer.value.status == 303
    assert at.state()[0] > before[0]
    page.context.close()


def test_nothing_is_read_from_another_page(at: Room, browser: Browser, address: str) -> None:
    page = at.someone(browser, ("participant", "lead"), address)
    urls = [at.server.url + path for path in at.pages]
    assert {url: page.evaluate(READ, url) for url in urls} == dict.fromkeys(urls, "unreadable")
    assert {url: page.evaluate(ASK_FIRST, url) for url in urls} == dict.fromkeys(urls, "refused")
    scripts = [*urls, f"{at.server.url}{SOCKETS}polling&j=0", f"{at.server.url}/static/js/base.js"]
    assert {url: page.evaluate(AS_A_SCRIPT, url) for url in scripts} == dict.fromkeys(scripts, "refused")
    page.context.close()


def test_no_socket_is_opened_from_another_page(at: Room, browser: Browser, address: str) -> None:
    page = at.someone(browser, ("participant", "lead"), address)
    assert page.evaluate(SOCKET, f"{at.server.url}{SOCKETS}websocket") == "refused"
    page.context.close()
    ours = at.someone(browser, ("participant",), f"{at.server.url}/write")
    assert ours.evaluate(SOCKET, f"{at.server.url}{SOCKETS}websocket") == "open"
    ours.context.close()


def test_our_pages_are_shown_in_no_frame_and_no_window_of_another_page(at: Room, browser: Browser, address: str) -> None:
    page = at.someone(browser, ("participant", "lead"), address)
    page.evaluate("(to) => { document.body.append(Object.assign(document.createElement('iframe'), {src: to})); }", f"{at.server.url}/lead")
    until(lambda: page.evaluate("document.querySelector('iframe').contentDocument === null"))
    frame = page.frames[1]
    frame.wait_for_load_state()
    assert frame.url.startswith("chrome-error:")
    with page.context.expect_page() as opened:
        page.evaluate("(to) => { window.there = window.open(to); }", f"{at.server.url}/lead")
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{at.server.url}/lead"
    assert page.evaluate("window.there.closed")  # so it looks from here: the two are cut apart
    assert opened.value.evaluate("window.opener") is None
    page.context.close()
