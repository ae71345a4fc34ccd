"""From the room to the centre with the pages alone: a code made there, typed here, sent; and a computer that is shut out."""

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.odd_servers import CuttingProxy, a_cutting_proxy
from tests.support.server import Server, a_server
from tests.web.lead.conftest import PASSPHRASE, Room, a_house
from workshop.private.peers import keep_centre, the_centre
from workshop.record.queries.processes import processes
from workshop.web.central_link import the_link
from workshop.web.http.local import courier


@pytest.fixture
def centre(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with a_server(Path(tmp_path_factory.mktemp("centre")), "--central", "--try") as server:
        yield server


def organiser(centre: Server) -> httpx.Client:
    client = httpx.Client(base_url=centre.url, headers={"Origin": centre.url}, trust_env=False, follow_redirects=True, timeout=60)
    client.get(centre.entry)
    return client


def connected(room: Room, centre: Server) -> httpx.Client:
    client = organiser(centre)
    assert room.lead.post("/lead/central/enrol", url=a_link(client)).headers["Location"] == "/lead/central"
    return client


def a_link(client: httpx.Client, **chosen: str) -> str:
    found = re.search(r'value="(http[^"]+/enrol#[^"]+)"', client.post("/devices/code", data=chosen).text)
    assert found
    return found.group(1)


def sent(room: Room, *, again: bool = True) -> str:
    """The page when the sending is over. Not `again`: one that is under way."""
    assert not again or room.lead.post("/lead/central").status_code == 303
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with room.building.app.test_request_context():
            is_over = the_link().last is not None
        page = str(room.lead.get("/lead/central").text)
        if is_over and "<progress" not in page:
            return page
    raise AssertionError("the sending did not end")


def met(room: Room, bring: str = "") -> str:
    """The page after a contact that was waited for."""
    with room.building.app.test_request_context():
        courier().run(bring=frozenset(filter(None, [bring])))
    return str(room.lead.get("/lead/central").text)


@contextlib.contextmanager
def held_in_the_push(room: Room, centre: Server) -> Iterator[CuttingProxy]:
    """The room sends, and its line holds its breath."""
    with a_cutting_proxy(centre.url) as line:
        kept = room.ask_private(the_centre)
        room.building.house.keep_private(keep_centre, replace(kept, url=line.url))
        line.hold_at = b"/push"
        room.lead.post("/lead/central")
        assert line.is_held.wait(20)
        yield line


def test_what_was_only_here_is_sent_and_identical_is_said_after_comparing(room: Room, centre: Server) -> None:
    room.live()
    client = connected(room, centre)
    page = sent(room)
    assert re.search(r"Mandati \d+, ricevuti 0, identici", page)
    assert "Tutto quello che è qui è anche nell’archivio centrale" in page
    assert "Ultimo contatto" in client.get("/devices").text
    assert "Lucca In" in client.get("/setup").text


def test_the_receipt_says_what_left_and_what_stayed(room: Room, centre: Server) -> None:
    room.live()
    connected(room, centre)
    assert "Inviate 0 sintesi, 0 raggruppamenti, 0 frasi, 0 carte, 0 dati personali." in met(room)
    assert room.lead.post("/lead/central/profile", profile="contributions").status_code == 303
    assert room.lead.post("/lead/central/profile", profile="everything").status_code == 422


def test_while_it_is_sent_the_page_tells_items_and_bytes_and_has_a_button_that_ends_it(room: Room, centre: Server) -> None:
    room.live()
    connected(room, centre)
    with held_in_the_push(room, centre) as line:
        page = room.lead.get("/lead/central").text
        assert re.search(r"Invio: \d+ di \d+ elementi, \d+ kB\.", page)
        assert "Interrompi" in page
        assert room.lead.post("/lead/central/stop").headers["Location"] == "/lead/central"
        line.go_on.set()
        page = sent(room, again=False)
    assert "Interrotto." in page
    assert "Quello che è arrivato resta; la prossima volta si continua da lì." in page
    assert "Inviate 0 sintesi" in page  # what left until then


def test_the_receipt_says_how_many_registrations_were_brought(room: Room, centre: Server) -> None:
    meeting = room.live()
    client = connected(room, centre)
    assert "portate su questo computer" not in met(room)
    client.post(f"/meetings/{meeting}/registrations/lines", data={"lines": "Anna Lucchesi\nPiero Neri; ; 1"})
    assert "2 iscrizioni portate su questo computer." in met(room)
    page = room.lead.get(f"/meetings/{meeting}/registrations").text
    assert "0 di 2 arrivati" in page
    assert "Piero Neri" in page


def test_address_and_code_can_still_be_typed(room: Room, centre: Server) -> None:
    link = a_link(organiser(centre))
    code = link.partition("#")[2].partition(".")[0]
    assert room.lead.post("/lead/central/enrol", url=centre.url, code=code).status_code == 303


def test_a_link_of_another_centre_is_refused_and_the_code_stays_good(room: Room, centre: Server) -> None:
    link = a_link(organiser(centre))
    other = link[:-4] + ("0000" if link[-4:] != "0000" else "1111")
    assert "altro archivio centrale" in room.lead.post("/lead/central/enrol", url=other).text
    assert room.lead.post("/lead/central/enrol", url=link).status_code == 303


def test_a_link_that_somebody_opens_says_what_to_do_with_it(centre: Server) -> None:
    assert "incollalo lì" in httpx.get(f"{centre.url}/enrol", headers={"Accept-Language": "it"}, trust_env=False).text


def test_a_computer_for_no_process_is_not_made(centre: Server) -> None:
    client = organiser(centre)
    assert client.post("/devices/code", data={"asked": "1"}).status_code == 422
    assert client.post("/devices/code", data={"asked": "1", "scopes": "nothing"}).status_code == 422


def test_what_a_computer_brought_after_it_was_shut_out_waits_until_it_is_accepted(room: Room, centre: Server) -> None:
    room.live()
    client = connected(room, centre)
    met(room)
    page = client.get("/devices").text
    assert re.search(r"identico, impronta [0-9A-F]{4}(-[0-9A-F]{4}){3}", page)
    device = re.search(r'action="/devices/([0-9a-f]{32})/revoke"', page)
    assert device
    client.post(f"/devices/{device.group(1)}/revoke")
    room.live()
    assert "non conosce questo computer" in met(room)
    page = client.get("/devices").text
    assert "dopo che questo computer è stato bloccato" in page
    assert "identico, impronta" in page  # nothing is said of a contact that did not end
    client.post(f"/devices/{device.group(1)}/accept")
    assert "dopo che questo computer è stato bloccato" not in client.get("/devices").text


def test_a_contact_that_ends_after_pushing_counts_as_the_last_one(room: Room, centre: Server) -> None:
    """Only a contact's end says whether both are the same; when the computer was here is known before."""
    room.live()
    client = connected(room, centre)
    assert "Ancora nessun contatto" in client.get("/devices").text
    with held_in_the_push(room, centre) as line:
        room.lead.post("/lead/central/stop")
        line.go_on.set()
        assert "Interrotto." in sent(room, again=False)
    page = client.get("/devices").text
    assert "Ultimo contatto" in page
    assert "non ancora completo" in page


def test_identical_is_said_only_while_it_is_so(room: Room, centre: Server, tmp_path: Path) -> None:
    """Another laptop changes the centre: the first one did nothing, and is identical no more."""
    room.live()
    client = connected(room, centre)
    met(room)
    with contextlib.closing(a_house(tmp_path / "second")) as second:
        other = Room(second)
        other.lead.post("/sign-in", secret=PASSPHRASE)
        other.lead.post("/lead/central/enrol", url=a_link(client))
        met(other)
        assert client.get("/devices").text.count("identico, impronta") == 2
        [process] = other.ask(processes)
        assert other.lead.post(f"/setup/processes/{process.id}/meetings", title="Un altro incontro").status_code == 303
        met(other)
    page = client.get("/devices").text
    assert page.count("identico, impronta") == 1
    assert re.search(r"completo fino a [^<]+, [1-9] element[oi] nuov[oi] da allora", page)


def test_a_process_that_was_prepared_at_the_centre_comes_to_the_laptop(room: Room, centre: Server, tmp_path: Path) -> None:
    office = Room(a_house(tmp_path / "office"))
    office.lead.post("/sign-in", secret=PASSPHRASE)
    with contextlib.closing(office.building):
        meeting = office.live()
        client = connected(office, centre)
        met(office)
        room.live()
        room.lead.post("/lead/central/enrol", url=a_link(client))
        page = room.lead.get("/lead/central").text
        assert "Porta qui il percorso preparato" in page
        scope = re.search(r'name="scope" value="([0-9a-f]{32})"', page)
        assert scope
        assert room.lead.post("/lead/central/bring", scope="f" * 32).status_code == 422
        page = met(room, scope.group(1))
        assert "identici" in page
        assert "Porta qui il percorso preparato" not in page
        assert room.lead.get(f"/lead/meetings/{meeting}").status_code == 200


def test_a_room_without_a_centre_says_what_to_do(room: Room) -> None:
    room.live()
    assert room.lead.post("/lead/central").status_code == 409
    assert "Collega a un archivio centrale" in room.lead.get("/lead/central").text


def test_a_wrong_code_or_address_is_told_and_nothing_is_kept(room: Room, centre: Server) -> None:
    for url, code in ((centre.url, "AAAAA-AAAAA"), ("http://127.0.0.1:9", "AAAAA-AAAAA"), ("not an address", "x"), ("", "")):
        assert room.lead.post("/lead/central/enrol", url=url, code=code).status_code in {409, 422}
    with room.building.app.test_request_context():
        assert the_link().centre is None


def test_a_computer_that_was_shut_out_reads_why(room: Room, centre: Server) -> None:
    room.live()
    client = connected(room, centre)
    found = re.search(r'action="(/devices/[0-9a-f]{32}/revoke)"', client.get("/devices").text)
    assert found
    client.post(found.group(1))
    page = sent(room)
    assert "non conosce questo computer" in page
    assert "identici" not in page


def test_the_command_line_may_send_with_the_local_key_and_nobody_else(room: Room) -> None:
    room.building.house.local_key = "una-chiave"
    nobody = room.visitor()
    assert nobody.client.post("/lead/sync", headers={"X-Local-Key": "un-altra"}).status_code in {401, 403}
    answer = nobody.client.post("/lead/sync", headers={"X-Local-Key": "una-chiave", "Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (409, "NoCentre")
