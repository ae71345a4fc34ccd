"""The pages in a real browser: two writers on one sentence, reading aloud by keys, and nothing that axe-core objects to."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import a_sentence
from tests.support.accessibility import violations
from tests.support.server import Server, a_server
from tests.web.syntheses.place import a_place
from tests.web.syntheses.scene import a_reading, a_scene
from tests.web.syntheses.test_read_back import answer
from workshop.domain.people import Role


@dataclass(slots=True)
class Stage:
    """A served room: table 1 is being written, table 2 is read back. `tokens`: role -> who may sign in."""

    server: Server
    browser: Browser
    cookie: str
    tokens: dict[str, str]
    writing: str
    reading: str
    sentence: str
    card: str
    group: str

    def page(self, role: str, scheme: str = "light", width: int = 1366) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 768},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="en",
        )
        context.add_cookies([{"name": f"{self.cookie}_s", "value": self.tokens[role], "url": self.server.url}])
        return context.new_page()

    def editor(self, role: str) -> Page:
        page = self.page(role)
        page.goto(f"{self.server.url}/tables/{self.writing}/synthesis?edit={self.sentence}")
        return page


@pytest.fixture
def stage(tmp_path: Path, browser: Browser) -> Iterator[Stage]:
    place = a_place(tmp_path)
    first, second = place.meeting.tables
    facilitator, token = place.someone(Role.FACILITATOR, first)
    scene = a_scene(place, facilitator)
    sentence = a_sentence(place.meeting, facilitator, "La frase di prima", evidence=tuple(scene.groups))
    _, scribe = place.someone(Role.SCRIBE, first)
    _, lead = place.someone(Role.LEAD)
    place.meeting = type(place.meeting)(place.room, place.meeting.process_id, place.meeting.id, (second,), place.meeting.steps)
    reader, reader_token = place.someone(Role.FACILITATOR, second)
    read = a_scene(place, reader)
    ids, read_back = a_reading(place, read)
    answer(place, read.people[0], read_back, ids[0], "object", "Non sono d’accordo per niente.")
    cookie, tokens = place.building.house.cookie, {"facilitator": token, "scribe": scribe, "lead": lead, "reader": reader_token}
    place.close()
    with a_server(tmp_path) as server:
        yield Stage(server, browser, cookie, tokens, first, second, sentence, scene.cards[0], scene.groups[0])


def test_two_writers_on_one_sentence_lose_nothing_and_settle_it(stage: Stage) -> None:
    ours, theirs = stage.editor("facilitator"), stage.editor("scribe")
    ours.get_by_label("Sentence 1", exact=True).fill("La frase come la vede chi facilita")
    theirs.get_by_label("Sentence 1", exact=True).fill("La frase come la scrive chi verbalizza")
    for page in (ours, theirs):
        expect(page.get_by_text("Sentence 1 has 2 wordings")).to_be_visible()
        expect(page.get_by_role("article").get_by_text("chi facilita")).to_be_visible()
        expect(page.get_by_role("article").get_by_text("chi verbalizza")).to_be_visible()
    ours.get_by_role("heading", name="Convergences").click()
    third = ours.get_by_label("Or write one wording that both can sign")
    third.fill("La frase di tutti e due")
    ours.get_by_role("button", name="Save this wording").click()
    for page in (ours, theirs):
        expect(page.get_by_text("has 2 wordings")).to_be_hidden()
        page.get_by_role("heading", name="Convergences").click()
        expect(page.locator(f"#text-{stage.sentence}")).to_have_value("La frase di tutti e due")


def test_words_being_typed_stay_when_the_other_writer_saves(stage: Stage) -> None:
    ours, theirs = stage.editor("facilitator"), stage.editor("scribe")
    field = ours.get_by_label("Sentence 1", exact=True)
    field.focus()
    theirs.get_by_label("Sentence 1", exact=True).fill("Parole dell’altra persona")
    expect(theirs.locator("#head").get_by_text("Saved at")).to_be_visible()
    theirs.get_by_role("button", name="Save and close").click()
    expect(theirs.locator(f"#s-{stage.sentence} p.words")).to_have_text("Parole dell’altra persona")
    field.press_sequentially(" con parole mie")
    expect(ours.get_by_text("Sentence 1 has 2 wordings")).to_be_visible()
    expect(ours.get_by_role("article").get_by_text("con parole mie")).to_be_visible()


def test_leaving_the_field_saves_and_the_sentence_stays_open(stage: Stage) -> None:
    page = stage.editor("facilitator")
    page.get_by_label("Sentence 1", exact=True).fill("Parole che si salvano da sole")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/words" in answer.url):
        page.get_by_label("Sentence 1", exact=True).press("Tab")
    expect(page.get_by_label("Sentence 1", exact=True)).to_have_value("Parole che si salvano da sole")
    page.get_by_role("button", name="Save and close").click()
    expect(page.locator(f"#s-{stage.sentence} p.words")).to_have_text("Parole che si salvano da sole")


def test_space_turns_the_page_and_shift_space_turns_it_back(stage: Stage) -> None:
    page = stage.page("reader")
    page.goto(f"{stage.server.url}/tables/{stage.reading}/read-back")
    expect(page.get_by_role("heading", name="Sentence 1 of 3")).to_be_visible()
    page.locator("body").press("Space")
    expect(page.get_by_role("heading", name="Sentence 2 of 3")).to_be_visible()
    page.locator("body").press("Shift+Space")
    expect(page.get_by_role("heading", name="Sentence 1 of 3")).to_be_visible()


def test_the_writers_are_taken_to_the_read_back_and_the_archive_follows(stage: Stage) -> None:
    archive, reader = stage.page("lead"), stage.page("reader")
    archive.goto(f"{stage.server.url}/archive")
    reader.goto(f"{stage.server.url}/tables/{stage.reading}/read-back")
    for name, count in (("In favour", "3"), ("Against", "0")):
        reader.get_by_role("spinbutton", name=name).fill(count)
    reader.get_by_role("button", name="Validate version 1").click()
    expect(reader.get_by_text("What the table confirmed")).to_be_visible()
    expect(archive.get_by_text("3 yes, 0 no, 0 abstained")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_laptop_and_phone(stage: Stage, scheme: str) -> None:
    pages = {
        "facilitator": [
            f"/tables/{stage.writing}/synthesis?edit={stage.sentence}",
            f"/threads/cards/{stage.card}",
            f"/threads/groups/{stage.group}",
            f"/threads/sentences/{stage.sentence}",
        ],
        "reader": [f"/tables/{stage.reading}/read-back"],
        "lead": ["/archive", f"/archive/syntheses/{stage.reading}"],
    }
    faults = {path: _faults(stage, role, path, scheme) for role, paths in pages.items() for path in paths}
    assert {path: found for path, found in faults.items() if found} == {}


def _faults(stage: Stage, role: str, path: str, scheme: str) -> list[str]:
    page = stage.page(role, scheme)
    found = []
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(stage.server.url + path)
        found += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"too wide for {width}")
    page.context.close()
    return found
