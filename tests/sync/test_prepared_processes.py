"""What was prepared at the central record before the day is pulled by an empty laptop: running sheet, tables, method, good practices."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.server import Server, a_server
from workshop.domain.ids import new_id
from workshop.methods.packs import steps_of_pack
from workshop.record.database import open_store
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.local_resources import local_resources_of
from workshop.record.queries.processes import meetings_of
from workshop.record.queries.tables import tables_of
from workshop.settings import open_folder

pytestmark = pytest.mark.timeout(120)
PATIENCE = 30  # seconds a contact may take here
SEEN = r'name="replaces" value="([0-9a-f ]+)"'
PRACTICE = {"title": "Family Share", "place": "Bologna", "what": "Genitori che condividono la cura.", "tools": "banca del tempo\napp"}
RESOURCE = {"title": "Sala al piano terra", "kind": "space", "offered_by": "Biblioteca di quartiere", "terms": "fino a 25 persone"}


class Desk:
    """Who organises at the centre, or leads on the laptop, at a browser without scripts."""

    def __init__(self, server: Server) -> None:
        self.client = httpx.Client(base_url=server.url, headers={"Origin": server.url}, trust_env=False, timeout=30)
        self.client.get(server.entry)

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def post(self, path: str, **fields: Any) -> str:
        told = {"command_id": new_id(), **fields}
        answer = self.client.post(path, data=told)
        assert answer.status_code in {200, 303}, answer.text
        return str(told["command_id"])


@contextmanager
def at(server: Server) -> Iterator[Desk]:
    desk = Desk(server)
    yield desk
    desk.client.close()


def prepare(organiser: Desk) -> str:
    """The process of the preset, with somebody to ask, two good practices (one changed, one removed again) and a resource; its id."""
    process_id = organiser.post("/setup/presets", preset="lucca-in-famiglia")
    seen = re.findall(SEEN, organiser.get(f"/setup/processes/{process_id}"))[0]
    organiser.post(f"/setup/processes/{process_id}", title="Lucca In… famiglia", contact_email="percorso@example.org", replaces=seen)
    organiser.post(f"/setup/processes/{process_id}/state", state="published")
    practice = organiser.post(f"/setup/processes/{process_id}/practices", **{**PRACTICE, "place": "Modena"})
    organiser.post(f"/setup/practices/{practice}", **PRACTICE, replaces=practice)
    spare = organiser.post(f"/setup/processes/{process_id}/practices", **{**PRACTICE, "title": "Una di troppo"})
    organiser.post(f"/setup/practices/{spare}/remove", replaces=spare)
    organiser.post(f"/setup/processes/{process_id}/resources", **RESOURCE)
    return process_id


def a_link(organiser: Desk, process_id: str) -> str:
    """What the organiser's page shows for a computer of this process."""
    page = organiser.client.post("/devices/code", data={"asked": "1", "scopes": process_id}).text
    return str(re.findall(r'value="(http[^"]+)"', page)[0])


def pull(lead: Desk, link: str) -> None:
    """The whole link is pasted, and the next contact brings what is offered to this computer."""
    lead.post("/lead/central/enrol", url=link)
    meet(lead)
    shows(lead, "/lead/central", "identici")


def meet(lead: Desk) -> None:
    """The laptop also goes by itself: one contact may be under way already."""
    assert lead.client.post("/lead/central", data={"command_id": new_id()}).status_code in {303, 409}


def shows(desk: Desk, path: str, words: str) -> str:
    """The page, as soon as it shows these words."""
    patience = time.monotonic() + PATIENCE
    while words not in (page := desk.get(path)):
        assert time.monotonic() < patience, page
        time.sleep(0.1)
    return page


def record_of(folder: Path, process_id: str) -> dict[str, Any]:
    """What the record of a folder that nobody serves any more holds of the process: the four things that were prepared."""
    store = open_store(open_folder(str(folder)).record_url)
    with store.readers.connect() as connection:
        meetings = meetings_of(connection, process_id)
        found = {
            "sheets": {meeting.id: (meeting.pack, meeting.steps) for meeting in meetings},
            "tables": {meeting.id: [(t.number, t.join_code, t.theme) for t in tables_of(connection, meeting.id)] for meeting in meetings},
            "practices": [shown.practice for shown in good_practices_of(connection, process_id)],
            "resources": [shown.resource for shown in local_resources_of(connection, process_id)],
        }
    store.close()
    return found


def as_in_the_pack(steps: Any) -> list[Any]:
    """All that a step says and asks, but for its own id."""
    return [replace(step, id="") for step in steps]


def test_an_empty_laptop_pulls_sheet_tables_method_and_good_practices_before_the_day(tmp_path: Path) -> None:
    with (
        a_server(tmp_path / "centre", "--central", "--try") as centre,
        a_server(tmp_path / "laptop") as laptop,
        at(centre) as organiser,
        at(laptop) as lead,
    ):
        process_id = prepare(organiser)
        pull(lead, a_link(organiser, process_id))
        listed = lead.get(f"/setup/processes/{process_id}/practices")
        setup = lead.get(f"/setup/processes/{process_id}")
        laboratory = list(dict.fromkeys(re.findall(r"/setup/meetings/([0-9a-f]{32})", setup)))[1]
        meeting = lead.get(f"/setup/meetings/{laboratory}")
    there, here = record_of(tmp_path / "centre", process_id), record_of(tmp_path / "laptop", process_id)
    assert here == there
    pack, steps = here["sheets"][laboratory]
    assert as_in_the_pack(steps) == as_in_the_pack(steps_of_pack(pack)), "what is said, asked and prompted came whole with the sheet"
    assert sum(bool(step.guide["it"] and step.say["it"] and step.guide["en"]) for step in steps) > len(steps) // 2
    assert len(here["tables"][laboratory]) == 6
    assert [practice.place for practice in here["practices"]] == ["Bologna"]
    shown = ("Family Share", "Bologna", "banca del tempo", "Sala al piano terra", "Biblioteca di quartiere", "fino a 25 persone")
    assert [words for words in shown if words not in listed] == []
    assert "Una di troppo" not in listed
    assert [theme.title for _, _, theme in here["tables"][laboratory] if theme.title not in meeting] == []
    assert "Buone pratiche: 1. Risorse del territorio: 1." in setup


def test_what_the_room_adds_to_them_goes_to_the_centre_under_every_profile(tmp_path: Path) -> None:
    """Nothing is chosen: only the syntheses leave, and what names nobody."""
    with (
        a_server(tmp_path / "centre", "--central", "--try") as centre,
        a_server(tmp_path / "laptop") as laptop,
        at(centre) as organiser,
        at(laptop) as lead,
    ):
        process_id = prepare(organiser)
        pull(lead, a_link(organiser, process_id))
        practice = re.findall(r"/setup/practices/([0-9a-f]{32})", lead.get(f"/setup/processes/{process_id}/practices"))[0]
        lead.post(f"/setup/practices/{practice}", **{**PRACTICE, "place": "Bologna e Imola"}, replaces=versions_on(lead, practice))
        lead.post(f"/setup/processes/{process_id}/resources", **{**RESOURCE, "title": "Forno del quartiere"})
        meet(lead)
        page = shows(organiser, f"/setup/processes/{process_id}/practices", "Forno del quartiere")
    assert "Bologna e Imola" in page


def versions_on(desk: Desk, practice: str) -> str:
    return str(re.findall(SEEN, desk.get(f"/setup/practices/{practice}"))[0])
