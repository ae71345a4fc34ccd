"""The laptop has another address now. Words that never left a phone stay at the old one, to be copied; they are never said to be sent."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Crowd, Lead, Phone
from tests.journeys.test_restore_on_a_new_laptop import a_free_port, the_code_of_the_table_that_collects
from tests.support.server import start_server

pytestmark = pytest.mark.timeout(180)
WORDS = "Scritta mentre il computer cambiava indirizzo."
HERE = ("--demo", "--host", "127.0.0.1")


def test_words_that_never_left_are_copied_at_the_old_address(tmp_path: Path, crowd: Crowd) -> None:
    port = a_free_port()
    server = start_server(tmp_path / "first", *HERE, port=port)
    try:
        phone = Phone(crowd, server.url + the_code_of_the_table_that_collects(Lead(crowd, server.entry)))
        server.kill()
        phone.writes("Proposta", WORDS)
        phone.keeps_on_the_phone(1)
        copies(phone)  # the page that is still open

        server = start_server(tmp_path / "another", *HERE, port=port)  # the old address is now of a room that knows nobody here
        phone.page.goto(server.url)
        phone.keeps_on_the_phone(1)
        phone.sees(WORDS, "Solo su questo telefono", "La sala non riconosce più questo telefono.")
        expect(phone.page.locator("#receipt")).to_be_hidden()
        copies(phone)
        assert crowd.faults == []
    finally:
        server.stop()


def copies(phone: Phone) -> None:
    """By the button; the words are selected too, for a phone that does not let a page copy."""
    phone.presses("Copia le parole")
    expect(phone.page.locator("[data-copied]").first).to_contain_text("opia")
    assert phone.page.evaluate("String(getSelection())").strip() == WORDS
