"""What blocks runs apart on native threads and may write from there: gevent is not patched, so nothing of it is touched outside its hub."""

import threading
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from tests.builders import Room, a_room
from workshop.domain.refusal import NotFound
from workshop.record.green_desk import GreenDesk
from workshop.record.writer import Job, Writer


@pytest.fixture
def green(tmp_path: Path) -> Iterator[Room]:
    room = a_room(tmp_path, desk=GreenDesk)
    yield room
    room.close()


def saying(number: int) -> Job:
    return lambda _writer: number


def test_work_apart_is_on_another_thread_and_the_hub_goes_on(green: Room) -> None:
    here, meanwhile = threading.get_ident(), threading.Event()
    gevent.spawn(meanwhile.set)
    thread, went_on = green.desk.apart(lambda: (threading.get_ident(), meanwhile.wait(10)))
    assert (thread != here, went_on) == (True, True)


def test_answers_find_the_one_who_asked_from_many_threads_and_greenlets(green: Room) -> None:
    def ask(first: int) -> list[object]:
        return [green.desk.submit(saying(first + n)) for n in range(200)]

    apart = [gevent.spawn(green.desk.apart, ask, 1_000 * n) for n in range(4)]
    inside = [gevent.spawn(ask, 1_000 * n) for n in range(4, 8)]
    gevent.joinall([*apart, *inside], timeout=50, raise_error=True)
    assert [each.value for each in [*apart, *inside]] == [list(range(1_000 * n, 1_000 * n + 200)) for n in range(8)]


def test_a_refusal_or_surprise_comes_back_to_the_thread(green: Room) -> None:
    def refuse(_writer: Writer) -> None:
        raise NotFound("card")

    def break_down(_writer: Writer) -> None:
        raise ZeroDivisionError

    with pytest.raises(NotFound):
        green.desk.apart(green.desk.submit, refuse)
    with pytest.raises(ZeroDivisionError):
        green.desk.apart(green.desk.submit, break_down)
