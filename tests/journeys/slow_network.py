"""Two people at the desk of one table, served by a real server, and a network that holds answers back until it is told to let them go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import APIResponse, Browser, Page, Request, Route

from tests.builders import a_sentence
from tests.journeys.people import DESK
from tests.support.server import Server, a_server
from tests.web.syntheses.place import a_place
from tests.web.syntheses.scene import a_scene
from workshop.domain.people import Role
from workshop.domain.sentence import Section

OPEN, OTHER = "Il tavolo ha parlato di strade.", "Servono bagni puliti."


@dataclass(slots=True)
class Table:
    """Two sentences: `OPEN` in the frame, `OTHER` among the convergences. Cards that no sentence tells."""

    server: Server
    browser: Browser
    cookie: str
    tokens: tuple[str, str]
    id: str
    sentence: str
    other: str

    def writer(self, n: int = 0, path: str = "/synthesis") -> Page:
        """A window of the first or the second writer."""
        context = self.browser.new_context(locale="it-IT", reduced_motion="reduce", **DESK)
        context.add_cookies([{"name": f"{self.cookie}_s", "value": self.tokens[n], "url": self.server.url}])
        page = context.new_page()
        page.goto(f"{self.server.url}/tables/{self.id}{path}")
        return page

    def with_the_first_sentence_open(self, n: int = 0) -> Page:
        return self.writer(n, path=f"/synthesis?edit={self.sentence}")


@contextmanager
def a_table(folder: Path, browser: Browser) -> Iterator[Table]:
    place = a_place(folder)
    who, token = place.someone(Role.FACILITATOR)
    _, scribe = place.someone(Role.SCRIBE)
    scene = a_scene(place, who)
    sentence = a_sentence(place.meeting, who, OPEN, Section.FRAME, evidence=(scene.groups[1],))
    other = a_sentence(place.meeting, who, OTHER, Section.CONVERGENCES, evidence=tuple(scene.cards[:1]))
    cookie = place.building.house.cookie
    place.close()
    before = list(browser.contexts)
    with a_server(folder) as server:
        yield Table(server, browser, cookie, (scribe, token), place.meeting.table, sentence, other)
        for context in browser.contexts:
            if context not in before:
                context.close()


@dataclass
class Held:
    """What the server has answered and the window has not heard yet."""

    page: Page
    which: Callable[[Request], bool]
    answers: list[tuple[Route, APIResponse]] = field(default_factory=list)
    holds: bool = True

    def wait(self) -> None:
        """Until the server has answered, so what is held tells how things were then."""
        while not self.answers:
            self.page.wait_for_timeout(10)

    def lets_go(self) -> None:
        for route, answer in self._all():
            route.fulfill(response=answer)

    def loses(self) -> None:
        """The server has done it; the window never hears so."""
        for route, _ in self._all():
            route.abort()

    def hold(self, route: Route) -> None:
        if self.holds and self.which(route.request):
            self.answers.append((route, route.fetch(max_redirects=0)))
        else:
            route.fallback()

    def _all(self) -> list[tuple[Route, APIResponse]]:
        self.holds = False
        return self.answers


def holding(page: Page, which: Callable[[Request], bool]) -> Held:
    held = Held(page, which)
    page.route("**/*", held.hold)
    return held


def is_act(request: Request) -> bool:
    """A form that was sent by htmx."""
    return request.method == "POST" and "/socket.io/" not in request.url


def is_news(request: Request) -> bool:
    """The page asks for itself again, because something has changed."""
    return "x-live" in request.headers


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Until the answer to an own act stands on the page, with everything that comes after it."""
    page.evaluate("() => { window.settled = new Promise((done) => document.addEventListener('htmx:afterSettle', done, {once: true})); }")
    yield
    page.evaluate("() => window.settled.then(() => null)")
