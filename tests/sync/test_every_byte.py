"""A recorded exchange of 200 entries, cut after each byte, both ways: all of it is there or nothing, and the next contact ends identical.

Every byte is tried where what came is read; whole requests and contacts in `make test` at the ends, byte by byte, and at strides
between, and at every byte (a contact takes a tenth of a second) with TAVOLI_EVERY (`make soak`).
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from sync import wire
from sync.entry import Entry
from sync.exchange import Outcome, PeerProblem, exchange
from sync.log import START, Tips
from tests.builders import a_card, a_facilitator, a_meeting, a_room, a_step_open
from tests.sync.streams import all_of, raws
from tests.sync.test_centre import Centre, a_centre
from workshop.record.database import ROWS
from workshop.record.desk import Desk, DirectDesk
from workshop.record.log import entry_table, held_table, tip_table
from workshop.record.peers import PeerLog
from workshop.record.verify import verify

pytestmark = pytest.mark.timeout(7_200 if os.environ.get("TAVOLI_EVERY") else 300)
ENTRIES = 200
EDGE = 20  # bytes at each end that are always tried one by one


@dataclass
class Line(httpx.BaseTransport):
    """Cuts the request, or the answer, of one path after `at` bytes; from then on it is dead until it is mended."""

    inner: httpx.BaseTransport
    path: str = ""
    way: str = ""  # there, back
    at: int = 0
    is_dead: bool = False
    sizes: dict[tuple[str, str], int] = field(default_factory=dict)  # of what went through whole

    def cut(self, path: str, way: str, at: int) -> None:
        self.path, self.way, self.at, self.is_dead = path, way, at, False

    def mend(self) -> None:
        self.path, self.is_dead = "", False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_dead:
            raise httpx.ConnectError("no line")
        path = request.url.path.rpartition("/")[2]
        if path != self.path:
            return self._whole(path, request)
        self.is_dead = True
        return self._cut_there(request) if self.way == "there" else self._cut_back(request)

    def _whole(self, path: str, request: httpx.Request) -> httpx.Response:
        data, answer = request.read(), self.inner.handle_request(request)
        told = answer.read()
        self.sizes[path, "there"], self.sizes[path, "back"] = len(data), len(told)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(told))

    def _cut_there(self, request: httpx.Request) -> httpx.Response:
        """The other side gets the beginning: under the length of the whole, or (odd bytes) from a proxy that corrects the length."""
        told = [(name, value) for name, value in request.headers.raw if not (self.at % 2 and name.lower() == b"content-length")]
        part = httpx.Request(request.method, request.url, headers=told, content=request.read()[: self.at])
        assert 400 <= self.inner.handle_request(part).status_code < 500
        raise httpx.WriteError("cut")

    def _cut_back(self, request: httpx.Request) -> httpx.Response:
        answer = self.inner.handle_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=_Beginning(answer.read()[: self.at]))


@dataclass
class _Beginning(httpx.SyncByteStream):
    data: bytes

    def __iter__(self) -> Iterator[bytes]:
        yield self.data
        raise httpx.ReadError("cut")


@dataclass
class Recorded:
    """A laptop with 200 entries of an afternoon, and a centre at the other end of a line."""

    scope: str
    entries: list[Entry]
    laptop: PeerLog
    centre: Centre
    line: Line

    def contact(self) -> Outcome:
        return exchange(self.laptop, self.centre.peer(), self.scope)

    def here_and_there(self) -> tuple[int, int]:
        return self.laptop.digest(self.scope).entries, self.centre.log.digest(self.scope).entries


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    folder = tmp_path_factory.mktemp("laptop")
    room = a_room(folder, desk=DirectDesk)
    with a_centre(tmp_path_factory.mktemp("centre")) as centre:
        line = Line(httpx.WSGITransport(app=centre.building.app.wsgi_app))
        centre.client = httpx.Client(transport=line)
        log = PeerLog(room.store, room.desk)
        scope, entries = an_afternoon(tmp_path_factory.mktemp("afternoon"))
        assert log.receive(scope, raws(entries)).stored == ENTRIES
        yield Recorded(scope, entries, log, centre, line)
    room.close()


def an_afternoon(folder: Path) -> tuple[str, list[Entry]]:
    room = a_room(folder, desk=DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    who = a_facilitator(meeting)
    while (left := ENTRIES - PeerLog(room.store, room.desk).digest(meeting.process_id).entries) > 0:
        for number in range(left):
            a_card(meeting, who, f"Servono fasciatoi e bagni, numero {number}")
    entries = all_of(PeerLog(room.store, room.desk), meeting.process_id)[:ENTRIES]
    room.close()
    return meeting.process_id, entries


def points(size: int, strides: int) -> list[int]:
    """Every one when asked for; else the ends, and so many between."""
    if os.environ.get("TAVOLI_EVERY"):
        return list(range(size))
    return sorted({*range(min(EDGE, size)), *range(0, size, max(1, size // strides)), *range(max(0, size - EDGE), size)})


def some_of(size: int, contacts: int) -> list[int]:
    """For whole contacts: the first byte, the last ones, and some between (many when asked for)."""
    stride = max(1, size // (20 * contacts if os.environ.get("TAVOLI_EVERY") else contacts))
    return sorted({0, 1, *range(0, size, stride), size - 9, size - 1} & {*range(size)})


@pytest.mark.parametrize("read", [wire.unpack, wire.unpack_page])
def test_no_beginning_of_200_entries_is_taken_for_all_of_them(recorded: Recorded, read: Callable[..., Any]) -> None:
    packed = wire.pack(recorded.entries) if read is wire.unpack else wire.pack_page(recorded.entries, more=False)
    for at in range(len(packed)):
        with pytest.raises(wire.WireFault):
            read([packed[:at]])
    assert read([packed])


def test_of_a_push_cut_after_any_byte_nothing_is_stored(recorded: Recorded) -> None:
    peer = recorded.centre.peer()
    peer.tips(recorded.scope)
    for at in points(len(wire.pack(recorded.entries)), 100):
        recorded.line.cut("push", "there", at)
        with pytest.raises(PeerProblem):
            peer.push(recorded.scope, recorded.entries)
        assert recorded.here_and_there() == (ENTRIES, 0), at
    recorded.line.mend()


def test_of_a_page_cut_after_any_byte_nothing_is_taken(recorded: Recorded) -> None:
    peer = recorded.centre.peer()
    recorded.centre.log.receive(recorded.scope, raws(recorded.entries))
    for at in points(len(wire.pack_page(recorded.entries, more=False)), 60):
        recorded.line.cut("pull", "back", at)
        with pytest.raises(PeerProblem):
            peer.pull(recorded.scope, Tips(), START, ENTRIES)
    recorded.line.mend()
    forget(recorded.centre.building.house.desk)


@pytest.mark.parametrize(("path", "way", "stored"), [("push", "there", 0), ("push", "back", ENTRIES)])
def test_a_contact_cut_while_it_sends_is_made_good_by_the_next(recorded: Recorded, path: str, way: str, stored: int) -> None:
    recorded.line.mend()
    assert recorded.contact().identical
    size = recorded.line.sizes[path, way] if way == "back" else len(wire.pack(recorded.entries))
    for at in some_of(size, 6):
        forget(recorded.centre.building.house.desk)
        recorded.line.cut(path, way, at)
        assert recorded.contact().problem
        assert recorded.here_and_there() == (ENTRIES, stored), at
        then_all_is_well(recorded, at, recorded.centre.building.house.store)
    forget(recorded.centre.building.house.desk)


@pytest.mark.parametrize("way", ["there", "back"])
def test_a_contact_cut_while_it_fetches_is_made_good_by_the_next(recorded: Recorded, way: str) -> None:
    recorded.line.mend()
    recorded.centre.log.receive(recorded.scope, raws(recorded.entries))
    forget(recorded.laptop.desk)
    assert recorded.contact().identical
    for at in some_of(recorded.line.sizes["pull", way], 6):
        forget(recorded.laptop.desk)
        recorded.line.cut("pull", way, at)
        assert recorded.contact().problem
        assert recorded.here_and_there() == (0, ENTRIES), at
        then_all_is_well(recorded, at, recorded.laptop.store)
    forget(recorded.centre.building.house.desk)


def then_all_is_well(recorded: Recorded, at: int, receiver: Any) -> None:
    recorded.line.mend()
    assert recorded.contact().identical, at
    assert recorded.here_and_there() == (ENTRIES, ENTRIES), at
    assert recorded.laptop.digest(recorded.scope) == recorded.centre.log.digest(recorded.scope)
    assert verify(receiver).is_good, at


def forget(desk: Desk) -> None:
    """The receiver is as it was before it received anything."""
    tables = (entry_table, held_table, tip_table, *ROWS.sorted_tables)

    def job(writer: Any) -> None:
        for table in tables:
            writer.connection.execute(delete(table))

    desk.submit(job)
