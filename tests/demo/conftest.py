"""The demonstration, loaded once on each database for all the tests that only look."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.builders import Room, a_room
from tests.support import postgres
from workshop.demo import load_if_empty
from workshop.demo_content.reading import the_story
from workshop.demo_content.story import Story
from workshop.record.queries.boards import Board, the_board
from workshop.record.queries.cards import Card
from workshop.record.queries.processes import MeetingShown, meetings_of, processes
from workshop.record.queries.tables import TableShown, tables_of


@dataclass(slots=True)
class Demonstration:
    room: Room
    story: Story = field(default_factory=the_story)

    @property
    def meetings(self) -> list[MeetingShown]:
        return self.room.ask(meetings_of, self.room.ask(processes)[0].id)

    @property
    def laboratory(self) -> MeetingShown:
        return next(meeting for meeting in self.meetings if meeting.state == "live")

    @property
    def tables(self) -> dict[int, TableShown]:
        return {table.number: table for table in self.room.ask(tables_of, self.laboratory.id)}

    def board(self, number: int) -> Board:
        return self.room.ask(the_board, self.tables[number].id)

    def cards(self) -> dict[str, Card]:
        """T4-03 -> card."""
        return {f"T{number}-{card.code}": card for number in self.tables for card in self.board(number).cards}

    def step(self, number: int) -> str:
        """The name in the pack of the step that this table is at."""
        keys = {step.id: step.key for step in self.laboratory.steps}
        return keys[self.tables[number].step_id]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demonstration(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    folder = tmp_path_factory.mktemp("demonstration")
    if request.param == "sqlite":
        yield from _loaded(a_room(folder))
    else:
        with postgres.fresh_database(request.getfixturevalue("postgres_cluster")) as url:
            yield from _loaded(a_room(folder, url))


def _loaded(room: Room) -> Iterator[Demonstration]:
    assert load_if_empty(room.desk)
    yield Demonstration(room)
    room.close()
