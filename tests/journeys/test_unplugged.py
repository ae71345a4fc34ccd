"""The line to the central record is pulled out, people go on working, it is plugged in: the number goes to zero before the lead's eyes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.people import Crowd, Lead, Organiser, Phone
from tests.journeys.test_restore_on_a_new_laptop import the_code_of_the_table_that_collects
from tests.support.odd_servers import a_cutting_proxy
from tests.support.server import a_server

pytestmark = pytest.mark.timeout(180)
ONLY_HERE = re.compile(r"^\d+ element[io] esist")
OFTEN = {"TAVOLI_LOOK_EVERY": "1"}
WORDS = ("Serve una panchina all’ombra.", "Il sottopasso è buio.")


def test_unplug_work_plug_in_and_the_number_goes_to_zero_without_a_reload(tmp_path: Path, crowd: Crowd) -> None:
    with (
        a_server(tmp_path / "centre", "--central", "--try") as centre,
        a_cutting_proxy(centre.url) as line,
        a_server(tmp_path / "laptop", "--demo", "--host", "127.0.0.1", environment=OFTEN) as laptop,
    ):
        lead, organiser = Lead(crowd, laptop.entry), Organiser(crowd, centre.entry)
        table = laptop.url + the_code_of_the_table_that_collects(lead)
        phones = [Phone(crowd, table) for _ in range(len(WORDS))]
        lead.page.goto(laptop.url)
        lead.goes_to_the_meeting()
        lead.lets_the_cards_leave_too()
        lead.connects_to(organiser.makes_a_one_time_code().replace(centre.url, line.url))
        lead.leads_on()
        nothing_is_only_here(lead.page)  # the courier went by itself

        organiser.follows("Archivio", "Che cosa hanno confermato i tavoli")
        before = int(cards_at(organiser).inner_text())

        line.unplugged = True
        told = [a_card_more(phone, lead.page, words) for phone, words in zip(phones, WORDS, strict=True)]
        assert told == sorted(set(told)), told

        line.unplugged = False
        nothing_is_only_here(lead.page)
        organiser.page.reload()
        expect(cards_at(organiser)).to_have_text(str(before + len(WORDS)))
        assert crowd.faults == []


def a_card_more(phone: Phone, cockpit: Page, words: str) -> int:
    """How many exist only here, once this card is among them."""
    told = cockpit.get_by_text(ONLY_HERE)
    before = told.inner_text() if told.count() else ""
    phone.writes("Proposta", words)
    expect(phone.page.locator("#receipt")).to_contain_text("Ricevuta, n.")
    expect(told).not_to_have_text(before) if before else expect(told).to_be_visible()
    return int(told.inner_text().split()[0])


def nothing_is_only_here(cockpit: Page) -> None:
    expect(cockpit.locator("main")).to_contain_text(re.compile("Quello che doveva partire è|Tutto quello che è qui è anche"))
    expect(cockpit.get_by_text(ONLY_HERE)).to_have_count(0)


def cards_at(organiser: Organiser) -> Locator:
    return organiser.page.locator("dl.kpis div").filter(has_text=re.compile("^carte")).locator("dd")
