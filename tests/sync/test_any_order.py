"""Any order, any batches, repeats, bodies late: the same entries give the same rows, and these are what a rebuild gives."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from sync.entry import Entry, sha256
from sync.log import Raw
from tests.builders import Room, a_room
from tests.sync.histories import SCOPE, histories
from tests.sync.streams import raws
from workshop.record.database import LOG, ROWS
from workshop.record.desk import DirectDesk
from workshop.record.fold import rows_digest
from workshop.record.log import held_table
from workshop.record.peers import PeerLog
from workshop.record.verify import rebuild, verify

Told = tuple[object, str, dict[str, str]]


pytestmark = pytest.mark.timeout(240)
SETTINGS = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture])


@given(history=histories(), chance=st.randoms(use_true_random=False))
@settings(SETTINGS, max_examples=50)
def test_any_order_of_the_same_entries_gives_the_same_rows_and_these_are_a_rebuild(
    history: list[Entry], chance: random.Random, in_order: Room, shuffled: Room
) -> None:
    for place in (in_order, shuffled):
        empty(place)
    deliver(in_order, [raws(history)])
    deliver(shuffled, any_batches(history, chance))
    expected = told_by(in_order)
    assert told_by(shuffled) == expected
    assert verify(shuffled.store).rows_equal_rebuild
    rebuild(shuffled.store)
    assert told_by(shuffled) == expected


@given(history=histories(), chance=st.randoms(use_true_random=False))
@settings(SETTINGS, max_examples=15)
def test_sqlite_and_postgresql_hold_and_show_the_same(
    history: list[Entry], chance: random.Random, in_order: Room, on_postgres: Room
) -> None:
    for place in (in_order, on_postgres):
        empty(place)
        deliver(place, any_batches(history, chance))
    assert told_by(on_postgres) == told_by(in_order)
    assert verify(on_postgres.store).rows_equal_rebuild


def any_batches(history: list[Entry], chance: random.Random) -> list[list[Raw]]:
    """All entries, some twice, some first without their body, in batches of any size and order; the bodies last."""
    first = [Raw(raw.head, None) if chance.random() < 0.3 else raw for raw in raws(history)]
    sent = first + [raw for raw in first if chance.random() < 0.2]
    chance.shuffle(sent)
    size = chance.randint(1, len(sent))
    full = raws(history)
    chance.shuffle(full)
    return [sent[start : start + size] for start in range(0, len(sent), size)] + [full[: len(full) // 2], full[len(full) // 2 :]]


def deliver(place: Room, batches: list[list[Raw]]) -> None:
    """What is refused because something before it is missing is sent again, as peers do."""
    log, waiting = PeerLog(place.store, place.desk), batches
    for _ in range(200):
        refused = {each.hash for batch in waiting for each in log.receive(SCOPE, batch).refused}
        waiting = [[raw for raw in batch if sha256(raw.head) in refused] for batch in waiting]
        if not refused:
            return
    raise AssertionError("entries are refused for ever")


def told_by(place: Room) -> Told:
    """The log's digest, the rows' digest, what is held and why."""
    with place.store.readers.connect() as connection:
        held = {row.hash: row.reason for row in connection.execute(select(held_table))}
        return PeerLog(place.store, place.desk).digest(SCOPE), rows_digest(connection), held


def empty(place: Room) -> None:
    with place.store.writer.begin() as connection:
        for table in (*ROWS.sorted_tables, *(table for table in LOG.sorted_tables if table.name != "meta")):
            connection.execute(delete(table))


@pytest.fixture
def in_order(tmp_path: Path) -> Iterator[Room]:
    yield from a_place_at(tmp_path / "in-order")


@pytest.fixture
def shuffled(tmp_path: Path) -> Iterator[Room]:
    yield from a_place_at(tmp_path / "shuffled")


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_url: str) -> Iterator[Room]:
    yield from a_place_at(tmp_path / "centre", postgres_url)


def a_place_at(folder: Path, url: str = "") -> Iterator[Room]:
    folder.mkdir()
    room = a_room(folder, url, DirectDesk)
    yield room
    room.close()
