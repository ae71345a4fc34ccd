"""Two laptops work apart on one sentence and one card; a stick carries both ways; the lead settles side by side, and both are equal."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Crowd, Facilitator, Lead
from tests.support.accessibility import violations
from tests.support.server import Server, a_server

FOURTH = re.compile(r"^4\. ")
SIXTH = re.compile(r"^6\. ")


def tavoli(*words: str) -> str:
    """The command line, as it stands beside a running server."""
    done = subprocess.run([sys.executable, "-m", "workshop.cli", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(slots=True)
class Two:
    """`other` began as a copy of `one`: a second laptop at the same event."""

    one: Server
    other: Server
    stick: Path

    def carry(self, source: Server, target: Server) -> None:
        file = self.stick / f"{source.data.name}.tavoli"
        file.unlink(missing_ok=True)
        tavoli("bundle", "export", "--data", str(source.data), "--unsealed", "--profile", "contributions", str(file))
        tavoli("bundle", "import", "--data", str(target.data), str(file))

    def exchange(self) -> None:
        self.carry(self.other, self.one)
        self.carry(self.one, self.other)

    def digests(self) -> list[str]:
        return [json.loads(tavoli("verify", "--data", str(server.data), "--json"))["digest"] for server in (self.one, self.other)]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    one, other, stick = (tmp_path / name for name in ("one", "other", "stick"))
    stick.mkdir()
    tavoli("demo", "load", "--data", str(one))
    tavoli("backup", "--data", str(one), str(stick))
    tavoli("restore", "--data", str(other), str(stick))
    with a_server(one, "--host", "127.0.0.1") as first, a_server(other, "--host", "127.0.0.1") as second:
        yield Two(first, second, stick)


@dataclass(slots=True)
class Desk:
    """At one laptop: who leads, and who facilitates two tables."""

    lead: Lead
    facilitator: Facilitator

    def rewrites(self, words: str) -> None:
        """The first sentence of the fourth table."""
        page = self.facilitator.page
        page.goto(f"{page.url.partition('/tables')[0]}{self.at(4)}/synthesis")
        page.get_by_role("link", name="Scrivi la frase 1").click()
        box = page.locator("li.sent.hot textarea").first
        box.fill(words)
        page.get_by_role("button", name="Fatto").click()
        expect(page.locator("li.sent").first).to_contain_text(words)

    def redacts(self, words: str) -> None:
        """The first new card of the sixth table."""
        page = self.facilitator.page
        page.goto(f"{page.url.partition('/tables')[0]}{self.at(6)}")
        card = page.locator("#new-cards > .card").first
        card.get_by_role("link", name="Altro").click()
        card.get_by_label("Altre parole, d’accordo con il tavolo").fill(words)
        card.get_by_label("Perché").fill("un nome")
        card.get_by_role("button", name="Oscura").click()
        expect(page.locator("#new-cards")).to_contain_text(words)

    def at(self, number: int) -> str:
        return self.tables[number - 1]

    @property
    def tables(self) -> list[str]:
        found = self.lead.page.get_by_role("link", name=re.compile("^(Guarda|Vai ad aiutare)")).all()
        return [str(link.get_attribute("href")) for link in found]


def a_desk(crowd: Crowd, server: Server) -> Desk:
    lead = Lead(crowd, server.entry)
    lead.goes_to_the_meeting()
    invitation = lead.invites("Chi facilita", FOURTH, SIXTH)
    facilitator = Facilitator(crowd, invitation, "Spazi e tempi della città")
    lead.page.goto(f"{server.url}/lead")
    lead.goes_to_the_meeting()
    return Desk(lead, facilitator)


def test_a_conflict_is_settled_side_by_side_and_both_laptops_are_equal(browser: Any, two: Two) -> None:
    crowd = Crowd(browser)
    here, there = a_desk(crowd, two.one), a_desk(crowd, two.other)
    here.rewrites("Di qua: servono spazi coperti.")
    there.rewrites("Di là: servono spazi all’aperto.")
    here.redacts("Di qua: una persona gentile.")
    there.redacts("Di là: qualcuno di gentile.")
    page = here.lead.page
    expect(page.get_by_role("link", name="Da rivedere: niente")).to_be_visible()
    two.exchange()
    page.get_by_role("link", name="Da rivedere: 2").click()  # the number came by itself
    here.lead.is_on("Da rivedere")
    rows = page.locator("#rows > li")
    expect(rows).to_have_count(2)
    here.lead.sees("Di qua: servono spazi coperti.", "Di là: servono spazi all’aperto.", "chi facilita")
    assert violations(page) == []

    kept = rows.first.locator("article", has_text="Di là")
    kept.get_by_role("button", name=re.compile("^Tieni la versione")).click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_be_focused()
    expect(page.locator("#how-many")).to_have_text("1 da rivedere")

    rows.first.get_by_text("Scrivi una versione per tutte e due").click()
    rows.first.get_by_role("textbox").first.fill("Una persona gentile, senza nome.")
    rows.first.get_by_label("Perché").fill("le due insieme")
    rows.first.get_by_role("button", name="Salva al posto delle altre").click()
    here.lead.sees("Niente da rivedere.")

    two.exchange()
    one, other = two.digests()
    assert one == other
    there.lead.page.goto(f"{two.other.url}/review")
    there.lead.sees("Niente da rivedere.")
    there.facilitator.page.goto(f"{two.other.url}{there_table(there, two)}")
    there.facilitator.sees("Una persona gentile, senza nome.")
    assert crowd.faults == []
    crowd.goes_home()


def there_table(desk: Desk, two: Two) -> str:
    desk.lead.page.goto(f"{two.other.url}/lead")
    desk.lead.goes_to_the_meeting()
    return desk.at(6)
