"""Two laptops that work apart and meet: the same rows everywhere, and nobody's words lost."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Meeting, Room, a_room
from tests.record.full_history import entries_of
from tests.record.played import Day, Moves, in_any_order, moves, receive
from workshop.record.codec import read_signed
from workshop.record.desk import DirectDesk
from workshop.record.fold import held_in, rebuild, rows_digest
from workshop.record.queries.acts import last_act
from workshop.record.queries.ballots import results_told
from workshop.record.queries.boards import clusters_of, the_board
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.processes import the_meeting, the_process
from workshop.record.queries.syntheses import editions_of, the_draft
from workshop.record.queries.tables import tables_of

pytestmark = pytest.mark.timeout(300)
ANY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])
Rooms = Callable[..., Room]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Rooms]:
    """Make rooms; they are closed after the test."""
    made: list[Room] = []

    def make(url: str = "") -> Room:
        folder = tmp_path / f"place-{len(made)}"
        folder.mkdir()
        made.append(a_room(folder, url, DirectDesk))
        return made[-1]

    yield make
    for room in made:
        room.close()


def digest(room: Room) -> str:
    return room.ask(rows_digest)


def seen_at(meeting: Meeting) -> list[Any]:
    """Everything that pages show of a meeting."""
    asked = (the_board, clusters_of, the_draft, editions_of, results_told, last_act, cards_of_table)
    return [
        *(meeting.ask(query, meeting.table) for query in asked),
        meeting.ask(tables_of, meeting.id),
        meeting.ask(the_meeting, meeting.id),
        meeting.ask(the_process, meeting.process_id),
        meeting.ask(good_practices_of, meeting.process_id),
    ]


@given(played=moves(laptops=3), seed=st.integers(0, 2**32))
@settings(ANY, max_examples=25)
def test_laptops_that_met_show_the_same_and_so_does_a_centre_on_postgres(
    played: Moves, seed: int, place: Rooms, postgres_url: str, kept: dict[str, Any]
) -> None:
    laptops = kept.setdefault("laptops", None) or [place(), place(), place()]
    centre = kept.setdefault("centre", None) or place(postgres_url)
    kept.update(laptops=laptops, centre=centre)
    day = Day(laptops)
    day.play(played)
    day.exchange()
    for raws in in_any_order(day.meetings[0], random.Random(seed), late=0.3):
        receive(at(centre, day), raws)
    shown = [seen_at(meeting) for meeting in (*day.meetings, at(centre, day))]
    assert all(each == shown[0] for each in shown)
    assert len({digest(room) for room in (*laptops, centre)}) == 1
    assert centre.ask(held_in) == {}


@pytest.fixture
def kept() -> dict[str, Any]:
    """The same rooms for every history of a test: each history is a process of its own."""
    return {}


def at(room: Room, day: Day) -> Meeting:
    first = day.meetings[0]
    return Meeting(room, first.process_id, first.id, first.tables, first.steps)


@given(played=moves(laptops=2))
@settings(ANY, max_examples=15)
def test_rows_are_what_a_rebuild_gives_and_no_card_or_chain_is_lost(played: Moves, place: Rooms, kept: dict[str, Any]) -> None:
    laptops = kept.setdefault("laptops", None) or [place(), place()]
    kept.update(laptops=laptops)
    day = Day(laptops)
    day.play(played)
    every_card_stands_somewhere_once(day.meetings[0])
    day.exchange()
    meeting = day.meetings[1]
    every_card_stands_somewhere_once(meeting)
    no_head_names_anybody(meeting, day)
    before = digest(meeting.room)
    with meeting.room.store.writer.begin() as connection:
        rebuild(connection)
    assert digest(meeting.room) == before


def every_card_stands_somewhere_once(meeting: Meeting) -> None:
    """In a cluster, among the orphans or parked; merged ones behind the card that stands for them; withdrawn ones nowhere."""
    board = meeting.ask(the_board, meeting.table)
    standing = [*board.orphans, *board.parked, *(card for cluster in board.clusters for card in cluster.cards)]
    shown = Counter(card.id for top in standing for card in (top, *top.merged))
    assert shown == Counter(card.id for card in board.cards if not card.withdrawn)
    assert len({card.code for card in board.cards}) == len(board.cards)


def no_head_names_anybody(meeting: Meeting, day: Day) -> None:
    entries = entries_of(meeting)
    people = {who.id for who in (*day.people, day.staff, meeting.lead)} | {read_signed(entry).actor_id for entry in entries}
    heads = b"\n".join(entry.head_bytes for entry in entries).decode()
    assert not [person for person in people if person and person in heads]
