"""PostgreSQL goes away and comes back under a centre: nothing acknowledged is lost, nothing is doubled, people read a sentence."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.support.postgres import Cluster, cluster, fresh_database
from tests.support.server import Server, a_server
from tests.sync.test_two_processes import Laptop, a_code, a_laptop, verdict
from workshop.domain.ids import new_id
from workshop.domain.stream import StreamOpened
from workshop.record.database import open_store
from workshop.record.log import count_entries, entry_table

pytestmark = pytest.mark.timeout(300)
RESTARTS = 4


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """One that may be stopped: the other tests have another."""
    with cluster() as made:
        yield made


@contextmanager
def a_centre(own_cluster: Cluster, folder: Path) -> Iterator[tuple[Server, str]]:
    with fresh_database(own_cluster) as url, a_server(folder, "--central", "--try", environment={"DATABASE_URL": url}) as server:
        yield server, url


@contextmanager
def organiser(server: Server) -> Iterator[httpx.Client]:
    told = {"Origin": server.url, "Accept-Language": "it"}
    with httpx.Client(base_url=server.url, headers=told, trust_env=False, timeout=30) as client:
        assert client.get(server.entry).status_code == 303
        yield client


def test_while_postgresql_is_away_people_read_a_sentence_and_afterwards_all_goes_on_by_itself(own_cluster: Cluster, tmp_path: Path) -> None:
    with a_centre(own_cluster, tmp_path / "centre") as (server, _), organiser(server) as client:
        assert client.get("/archive").status_code == 200
        own_cluster.stop()
        try:
            form = {"command_id": new_id(), "preset": "lucca-in-famiglia"}
            for answer in (client.get("/archive"), client.post("/setup/presets", data=form), client.get("/setup")):
                assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "2")
                assert "L’archivio centrale per un momento non risponde." in answer.text
            assert client.get("/account").status_code == 404  # what needs no PostgreSQL goes on: this trial has no accounts
        finally:
            own_cluster.start()
        assert [client.post("/setup/presets", data=form).status_code, client.get("/archive").status_code] == [303, 200]


def test_restarts_under_load_lose_nothing_and_double_nothing(own_cluster: Cluster, tmp_path: Path) -> None:
    over = threading.Event()
    with (
        a_centre(own_cluster, tmp_path / "centre") as (server, url),
        organiser(server) as who,
        a_laptop(tmp_path / "one") as one,
        a_laptop(tmp_path / "two") as two,
    ):
        for laptop in (one, two):
            laptop.courier.enrol(server.url, a_code(server, DATABASE_URL=url))
        web, contacts = Posts(who), [[], []]
        web.makes_one()  # in peace: what all the others must look like
        jobs: list[Any] = [lambda: web.go_on(over)]
        jobs += [lambda laptop=laptop, told=told: push_on(laptop, told, over) for laptop, told in zip((one, two), contacts, strict=True)]
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        for _ in range(RESTARTS):
            web.wait_for(4)
            own_cluster.restart()  # in the very moment of an acknowledgement
        web.wait_for(3)
        over.set()
        for thread in threads:
            thread.join(60)
        for laptop in (one, two):
            assert laptop.courier.run().identical
        there = verdict(server.data, DATABASE_URL=url)
        kept = kinds_in(url, web.acknowledged)
        assert {process for process, kinds in kept.items() if kinds != kept[web.acknowledged[0]]} == set()
        assert set(web.acknowledged) == set(kept)
        assert web.surprises == []
        assert {problem for told in contacts for problem in told} <= {"", "CentreIsBusy", "LineWasCut", "CentreIsSilent"}
        own = sum(verdict(laptop.folder)["entries"] for laptop in (one, two))
        assert there["entries"] == own + entries_beside(url, (one, two))
        assert web.away, "PostgreSQL was never missed: the test did not test"


class Posts:
    """An organiser makes processes without pause. The same form is sent again until it is acknowledged."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.acknowledged: list[str] = []
        self.away = 0
        self.surprises: list[str] = []
        self._one_more = threading.Semaphore(0)

    def wait_for(self, more: int) -> None:
        """Until so many more were acknowledged, and not an instant longer."""
        while self._one_more.acquire(blocking=False):
            continue
        for _ in range(more):
            assert self._one_more.acquire(timeout=60), "it did not come back by itself"

    def go_on(self, over: threading.Event) -> None:
        while not over.is_set():
            self.makes_one()

    def makes_one(self) -> None:
        process_id, until = new_id(), time.monotonic() + 60
        form = {"command_id": process_id, "preset": "lucca-in-famiglia"}
        while time.monotonic() < until:
            status = self.client.post("/setup/presets", data=form).status_code
            if status == 303:
                self.acknowledged.append(process_id)
                self._one_more.release()
                return
            self.away += 1
            if status != 503:
                self.surprises.append(f"{status}")
        self.surprises.append("never acknowledged")


def push_on(laptop: Laptop, told: list[str], over: threading.Event) -> None:
    while not over.is_set():
        laptop.write(5)
        told.append(laptop.courier.run().problem)


def kinds_in(url: str, process_ids: list[str]) -> dict[str, list[str]]:
    """What is kept of each process, but for the streams it was written in: a cut line makes the writer open another one."""
    store, e = open_store(url), entry_table.c
    chosen = select(e.scope, e.kind).where(e.scope.in_(process_ids), e.kind != StreamOpened.kind)
    found: dict[str, list[str]] = {}
    with store.readers.connect() as record:
        for scope, kind in record.execute(chosen):
            found.setdefault(scope, []).append(kind)
    store.close()
    return {scope: sorted(kinds) for scope, kinds in found.items()}


def entries_beside(url: str, laptops: tuple[Laptop, ...]) -> int:
    """Entries of other processes than those of the laptops."""
    store = open_store(url)
    with store.readers.connect() as record:
        found = count_entries(record) - sum(count_entries(record, laptop.meeting.process_id) for laptop in laptops)
    store.close()
    return found
