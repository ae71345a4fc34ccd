"""Every page of every role, in light and in dark: axe finds nothing, nothing is refused or missing, nothing is wider than the window.

A template that is shown as a page and is not written down here fails; so does one that is written down and was not looked at.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.builders import a_meeting, a_room, a_step_open
from tests.journeys.people import HALL, PHONE, Crowd, Facilitator, Lead, Organiser, Phone
from tests.support.accessibility import violations
from tests.support.server import Server, a_server
from workshop.domain.ids import new_id
from workshop.domain.step import Verb
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import the_table
from workshop.settings import device_key, open_folder

THEMES = ("light", "dark")
TESTS = Path(__file__).parents[1]
FOLDER = TESTS.parent / "templates"
TEMPLATES = [file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.html")]
# The demonstration: each table stands somewhere else. 1 confirmed, 2 corrected, 3 reads back, 4 writes, 5 votes, 6 collects.
FIRST_TABLE = "Conciliazione famiglia-lavoro"
TABLES = [re.compile(rf"^{n}\. ") for n in range(1, 7)]

AT_THE_DOOR = ["/", "/t/{code6}", "/m/{meeting}", "/privacy", "/rejoin", "/sign-in"]
NOT_THERE = [("/t/ZZZZ", 404), ("/enter/used", 410), ("/staff/nobody", 410), ("/no-such-page", 404)]
ON_A_PHONE = [
    (6, "/welcome"),
    (6, "/write"),
    (6, "/mine"),
    (6, "/mine/{own6}"),
    (6, "/table"),
    (6, "/choices"),
    (6, "/erase"),
    (6, "/erased"),
    (6, "/t/{code1}"),
    (5, "/write"),
    (5, "/choices"),
    (5, "/table"),
    (4, "/write"),
    (3, "/choices"),
    (1, "/choices"),
    (2, "/choices"),
]
FACILITATING = [
    *[f"/tables/{{table{n}}}" for n in range(1, 7)],
    "/tables/{table6}?card={card6}",
    "/tables/{table6}/paper",
    "/tables/{table6}/photos",
    "/tables/{table6}/practices",
    "/tables/{table6}/tent",
    "/tables/{table6}/forms",
    "/tables/{table6}/synthesis",
    "/tables/{table4}/synthesis",
    "/tables/{table4}/synthesis?edit={sentence4}",
    "/tables/{table3}/read-back",
    "/tables/{table1}/read-back",
    "/tables/{table2}/read-back",
    "/threads/cards/{card1}",
    "/threads/groups/{group1}",
    "/threads/sentences/{sentence1}",
]
LEADING = [
    "/lead",
    "/lead/meetings/{meeting}",
    "/lead/meetings/{meeting}/invitations",
    "/lead/settings",
    "/lead/passphrase",
    "/lead/central",
    "/lead/central/scan",
    "/lead/restore",
    "/lead/neighbours",
    "/stick",
    "/erasures",
    "/threads/cards/{card1}/erase",
    "/setup",
    "/setup/processes/{process}",
    "/setup/processes/{process}/practices",
    "/setup/practices/{practice}",
    "/setup/resources/{resource}",
    "/setup/meetings/{meeting}",
    "/setup/meetings/{meeting}/sheet",
    "/review/{process}",
    "/tables/{table4}",
    "/tables/{table4}/synthesis",
    "/tables/{table3}/read-back",
    "/archive",
    "/archive/syntheses/{table1}",
    "/archive/syntheses/{table1}?rectify={sentence1}",
    "/archive/syntheses/{table2}",
    "/archive/syntheses/{table6}",
    "/threads/cards/{card1}",
]
IN_THE_HALL = [
    ("Ingresso", 0),
    ("Parete", 0),
    ("Tempo", 0),
    ("Bollini", 4),
    ("Bollini", 5),
    ("Sintesi", 1),
    ("Sintesi", 3),
    ("Sintesi", 4),
    ("Neutro", 0),
]
AT_THE_CENTRE = ["/archive", "/setup", "/review", "/organisers", "/complete", "/devices", "/enrol", "/stick", "/erasures"]


# What a page says about itself (data-page): every template that is shown as a page stands in one of these two.
SCREENS: Final = """
    good_practices/at_table good_practices/list good_practices/practice local_resources/resource
    archive/index archive/synthesis boards/board join/already_in join/choose_meeting join/closed_door join/erase join/erased join/join
    join/no_meeting join/privacy join/rejoin join/welcome join/wrong_code lead/central lead/cockpit lead/invitations
    lead/invitations_printed lead/meetings lead/neighbours lead/passphrase lead/restore lead/scan lead/settings lead/stick
    organisers/complete organisers/list organisers/reader_key registrations/list registrations/registration registrations/remove
    registrations/sheet
    paper/entry paper/forms paper/tent phones/after phones/dots phones/mine phones/read_back phones/table phones/thread
    phones/vote_aloud phones/write photos/photos problems/refused review/processes review/review screens/choose screens/clock
    screens/dots_of_table screens/entrance screens/neutral screens/synthesis_of_table screens/wall
    setup/devices setup/enrol setup/erase_card setup/erasures setup/meeting setup/process setup/processes setup/sheet
    sign_in/passphrase sign_in/pin sign_in/void_invitation syntheses/editor syntheses/read_back syntheses/validated threads/card
    threads/group threads/sentence
    """
LOOKED_AT_ELSEWHERE: Final = {
    "lead/restore_copy": "journeys/test_restore_on_a_new_laptop.py: a copy must be there",
    "lead/restored": "journeys/test_restore_on_a_new_laptop.py: it is shown once, after a restore",
    "organisers/account": "central/test_in_a_browser.py: a one-time link must be made",
    "organisers/recovery": "central/test_in_a_browser.py: a one-time link must be made",
    "organisers/set_up": "central/test_in_a_browser.py: a one-time link must be made",
    "organisers/sign_in": "central/test_in_a_browser.py: a one-time link must be made",
    "organisers/void_link": "central/test_in_a_browser.py: a one-time link must be made",
    "screens/dots": "web/screens/test_screens_in_a_browser.py: the lead's page names a table",
    "screens/synthesis": "web/screens/test_screens_in_a_browser.py: the lead's page names a table",
    "photos/photo": "web/photos/test_photos_in_a_browser.py: a photo must be sent first",
}
LOOKED_AT: set[str] = set()


@dataclass
class Building:
    """The demonstration, with somebody of each role signed in. `names`: what stands for {table4} or {meeting} in an address."""

    server: Server
    crowd: Crowd
    lead: Lead
    names: dict[str, str]
    browsers: dict[str, BrowserContext] = field(default_factory=dict)

    def nobody(self) -> BrowserContext:
        return self._of("nobody", lambda: self.crowd.comes(**PHONE).context)

    def phone(self, table: int) -> BrowserContext:
        """Who sits at this table; at the last one they have written a card."""
        return self._of(f"phone {table}", lambda: self._seated(table))

    def facilitator(self) -> BrowserContext:
        """Of all six tables."""
        return self._of(
            "facilitator", lambda: Facilitator(self.crowd, self.lead.invites("Chi facilita", *TABLES), FIRST_TABLE).page.context
        )

    def hall(self) -> BrowserContext:
        return self._of("hall", lambda: self.crowd.comes(viewport=HALL).context)

    def address(self, path: str) -> str:
        return self.server.url + path.format(**self.names)

    def _of(self, who: str, come: Callable[[], BrowserContext]) -> BrowserContext:
        if who not in self.browsers:
            self.browsers[who] = come()
        return self.browsers[who]

    def _seated(self, table: int) -> BrowserContext:
        phone = Phone(self.crowd, self.address(f"/t/{{code{table}}}"))
        if table == 6:
            phone.writes("Proposta", "Facciamo i compiti insieme in biblioteca.")
            expect(phone.page.locator("#receipt")).to_be_visible()
            phone.page.goto(self.address("/mine"))
            self.names["own6"] = _id_in(phone.page, "/mine/")
        return phone.page.context


@pytest.fixture(scope="module")
def building(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    with a_server(tmp_path_factory.mktemp("demonstration"), "--demo", "--host", "127.0.0.1") as server:
        crowd = Crowd(browser)
        lead = Lead(crowd, server.entry)
        lead.goes_to_the_meeting()
        yield Building(server, crowd, lead, what_stands_where(lead))
        crowd.goes_home()


@dataclass(frozen=True, slots=True)
class SeveralMeetings:
    """A room with two live meetings, the first of which decides aloud, and one whose doors are still closed."""

    url: str
    crowd: Crowd
    code: str
    closed_id: str


@pytest.fixture(scope="module")
def several(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeveralMeetings]:
    folder = tmp_path_factory.mktemp("several")
    device_key(open_folder(str(folder)))
    room = a_room(folder)
    aloud, _, closed = a_meeting(room, pack="consenso"), a_meeting(room), a_meeting(room, state="announced")
    a_step_open(aloud, next(step.key for step in room.ask(the_meeting, aloud.id).steps if step.do is Verb.VOTE))
    code = room.ask(the_table, aloud.table).join_code
    room.close()
    with a_server(folder, "--host", "127.0.0.1") as server:
        crowd = Crowd(browser)
        yield SeveralMeetings(server.url, crowd, code, closed.id)
        crowd.goes_home()


@pytest.fixture(scope="module")
def centre(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Organiser]]:
    with a_server(tmp_path_factory.mktemp("centre"), "--central", "--try", "--host", "127.0.0.1") as server:
        crowd = Crowd(browser)
        yield server, Organiser(crowd, server.entry)
        crowd.goes_home()


@pytest.mark.parametrize("path", AT_THE_DOOR)
def test_pages_of_the_door(building: Building, path: str) -> None:
    assert faults_of(building.nobody(), building.address(path)) == []


@pytest.mark.parametrize(("path", "status"), NOT_THERE)
def test_pages_that_are_not_there_say_so(building: Building, path: str, status: int) -> None:
    assert faults_of(building.nobody(), building.address(path), status) == []


def test_a_room_where_nothing_is_prepared_yet(browser: Any, tmp_path: Path) -> None:
    with a_server(tmp_path, "--host", "127.0.0.1") as server:
        crowd = Crowd(browser)
        assert faults_of(crowd.comes(**PHONE).context, f"{server.url}/") == []
        crowd.goes_home()


@pytest.mark.parametrize("path", ["/", "/screen", "/m/{closed}"])
def test_pages_of_the_door_of_several_meetings(several: SeveralMeetings, path: str) -> None:
    assert faults_of(several.crowd.comes(**PHONE).context, several.url + path.format(closed=several.closed_id)) == []


def test_a_vote_that_is_taken_aloud(several: SeveralMeetings) -> None:
    phone = Phone(several.crowd, f"{several.url}/t/{several.code}")
    assert faults_of(phone.page.context, f"{several.url}/choices") == []


@pytest.mark.parametrize(("name", "words", "status"), [("{fresh}", "ab", 422), ("{own6}", "Serve l’ombra", 409)])
def test_words_that_were_refused_stand_in_their_box(building: Building, name: str, words: str, status: int) -> None:
    """Without the outbox: a card that is too short, and other words under the name of a card that was sent already."""
    page = building.phone(6).new_page()
    page.goto(building.address("/write"))
    page.get_by_role("radio").first.check()
    answered = sends_plainly(page, command_id=name.format(fresh=new_id(), **building.names), text=words)
    assert (answered, faults_on(page)) == (status, [])
    expect(page.locator("textarea").first).to_have_value(words)
    page.close()


@pytest.mark.parametrize(("table", "path"), ON_A_PHONE)
def test_pages_of_a_phone(building: Building, table: int, path: str) -> None:
    assert faults_of(building.phone(table), building.address(path)) == []


@pytest.mark.parametrize("path", FACILITATING)
def test_pages_of_who_facilitates(building: Building, path: str) -> None:
    assert faults_of(building.facilitator(), building.address(path)) == []


@pytest.mark.parametrize("path", LEADING)
def test_pages_of_the_lead(building: Building, path: str) -> None:
    assert faults_of(building.lead.page.context, building.address(path)) == []


@pytest.mark.parametrize(("view", "table"), IN_THE_HALL)
def test_views_of_the_rooms_screen(building: Building, view: str, table: int) -> None:
    building.lead.turns_the_screen_to(view, TABLES[table - 1] if table else None)
    assert faults_of(building.hall(), building.address("/screen/{meeting}")) == []


def test_the_sheet_that_is_shown_once_and_the_page_for_the_pin(building: Building) -> None:
    invitation = building.lead.invites("Chi verbalizza", TABLES[5])
    assert faults_on(building.lead.page) == []
    assert faults_of(building.nobody(), invitation.link) == []


@pytest.mark.parametrize("path", AT_THE_CENTRE)
def test_pages_of_the_centre(centre: tuple[Server, Organiser], path: str) -> None:
    server, organiser = centre
    assert faults_of(organiser.page.context, server.url + path) == []


def test_the_code_that_is_shown_once(centre: tuple[Server, Organiser]) -> None:
    organiser = centre[1]
    organiser.makes_a_one_time_code()
    assert faults_on(organiser.page) == []


def test_the_key_that_is_shown_once(centre: tuple[Server, Organiser]) -> None:
    server, organiser = centre
    organiser.page.goto(f"{server.url}/complete")
    assert faults_on(organiser.page) == []
    organiser.presses("Crea la chiave dei dati completi")
    expect(organiser.page.get_by_role("heading", level=1)).to_have_text("La chiave dei dati completi")
    assert faults_on(organiser.page) == []
    organiser.page.get_by_role("link", name="Fatto: vai avanti").click()
    expect(organiser.page.get_by_text("Le sale sigillano per questa chiave:")).to_be_visible()
    assert faults_on(organiser.page) == []


PEOPLE = "Anna Lucchesi; anna@example.org; 1; rampa d'ingresso\nNiccolò Pardini; 0583 123456\nBianchi, Piero\nIda; ; 99"


def test_pages_of_who_is_registered_in_the_room(building: Building) -> None:
    """Empty, pasted with lines that cannot be read, somebody marked, one person, the sheet, before removing; on a telephone too."""
    assert faults_of(building.lead.page.context, building.address("/meetings/{meeting}/registrations")) == []
    page = building.lead.page.context.new_page()
    assert faults_of_registrations(page, building.address("/meetings/{meeting}/registrations"), "È qui Anna Lucchesi") == []


def test_pages_of_who_is_registered_at_the_centre(centre: tuple[Server, Organiser]) -> None:
    server, organiser = centre
    page = organiser.page.context.new_page()
    page.goto(f"{server.url}/setup")
    page.get_by_role("button", name="Parti da questo esempio").first.click()
    page.locator("a[href^='/setup/meetings/']").nth(1).click()  # the laboratory: it has tables
    page.get_by_role("link", name="Apri l’elenco").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Iscritti")
    assert faults_on(page) == []
    assert faults_of_registrations(page, page.url, "") == []


def faults_of_registrations(page: Page, address: str, tap: str) -> list[str]:
    page.goto(address)
    page.get_by_label("Una persona per riga").fill(PEOPLE)
    page.get_by_role("button", name="Aggiungile").click()
    expect(page.get_by_text("2 persone aggiunte.")).to_be_visible()
    found = faults_on(page)
    if tap:
        page.goto(address)
        page.get_by_role("button", name=tap).click()
        expect(page.get_by_role("heading", name="1 di 2 arrivati")).to_be_visible()
    person = page.get_by_role("link", name="Anna Lucchesi").get_attribute("href") or ""
    pages = (address, f"{address}?q=nessuno", f"{address}/sheet", f"{address}/remove", address.partition("/meetings")[0] + person)
    for size in (PHONE["viewport"], {"width": 1366, "height": 768}):
        page.set_viewport_size(size)
        for each in pages:
            page.goto(each)
            found += faults_on(page)
    page.close()
    return found


def test_every_screen_is_written_down_here() -> None:
    shown = {name for name in TEMPLATES if is_shown(name)}
    assert shown == {*SCREENS.split(), *LOOKED_AT_ELSEWHERE}
    assert [file for file in (why.partition(":")[0] for why in LOOKED_AT_ELSEWHERE.values()) if not (TESTS / file).exists()] == []


def test_every_screen_that_is_written_down_was_looked_at() -> None:
    """The last of this file: it knows nothing unless the others have run."""
    assert [name for name in SCREENS.split() if name not in LOOKED_AT] == [], "run the whole file"


def is_shown(name: str) -> bool:
    """It stands on a layout and is no layout itself."""
    folder, _, last = name.rpartition("/")
    return folder != "layouts" and not last.startswith("_") and "{% extends" in (FOLDER / f"{name}.html").read_text()


def sends_plainly(page: Page, **fields: str) -> int:
    """As a browser without scripts sends the form; the status of the answer, which the page then shows."""
    fill = "([form, fields]) => { Object.entries(fields).forEach(([name, value]) => form.elements[name].value = value); form.submit(); }"
    with page.expect_navigation(), page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.evaluate(fill, [page.locator("#write").element_handle(), fields])
    return answer.value.status


def faults_of(context: BrowserContext, address: str, status: int = 200) -> list[str]:
    """What is wrong with a page, from its first request on."""
    page, heard = context.new_page(), []
    page.on("console", lambda said: heard.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda fault: heard.append(f"script: {fault}"))
    page.on("requestfailed", lambda asked: heard.append(f"no answer: {asked.url}"))
    page.on("response", lambda answer: heard.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)
    answer = page.goto(address)
    assert answer
    found = faults_on(page)
    page.close()
    expected = (
        ()
        if status == 200
        else (f"{status}: {address}", f"console: Failed to load resource: the server responded with a status of {status} ")
    )
    wrong = [] if answer.status == status else [f"answered {answer.status}"]
    return wrong + [each for each in heard if not each.startswith(expected or "\0")] + found


def faults_on(page: Page) -> list[str]:
    """As it stands: in both themes; and never wider than its window."""
    if page.locator("[data-topic]").count():
        expect(page.locator("html")).to_have_attribute("data-net", "on")
    LOOKED_AT.add(page.locator("html").get_attribute("data-page") or "")
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{theme}: {fault}" for fault in violations(page)]
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return found + ([f"{width} wide in a window of {window}"] if width > window else [])


def what_stands_where(lead: Lead) -> dict[str, str]:
    """Ids and codes of the demonstration, read from the pages as the lead sees them."""
    names = {"meeting": lead.page.url.rpartition("/")[2]}
    tables = [link.get_attribute("href") or "" for link in lead.page.get_by_role("link", name=re.compile("^(Guarda|Vai ad aiutare)")).all()]
    names |= {f"table{n}": href.rpartition("/")[2] for n, href in enumerate(tables, start=1)}
    lead.page.get_by_role("link", name="Data, tavoli, metodo").click()
    codes = lead.page.locator("h3 + .code")
    expect(codes).to_have_count(6)
    names |= {f"code{n}": code.rpartition("/")[2] for n, code in enumerate(codes.all_inner_texts(), start=1)}
    names["process"] = _id_in(lead.page, "/setup/processes/")
    origin = lead.page.url.partition("/setup")[0]
    lead.page.goto(f"{origin}/setup/processes/{names['process']}/practices")
    names |= {"practice": _id_in(lead.page, "/setup/practices/"), "resource": _id_in(lead.page, "/setup/resources/")}
    lead.page.goto(f"{origin}/archive/syntheses/{names['table1']}")
    names |= {"card1": _id_in(lead.page, "/threads/cards/"), "sentence1": _id_in(lead.page, "/threads/sentences/")}
    lead.page.goto(f"{origin}/threads/cards/{names['card1']}")
    names["group1"] = _id_in(lead.page, "/threads/groups/")
    lead.page.goto(f"{origin}/tables/{names['table4']}/synthesis")
    names["sentence4"] = (lead.page.locator("li.sent").first.get_attribute("id") or "").removeprefix("s-")
    lead.page.goto(f"{origin}/tables/{names['table6']}")
    names["card6"] = (lead.page.locator("#new-cards > .card").first.get_attribute("id") or "").removeprefix("card-")
    return names


def _id_in(page: Page, start: str) -> str:
    href = page.locator(f"a[href^='{start}']").first.get_attribute("href") or ""
    return href.removeprefix(start).partition("?")[0]
