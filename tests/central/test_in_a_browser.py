"""An organiser's first day in a real browser: link, passphrase and app, codes on paper, in and out, inviting another."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.central.conftest import PASSPHRASE, app_of
from tests.journeys.test_every_screen_is_accessible import faults_on
from tests.support.server import Server, a_server

NAME = "marta@example.org"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path, "--central", "--try") as server:
        yield server


def link_from_the_terminal(server: Server, name: str) -> str:
    command = [sys.executable, "-m", "workshop.cli", "organiser", "add", name, "--data", str(server.data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def sets_up(page: Page, link: str) -> Any:
    """On the phone; the app is on it too."""
    page.goto(link)
    assert faults_on(page) == []
    app = app_of(page.content())
    page.get_by_label("Frase segreta nuova").fill(PASSPHRASE)
    page.get_by_label("La stessa, di nuovo").fill(PASSPHRASE)
    page.get_by_label("Codice dell’app").fill(app.now())
    page.get_by_role("button", name="Salva ed entra").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I tuoi codici di recupero")
    assert faults_on(page) == []
    return app


def test_the_first_day_of_an_organiser(browser: Browser, trial: Server) -> None:
    phone = browser.new_context(viewport=PHONE, locale="it-IT", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    app = sets_up(phone, link_from_the_terminal(trial, NAME))
    codes = phone.locator("ol.codes strong").all_inner_texts()
    phone.get_by_role("link", name="Li ho su carta").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Che cosa hanno confermato i tavoli")

    desk = browser.new_context(viewport=DESK, locale="it-IT", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    desk.goto(f"{trial.url}/sign-in")
    assert faults_on(desk) == []
    desk.get_by_label("Nome o e-mail").fill(NAME)
    desk.get_by_label("Frase segreta").fill(PASSPHRASE)
    desk.get_by_label("Codice dell’app").fill("000 000")
    desk.get_by_role("button", name="Entra").click()
    expect(desk.get_by_role("alert")).to_contain_text("Nome, frase segreta e codice non vanno insieme.")
    expect(desk.get_by_label("Nome o e-mail")).to_have_value(NAME)
    assert faults_on(desk) == []
    desk.get_by_label("Frase segreta").fill(PASSPHRASE)
    desk.get_by_label("Codice dell’app").fill(app.at(int(time.time()) + 30))
    desk.get_by_role("button", name="Entra").click()

    desk.get_by_role("link", name="Chi organizza").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Chi tiene questo archivio centrale")
    desk.get_by_label("Nome o e-mail").fill("piero")
    desk.get_by_role("button", name="Crea un link monouso").click()
    link = desk.locator("p.words strong").inner_text()
    assert faults_on(desk) == []
    sets_up(browser.new_context(viewport=PHONE, locale="it-IT", reduced_motion="reduce").new_page(), link)  # type: ignore[arg-type]

    desk.goto(f"{trial.url}/organisers")
    expect(desk.get_by_role("button", name="Revoca piero")).to_be_visible()
    assert faults_on(desk) == []
    desk.get_by_role("button", name="Chiudi tutte le sessioni piero").click()
    expect(desk.get_by_text("Non è dentro")).to_be_visible()
    desk.get_by_role("link", name="Il tuo accesso").click()
    expect(desk.get_by_text("Questa finestra", exact=True)).to_be_visible()
    assert faults_on(desk) == []
    desk.get_by_role("button", name="Chiudi tutte le altre").click()
    expect(desk.get_by_role("button", name="Chiudi tutte le altre")).to_have_count(0)
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Che cosa hanno confermato i tavoli")
    recovery = desk.get_by_role("region", name="Codici di recupero")
    recovery.get_by_label("La tua frase segreta di adesso").fill(PASSPHRASE)
    recovery.get_by_label("Codice dell’app").fill(codes[0])
    recovery.get_by_role("button", name="Crea dieci codici nuovi").click()
    expect(desk.locator("ol.codes li")).to_have_count(10)


def test_a_link_that_is_void_says_what_to_do(browser: Browser, trial: Server) -> None:
    page = browser.new_context(viewport=PHONE, locale="it-IT", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    page.goto(f"{trial.url}/set-up/none")
    expect(page.get_by_role("link", name="Entra")).to_be_visible()
    assert faults_on(page) == []


def test_the_lead_of_a_room_makes_a_new_passphrase(browser: Browser, tmp_path: Path) -> None:
    with a_server(tmp_path) as room:
        page = browser.new_context(viewport=DESK, locale="it-IT", reduced_motion="reduce").new_page()  # type: ignore[arg-type]
        page.goto(room.entry)
        page.goto(f"{room.url}/lead/settings")
        page.get_by_role("link", name="La frase segreta di chi conduce è persa?").click()
        assert faults_on(page) == []
        page.get_by_role("button", name="Crea una frase segreta nuova").click()
        made = page.locator("p.big strong").inner_text()
        assert faults_on(page) == []
        other = browser.new_context(locale="it-IT", reduced_motion="reduce").new_page()
        other.goto(f"{room.url}/sign-in")
        other.get_by_label("Frase segreta").fill(made)
        other.get_by_role("button", name="Entra").click()
        expect(other).to_have_url(f"{room.url}/lead")
        assert made != room.passphrase
