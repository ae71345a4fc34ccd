"""The phone warns by the same patterns as the server: what one calls personal data, the other does too."""

import re
from html import unescape
from typing import Any

from tests.builders import a_step_open
from tests.web.phones.conftest import RoomWithPhones
from workshop.domain.text import personal_data_in
from workshop.web.http.phones import PERSONAL_PATTERN

TEXTS = (
    "Scrivetemi a anna.b@example.org",
    "anna@example.",
    "Chiamate il 348 123 4567",
    "Chiamate il 583442",
    "Chiamate il 5834421",
    "+39 0583-44.22/1",
    "123456789012345678901234567890",
    "رقمي ٠٥٨٣١٢٣٤",
    "Mi chiamo giulia",
    "MI CHIAMO Àgata",
    "Si chiama Ömer",
    "si chiama piazza",
    "(la signora Bianchi)",
    "l’«il signor Rossi»",
    "dott.ssa Verdi e sig. neri",
    "Sig.ra Verdi",
    "mr Smith",
    "Dal 2020 al 2024",
    "Servono 2 fasciatoi ogni 100 famiglie 👨‍👩‍👧‍👦",
    "",
)


def test_the_page_carries_the_servers_patterns(room: RoomWithPhones) -> None:
    a_step_open(room.meeting, "scrivi")
    carried = re.search(r'data-personal="([^"]+)"', room.someone().page("/write"))
    assert carried
    assert unescape(carried[1]) == PERSONAL_PATTERN


def test_a_browser_finds_what_the_server_finds(browser: Any) -> None:
    page = browser.new_page()
    found = page.evaluate("([texts, pattern]) => texts.map((text) => new RegExp(pattern, 'u').test(text))", [TEXTS, PERSONAL_PATTERN])
    page.close()
    assert dict(zip(TEXTS, found, strict=True)) == {text: bool(personal_data_in(text)) for text in TEXTS}


def test_the_hint_comes_and_goes_while_one_writes(served: RoomWithPhones, browser: Any) -> None:
    a_step_open(served.meeting, "scrivi")
    page = browser.new_page(locale="it-IT")
    page.goto(f"{served.url}/t/{served.code_of(served.meeting.table)}")
    page.get_by_role("button", name="Entra al tavolo").click()
    page.get_by_role("link", name="Fatto: vai avanti").click()
    box, hint = page.get_by_label("Una sola idea"), page.locator("#personal-hint")
    box.fill("Mi chiamo Giulia")
    hint.wait_for(state="visible")
    box.fill("Servono panchine")
    hint.wait_for(state="hidden")
    page.close()
