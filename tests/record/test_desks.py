"""Desks: everybody is answered, nothing is lost or doubled, and what listens cannot harm who writes."""

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gevent
import pytest
from gevent.event import Event

from tests.builders import Meeting, Room, a_card, a_facilitator, a_meeting, a_participant, a_room, a_step_open
from tests.support.awaiting import until
from workshop.domain.contribution import AddContribution, Kind, QuotaUsed
from workshop.domain.refusal import Refusal
from workshop.record.desk import DirectDesk, ThreadDesk, WriterIsBusy
from workshop.record.green_desk import GreenDesk
from workshop.record.queries.cards import cards_of_table
from workshop.record.writer import BATCH, MANY, Committed, Writer


def collecting(room: Room, tables: int = 1) -> Meeting:
    meeting = a_meeting(room, tables=tables, seats=14)
    for table in meeting.tables:
        a_step_open(meeting, "scrivi", table)
    return meeting


def numbers(meeting: Meeting) -> list[int]:
    return sorted(card.number for table in meeting.tables for card in meeting.ask(cards_of_table, table))


def test_fifty_threads_are_all_answered_and_no_number_is_given_twice(room: Room) -> None:
    meeting = collecting(room, tables=5)
    staff = [a_facilitator(meeting, table) for table in meeting.tables]
    with ThreadPoolExecutor(50) as pool:
        sent = list(pool.map(lambda n: a_card(meeting, staff[n % 5], f"Cartoncino {n}"), range(200)))
    assert len(set(sent)) == 200
    assert numbers(meeting) == list(range(1, 201))


def test_a_quota_holds_however_many_phones_one_person_has(room: Room) -> None:
    meeting = collecting(room)
    who = a_participant(meeting)

    def send(number: int) -> str:
        try:
            return a_card(meeting, who, f"Cartoncino {number}")
        except QuotaUsed:
            return ""

    with ThreadPoolExecutor(20) as pool:
        sent = list(pool.map(send, range(20)))
    assert len([card for card in sent if card]) == 4
    assert numbers(meeting) == [1, 2, 3, 4]


def test_one_command_sent_by_twenty_threads_at_once_is_done_once(room: Room) -> None:
    meeting = collecting(room)
    who = a_participant(meeting)
    told = {"work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "text": "Servono fasciatoi"}
    wish = meeting.command(AddContribution, **told)
    with ThreadPoolExecutor(20) as pool:
        receipts = list(pool.map(lambda _: room.door(wish, who), range(20)))
    assert [receipt.first_time for receipt in receipts].count(True) == 1
    assert len({receipt.facts for receipt in receipts}) == 1
    assert numbers(meeting) == [1]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_hundred_greenlets_are_all_answered(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> None:
    room = a_room(tmp_path, request.getfixturevalue("shared_postgres_url") if database == "postgresql" else "", GreenDesk)
    meeting = collecting(room, tables=10)
    staff = [a_facilitator(meeting, table) for table in meeting.tables]
    greenlets = [gevent.spawn(a_card, meeting, staff[n % 10], f"Cartoncino {n}") for n in range(200)]
    gevent.joinall(greenlets, timeout=50)
    assert len({greenlet.get() for greenlet in greenlets}) == 200
    assert numbers(meeting) == list(range(1, 201))
    room.close()
    assert len([news for news in room.news if isinstance(news, Committed) and news.fact.kind == "contribution.added/1"]) == 200


def test_a_native_thread_may_submit_to_the_green_desk_too(tmp_path: Path) -> None:
    room = a_room(tmp_path, desk=GreenDesk)
    meeting = collecting(room)
    facilitator = a_facilitator(meeting)
    sent = [gevent.spawn(room.desk.apart, a_card, meeting, facilitator, f"Cartoncino {n}") for n in range(20)]
    gevent.joinall(sent, timeout=50)
    assert len({greenlet.get() for greenlet in sent}) == 20
    assert numbers(meeting) == list(range(1, 21))
    room.close()


def test_two_programs_on_one_postgres_are_slow_but_never_wrong(tmp_path: Path, shared_postgres_url: str) -> None:
    one = a_room(tmp_path, shared_postgres_url)
    meeting = collecting(one)
    (tmp_path / "other").mkdir()
    other = a_room(tmp_path / "other", shared_postgres_url)
    there = Meeting(other, meeting.process_id, meeting.id, meeting.tables, meeting.steps)
    facilitator = a_facilitator(meeting)
    with ThreadPoolExecutor(20) as pool:
        sent = list(pool.map(lambda n: a_card((meeting, there)[n % 2], facilitator, f"Cartoncino {n}"), range(80)))
    assert len(set(sent)) == 80
    assert numbers(meeting) == list(range(1, 81))
    other.close()
    one.close()


def test_a_refusal_reaches_the_one_who_asked(room: Room) -> None:
    meeting = collecting(room)
    with pytest.raises(Refusal):
        a_card(meeting, a_participant(meeting), "")


def test_a_bug_reaches_the_one_who_asked_and_nobody_else(room: Room) -> None:
    def job(writer: Writer) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        room.desk.submit(job)
    meeting = collecting(room)
    a_card(meeting, a_facilitator(meeting))
    assert numbers(meeting) == [1]


def test_news_are_told_in_the_order_of_the_record(tmp_path: Path) -> None:
    room = a_room(tmp_path)
    meeting = collecting(room)
    facilitator = a_facilitator(meeting)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda n: a_card(meeting, facilitator, f"Cartoncino {n}"), range(50)))
    room.close()  # the last news are told before it ends
    told = [getattr(news.fact, "number", 0) for news in room.news if isinstance(news, Committed) and "added" in news.fact.kind]
    assert told == list(range(1, 51))


def test_a_listener_that_waits_holds_no_answer_up(tmp_path: Path) -> None:
    going = Event()
    room = a_room(tmp_path, desk=lambda writer, _: GreenDesk(writer, lambda news: going.wait(60)))
    meeting = collecting(room)
    assert a_card(meeting, a_facilitator(meeting), "Cartoncino")
    assert not going.is_set()
    going.set()
    room.close()


DESKS: list[Callable[..., Any]] = [DirectDesk, ThreadDesk, GreenDesk]


@pytest.mark.parametrize("desk", DESKS)
def test_a_listener_that_fails_is_not_the_authors_error_and_hears_the_next(tmp_path: Path, desk: Callable[..., Any]) -> None:
    heard: list[str] = []

    def listen(news: Any) -> None:
        heard.extend(each.fact.kind for each in news)
        raise ValueError("no screen is there")

    room = a_room(tmp_path, desk=lambda writer, _: desk(writer, listen))
    meeting = collecting(room)
    facilitator = a_facilitator(meeting)
    for number in range(3):
        a_card(meeting, facilitator, f"Cartoncino {number}")
    room.close()
    assert heard.count("contribution.added/1") == 3


@pytest.mark.parametrize("desk", [ThreadDesk, GreenDesk])
def test_whoever_comes_after_closing_hears_it_at_once(tmp_path: Path, desk: Callable[..., Any]) -> None:
    room = a_room(tmp_path, desk=lambda writer, listener: desk(writer, listener, patience=3_600))
    room.close()
    with pytest.raises(WriterIsBusy):
        room.desk.submit(lambda writer: "too late")


@pytest.mark.parametrize("desk", [ThreadDesk, GreenDesk])
def test_while_nobody_waits_the_log_is_written_back_into_the_database(tmp_path: Path, desk: Callable[..., Any]) -> None:
    """Long before SQLite would do it by itself, in the middle of somebody's acknowledgement: the file alone holds nearly all of it."""
    room = a_room(tmp_path, desk=desk)
    meeting = collecting(room)
    facilitator = a_facilitator(meeting)
    for number in range(MANY + 5):
        a_card(meeting, facilitator, f"Cartoncino {number}")
    assert (tmp_path / "record.db-wal").stat().st_size < 1_000 * 4_096
    until(lambda: _in_the_file_alone(tmp_path) >= MANY)
    room.close()


def test_a_disk_that_has_gone_does_not_end_the_writer_between_two_batches(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    room = a_room(folder, desk=DirectDesk)
    meeting = collecting(room)
    facilitator = a_facilitator(meeting)
    for number in range(MANY):
        a_card(meeting, facilitator, f"Cartoncino {number}")
    writer = room.desk.writer  # type: ignore[attr-defined]
    writer.connection.invalidate()  # as after a COMMIT that nobody knows the end of
    room.store.close()
    shutil.rmtree(folder)
    writer.rest()
    with pytest.raises(Refusal):
        a_card(meeting, facilitator, "Nessun disco")


def _in_the_file_alone(folder: Path) -> int:
    """Entries, without the log beside it."""
    shutil.copy(folder / "record.db", folder / "alone.db")
    with contextlib.closing(sqlite3.connect(folder / "alone.db")) as alone:
        there = alone.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone()
        return int(alone.execute("SELECT count(*) FROM entry").fetchone()[0]) if there else 0


@pytest.fixture
def held_up(tmp_path: Path) -> Iterator[tuple[Room, threading.Event]]:
    """A room with three places in the queue, whose writer waits until the test lets it go on."""
    room = a_room(tmp_path, desk=lambda writer, listener: ThreadDesk(writer, listener, places=3, patience=1))
    going = threading.Event()
    yield room, going
    going.set()
    room.close()


def test_a_full_queue_says_so_at_once(held_up: tuple[Room, threading.Event]) -> None:
    room, going = held_up
    answers = []

    def submit(_: int) -> None:
        try:
            room.desk.submit(lambda writer: going.wait())
        except WriterIsBusy as busy:
            answers.append(busy)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(submit, range(12)))
    assert len(answers) == 12  # one runs, three wait, eight find no place: all are told to try again
    going.set()
    assert eventually(lambda: room.desk.submit(lambda writer: "at work again")) == "at work again"


def eventually(act: Callable[[], Any]) -> Any:
    """As a phone does: again, until there is an answer."""
    while True:
        try:
            return act()
        except WriterIsBusy:
            continue


def test_who_lost_patience_sends_the_same_again_and_it_is_done_once(held_up: tuple[Room, threading.Event]) -> None:
    room, going = held_up
    meeting = eventually(lambda: collecting(room))
    facilitator, card = a_facilitator(meeting), "c" * 32
    holder = threading.Thread(target=given_up, args=(room, lambda writer: going.wait()))
    holder.start()
    with pytest.raises(WriterIsBusy):
        while True:
            a_card(meeting, facilitator, command_id=card)
    going.set()
    holder.join()
    assert eventually(lambda: a_card(meeting, facilitator, command_id=card)) == card
    assert numbers(meeting) == [1]


def given_up(room: Room, job: Callable[[Writer], object]) -> None:
    with contextlib.suppress(WriterIsBusy):
        room.desk.submit(job)


def test_a_batch_has_at_most_two_hundred(tmp_path: Path) -> None:
    sizes: list[int] = []

    class Counting(Writer):
        def write(self, jobs: list[Any]) -> list[Any]:
            sizes.append(len(jobs))
            return Writer.write(self, jobs)

    room = a_room(tmp_path)
    room.close()
    writer = Counting(room.store, room.private)
    desk = ThreadDesk(writer, lambda news: None)
    going, running = threading.Event(), threading.Event()

    def hold(writer: Writer) -> None:
        running.set()
        going.wait()

    with ThreadPoolExecutor(300) as pool:
        first = pool.submit(desk.submit, hold)
        running.wait()
        rest = [pool.submit(desk.submit, lambda writer: None) for _ in range(290)]
        while desk._jobs.qsize() < 290:
            going.wait(0.01)
        going.set()
        assert [each.result() for each in (first, *rest)] == [None] * 291
    desk.close()
    assert sizes == [1, BATCH, 90]
