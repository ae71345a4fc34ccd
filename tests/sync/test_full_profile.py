"""The profile "everything": a room and a centre over a line, by their pages; what single people did is nowhere at the centre to be read."""

import gzip
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from sync.calling import Caller
from sync.log import Load
from sync.paper_key import NotAKey, read_written, written
from sync.sealed_line import HttpChest
from sync.signing import announce_reader, fingerprint, public_key_of, read_reader
from sync.transport import HttpPeer, NotEnrolled, RefusedThere
from tests.attacks.canaries import of_folder
from tests.builders import Meeting, Room, a_card, a_cluster, a_facilitator, a_meeting, a_participant, a_read_back, a_step_open
from tests.support.awaiting import until
from tests.support.postgres import Cluster
from tests.sync.streams import all_of, new_id
from tests.web.syntheses.place import Browser
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.people import Actor, Role
from workshop.domain.profiles import OF_SINGLE_PEOPLE, SEALED, TRAVELS, Profile
from workshop.domain.synthesis import AnswerSentence
from workshop.private.peers import devices, make_code
from workshop.private.staff import make_lead
from workshop.private.tokens import issue_token
from workshop.record import sealed as record_sealed
from workshop.record.database import LOG, ROWS, DiskIsFull
from workshop.record.fold import rows_digest
from workshop.record.log import entries_in_order
from workshop.record.queries.syntheses import sentences_of
from workshop.record.sealed import sealed_here
from workshop.settings import device_key, open_folder
from workshop.web.contacts import last_contact
from workshop.web.courier import Courier
from workshop.web.leaving import kept_here, only_here
from workshop.web.readers import agreed, announced, keep_announced
from workshop.web.signets import log_of_house
from workshop.web.standing import shut_out

OBJECTION = "Obiezione-Zebedeo-9912"
CARD = "Fasciatoi-Zebedeo-7391"


@dataclass
class Line:
    """In front of the centre. `answers`: path -> what is answered instead: of an older program, or of a line that fails."""

    app: Any
    answers: dict[str, str] = field(default_factory=dict)

    def __call__(self, environ: Any, start: Any) -> Any:
        for part, status in self.answers.items():
            if part in environ["PATH_INFO"]:
                start(status, [("Content-Type", "application/json")])
                return [b'{"error":"NotFound","title":"","detail":""}']
        return self.app(environ, start)


class Laptop:
    def __init__(self, folder: Path, url: str, centre: Building) -> None:
        self.building: Building = build(open_folder(str(folder)), "room", "threading")
        home = self.house = self.building.house
        self.courier = Courier(home.folder, home.store, home.private_store, home.desk)
        self.room = Room(home.store, home.private_store, home.desk, FrontDoor(home.desk), Actor(role=Role.LEAD, id=new_id()))
        self.lead = browser_of(self.building, Role.LEAD)
        self.courier.enrol(url, centre.house.keep_private(make_code, int(time.time())))

    def counts(self) -> tuple[int, int]:
        """(only here, kept here on purpose)."""
        with self.house.reading() as record, self.house.reading_private() as private:
            return only_here(record, private), kept_here(record, private)

    def personal(self) -> list[bytes]:
        return personal(self.building)

    def chooses_everything(self) -> Any:
        page = self.lead.get("/lead/central").text
        found = re.search(r'name="reader" value="(\w+)"', page)
        return self.lead.post("/lead/central/profile", profile="full", reader=found[1] if found else "")


class Rig:
    def __init__(self, folder: Path) -> None:
        hosts: set[str] = set()
        self.folder = folder
        self.centre = build(open_folder(str(folder / "centre")), "central", "threading", hosts=lambda: hosts, trial=True)
        self.line = Line(self.centre.app)
        self.server = make_server("127.0.0.1", 0, self.line, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        hosts |= {f"127.0.0.1:{self.server.server_port}", "localhost"}
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.organiser = browser_of(self.centre, Role.ORGANISER)
        self.laptops: list[Laptop] = []

    def laptop(self) -> Laptop:
        self.laptops.append(Laptop(self.folder / f"laptop-{len(self.laptops)}", self.url, self.centre))
        return self.laptops[-1]

    def makes_a_key(self) -> tuple[str, str]:
        """(the key, its fingerprint)."""
        answer = self.organiser.post("/complete/key")
        assert answer.headers["Cache-Control"] == "no-store"
        key, mark = re.findall(r"<strong(?: class=\"num\")?>([0-9A-Z-]{19,})</strong>", answer.text)
        assert fingerprint(public_key_of(read_written(key))) == mark
        return key, mark

    def has_all_of_a_laptop(self) -> tuple[str, str, Laptop]:
        """(the key that opens it, its fingerprint, the laptop)."""
        laptop = self.laptop()
        a_meeting_that_chose(laptop.room)
        key, mark = self.makes_a_key()
        laptop.courier.run()
        laptop.chooses_everything()
        laptop.courier.run()
        return key, mark, laptop

    def opens(self, key: str) -> Any:
        return self.organiser.post("/complete/open", key=key)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
        for each in (*self.laptops, self):
            (each.centre if isinstance(each, Rig) else each.building).close()


def browser_of(building: Building, role: Role) -> Browser:
    home, client = building.house, building.app.test_client()
    token = home.keep_private(issue_token, role, home.keep_private(make_lead, role, "sole-mare"), "")
    client.set_cookie(f"{home.cookie}_s", token)
    return Browser(client)


def personal(building: Building) -> list[bytes]:
    with building.house.reading() as record:
        return [e.body_bytes for e in entries_in_order(record) if e.head.kind in OF_SINGLE_PEOPLE and e.body_bytes is not None]


def a_meeting_that_chose(room: Room) -> Meeting:
    """People joined, sat down, wrote, and answered at a read-back; one of them objected."""
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    guests = [a_participant(meeting) for _ in range(3)]
    facilitator, card = a_facilitator(meeting), a_card(meeting, guests[0], CARD)
    read_back = a_read_back(meeting, facilitator, [a_cluster(meeting, facilitator, cards=[card])])
    told = {"synthesis_id": meeting.table, "read_back_id": read_back, "sentence_id": meeting.ask(sentences_of, meeting.table)[0].id}
    meeting.do(AnswerSentence, guests[0], **told, answer="agree")
    meeting.do(AnswerSentence, guests[1], **told, answer="object", objection=OBJECTION)
    return meeting


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres_url"))
    made = Rig(tmp_path)
    yield made
    made.close()


def everything_at(rig: Rig, cluster: Cluster) -> bytes:
    """Every file of the centre and every value in its tables; of PostgreSQL the files of the whole server, its log too."""
    files = [file.read_bytes() for file in (rig.folder / "centre").rglob("*") if file.is_file()]
    with rig.centre.house.reading() as record:
        rows = [row for tables in (LOG, ROWS) for table in tables.sorted_tables for row in record.execute(select(table))]
    cells = [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for row in rows for cell in row]
    beside = (
        [file.read_bytes() for file in (cluster.sockets / "data").rglob("*") if file.is_file()]
        if not rig.centre.house.store.is_sqlite
        else []
    )
    return b"\n".join([*files, *cells, *beside, of_folder(rig.folder / "centre")])


def test_a_whole_contact_leaves_nothing_to_read_at_the_centre_until_the_key_opens_it(either: Rig, postgres_cluster: Cluster) -> None:
    rig, laptop = either, either.laptop()
    a_meeting_that_chose(laptop.room)
    key, mark = rig.makes_a_key()
    laptop.courier.run()
    assert mark in laptop.lead.get("/lead/central").text
    assert laptop.chooses_everything().status_code == 303
    own = laptop.personal()
    assert laptop.counts()[1] == 0
    assert laptop.counts()[0] >= len(own)
    contact = laptop.courier.run()
    assert (contact.identical, contact.sealed, contact.left.personal) == (True, len(own), 0)
    assert laptop.counts() == (0, 0)
    page = laptop.lead.get("/lead/central").text
    assert f"{len(own)} items sealed for who organises." in page
    assert "0 items about single people" in page
    there = everything_at(rig, postgres_cluster)
    canaries = [OBJECTION.encode(), *(body[9:41] for body in own)]  # the salt of each
    assert [canary for canary in canaries if canary in there] == []
    assert CARD.encode() in there
    assert key.replace("-", "").encode() not in there and read_written(key) not in there
    told = rig.opens(key)
    assert f"{len(own)} items were opened and are in the record now." in told.text
    assert OBJECTION.encode() in everything_at(rig, postgres_cluster)
    assert rig.centre.house.ask(rows_digest) == laptop.house.ask(rows_digest)
    assert laptop.courier.run().identical


def test_without_a_key_there_is_no_such_choice_and_the_page_says_how_to_get_one(rig: Rig) -> None:
    laptop = rig.laptop()
    a_meeting_that_chose(laptop.room)
    laptop.courier.run()
    page = laptop.lead.get("/lead/central").text
    assert 'value="full"' not in page
    assert "needs a key of who organises" in page
    assert "There is no key to seal it for." in laptop.chooses_everything().text


def test_another_key_that_is_announced_is_not_sealed_for_before_the_lead_chooses_it(rig: Rig) -> None:
    """A centre that was taken over may name a key of its own."""
    laptop = rig.laptop()
    meeting = a_meeting_that_chose(laptop.room)
    _, first = rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    laptop.courier.run()
    known, second = rig.centre.house.ask(sealed_here), rig.makes_a_key()[1]
    a_participant(meeting)
    assert not laptop.courier.run().identical
    assert rig.centre.house.ask(sealed_here) == known
    page = laptop.lead.get("/lead/central").text
    assert "What single people did is not sent." in page
    assert second in page
    assert laptop.counts()[0] > 0
    assert laptop.lead.post("/lead/central/profile", profile="full", reader="0" * 64).status_code == 409
    laptop.chooses_everything()
    assert laptop.counts()[0] >= len(laptop.personal())
    assert laptop.courier.run().identical
    assert laptop.counts() == (0, 0)
    assert sorted(rig.centre.house.ask(sealed_here).values()) == sorted([*known.values(), len(laptop.personal())])
    assert first != second


def test_a_contact_that_is_cut_goes_on_at_the_next_and_the_count_says_so(rig: Rig) -> None:
    laptop = rig.laptop()
    a_meeting_that_chose(laptop.room)
    rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    rig.line.answers = {"/sealed/take": "500 Broken"}
    contact = laptop.courier.run()
    assert (contact.identical, contact.sealed, contact.problem) == (False, 0, "CentreIsBroken")
    assert laptop.counts()[0] == len(laptop.personal())
    rig.line.answers = {}
    assert laptop.courier.run().sealed == len(laptop.personal())
    assert laptop.counts() == (0, 0)


def test_an_older_centre_takes_the_rest_and_is_not_called_identical(rig: Rig) -> None:
    laptop = rig.laptop()
    meeting = a_meeting_that_chose(laptop.room)
    rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    rig.line.answers = {"/sealed/": "404 Not Found"}
    a_card(meeting, a_participant(meeting), "Altre parole")
    contact = laptop.courier.run()
    assert (contact.problem, contact.identical, contact.left.cards) == ("", False, 2)
    assert laptop.counts()[0] > 0


def test_what_was_opened_at_the_centre_is_given_to_nobody_as_it_is(rig: Rig) -> None:
    laptop, second = rig.laptop(), rig.laptop()
    a_meeting_that_chose(laptop.room)
    key, _ = rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    laptop.courier.run()
    rig.opens(key)
    assert second.courier.run().received > 10
    assert second.personal() == []
    second.chooses_everything()
    assert second.courier.run().identical
    assert second.personal() == []
    assert sum(second.house.ask(sealed_here).values()) == len(laptop.personal())


def a_line(rig: Rig, laptop: Laptop) -> HttpChest:
    caller = Caller(device_key(laptop.house.folder), public_key_of(device_key(rig.centre.house.folder)))
    return HttpChest(HttpPeer(httpx.Client(trust_env=False), rig.url, caller))


def test_a_computer_cannot_have_them_sealed_for_a_key_of_its_own(rig: Rig) -> None:
    laptop = rig.laptop()
    meeting = a_meeting_that_chose(laptop.room)
    key, _ = rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    laptop.courier.run()
    rig.opens(key)
    line, scope = a_line(rig, laptop), meeting.process_id
    hashes = [entry.hash for entry in all_of(log_of_house(laptop.house), scope) if entry.head.kind in OF_SINGLE_PEOPLE]
    own = Load(TRAVELS[Profile.FULL], SEALED[Profile.FULL], public_key_of(b"\x05" * 32))
    for load in (own, Load(own.kinds, own.sealed, "")):
        with pytest.raises(RefusedThere):
            line.sealed(scope, load, hashes)
    others = Load(own.kinds, frozenset({"contribution.added/1"}), laptop.house.ask_private(agreed))
    assert line.sealed(scope, others, [entry.hash for entry in all_of(log_of_house(laptop.house), scope)]) == []


def test_a_computer_that_was_shut_out_neither_gives_nor_gets_them(rig: Rig) -> None:
    laptop = rig.laptop()
    meeting = a_meeting_that_chose(laptop.room)
    rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    with rig.centre.app.app_context():
        shut_out(rig.centre.house, rig.centre.house.ask_private(devices)[0])
    load = Load(TRAVELS[Profile.FULL], SEALED[Profile.FULL], laptop.house.ask_private(agreed))
    with pytest.raises(NotEnrolled):
        a_line(rig, laptop).lacking(meeting.process_id, load)
    assert laptop.courier.run().problem == "NotEnrolledAnyMore"
    assert rig.centre.house.ask(sealed_here) == {}


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("lacking", b""),
        ("lacking", b"[]"),
        ("lacking", b'{"reader":"x"}'),
        ("lacking", b'{"sealed":5}'),
        ("lacking", b'{"after":5}'),
        ("lacking", b'{"after":"x"}'),
        ("give", b'{"hashes":["x"]}'),
        ("give", b'{"hashes":null}'),
        ("take", b""),
        ("take", b"not gzip"),
        ("take", gzip.compress(b"", mtime=0)),
        ("take", gzip.compress(b"[]\n", mtime=0)),
        ("take", gzip.compress(b'{"kinds":[]}\n{"hash":"x","sealed":""}\n', mtime=0)),
        ("take", gzip.compress(b'{"kinds":[]}\n{"hash":"%s","sealed":5}\n' % (b"0" * 64), mtime=0)),
        ("take", gzip.compress(b'{"kinds":[]}\n{"hash":"%s","sealed":"AAA"}\n' % (b"0" * 64), mtime=0)),
        ("take", gzip.compress(b'{"kinds":[]}\n' + b'{"hash":"0","sealed":""}\n' * 600, mtime=0)),
        ("take", gzip.compress(b"0" * 9_000_000, mtime=0)),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(rig: Rig, what: str, body: bytes) -> None:
    laptop = rig.laptop()
    rig.makes_a_key()
    caller = Caller(device_key(laptop.house.folder), public_key_of(device_key(rig.centre.house.folder)))
    peer = HttpPeer(httpx.Client(trust_env=False), rig.url, caller)
    with pytest.raises(RefusedThere):
        peer.call("POST", f"/sync/{new_id()}/sealed/{what}", body, "application/gzip")
    assert rig.centre.house.ask(sealed_here) == {}


def test_only_the_latest_word_of_our_centre_names_the_key(rig: Rig) -> None:
    laptop, own = rig.laptop(), device_key(rig.centre.house.folder)
    reader, centre = public_key_of(b"\x05" * 32), public_key_of(own)
    early, late = (announce_reader(own, reader if n else "aa" * 32, f"2026-11-2{n}T10:00:00.000000Z") for n in range(2))
    for notice in (
        announce_reader(b"\x06" * 32, reader, "2027"),
        announce_reader(own, "00" * 32, "2027"),
        announce_reader(own, "x", "2027"),
    ):
        laptop.house.keep_private(keep_announced, notice, centre)
        assert laptop.house.ask_private(announced) is None
    for notice in (late, early):
        laptop.house.keep_private(keep_announced, notice, centre)
        told = laptop.house.ask_private(announced)
        assert told.public_key == reader
    assert read_reader(late, public_key_of(b"\x06" * 32)) is None


@pytest.mark.parametrize(
    ("typed", "status", "words", "parole"),
    [
        ("", 422, "This is not a key", "Questa non è una chiave"),
        ("AAAA-BBBB", 422, "This is not a key", "Questa non è una chiave"),
        (written(b"\x05" * 32), 422, "This key opens nothing here.", "Questa chiave qui non apre niente."),
    ],
)
def test_a_wrong_key_is_refused_in_words(rig: Rig, typed: str, status: int, words: str, parole: str) -> None:
    _, mark, _ = rig.has_all_of_a_laptop()
    answer = rig.opens(typed)
    assert (answer.status_code, words in answer.text) == (status, True)
    italian = rig.organiser.client.post("/complete/open?lang=it", data={"key": typed}, headers={"Origin": "http://localhost"})
    assert parole in italian.text
    assert mark in italian.text
    assert personal(rig.centre) == []


def test_a_long_opening_shows_how_far_it_is_and_can_be_stopped(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    key, _, _ = rig.has_all_of_a_laptop()
    sealed = sum(rig.centre.house.ask(sealed_here).values())
    going_on, page_of = threading.Event(), record_sealed._page

    def slow_page(store: Any, reader: str, after: str) -> Any:
        assert not after or going_on.wait(30)
        return page_of(store, reader, after)

    monkeypatch.setattr(record_sealed, "AT_ONCE", 2)
    monkeypatch.setattr(record_sealed, "_page", slow_page)
    assert rig.opens(key).headers["Location"] == "/complete"
    page = rig.organiser.get("/complete").text
    assert f"Opened so far: 2 of {sealed}" in page
    assert 'hx-trigger="every 1s"' in page
    busy = rig.opens(key)
    assert (busy.status_code, "A key is opening already." in busy.text) == (409, True)
    rig.organiser.post("/complete/stop")
    going_on.set()
    until(lambda: not rig.centre.app.extensions["opener"].is_under_way)
    page = rig.organiser.get("/complete").text
    assert ("Opened so far" in page, f"{sealed - 4} items sealed for the key" in page) == (False, True)
    assert f"{sealed - 4} items were opened and are in the record now." in rig.opens(key).text
    assert rig.centre.house.ask(sealed_here) == {}
    assert "in the record now" not in rig.organiser.get("/complete").text, "it is told once"


def test_why_an_opening_ended_is_said_where_its_progress_stood(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    key, _, _ = rig.has_all_of_a_laptop()
    going_on = threading.Event()

    def full_disk(*_: Any) -> Any:
        assert going_on.wait(30)
        raise DiskIsFull("")

    monkeypatch.setattr("workshop.web.complete.open_all", full_disk)
    assert rig.opens(key).headers["Location"] == "/complete"
    going_on.set()
    until(lambda: not rig.centre.app.extensions["opener"].is_under_way)
    answer = rig.organiser.get("/complete")
    section = answer.text.partition('id="opening"')[2]
    assert (answer.status_code, 'role="alert"' in section, "every 1s" in section) == (200, True, False)
    assert rig.opens(key).status_code == 507, "at once, it is the answer itself"


def test_with_nothing_sealed_the_page_says_so(rig: Rig) -> None:
    assert "Nothing sealed is here." in rig.organiser.get("/complete").text
    assert rig.opens(written(b"\x05" * 32)).status_code == 409


def test_a_key_on_paper_is_read_however_it_is_spelled_and_a_slip_is_noticed() -> None:
    seed = bytes(range(32))
    text = written(seed)
    assert len(text.split("-")) == 14
    for spelled in (text, text.lower(), text.replace("-", " "), f"  {text}\n", text.replace("O", "0").replace("B", "8").replace("I", "1")):
        assert read_written(spelled) == seed
    for n in (0, 20, 60):
        with pytest.raises(NotAKey):
            read_written(text[:n] + ("B" if text[n] != "B" else "C") + text[n + 1 :])
    for nonsense in ("", "é" * 56, text[:-1], text + "A" * 8, "\x00"):
        with pytest.raises(NotAKey):
            read_written(nonsense)


def test_the_last_contact_is_kept_with_what_left_sealed(rig: Rig) -> None:
    laptop = rig.laptop()
    a_meeting_that_chose(laptop.room)
    rig.makes_a_key()
    laptop.courier.run()
    laptop.chooses_everything()
    sealed = laptop.courier.run().sealed
    kept = laptop.house.ask_private(last_contact)
    assert kept and kept.sealed == sealed > 5
    assert f"{sealed} sigillati per chi organizza." in laptop.lead.client.get("/lead/central?lang=it").text
