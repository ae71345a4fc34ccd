"""Two laptops of one event, each a whole program: what they do apart, and an exchange between them as the sync adapter makes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Meeting
from tests.record.played import deliver
from tests.web.syntheses.place import Browser, Place, a_place
from workshop.app import build
from workshop.domain.people import Actor, Role
from workshop.settings import open_folder


@dataclass(slots=True)
class Laptops:
    """`here` is the lead's; `there` knows the same meeting and works apart until `exchange`."""

    here: Place
    there: Place
    lead: Browser

    @property
    def one(self) -> Meeting:
        return self.here.meeting

    @property
    def other(self) -> Meeting:
        return self.there.meeting

    def exchange(self) -> None:
        deliver(self.other, self.one)
        deliver(self.one, self.other)

    def page(self, **query: Any) -> str:
        answer = self.lead.get(f"/review/{self.one.process_id}" + "".join(f"?{name}={value}" for name, value in query.items()))
        assert answer.status_code == 200
        return answer.text

    def settle(self, act: str, **fields: Any) -> Any:
        return self.lead.post(f"/review/{self.one.process_id}/{act}", **{"next": "1 ", **fields})


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[Laptops]:
    here = a_place(tmp_path / "here")
    there = another_laptop(tmp_path / "there", here)
    _, token = here.someone(Role.LEAD)
    both = Laptops(here, there, here.browser_of(token))
    both.exchange()
    yield both
    here.close()
    there.close()


def another_laptop(folder: Path, like: Place, place: Any = "room") -> Place:
    """A program of its own that knows the same meeting as soon as they exchange."""
    from tests.builders import Room
    from workshop.dispatch.front_door import FrontDoor
    from workshop.domain.ids import new_id

    building = build(open_folder(str(folder)), place=place, mode="threading", hosts=lambda: {"localhost"})
    home = building.house
    room = Room(home.store, home.private_store, home.desk, FrontDoor(home.desk), Actor(role=Role.LEAD, id=new_id()))
    known = like.meeting
    return Place(building, room, Meeting(room, known.process_id, known.id, known.tables, known.steps))
