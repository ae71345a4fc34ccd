"""The program in this process, with a lead who signs in by passphrase and forms sent without scripts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from workshop.app import Building, build
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.private.staff import lead_of, make_lead
from workshop.private.tokens import issue_token
from workshop.record.queries.processes import the_process
from workshop.settings import open_folder

ORIGIN = {"Origin": "http://localhost"}
PASSPHRASE = "acqua-faro-melo-neve-vigna"
LUCCA = "lucca-in-famiglia"


@dataclass(slots=True)
class Visitor:
    """A browser without scripts. What a form sends more than once is a list."""

    client: Any

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def post(self, path: str, htmx: bool = False, **fields: Any) -> Any:
        headers = {**ORIGIN, "HX-Request": "true"} if htmx else ORIGIN
        return self.client.post(path, data={"command_id": new_id(), **fields}, headers=headers)


@dataclass(slots=True)
class Room:
    building: Building
    lead: Visitor = field(init=False)

    def __post_init__(self) -> None:
        self.lead = self.visitor()

    def visitor(self) -> Visitor:
        return Visitor(self.building.app.test_client())

    def ask(self, query: Any, *args: Any) -> Any:
        return self.building.house.ask(query, *args)

    def ask_private(self, query: Any, *args: Any) -> Any:
        return self.building.house.ask_private(query, *args)

    def from_preset(self) -> tuple[str, list[str]]:
        """The process of the preset and its three meetings, made by the form."""
        process_id = new_id()
        self.lead.post("/setup/presets", command_id=process_id, preset=LUCCA)
        page = self.lead.get(f"/setup/processes/{process_id}").text
        return process_id, list(dict.fromkeys(re.findall(r"/setup/meetings/([0-9a-f]{32})", page)))

    def published(self) -> tuple[str, list[str]]:
        """The same, with somebody to ask: people may be invited to its meetings."""
        process_id, meetings = self.from_preset()
        seen = " ".join(self.ask(the_process, process_id).versions)
        told = {"title": "Lucca In… famiglia", "contact_email": "percorso@example.org"}
        assert self.lead.post(f"/setup/processes/{process_id}", replaces=seen, **told).status_code == 303
        assert self.lead.post(f"/setup/processes/{process_id}/state", state="published").status_code == 303
        return process_id, meetings

    def live(self) -> str:
        """The laboratory of the preset, live."""
        _, meetings = self.published()
        for state in ("announced", "open", "ready", "live"):
            assert self.lead.post(f"/lead/meetings/{meetings[1]}/state", state=state).status_code == 303
        return meetings[1]


def a_house(folder: Path, place: Any = "room") -> Building:
    building = build(open_folder(str(folder)), place, "threading", lambda: {"localhost"})
    building.house.address = "127.0.0.1:8080"
    building.house.keep_private(make_lead, Role.LEAD if place == "room" else Role.ORGANISER, PASSPHRASE)
    return building


@pytest.fixture
def unsigned(tmp_path: Path) -> Iterator[Room]:
    """Nobody has signed in yet."""
    building = a_house(tmp_path)
    yield Room(building)
    building.close()


@pytest.fixture
def room(unsigned: Room) -> Room:
    """The lead has signed in."""
    assert unsigned.lead.post("/sign-in", secret=PASSPHRASE).headers["Location"] == "/lead"
    return unsigned


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Room]:
    """The central record, with the organiser signed in."""
    building = a_house(tmp_path, "central")
    centre = Room(building)
    organiser = centre.ask_private(lead_of, Role.ORGANISER)
    centre.lead.client.set_cookie(f"{building.house.cookie}_s", building.house.keep_private(issue_token, Role.ORGANISER, organiser.id))
    yield centre
    building.close()
