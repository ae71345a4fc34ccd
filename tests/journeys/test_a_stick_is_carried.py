"""No line at all: one laptop writes a file on a stick, somebody carries it, another laptop brings it in, and the same board is there."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Crowd, Lead, Organiser
from tests.support.accessibility import violations
from tests.support.server import a_server

pytestmark = pytest.mark.timeout(180)
HERE = ("--host", "127.0.0.1")


def test_a_stick_carries_the_board_of_one_laptop_to_another(tmp_path: Path, crowd: Crowd) -> None:
    stick = tmp_path / "CHIAVETTA"
    stick.mkdir()
    with_stick = {"TAVOLI_STICKS": str(stick)}
    with (
        a_server(tmp_path / "centre", "--central", "--try") as centre,
        a_server(tmp_path / "one", "--demo", *HERE, environment=with_stick) as one,
        a_server(tmp_path / "other", *HERE, environment=with_stick) as other,
    ):
        organiser, first, second = Organiser(crowd, centre.entry), Lead(crowd, one.entry), Lead(crowd, other.entry)
        first.goes_to_the_meeting()
        first.lets_the_cards_leave_too()
        certified(organiser, first)
        certified(organiser, second)
        centre.stop()

        takes_away(first, one.url)
        [file] = stick.glob("*.tavoli")
        brings_in(second, other.url, file.name)
        path = the_table_with_cards(first)
        assert board_of(second, other.url + path) == board_of(first, one.url + path) != []
        assert crowd.faults == []


def certified(organiser: Organiser, lead: Lead) -> None:
    """So that what one of them signed counts on the other."""
    link = organiser.makes_a_one_time_code()
    if lead.page.get_by_role("heading", name="Archivio centrale", level=1).count() == 0:
        lead.follows("Collega a un archivio centrale", "Archivio centrale")
    lead.page.get_by_label("Link, o indirizzo dell’archivio centrale").fill(link)
    lead.presses("Collega")
    lead.sees("Collegato a ")


def takes_away(lead: Lead, url: str) -> None:
    lead.page.goto(f"{url}/lead/central")
    lead.follows("Non c’è rete? Portalo con una chiavetta", "Con una chiavetta")
    assert violations(lead.page) == []
    lead.page.get_by_role("checkbox", name=re.compile("^Lascialo aperto")).check()
    lead.presses("Scrivi il file")
    expect(lead.part("Porta via")).to_contain_text(re.compile(r"\d+ voci, aperto"))


def brings_in(lead: Lead, url: str, name: str) -> None:
    lead.page.goto(f"{url}/lead/central")
    lead.follows("Non c’è rete? Portalo con una chiavetta", "Con una chiavetta")
    lead.page.get_by_role("radio", name=name).check()
    lead.presses("Portalo dentro")
    expect(lead.part("Porta dentro")).to_contain_text(re.compile(rf"{re.escape(name)}: \d+ nuov\w+, 0 già qui"))
    expect(lead.part("Porta dentro")).not_to_contain_text("aspetta")
    assert violations(lead.page) == []


def the_table_with_cards(lead: Lead) -> str:
    lead.leads_on()
    path = lead.page.locator(".tcards a[href^='/tables/']").last.get_attribute("href")
    assert path
    return path.removesuffix("/synthesis")


def board_of(lead: Lead, address: str) -> list[str]:
    lead.page.goto(address)
    expect(lead.page.locator("#tally")).to_be_visible()
    return sorted(lead.page.locator(".card .words").all_inner_texts())
