"""The store: settings that keep acknowledged writes safe, read back; readers that hold nothing and see everything."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, OperationalError

from tests.builders import Meeting, Room, a_card, a_meeting, a_participant, a_room, a_step_open
from workshop.private.database import open_private
from workshop.record.database import FULL, StoreIsUnsafe, is_disk_full, open_store
from workshop.record.log import count_entries
from workshop.record.queries.cards import cards_of_table

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete", "query_only", "wal_autocheckpoint")


def pragma(connection: Connection, name: str) -> object:
    return connection.execute(text(f"PRAGMA {name}")).scalar_one()


def test_the_writer_has_what_keeps_acknowledged_writes_safe(tmp_path: Path) -> None:
    for store in (open_store(f"sqlite:///{tmp_path}/record.db"), open_private(f"sqlite:///{tmp_path}/private.db")):
        with store.writer.connect() as connection:
            told = {name: pragma(connection, name) for name in PRAGMAS[:5]}
        assert told == {"journal_mode": "wal", "synchronous": FULL, "foreign_keys": 1, "trusted_schema": 0, "secure_delete": 1}
        store.close()


def test_a_reader_cannot_write_and_never_checkpoints(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/record.db")
    with store.readers.connect() as connection:
        assert [pragma(connection, name) for name in PRAGMAS[5:]] == [1, 0]
        with pytest.raises(OperationalError, match="readonly"):
            connection.execute(text("CREATE TABLE x (y)"))
    store.close()


def test_a_database_that_does_not_take_the_settings_is_not_opened(tmp_path: Path) -> None:
    """In a database in memory there is no write-ahead log; a folder that cannot be written has none either."""
    (tmp_path / "record.db").mkdir()
    with pytest.raises((StoreIsUnsafe, DatabaseError)):
        open_store(f"sqlite:///{tmp_path}/record.db")


def test_the_weaker_setting_is_only_there_for_the_test_that_must_go_red(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/record.db", synchronous="NORMAL")
    with store.writer.connect() as connection:
        assert pragma(connection, "synchronous") == 1
    store.close()


def test_a_reader_sees_an_acknowledged_write_at_once_even_when_it_was_open_before(room: Room) -> None:
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    who = a_participant(meeting)
    with room.store.readers.connect() as reader:
        assert cards_of_table(reader, meeting.table) == []
        for number in range(1, 4):
            a_card(meeting, who, f"Cartoncino {number}")
            assert len(cards_of_table(reader, meeting.table)) == number


def test_a_reader_sees_nothing_of_what_is_not_committed(room: Room, meeting: Meeting) -> None:
    before = meeting.ask(count_entries, meeting.process_id)
    seen: list[int] = []

    def job(writer: object) -> None:
        seen.append(meeting.ask(count_entries, meeting.process_id))

    room.desk.submit(job)
    assert seen == [before]


def test_sixty_readers_at_once_wait_for_nobody(tmp_path: Path) -> None:
    """Greenlets share one thread: a pool that made the sixtieth wait would stop them all."""
    room = a_room(tmp_path)
    connections = [room.store.readers.connect() for _ in range(60)]
    assert {connection.execute(text("SELECT 1")).scalar_one() for connection in connections} == {1}
    for connection in connections:
        connection.close()
    room.close()


@pytest.mark.parametrize(
    ("words", "full"),
    [
        ("database or disk is full", True),
        ("could not extend file: No space left on device", True),
        ("disk I/O error", False),
        ("locked", False),
    ],
)
def test_a_full_disk_is_known_by_its_words(words: str, full: bool) -> None:
    assert is_disk_full(OSError(words)) is full
