"""The laptop falls into the river. Another one, the stick, four steps: the same room, verified, and the phones go on."""

import shutil
import socket
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Crowd, Lead, Phone
from tests.support.accessibility import violations
from tests.support.server import Server, start_server

pytestmark = pytest.mark.timeout(240)
HERE = ("--host", "127.0.0.1")
TITLE = "Lucca In… famiglia (demo)"
WORDS = "Scritta prima del fiume."


def test_a_room_is_restored_on_a_new_laptop_in_four_steps(tmp_path: Path, crowd: Crowd) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    port, environment = a_free_port(), {"TAVOLI_STICKS": str(stick)}
    server = start_server(tmp_path / "old", "--demo", *HERE, port=port, environment=environment)
    try:
        lead = Lead(crowd, server.entry)
        phone = Phone(crowd, server.url + the_code_of_the_table_that_collects(lead))
        phone.writes("Proposta", WORDS)
        expect(phone.page.locator("#receipt")).to_contain_text("Ricevuta, n.")
        keeps_copies_on(lead, stick)
        server.kill()
        shutil.rmtree(tmp_path / "old")

        server = start_server(tmp_path / "new", *HERE, port=port, environment=environment)
        newcomer = Lead(crowd, server.entry)
        restores(newcomer, stick)
        the_room_is_the_same(newcomer, server)
        expect(phone.page.locator("html")).to_have_attribute("data-net", "on")  # by itself
        phone.opens_the_tab("Le mie")
        phone.sees(WORDS)
        phone.opens_the_tab("Scrivi")
        phone.writes("Proposta", "Scritta dopo il fiume.")
        expect(phone.page.locator("#receipt")).to_contain_text("Ricevuta, n.")
        assert crowd.faults == []
    finally:
        server.stop()


def keeps_copies_on(lead: Lead, stick: Path) -> None:
    lead.follows("Questo computer", "Questo computer")
    lead.sees("Le copie stanno solo su questo computer.")
    lead.presses("Fai una copia adesso")
    lead.presses(f"Copia anche su {stick}")
    lead.sees(f"Su questo computer e in {stick}", "Sono sullo stesso disco: una chiavetta è più sicura.")
    assert violations(lead.page) == []


def restores(lead: Lead, stick: Path) -> None:
    lead.follows("Ripristina una copia", "Ripristina una copia")
    lead.sees(TITLE, str(stick))
    assert violations(lead.page) == []
    lead.follows("Guardala", "Guarda la copia")
    lead.sees(TITLE, "Verso un patto di comunità")
    assert violations(lead.page) == []
    lead.presses("Ripristina questa copia")
    lead.is_on("La copia è ripristinata")
    lead.sees("elementi sono di nuovo qui, tutti com’erano scritti.")
    assert violations(lead.page) == []


def the_room_is_the_same(lead: Lead, server: Server) -> None:
    lead.page.reload()  # the link let in once; who is in may look again
    lead.is_on("La copia è ripristinata")
    lead.follows("Vai agli incontri", "Incontri")
    lead.sees(TITLE)
    lead.page.goto(f"{server.url}/lead/restore")
    lead.sees("Qui c’è già un archivio, e non si sovrascrive mai niente.")
    lead.follows("Guardala", "Guarda la copia")
    expect(lead.page.get_by_role("button", name="Ripristina questa copia")).to_have_count(0)


def the_code_of_the_table_that_collects(lead: Lead) -> str:
    lead.goes_to_the_meeting()
    lead.page.get_by_role("link", name="Data, tavoli, metodo").click()
    codes = lead.page.locator("h3 + .code")
    expect(codes).to_have_count(6)
    return codes.nth(5).inner_text()


def a_free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
