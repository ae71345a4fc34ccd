"""A process goes on a stick from the laptop of a room to the central record: by the pages, and by the command line."""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from sync.signing import certify, public_key_of
from tests.builders import a_card, a_participant, a_step_open
from tests.web.syntheses.place import Browser, Place, a_place
from workshop.app import build
from workshop.domain.people import Role
from workshop.private.peers import Centre, keep_centre
from workshop.private.settings_kept import setting
from workshop.record.queries.tables import the_table
from workshop.settings import device_key, open_folder
from workshop.web.bundling import last_brought
from workshop.web.http.local import bundler
from workshop.web.signets import log_of_house

WORDS = "Fasciatoi-Zebedeo-7391"


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "CHIAVETTA"
    folder.mkdir()
    monkeypatch.setenv("TAVOLI_STICKS", str(folder))
    return folder


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Place]:
    running = a_place(tmp_path / "laptop")
    a_step_open(running.meeting, "scrivi")
    a_card(running.meeting, a_participant(running.meeting), WORDS)
    yield running
    running.close()


@pytest.fixture
def lead(laptop: Place) -> Browser:
    return laptop.browser_of(laptop.someone(Role.LEAD)[1])


def test_open_it_goes_on_the_stick_and_says_so(laptop: Place, lead: Browser, stick: Path) -> None:
    assert str(stick) in lead.get("/stick").text
    assert lead.post("/stick/out", process=laptop.meeting.process_id, place=str(stick), open="1").location == "/stick"
    [file] = stick.glob("*.tavoli")
    assert file.name.startswith("lucca-in-famiglia-")
    page = lead.get("/stick").text
    assert file.name in page
    assert "open" in page
    assert list(stick.glob(".*")) == []


def test_the_words_of_people_stay_unless_the_lead_chose_so(laptop: Place, lead: Browser, stick: Path) -> None:
    """What leaves by a stick is what leaves by a line."""
    page = lead.post("/stick/out", process=laptop.meeting.process_id, place="", open="1")
    assert page.headers["Content-Disposition"].startswith("attachment; filename=lucca-in-famiglia-")
    with zipfile.ZipFile(io.BytesIO(page.data)) as zipped:
        lines = gzip.decompress(zipped.read("record.ndjson.gz")).decode()
    assert WORDS not in lines
    assert "contribution.added/1" in lines


def test_without_a_centre_nothing_can_be_sealed_and_the_page_says_what_to_do(laptop: Place, lead: Browser, stick: Path) -> None:
    answer = lead.post("/stick/out", process=laptop.meeting.process_id, place=str(stick))
    assert answer.status_code == 409
    assert "There is nobody to seal it for." in answer.text
    assert list(stick.iterdir()) == []


def test_a_place_that_is_no_stick_is_refused(laptop: Place, lead: Browser, stick: Path, tmp_path: Path) -> None:
    answer = lead.post("/stick/out", process=laptop.meeting.process_id, place=str(tmp_path), open="1")
    assert answer.status_code == 422
    assert lead.post("/stick/in", file="/etc/passwd").status_code == 422


@pytest.mark.parametrize("path", ["/stick", "/stick/out", "/stick/in", "/stick/file"])
def test_only_who_leads_or_organises(laptop: Place, path: str) -> None:
    for role in (Role.FACILITATOR, Role.SCRIBE):
        browser = laptop.browser_of(laptop.someone(role)[1])
        answer = browser.get(path) if path == "/stick" else browser.post(path)
        assert answer.status_code == 403
    assert laptop.browser_of().get("/stick").status_code in {303, 401}


def _settled(place: Place) -> Any:
    """The file is read in a thread of its own."""
    with place.building.app.app_context():
        here, wait = bundler(), Event()
    while here.is_under_way or (here.problem is None and place.room.ask_private(last_brought) is None):
        wait.wait(0.02)
    return here


def test_what_no_tavoli_wrote_is_refused_in_words(laptop: Place, lead: Browser, stick: Path) -> None:
    (stick / "vacanze.tavoli").write_bytes(b"<html>Accedi</html>" * 50)
    assert lead.post("/stick/in", file=str(stick / "vacanze.tavoli")).location == "/stick"
    _settled(laptop)
    page = lead.get("/stick").text
    assert "This file cannot be read." in page
    assert "Nothing was taken in." in page


def test_a_file_of_another_process_is_refused_by_its_title(laptop: Place, lead: Browser, stick: Path, tmp_path: Path) -> None:
    other = a_place(tmp_path / "other")
    with other.building.app.app_context():
        bundler().write_to(stick / "altro.tavoli", other.meeting.process_id, is_open=True)
    other.close()
    lead.post("/stick/in", file=str(stick / "altro.tavoli"))
    _settled(laptop)
    assert "belongs to another process" in lead.get("/stick").text
    assert laptop.room.ask_private(setting, "bundle_brought") == ""


def test_at_the_centre_an_organiser_brings_the_file_in(laptop: Place, lead: Browser, stick: Path, tmp_path: Path) -> None:
    """Nobody has certified this laptop: it is kept, and waits for somebody who looks at it."""
    written = lead.post("/stick/out", process=laptop.meeting.process_id, place="", open="1").data
    centre = a_place(tmp_path / "centre", place="central")
    organiser = centre.browser_of(centre.someone(Role.ORGANISER)[1])
    told = {"bundle": (io.BytesIO(written), "lucca.tavoli")}
    answer = organiser.client.post(
        "/stick/file", data=told, content_type="multipart/form-data", headers={"Origin": "http://localhost", "Accept-Language": "en"}
    )
    assert answer.location == "/stick"
    _settled(centre)
    brought = centre.room.ask_private(last_brought)
    assert brought.stored == brought.told > 10
    assert brought.held == brought.stored
    assert "nobody this computer knows has signed them" in organiser.get("/stick").text
    centre.close()


def tavoli(*told: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "workshop.cli", *told]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=os.environ)


def test_from_the_command_line_twice_and_cut(laptop: Place, stick: Path, tmp_path: Path) -> None:
    meeting = laptop.meeting
    laptop.close()
    file, data = stick / "lucca.tavoli", str(tmp_path / "laptop")
    sealed = tavoli("bundle", "export", "--data", data, str(file))
    assert (sealed.returncode, "nobody to seal it for" in sealed.stderr) == (1, True)
    out = tavoli("bundle", "export", "--data", data, str(file), "--unsealed", "--profile", "contributions")
    assert out.returncode == 0, out.stderr
    entries = int(out.stdout.split()[0])
    again = tavoli("bundle", "import", "--data", data, str(file))
    assert again.stdout.splitlines()[0] == f"0 new, {entries} already here, 0 held, 0 refused"
    assert again.returncode == 0
    (stick / "tagliato.tavoli").write_bytes(file.read_bytes()[:-2_000])
    cut = tavoli("bundle", "import", "--data", data, str(stick / "tagliato.tavoli"))
    assert cut.returncode == 1
    assert "the file ends early" in cut.stderr
    verdict = json.loads(tavoli("verify", "--data", data, "--json").stdout)
    assert (verdict["entries"], verdict["rows_equal_rebuild"]) == (entries, True)
    assert meeting.process_id in file.read_bytes().decode("latin-1")


def test_two_laptops_of_one_centre_open_each_others_sealed_files(laptop: Place, stick: Path, tmp_path: Path) -> None:
    """Certified by one centre: what is brought is used at once."""
    centre_seed = b"\x09" * 32
    second = build(open_folder(str(tmp_path / "second")), mode="threading")
    centre = Centre("9" * 32, "Archivio", "https://archivio.example", public_key_of(centre_seed))
    keys = [public_key_of(device_key(each.house.folder)) for each in (laptop.building, second)]
    notices = [certify(centre_seed, f"{n:032x}", key, None, f"2026-11-22T10:00:0{n}.000000Z") for n, key in enumerate(keys)]
    for each in (laptop.building, second):
        each.house.keep_private(keep_centre, centre)
        log_of_house(each.house).hear(notices)
    with laptop.building.app.app_context():
        bundler().write_to(stick / "lucca.tavoli", laptop.meeting.process_id)
    assert WORDS.encode() not in (stick / "lucca.tavoli").read_bytes()
    with second.app.app_context(), (stick / "lucca.tavoli").open("rb") as file:
        brought = bundler().take_in(file, "lucca.tavoli")
    assert (brought.why, brought.held, brought.refused) == ("", 0, 0)
    assert second.house.ask(the_table, laptop.meeting.table).theme.title == "Tavolo 1"
    second.close()
