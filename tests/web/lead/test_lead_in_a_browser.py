"""From nothing to a live meeting by clicking only, in a real browser; every page on the way without a fault of accessibility."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import violations
from tests.support.server import Server, a_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with closing(browser.new_context(locale="it-IT", viewport={"width": 1366, "height": 768}, reduced_motion="reduce")) as context:
        yield context.new_page()


def looked_at(page: Page) -> list[str]:
    """Faults in both themes; and nothing wider than the window, on a laptop or on a phone."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += violations(page)
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{page.url} is wider than {width}")
    return found


def click(page: Page, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name, exact=role == "button").click()  # type: ignore[arg-type]


def to_the_cockpit(page: Page, server: Server) -> list[str]:
    """The preset, by clicking; the faults found on the way."""
    page.goto(server.entry)
    faults = looked_at(page)
    click(page, "Preparazione", "link")
    expect(page.get_by_text("Non c’è ancora nessun percorso.")).to_be_visible()
    faults += looked_at(page)
    click(page, "Parti da questo esempio")
    expect(page.get_by_role("heading", level=1, name="Lucca In… famiglia")).to_be_visible()
    faults += looked_at(page)
    publish(page)
    click(page, "Verso un patto di comunità", "link")
    expect(page.get_by_text("/t/").first).to_be_visible()
    faults += looked_at(page)
    click(page, "Regia di questo incontro", "link")
    expect(page.get_by_role("heading", name="Schermo di sala")).to_be_visible()
    return faults + looked_at(page)


def publish(page: Page) -> None:
    """With somebody to ask: before, nobody is invited to a meeting."""
    page.get_by_label("E-mail per le domande").fill("famiglia@example.org")
    click(page, "Salva la descrizione")
    click(page, "Pubblica")
    expect(page.get_by_text("Pubblicato", exact=True)).to_be_visible()


def go_live(page: Page) -> None:
    for move in ("Annuncia", "Apri le porte", "È tutto pronto", "Inizia l’incontro"):
        click(page, move)
        expect(page.get_by_role("button", name=move, exact=True)).to_have_count(0)
    expect(page.get_by_text("In corso", exact=True)).to_be_visible()


def test_from_the_example_to_a_live_meeting_by_clicking_only(page: Page, server: Server) -> None:
    faults = to_the_cockpit(page, server)
    go_live(page)
    click(page, "Apri a tutti i tavoli")
    expect(page.locator("tr.now").first).to_contain_text("Tavoli 1, 2, 3, 4, 5, 6")
    expect(page.locator(".tcard .light")).to_have_text(["In tempo"] * 6)
    click(page, "5 minuti in più per tutti")
    expect(page.locator(".tcard").first).to_contain_text("restano 15 minuti")
    click(page, "Parete")
    expect(page.get_by_role("button", name="Parete")).to_have_attribute("aria-pressed", "true")
    assert faults + looked_at(page) == []


def test_a_table_that_does_not_follow_is_told_without_leaving_the_page(page: Page, server: Server) -> None:
    to_the_cockpit(page, server)
    go_live(page)
    first, second, again = "Benvenuti", "Che cosa abbiamo sentito il 9 ottobre", "Benvenuti "
    for step, told in ((first, first), (second, second), (again, "6 tavoli non hanno seguito")):
        page.get_by_label("Apri a tutti i tavoli").first.select_option(label=step.strip())
        click(page, "Apri a tutti i tavoli")
        expect(page.locator("tr.now").first if step != again else page.locator("#problem")).to_contain_text(told)
    assert looked_at(page) == []


def test_the_cockpit_hears_of_a_phone_and_of_another_window(browser: Browser, page: Page, server: Server) -> None:
    to_the_cockpit(page, server)
    go_live(page)
    with closing(browser.new_context(storage_state=page.context.storage_state(), locale="it-IT")) as context:
        other = context.new_page()
        other.goto(page.url)
        click(other, "Tempo")
        expect(page.get_by_role("button", name="Tempo")).to_have_attribute("aria-pressed", "true")


def test_invitations_settings_and_the_way_to_the_centre_have_no_faults(page: Page, server: Server) -> None:
    to_the_cockpit(page, server)
    click(page, "Chi aiuta", "link")
    expect(page.get_by_role("heading", name="Invita una persona")).to_be_visible()
    faults = looked_at(page)
    click(page, "Prepara i fogli")
    expect(page.get_by_text("Questi codici si vedono solo adesso.")).to_be_visible()
    faults += violations(page)
    for path in ("/lead/settings", "/lead/central", "/lead"):
        page.goto(f"{server.url}{path}")
        faults += looked_at(page)
    assert faults == []


def test_everything_is_done_without_javascript_too(browser: Browser, server: Server) -> None:
    with closing(browser.new_context(locale="it-IT", java_script_enabled=False)) as context:
        page = context.new_page()
        page.goto(server.entry)
        click(page, "Preparazione", "link")
        click(page, "Parti da questo esempio")
        publish(page)
        click(page, "Verso un patto di comunità", "link")
        click(page, "Regia di questo incontro", "link")
        go_live(page)
        click(page, "Apri a tutti i tavoli")
        expect(page.locator("tr.now").first).to_contain_text("Tavoli 1, 2, 3, 4, 5, 6")
