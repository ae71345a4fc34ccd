"""From the room to the centre with the pages alone: a code made there, typed here, sent; and a computer that is shut out."""

import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import Server, a_server
from tests.web.lead.conftest import Room
from workshop.web.central_link import the_link


@pytest.fixture
def centre(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with a_server(Path(tmp_path_factory.mktemp("centre")), "--central", "--try") as server:
        yield server


def organiser(centre: Server) -> httpx.Client:
    client = httpx.Client(base_url=centre.url, headers={"Origin": centre.url}, trust_env=False, follow_redirects=True)
    client.get(centre.entry)
    return client


def connected(room: Room, centre: Server) -> httpx.Client:
    client = organiser(centre)
    found = re.search(r"<strong>(\w{5}-\w{5})</strong>", client.post("/devices/code").text)
    assert found
    assert room.lead.post("/lead/central/enrol", url=centre.url, code=found.group(1)).headers["Location"] == "/lead/central"
    return client


def sent(room: Room) -> str:
    """The page when the sending is over."""
    assert room.lead.post("/lead/central").status_code == 303
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with room.building.app.test_request_context():
            is_over = the_link().last is not None
        page = str(room.lead.get("/lead/central").text)
        if is_over and "<progress" not in page:
            return page
    raise AssertionError("the sending did not end")


def test_what_was_only_here_is_sent_and_identical_is_said_after_comparing(room: Room, centre: Server) -> None:
    room.live()
    client = connected(room, centre)
    page = sent(room)
    assert re.search(r"Mandati \d+, ricevuti 0, identici", page)
    assert "Tutto quello che è qui è anche nell’archivio centrale" in page
    assert "Ultimo contatto" in client.get("/devices").text
    assert "Lucca In" in client.get("/setup").text


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
