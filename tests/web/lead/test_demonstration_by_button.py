"""A lead who wants to look around first loads the demonstration with a button, on a program that has nothing yet."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.server import a_server


@pytest.fixture
def lead(tmp_path: Path) -> Iterator[httpx.Client]:
    """Signed in by the one-time link of the first start."""
    with a_server(tmp_path, "--host", "127.0.0.1") as server:
        headers = {"Origin": server.url, "Accept-Language": "it", "Accept": "text/html"}
        with httpx.Client(base_url=server.url, headers=headers, follow_redirects=True, trust_env=False, timeout=60) as browser:
            page = browser.get(server.entry)
            if form := re.search(r'<form[^>]* action="(/enter/[^"]+)"', page.text):
                page = browser.post(form[1])
            assert page.status_code == 200, page.text
            yield browser


def test_the_button_of_an_empty_room_loads_the_demonstration_once(lead: httpx.Client) -> None:
    assert "Carica la dimostrazione" in lead.get("/setup").text
    loaded = lead.post("/setup/demo")
    assert loaded.status_code == 200
    assert lead.post("/setup/demo").status_code == 404  # pressed twice: there is something now
    page = lead.get("/setup").text
    assert ("Carica la dimostrazione" in page, "Lucca In" in page) == (False, True)
    processes = set(re.findall(r"/setup/processes/([0-9a-f]{32})", page))
    meetings = set(re.findall(r"/setup/meetings/([0-9a-f]{32})", lead.get(f"/setup/processes/{processes.pop()}").text))
    assert (len(processes), len(meetings)) == (0, 3)
