"""A passphrase that was lost, or that somebody knows who should not: the lead makes another one, on the page or in the terminal."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.server import a_server
from tests.web.lead.conftest import PASSPHRASE, Room


def made_on_the_page(room: Room) -> str:
    answer = room.lead.post("/lead/passphrase")
    found = re.search(r"<strong>((?:\w+-){4}\w+)</strong>", answer.text)
    assert found
    assert answer.headers["Cache-Control"] == "no-store"
    return found[1]


def test_a_new_passphrase_opens_and_the_old_one_does_not(room: Room) -> None:
    made = made_on_the_page(room)
    assert [room.visitor().post("/sign-in", secret=each).status_code for each in (made, PASSPHRASE)] == [303, 422]
    assert made not in room.lead.get("/lead/passphrase").text


def test_this_window_stays_and_others_opened_with_the_old_one_are_out(room: Room) -> None:
    other = room.visitor()
    other.post("/sign-in", secret=PASSPHRASE)
    made_on_the_page(room)
    assert [each.get("/lead").status_code for each in (room.lead, other)] == [200, 401]


def test_nobody_else_makes_one(room: Room) -> None:
    assert [room.visitor().get("/lead/passphrase").status_code, room.visitor().post("/lead/passphrase").status_code] == [401, 401]


def tavoli(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "workshop.cli", *words], capture_output=True, text=True, timeout=60, check=False)


def test_the_terminal_makes_one_whether_or_not_the_room_is_served(tmp_path: Path) -> None:
    import httpx

    with a_server(tmp_path) as server, httpx.Client(base_url=server.url, headers={"Origin": server.url}, trust_env=False) as client:
        first = tavoli("passphrase", "--data", str(tmp_path)).stdout.strip()
        assert [client.post("/sign-in", data={"secret": each}).status_code for each in (server.passphrase, first)] == [422, 303]
    second = tavoli("passphrase", "--data", str(tmp_path)).stdout.strip()
    with a_server(tmp_path) as server, httpx.Client(base_url=server.url, headers={"Origin": server.url}, trust_env=False) as client:
        assert [client.post("/sign-in", data={"secret": each}).status_code for each in (first, second)] == [422, 303]


def test_a_folder_without_a_lead_says_so_in_one_line(tmp_path: Path) -> None:
    done = tavoli("passphrase", "--data", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n"), "Nobody leads here yet." in done.stderr) == (1, 1, True)
