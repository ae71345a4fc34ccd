"""Two processes of the centre on one PostgreSQL: each with a folder, a port and organisers of its own, and one record between them."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import a_room
from tests.support.server import Server, a_server
from tests.sync.test_two_processes import Laptop, a_code, a_laptop, verdict
from workshop.domain.ids import new_id
from workshop.domain.people import NOBODY
from workshop.domain.stream import StreamOpened
from workshop.private.database import open_private
from workshop.record.database import one_at_a_time, open_store
from workshop.record.desk import DirectDesk
from workshop.record.fold import prepare
from workshop.record.log import count_entries, entry_table
from workshop.record.writer import Job, Writer
from workshop.settings import open_folder
from workshop.web.courier import Courier

pytestmark = pytest.mark.timeout(300)
ROUNDS = 3


def test_streams_of_several_processes_arrive_once_each_at_two_centres_with_one_database(tmp_path: Path, postgres_url: str) -> None:
    """Two laptops send to a centre each; a third one was cloned, and both of it send the same entries to both, at the same time."""
    environment = {"DATABASE_URL": postgres_url}
    with ExitStack() as here:
        centres = [here.enter_context(a_server(tmp_path / name, "--central", "--try", environment=environment)) for name in ("c1", "c2")]
        laptops = [here.enter_context(a_laptop(tmp_path / name)) for name in ("one", "two", "three")]
        laptops.append(here.enter_context(a_clone(laptops[2], tmp_path / "clone")))
        for laptop, centre in zip(laptops, (*centres, *centres), strict=True):
            laptop.courier.enrol(centre.url, a_code(centre, **environment))
        for _ in range(ROUNDS):
            at_once(laptops, cards=20)
        at_once(laptops)
        assert all(laptop.courier.run().identical for laptop in laptops)
        told = [verdict(centre.data, **environment) for centre in centres]
        own = [verdict(laptop.folder) for laptop in laptops]
        assert told[0] == told[1]
        assert own[2] == own[3]
        assert told[0]["entries"] == sum(each["entries"] for each in own[:3])


def at_once(laptops: list[Laptop], cards: int = 0) -> None:
    """All write, then all are in contact at the same time."""
    for laptop in laptops:
        if cards:
            laptop.write(cards)
    threads = [threading.Thread(target=laptop.courier.run) for laptop in laptops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)


def test_two_centres_that_start_at_once_on_an_empty_database_both_start(tmp_path: Path, postgres_url: str) -> None:
    """They make the tables one after the other."""
    found: list[Server] = []
    with ExitStack() as here:

        def start(name: str) -> None:
            found.append(here.enter_context(a_server(tmp_path / name, "--central", "--try", environment={"DATABASE_URL": postgres_url})))

        threads = [threading.Thread(target=start, args=(f"c{n}",)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(found) == 3


def test_two_writers_that_lock_processes_in_opposite_order_both_finish(tmp_path: Path, postgres_url: str) -> None:
    """PostgreSQL ends one of two transactions that wait for each other; its jobs are then done one by one, each once."""
    scopes, meet, met = [new_id(), new_id()], threading.Barrier(2), set[int]()
    desks, answers = [a_desk(postgres_url, tmp_path / f"{n}.db") for n in range(2)], [[], []]

    def first(scope: str) -> Job:
        def write(writer: Writer) -> None:
            writer.lock_scope(scope)
            if id(writer) not in met:
                met.add(id(writer))
                meet.wait(20)  # both hold a lock now, and each is about to ask for the other's
            another(scope)(writer)

        return write

    def go(desk: DirectDesk, order: list[str], told: list[object]) -> None:
        told += desk.writer.write([first(order[0]), another(order[1])])

    threads = [threading.Thread(target=go, args=each) for each in zip(desks, (scopes, scopes[::-1]), answers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with desks[0].writer.store.readers.connect() as record:
        kept = [count_entries(record, scope) for scope in scopes]
    for desk in desks:
        desk.close()
        desk.writer.store.close()
        desk.writer.private_store.close()
    assert (answers, kept) == ([[None, None]] * 2, [4, 4])  # of each writer: a stream that was opened, and an entry in it


def another(scope: str) -> Job:
    return lambda writer: writer.append(scope, StreamOpened(about=new_id(), device="", program=""), new_id(), NOBODY) and None


def a_desk(url: str, private: Path) -> DirectDesk:
    store = open_store(url)
    with store.writer.begin() as connection:
        one_at_a_time(connection)
        prepare(connection)
    return DirectDesk(Writer(store, open_private(f"sqlite:///{private}")), lambda _news: None)


@contextmanager
def a_clone(laptop: Laptop, folder: Path) -> Iterator[Laptop]:
    """The whole folder was copied, keys and all; from now on each goes on by itself."""
    shutil.copytree(laptop.folder, folder)
    room = a_room(folder, desk=DirectDesk)
    courier = Courier(open_folder(str(folder)), room.store, room.private, room.desk)
    yield Laptop(replace(laptop.meeting, room=room), courier, folder)
    room.close()


def test_of_two_processes_that_write_to_one_percorso_the_second_waits_for_the_first(tmp_path: Path, postgres_url: str) -> None:
    """Else both would decide on the same moment: the same number for two cards, the same place in the order for two entries."""
    scope, first_has_it, second_is_done = new_id(), threading.Event(), threading.Event()
    first, second = (a_desk(postgres_url, tmp_path / f"{n}.db") for n in range(2))

    def slow(writer: Writer) -> None:
        writer.lock_scope(scope)
        first_has_it.set()
        assert not second_is_done.wait(1)
        another(scope)(writer)

    def go_second() -> None:
        first_has_it.wait(20)
        second.writer.write([another(scope)])
        second_is_done.set()

    threads = [threading.Thread(target=first.writer.write, args=([slow],)), threading.Thread(target=go_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with first.writer.store.readers.connect() as record:
        lamports = record.execute(select(entry_table.c.lamport).where(entry_table.c.scope == scope)).scalars().all()
    for desk in (first, second):
        desk.close()
        desk.writer.store.close()
        desk.writer.private_store.close()
    assert sorted(lamports) == [1, 2, 3, 4]
