"""Every text of every noun is hostile; a real Chromium opens every page of every role: nothing runs, all is shown as it was written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unicodedata import normalize

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.attacks.forms import Form, forms
from tests.attacks.hostile import notes, spoil
from tests.attacks.place import Furnished, a_furnished_place
from tests.attacks.vectors import SCRIPTS, VECTORS
from tests.support.server import Server, a_server
from workshop.domain.ids import new_id
from workshop.record.queries.tables import the_table

SHOWS_NOTHING = {  # files, redirects, answers to programs; the room's screen has a test of its own
    "central_scan.scan",  # a form and a camera, no words of anybody
    "choices.after_a_refusal",
    "join.join_again",
    "join.typed_code",
    "local.progress",
    "local.bundle_progress",
    "phone_cards.after_a_refusal",
    "photo_uploads.bytes_held",
    "photo_uploads.photo_list",
    "photos.image",
    "photos.see_photo",  # no words of people but the card's own, which is shown everywhere else
    "photos.small",
    "screens.a_screen",
    "sign_in.enter",
    "static",
    "static_files.favicon",
    "static_files.file",
    "sync.hello",
}
VIEWS = ("entrance", "wall", "clock", "dots", "synthesis", "neutral")
WATCH = """
window.alert = window.confirm = window.prompt = (told) => console.error("RAN: " + told);
document.addEventListener("securitypolicyviolation", (e) => console.error("POLICY: " + e.violatedDirective + " " + e.blockedURI));
"""
FOREIGN = """() => {
  const found = [], links = ["href", "src", "action", "formaction", "xlink:href", "data", "srcdoc"];
  for (const one of document.querySelectorAll("*")) {
    if (/^(iframe|object|embed|base|marquee|audio|video|style|math|animate)$/i.test(one.localName)) found.push(one.localName);
    if (one.localName === "script" && !one.src) found.push("script");
    for (const { name, value } of one.attributes) {
      if (/^(hx-)?on/i.test(name)) found.push(name + "=" + value);
      const leads = () => /^\\s*(javascript|data|vbscript):/i.test(value) || /evil/.test(new URL(value, location).host);
      if (links.includes(name) && leads()) found.push(name + "=" + value);
      if (name.startsWith("hx-get") && value === "/lead") found.push(name);
    }
  }
  return found;
}"""


class Watched:
    """A window that notes whatever runs, is refused by the policy, or asks for another host."""

    def __init__(self, browser: Browser, url: str, cookie: dict[str, str]) -> None:
        self.context: BrowserContext = browser.new_context(locale="it-IT")
        self.context.add_init_script(WATCH)
        self.context.add_cookies([{**cookie, "url": url}] if cookie else [])  # type: ignore[list-item]
        self.page: Page = self.context.new_page()
        self.found: list[str] = []
        self.url = url
        self.page.on("dialog", lambda dialog: (self.found.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("console", lambda told: self.found.append(told.text) if re.match("RAN|POLICY|Refused", told.text) else None)
        self.page.on("pageerror", lambda error: self.found.append(f"error {error}"))
        self.page.on("request", lambda asked: None if asked.url.startswith((url, "data:", "ws")) else self.found.append(asked.url))

    def look(self, path: str) -> list[str]:
        """What is wrong at this address."""
        before = len(self.found)
        answer = self.page.goto(self.url + path, wait_until="load")
        wrong = [] if answer and answer.status < 400 else [f"status {answer.status if answer else None}"]
        wrong += self.page.evaluate(FOREIGN)
        return [f"{path}: {each}" for each in (*wrong, *self.found[before:])]

    def text(self) -> str:
        """Everything that can be read, boxes too."""
        shown = self.page.evaluate(
            "() => document.body.textContent + ' ' + [...document.querySelectorAll('input, textarea')].map((box) => box.value).join(' ')"
        )
        return " ".join(str(shown).split())


class Hostile:
    def __init__(self, server: Server, place: Furnished, found: dict[str, Form]) -> None:
        self.server, self.forms, self.ids = server, found, place.ids
        self.cookie, self.tokens = place.building.house.cookie, place.tokens

    def window(self, browser: Browser, who: str = "") -> Watched:
        letter, token = self.tokens[who] if who else ("", "")
        return Watched(browser, self.server.url, {"name": f"{self.cookie}_{letter}", "value": token} if who else {})

    def client(self, who: str) -> httpx.Client:
        letter, token = self.tokens[who]
        told = {"Cookie": f"{self.cookie}_{letter}={token}", "Origin": self.server.url}
        return httpx.Client(base_url=self.server.url, headers=told, trust_env=False, timeout=30)


@contextmanager
def hostile(folder: Path) -> Iterator[Hostile]:
    with a_furnished_place(folder) as place:
        place.ids |= {"cards": " ".join(spoil(place)), "join_code": place.meeting.ask(the_table, place.ids["here"]).join_code}
        found = forms(place)
        assert place.building.house.copier
        place.ids["copy"] = str(place.building.house.copier.copy_now().path)
    with a_server(folder) as server:
        yield Hostile(server, place, found)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    with hostile(tmp_path_factory.mktemp("hostile")) as running:
        yield running


def pages(at: Hostile) -> dict[str, list[str]]:
    """By who opens them. Every address that shows something is among them: a test looks."""
    ids, cards = at.ids, at.ids["cards"].split()
    of_here = [f"/tables/{ids['here']}{page}" for page in ("", "/paper", "/tent", "/forms", "/synthesis", "/practices")]
    of_others = [f"/tables/{ids['voting']}", *(f"/tables/{ids[name]}/read-back" for name in ("reading", "confirmed"))]
    editing = [f"/tables/{ids['here']}/synthesis?edit={ids['sentence']}", f"/tables/{ids['here']}?card={cards[0]}"]
    threads = [f"/threads/cards/{cards[0]}", f"/threads/groups/{ids['cluster']}", f"/threads/sentences/{ids['sentence']}"]
    meetings = [f"{start}/{ids['meeting_id']}{end}" for start, end in (("/lead/meetings", ""), ("/lead/meetings", "/invitations"))]
    setup = [f"/setup/meetings/{ids['meeting_id']}", f"/setup/meetings/{ids['meeting_id']}/sheet", f"/setup/processes/{ids['process_id']}"]
    setup += [f"/setup/processes/{ids['process_id']}/{page}" for page in ("practices", "resources")]
    setup += [f"/setup/practices/{ids['good_practice_id']}", f"/setup/resources/{ids['local_resource_id']}"]
    names = f"/meetings/{ids['meeting_id']}/registrations"
    door = [names, f"{names}/sheet", f"{names}/remove", f"/registrations/{ids['registration_id']}"]
    archived = [
        "/archive",
        f"/archive/syntheses/{ids['confirmed']}",
        f"/archive/syntheses/{ids['confirmed']}?rectify={ids['confirmed_sentence']}",
    ]
    copies = [f"/lead/restore?place={at.server.data}", f"/lead/restore/copy?path={ids['copy']}", "/lead/restored/no-such-link"]
    kept = ["/review", f"/review/{ids['process_id']}", "/erased", "/erasures", f"/threads/cards/{cards[0]}/erase", "/stick"]
    own = ["/lead/settings", "/lead/central", "/lead/neighbours", "/lead/passphrase"]
    phone = ["/write", "/mine", "/table", "/choices", "/welcome", "/privacy", f"/m/{ids['meeting_id']}", f"/mine/{ids['card']}", "/erase"]
    return {
        "": [
            "/",
            f"/m/{ids['meeting_id']}",
            f"/t/{ids['join_code']}",
            "/rejoin",
            "/privacy",
            "/screen",
            "/sign-in",
            f"/staff/{ids['secret']}",
        ],
        "participant": phone,
        "voter": ["/choices", "/table"],
        "listener": ["/choices", "/table"],
        "facilitator": [*of_here, *of_others, *editing, *threads],
        "lead": ["/lead", *own, *copies, *kept, *meetings, "/setup", *setup, *door, *archived],
    }


def test_every_address_that_shows_something_is_looked_at(at: Hostile, room: Furnished) -> None:
    known = room.building.app.url_map.bind("localhost")
    looked = {str(known.match(path.partition("?")[0])[0]) for paths in pages(at).values() for path in paths}
    assert {rule.endpoint for rule in room.rules("GET")} - looked - SHOWS_NOTHING == set()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ["", "participant", "voter", "listener", "facilitator", "lead"])
def test_no_page_runs_what_people_wrote(at: Hostile, browser: Browser, who: str) -> None:
    window = at.window(browser, who)
    wrong = [line for path in pages(at)[who] for line in window.look(path)]
    window.context.close()
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.timeout(300)
def test_every_vector_stands_on_the_board_as_it_was_written(at: Hostile, browser: Browser) -> None:
    window = at.window(browser, "facilitator")
    shown = {}
    for page in ("", "/paper"):
        assert window.look(f"/tables/{at.ids['here']}{page}") == []
        shown[page] = window.text()
    window.context.close()
    kept = [" ".join(normalize("NFC", vector).split()) for vector in VECTORS[:-1]]  # the last one was redacted
    assert {page: [vector for vector in kept if vector not in text] for page, text in shown.items()} == {"": [], "/paper": []}


@pytest.mark.timeout(300)
def test_the_rooms_screen_runs_nothing_in_any_view(at: Hostile, browser: Browser) -> None:
    window, wrong = at.window(browser), []
    with at.client("lead") as lead:
        for view in VIEWS:
            for table in ("", at.ids["here"], at.ids["reading"], at.ids["confirmed"], at.ids["voting"]):
                told = {"command_id": new_id(), "view": view, "work_table_id": table}
                assert lead.post(f"/lead/meetings/{at.ids['meeting_id']}/screen", data=told).status_code == 303
                wrong += window.look(f"/screen/{at.ids['meeting_id']}")
    window.context.close()
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.timeout(120)
def test_a_pushed_card_runs_nothing_either(at: Hostile, browser: Browser) -> None:
    window = at.window(browser, "facilitator")
    assert window.look(f"/tables/{at.ids['here']}") == []
    window.page.wait_for_selector("[data-live=on], main")
    with at.client("facilitator") as writer:
        for vector in (*SCRIPTS[:6], SCRIPTS[8], SCRIPTS[11], SCRIPTS[42], SCRIPTS[45]):
            fields = {**at.forms["boards.enter_card"].fields, "command_id": new_id(), "text": f"{vector} in diretta"}
            assert writer.post(f"/tables/{at.ids['here']}/entries", json=fields).status_code == 201
            window.page.wait_for_selector(f"#card-{fields['command_id']}", state="attached", timeout=20_000)
            assert f"{vector} in diretta" in window.text()
    assert (window.page.evaluate(FOREIGN), window.found) == ([], [])
    window.context.close()


@pytest.mark.timeout(120)
def test_what_waits_on_a_phone_runs_nothing_either(at: Hostile, browser: Browser) -> None:
    """The outbox draws its own list, from what the phone itself kept."""
    window = at.window(browser, "participant")
    assert window.look("/write") == []
    window.page.route("**/cards", lambda route: route.abort())
    for vector in SCRIPTS[:3]:
        window.page.get_by_role("radio", name="Esigenza").check()
        window.page.get_by_label("Una sola idea").fill(f"{vector} in attesa")
        window.page.get_by_role("button", name="Manda al tavolo").click()
        expect(window.page.locator("#outbox > li").filter(has_text=f"{vector} in attesa")).to_be_visible()
    assert (window.page.evaluate(FOREIGN), [each for each in window.found if "ERR_FAILED" not in each]) == ([], [])
    window.context.close()


@pytest.mark.timeout(120)
def test_a_confirmed_synthesis_and_its_notes_run_nothing(at: Hostile, browser: Browser) -> None:
    """The last one: what stands here is changed by it."""
    read, wrong = at.ids["reading"], []
    with at.client("facilitator") as facilitator:
        assert facilitator.post(f"/tables/{read}/read-back/validate", data=notes(at.ids)).status_code == 303
    for who, paths in {
        "facilitator": [f"/tables/{read}/read-back"],
        "listener": ["/choices", "/table", "/mine"],
        "lead": ["/archive", f"/archive/syntheses/{read}", f"/lead/meetings/{at.ids['meeting_id']}"],
    }.items():
        window = at.window(browser, who)
        wrong += [line for path in paths for line in window.look(path)]
        window.context.close()
    assert not wrong, "\n" + "\n".join(wrong)
