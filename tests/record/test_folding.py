"""Folding: the same entries give the same rows in any order, with bodies late or missing, and rows never migrate."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Boolean, Column, Table, delete, select, text, update

from sync.entry import Entry, read_entry
from sync.log import Raw
from tests.builders import Meeting, Room, a_meeting, a_room
from tests.record.full_history import a_full_history, entries_of
from tests.record.played import in_any_order, receive
from workshop.record import fold, log
from workshop.record.database import ROWS
from workshop.record.desk import DirectDesk
from workshop.record.fold import Rows, held_in, meta_table, prepare, rebuild, rows_digest, schema_digest
from workshop.record.log import entry_table
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.syntheses import latest_confirmed
from workshop.record.queries.tables import the_table

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.ndjson"))


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Callable[..., Room]]:
    made: list[Room] = []

    def make(url: str = "") -> Room:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(a_room(folder, url, DirectDesk))
        return made[-1]

    yield make
    for room in made:
        room.close()


def here(room: Room, meeting: Meeting) -> Meeting:
    return Meeting(room, meeting.process_id, meeting.id, meeting.tables, meeting.steps)


def folded(room: Room, entries: list[Entry]) -> str:
    """The rows that these entries give, one by one in this order, and nothing else."""
    with room.store.writer.begin() as connection:
        for table in ROWS.sorted_tables:
            connection.execute(delete(table))
        writing = Rows(connection)
        for entry in entries:
            assert fold.fold(writing, entry) is None
        return rows_digest(connection)


@pytest.mark.parametrize("seed", range(8))
def test_any_order_of_a_full_history_folds_to_the_same_rows(rooms: Callable[..., Room], seed: int) -> None:
    room = rooms()
    entries = entries_of(a_full_history(room))
    expected = room.ask(rows_digest)
    shuffled = random.Random(seed).sample(entries, len(entries))
    assert folded(room, shuffled) == expected
    assert folded(room, [*shuffled, *reversed(shuffled)]) == expected


@pytest.mark.parametrize("seed", range(4))
def test_a_full_history_that_comes_in_any_order_with_bodies_late_gives_the_same_rows_on_both_databases(
    rooms: Callable[..., Room], postgres_url: str, seed: int
) -> None:
    meeting = a_full_history(rooms())
    for other in (rooms(), rooms(postgres_url) if seed == 0 else rooms()):
        for raws in in_any_order(meeting, random.Random(seed), late=0.5):
            receive(here(other, meeting), raws)
        assert other.ask(rows_digest) == meeting.ask(rows_digest)
        assert other.ask(held_in) == {}


def test_heads_alone_fold_to_stubs_and_a_rebuild_gives_the_same(rooms: Callable[..., Room]) -> None:
    meeting, centre = a_full_history(rooms()), rooms()
    receive(here(centre, meeting), [Raw(entry.head_bytes, None) for entry in entries_of(meeting)])
    before = centre.ask(rows_digest)
    with centre.store.writer.begin() as connection:
        rebuild(connection)
    assert centre.ask(rows_digest) == before
    assert centre.ask(latest_confirmed, meeting.table) is not None  # it was validated, though nobody here can read it
    assert centre.ask(the_meeting, meeting.id).plan.title == "…"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_record_of_an_earlier_release_is_read_whole(
    rooms: Callable[..., Room], request: pytest.FixtureRequest, path: Path, database: str
) -> None:
    room = rooms(request.getfixturevalue("postgres_url") if database == "postgresql" else "")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    entries = [read_entry(line["head"].encode(), line["body"].encode()) for line in lines]
    table = next(entry.head.about for entry in entries if entry.head.kind == "synthesis.validated/1")
    with room.store.writer.begin() as connection:
        log.store(connection, entries)
        assert rebuild(connection) == len(entries)
        assert held_in(connection) == {}
    latest = room.ask(latest_confirmed, table)
    assert latest is not None
    assert latest.frozen is not None
    assert [s.wording.text for s in latest.frozen.sentences] == [
        "Il tavolo ha parlato di spazi.",
        "Servono bagni attrezzati e puliti.",
        "Gli orari non vanno",
    ]
    assert latest.frozen.fingerprint() == latest.fingerprint
    assert room.ask(the_table, table).theme.title == "Spazi per le famiglie"


def test_rows_stay_while_their_schema_is_the_same(own_room: Room) -> None:
    with own_room.store.writer.begin() as connection:
        assert prepare(connection) is False


def test_rows_of_another_schema_are_folded_again(own_room: Room) -> None:
    meeting = a_meeting(own_room)
    before = own_room.ask(rows_digest)
    with own_room.store.writer.begin() as connection:
        connection.execute(update(meta_table).where(meta_table.c.key == "rows").values(value="of an older program"))
        connection.execute(text("DROP TABLE replaced"))
        connection.execute(text("DELETE FROM version"))
        assert prepare(connection) is True
        kept = connection.execute(select(meta_table.c.value).where(meta_table.c.key == "rows")).scalar_one()
    assert (own_room.ask(rows_digest), kept) == (before, schema_digest())
    assert meeting.ask(the_meeting, meeting.id).plan.title == "Laboratorio"


def test_a_new_column_changes_the_digest_of_the_schema() -> None:
    before = schema_digest()
    added = Table("one_more", ROWS, Column("id", Boolean, primary_key=True))
    try:
        assert schema_digest() != before
    finally:
        ROWS.remove(added)
    assert schema_digest() == before


def test_a_room_without_its_rows_loaded_prepares_all_of_them(tmp_path: Path) -> None:
    """`prepare` alone is enough: nobody has to remember to load the nouns first."""
    program = (
        "from workshop.record.database import ROWS, open_store; from workshop.record.fold import prepare; "
        f"store = open_store('sqlite:///{tmp_path}/record.db'); connection = store.writer.connect(); connection.begin(); "
        "prepare(connection); print(len(ROWS.tables))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert int(done.stdout) == len(ROWS.tables)


def test_the_log_is_read_in_pages_and_in_order(own_room: Room) -> None:
    meeting = a_full_history(own_room)
    with own_room.store.readers.connect() as connection:
        in_pages = list(log.entries_in_order(connection, meeting.process_id, batch=7))
        every = list(log.entries_in_order(connection, batch=10))
        assert log.scopes(connection) == [meeting.process_id]
        assert log.count_entries(connection) == len(every)
        latest = log.latest_lamport(connection, meeting.process_id)
        stored = connection.execute(select(entry_table.c.hash)).scalars().all()
    assert in_pages == every == sorted(every, key=lambda entry: entry.place)
    assert latest == every[-1].head.lamport
    assert set(stored) == {entry.hash for entry in every}
