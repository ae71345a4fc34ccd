"""The writer: many commands in one COMMIT, and a chain that no accident breaks."""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from sync.entry import Entry
from tests.builders import Meeting, Room, a_meeting, a_participant, a_room, a_step_open
from workshop.dispatch.front_door import job_of
from workshop.domain.contribution import AddContribution, Kind, QuotaUsed
from workshop.domain.participant import Join
from workshop.domain.people import NOBODY, Actor
from workshop.domain.screen import ScreenTurned
from workshop.private.database import person_table
from workshop.record.database import DiskIsFull
from workshop.record.desk import DirectDesk
from workshop.record.log import count_entries, entries_in_order
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import seats_taken
from workshop.record.writer import Committed, Job, Receipt, Writer


@pytest.fixture(params=["sqlite", "postgresql"])
def meeting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Meeting]:
    """Collecting, in a room whose writer the test drives itself."""
    room = a_room(tmp_path, request.getfixturevalue("shared_postgres_url") if request.param == "postgresql" else "", DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    yield meeting
    room.close()


@pytest.fixture
def writer(meeting: Meeting) -> Writer:
    return writer_of(meeting.room)


def writer_of(room: Room) -> Writer:
    assert isinstance(room.desk, DirectDesk)
    return room.desk.writer


def a_wish(meeting: Meeting, text: str = "Servono fasciatoi") -> AddContribution:
    told = {"work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "text": text}
    wish: AddContribution = meeting.command(AddContribution, **told)
    return wish


def a_job(meeting: Meeting, who: Actor | None = None) -> Job:
    return job_of(a_wish(meeting), who or a_participant(meeting))


def a_bug(meeting: Meeting) -> Job:
    """It has written already when it breaks."""

    def job(writer: Writer) -> Receipt:
        writer.append(meeting.process_id, ScreenTurned(about=meeting.id, view="wall"), "e" * 32, meeting.lead)
        raise ZeroDivisionError

    return job


def texts(meeting: Meeting) -> list[str | None]:
    return [card.text for card in meeting.ask(cards_of_table, meeting.table)]


def entries(meeting: Meeting) -> list[Entry]:
    with meeting.room.store.readers.connect() as connection:
        return list(entries_in_order(connection, meeting.process_id))


def chains_are_whole(meeting: Meeting) -> bool:
    """Each stream counts from 1 without gaps, and every entry names the one before."""
    streams: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries(meeting), key=lambda entry: entry.head.n):
        streams[entry.head.stream].append(entry)
    return all(
        [(entry.head.n, entry.head.prev) for entry in stream] == list(enumerate(["", *(entry.hash for entry in stream[:-1])], start=1))
        for stream in streams.values()
    )


def commits(meeting: Meeting) -> list[object]:
    """Grows with every COMMIT of the record."""
    done: list[object] = []
    event.listen(meeting.room.store.writer, "commit", done.append)
    return done


def test_many_commands_are_one_commit(meeting: Meeting, writer: Writer) -> None:
    people = [a_participant(meeting) for _ in range(5)]
    jobs, done = [a_job(meeting, who) for who in people for _ in range(4)], commits(meeting)
    assert [type(answer) for answer in writer.write(jobs)] == [Receipt] * 20
    assert len(done) == 1
    assert chains_are_whole(meeting)


def test_one_bug_among_four_leaves_the_other_three_stored_and_no_broken_link(meeting: Meeting, writer: Writer) -> None:
    jobs = [a_job(meeting), a_bug(meeting), a_job(meeting), a_job(meeting)]
    writer.take_committed()
    answers = writer.write(jobs)
    assert [type(answer) for answer in answers] == [Receipt, ZeroDivisionError, Receipt, Receipt]
    assert texts(meeting) == ["Servono fasciatoi"] * 3
    assert meeting.ask(the_meeting, meeting.id).screen["view"] == "entrance"
    assert chains_are_whole(meeting)
    told = [news.fact.kind for news in writer.take_committed() if isinstance(news, Committed)]
    assert told == ["contribution.added/1"] * 3


def test_a_refusal_among_four_is_an_answer_and_costs_nobody_a_second_transaction(meeting: Meeting, writer: Writer) -> None:
    who = a_participant(meeting)
    writer.write([a_job(meeting, who) for _ in range(4)])
    jobs, done = [a_job(meeting), a_job(meeting, who), a_job(meeting)], commits(meeting)
    assert [type(answer) for answer in writer.write(jobs)] == [Receipt, QuotaUsed, Receipt]
    assert len(done) == 1
    assert chains_are_whole(meeting)


def test_numbers_in_one_batch_follow_each_other(meeting: Meeting, writer: Writer) -> None:
    writer.write([a_job(meeting) for _ in range(5)])
    assert [card.number for card in meeting.ask(cards_of_table, meeting.table)] == [1, 2, 3, 4, 5]


def test_the_same_command_twice_in_one_batch_is_done_once(meeting: Meeting, writer: Writer) -> None:
    job = job_of(a_wish(meeting), a_participant(meeting))
    first, again = writer.write([job, job])
    assert isinstance(first, Receipt)
    assert isinstance(again, Receipt)
    assert (first.first_time, again.first_time, first.facts == again.facts) == (True, False, True)


def test_what_is_kept_outside_the_database_is_rolled_back_with_it(meeting: Meeting, writer: Writer) -> None:
    before = {scope: (stream.id, stream.n, stream.prev) for scope, stream in writer.streams.items()}
    [surprise] = writer.write([a_bug(meeting)])
    assert isinstance(surprise, ZeroDivisionError)
    assert {scope: (stream.id, stream.n, stream.prev) for scope, stream in writer.streams.items()} == before
    writer.write([a_job(meeting)])
    assert chains_are_whole(meeting)


def test_a_stream_whose_first_write_broke_was_never_opened(meeting: Meeting, tmp_path: Path) -> None:
    room = meeting.room
    other = Writer(room.store, room.private) if not room.store.is_sqlite else writer_of(room)
    other.streams.clear()
    other.write([a_bug(meeting)])
    assert other.streams == {}
    other.write([a_job(meeting)])
    assert chains_are_whole(meeting)
    assert len({entry.head.stream for entry in entries(meeting)}) == 2
    if other is not writer_of(room):
        other.close()


def test_each_run_of_the_program_writes_a_stream_of_its_own(meeting: Meeting, tmp_path: Path) -> None:
    kinds = [entry.head.kind for entry in entries(meeting) if entry.head.n == 1]
    assert kinds == ["stream.opened/1"]
    writer_of(meeting.room).streams.clear()  # as after a restart
    writer_of(meeting.room).write([a_job(meeting)])
    first = [entry for entry in entries(meeting) if entry.head.n == 1]
    assert len({entry.head.stream for entry in first}) == 2
    assert chains_are_whole(meeting)


def test_entries_come_in_the_order_they_were_written(meeting: Meeting, writer: Writer) -> None:
    writer.write([a_job(meeting) for _ in range(3)])
    lamports = [entry.head.lamport for entry in entries(meeting)]
    assert lamports == list(range(1, len(lamports) + 1))


def test_a_commit_that_fails_leaves_nothing_of_the_record(meeting: Meeting, writer: Writer) -> None:
    """What had been written in private is harmless: joining again makes it good."""
    before, people = meeting.ask(count_entries), persons(meeting)
    wish = meeting.command(Join, meeting_id=meeting.id, work_table_id=meeting.table)

    def fail(connection: object) -> None:
        raise OSError("the plug was pulled")

    event.listen(meeting.room.store.writer, "commit", fail)
    [surprise] = writer.write([job_of(wish, NOBODY)])
    event.remove(meeting.room.store.writer, "commit", fail)
    assert isinstance(surprise, OSError)
    assert (meeting.ask(count_entries), persons(meeting)) == (before, people + 1)
    [receipt] = writer.write([job_of(wish, NOBODY)])
    assert isinstance(receipt, Receipt)
    assert receipt.first_time
    assert (meeting.ask(seats_taken, meeting.table), persons(meeting)) == (1, people + 2)
    assert chains_are_whole(meeting)


def persons(meeting: Meeting) -> int:
    return meeting.room.ask_private(lambda connection: connection.execute(select(func.count()).select_from(person_table)).scalar_one())


KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from tests.builders import a_meeting, a_participant, a_room
from workshop.record.desk import DirectDesk

room = a_room(Path(sys.argv[1]), desk=DirectDesk)
meeting = a_meeting(room)
print(meeting.process_id, meeting.id, meeting.table, flush=True)
event.listen(room.store.writer, "commit", lambda connection: os._exit(9))
a_participant(meeting)
"""


def test_a_kill_between_the_two_commits_is_harmless(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    program, surroundings = [sys.executable, "-c", KILLED, str(tmp_path)], os.environ | {"PYTHONPATH": str(root)}
    killed = subprocess.run(program, cwd=root, env=surroundings, capture_output=True, text=True, check=False)
    assert killed.returncode == 9, killed.stderr
    process_id, meeting_id, table = killed.stdout.split()
    room = a_room(tmp_path, desk=DirectDesk)
    meeting = Meeting(room, process_id, meeting_id, (table,), {})
    assert (meeting.ask(seats_taken, table), persons(meeting)) == (0, 1)
    a_participant(meeting)
    assert (meeting.ask(seats_taken, table), persons(meeting)) == (1, 2)
    assert chains_are_whole(meeting)
    room.close()


def test_a_full_disk_is_said_and_nothing_is_lost_once_there_is_space(tmp_path: Path) -> None:
    room = a_room(tmp_path, desk=DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    writer, people = writer_of(room), [a_participant(meeting) for _ in range(10)]
    _pages(writer, writer.connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 6)
    jobs = [job_of(a_wish(meeting, "x" * 280), who) for who in people for _ in range(4)]
    answers = [answer for job in jobs for answer in writer.write([job])]
    stored = [answer for answer in answers if isinstance(answer, Receipt)]
    assert {type(answer) for answer in answers} == {Receipt, DiskIsFull}
    assert len(texts(meeting)) == len(stored)
    _pages(writer, 1_000_000)
    again = [answer for job in jobs for answer in writer.write([job])]
    assert [answer.first_time for answer in again if isinstance(answer, Receipt)].count(False) == len(stored)
    assert len(texts(meeting)) == 40
    assert chains_are_whole(meeting)
    room.close()


def _pages(writer: Writer, most: int) -> None:
    """The largest size of the database file: SQLite says "database or disk is full" beyond it."""
    writer.connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")
    writer.connection.commit()


def test_a_lost_connection_breaks_no_chain(tmp_path: Path, shared_postgres_url: str) -> None:
    room = a_room(tmp_path, shared_postgres_url, DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    writer, job = writer_of(room), a_job(meeting)
    server = writer.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    writer.connection.rollback()
    with room.store.readers.connect() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(%s)", (server,))
    answers = [writer.write([job])[0] for _ in range(2)]
    assert isinstance(answers[1], Receipt)
    assert texts(meeting) == ["Servono fasciatoi"]
    assert chains_are_whole(meeting)
    room.close()
