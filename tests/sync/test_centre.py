"""The centre's doors: who is let in, and what becomes of hostile or broken requests. Never a 500, always a reason."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync import wire
from sync.calling import LASTS, Caller, challenge
from sync.exchange import exchange
from sync.log import ENTRIES_MOST
from sync.signing import certify, fingerprint, public_key_of
from sync.transport import AnotherPeer, HttpPeer
from tests.sync.conftest import Place
from tests.sync.streams import a_stream, an_entry, new_id, raws
from workshop.app import Building, build
from workshop.domain.ids import UNAMBIGUOUS
from workshop.private import peers
from workshop.record.fold import held_in
from workshop.record.peers import PeerLog
from workshop.record.signed import Signet
from workshop.record.verify import verify
from workshop.settings import device_key, open_folder
from workshop.web.standing import shut_out

NOW = 1_795_000_000
LAPTOP = b"L" * 32


@dataclass(slots=True)
class Centre:
    """A centre in this process, its client and the key of an enrolled computer."""

    building: Building
    client: httpx.Client
    seed: bytes = LAPTOP

    @property
    def log(self) -> PeerLog:
        return PeerLog(self.building.house.store, self.building.house.desk)  # believes what the test gives it

    def peer(self) -> HttpPeer:
        return HttpPeer(self.client, "http://localhost", self.caller())

    def caller(self) -> Caller:
        return Caller(self.seed, public_key_of(device_key(self.building.house.folder)))

    def named(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        """As this computer signs a request."""
        told = challenge(device_key(self.building.house.folder), now_of_server())
        return {"Authorization": self.caller().header(method, f"/sync/{path}", body, told)}

    def code(self, now: int) -> str:
        return self.building.house.keep_private(peers.make_code, now)

    def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        told = {**self.named("POST", path, body), "Content-Type": "application/gzip", **headers}
        return self.client.post(f"http://localhost/sync/{path}", content=body, headers=told)

    def enrol(self, **told: object) -> httpx.Response:
        return self.client.post("http://localhost/sync/enrol", json={"public_key": "ab" * 32, "name": "Portatile", **told})


@contextmanager
def a_centre(folder: Path) -> Iterator[Centre]:
    building = build(open_folder(str(folder)), "central", "threading")
    with httpx.Client(transport=httpx.WSGITransport(app=building.app.wsgi_app)) as client:
        key = public_key_of(LAPTOP)
        building.house.keep_private(lambda private: peers.enrol(private, peers.make_code(private, NOW), "Sala", key, "here", NOW))
        yield Centre(building, client)
    building.close()


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One for all tests that leave nothing behind but entries of their own scope."""
    with a_centre(tmp_path_factory.mktemp("centre")) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_centre(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres_url"))
    with a_centre(tmp_path / "centre") as running:
        yield running


@pytest.fixture
def scope() -> str:
    return new_id()


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and name of a refusal; it has the shape that every refusal has."""
    members = answer.json()
    assert set(members) == {"error", "title", "detail", "field", "limit"}
    assert members["title"]
    return answer.status_code, members["error"]


def test_anybody_may_ask_who_is_here(centre: Centre) -> None:
    hello = centre.client.get("http://localhost/sync/hello").json()
    assert (hello["format"], hello["limits"]["entries"]) == (1, ENTRIES_MOST)
    assert "contribution.added/1" in hello["kinds"]


@pytest.mark.parametrize("path", ["tips", "push", "pull"])
@pytest.mark.parametrize(
    "authorization", ["", "Bearer wrong", "Tavoli ", "Basic x", f"Tavoli {'a' * 64} 1-{'b' * 32} {'c' * 64} {'d' * 128}"]
)
def test_nobody_without_a_name_goes_further(centre: Centre, scope: str, path: str, authorization: str) -> None:
    assert told(centre.post(f"{scope}/{path}", b"", Authorization=authorization)) == (401, "NotEnrolledHere")


def test_a_computer_that_was_sent_away_goes_no_further(fresh_centre: Centre, scope: str) -> None:
    [device] = fresh_centre.building.house.ask_private(peers.devices)
    fresh_centre.building.house.keep_private(peers.revoke_device, device.id)
    assert told(fresh_centre.post(f"{scope}/pull", b"{}")) == (401, "NotEnrolledHere")
    assert fresh_centre.post(f"{scope}/tips", b"{}").status_code == 200  # it may bring what it has; it is given nothing


def test_a_code_is_ten_plain_letters_and_lets_one_computer_in_once(fresh_centre: Centre, scope: str) -> None:
    code = fresh_centre.code(now_of_server())
    assert len(code) == 10
    assert set(code) <= set(UNAMBIGUOUS)
    first = fresh_centre.enrol(code=f" {code[:5].lower()}-{code[5:]} ")
    assert first.status_code == 200
    assert told(fresh_centre.enrol(code=code)) == (409, "CodeUsed")
    assert first.json()["certificate"]["notice"]


def test_a_code_lasts_15_minutes(fresh_centre: Centre) -> None:
    assert told(fresh_centre.enrol(code=fresh_centre.code(now_of_server() - peers.CODE_LASTS - 5))) == (409, "CodeExpired")


def test_after_five_wrong_codes_one_has_to_wait_even_with_the_right_one(fresh_centre: Centre) -> None:
    code = fresh_centre.code(now_of_server())
    assert {told(fresh_centre.enrol(code="A" * 10)) for _ in range(5)} == {(422, "WrongSecret")}
    assert told(fresh_centre.enrol(code=code)) == (429, "TooManyGuesses")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"not json",
        b'{"code":5}',
        b'{"code":"A","name":["x"]}',
        b"[" * 100_000,
        b'{"code":"%s"}' % (b"A" * 5_000),
        b'{"code":"A","name":"a\\u0000b"}',
        b'{"code":"A","name":"\\ud800"}',
        b'{"code":"A","public_key":"%s"}' % (b"a" * 200),
    ],
)
def test_an_enrolment_that_cannot_be_read_is_refused(centre: Centre, sent: bytes) -> None:
    assert told(centre.post("enrol", sent))[0] == 422


def test_a_push_says_what_became_of_each_entry(centre: Centre, scope: str) -> None:
    stream = a_stream(scope, 4)
    answer = centre.post(f"{scope}/push", wire.pack([stream[0], stream[1], stream[3]])).json()
    assert {name: answer[name] for name in ("stored", "known", "held", "refused")} == {
        "stored": 2,
        "known": 0,
        "held": 2,
        "refused": [{"hash": stream[3].hash, "why": "gap"}],
    }
    there = centre.post(f"{scope}/tips", b"{}").json()
    assert there["tips"] == {stream[0].head.stream: [[2, stream[1].hash]]}


def test_a_request_is_for_one_centre_one_path_and_one_body_and_for_ten_minutes(centre: Centre, scope: str) -> None:
    good, now = centre.caller(), now_of_server()
    seed = device_key(centre.building.house.folder)

    def ask(caller: Caller, path: str = "tips", body: bytes = b"{}", method: str = "POST", at: int = now) -> httpx.Response:
        header = caller.header(method, f"/sync/{scope}/{path}", body, challenge(seed, at))
        return centre.client.post(f"http://localhost/sync/{scope}/tips", content=b"{}", headers={"Authorization": header})

    assert ask(good).status_code == 200
    for wrong in (
        ask(good, path="pull"),
        ask(good, body=b"{ }"),
        ask(good, method="GET"),
        ask(Caller(LAPTOP, public_key_of(b"X" * 32))),  # signed for another centre, and brought here by it
        ask(Caller(b"X" * 32, good.to)),
    ):
        assert told(wrong) == (401, "NotEnrolledHere")
    assert told(ask(good, at=now - LASTS - 60)) == (401, "StaleCall")


def test_a_challenge_that_this_centre_did_not_give_is_none(centre: Centre, scope: str) -> None:
    header = centre.caller().header("POST", f"/sync/{scope}/tips", b"", challenge(b"X" * 32, now_of_server()))
    answer = centre.client.post(f"http://localhost/sync/{scope}/tips", headers={"Authorization": header})
    assert told(answer) == (401, "StaleCall")


def test_a_long_contact_asks_for_a_new_challenge_by_itself(centre: Centre, scope: str) -> None:
    peer = centre.peer()
    peer._challenge = challenge(device_key(centre.building.house.folder), now_of_server() - LASTS - 60)
    assert peer.tips(scope).streams == {}


def test_a_computer_goes_no_further_than_its_processes(fresh_centre: Centre, scope: str) -> None:
    """Looked at before the body: 10^5 requests for a foreign process cost a signature check each, and nothing is kept."""
    other = b"O" * 32
    fresh_centre.building.house.keep_private(
        lambda private: peers.enrol(private, peers.make_code(private, NOW, frozenset({scope})), "Sala", public_key_of(other), "here", NOW)
    )
    limited, foreign = replace(fresh_centre, seed=other), new_id()
    assert limited.post(f"{scope}/tips", b"{}").status_code == 200
    for path, body in (("tips", b"{}"), ("push", wire.pack(a_stream(foreign, 3))), ("pull", b"{}"), ("digest", b"{}")):
        assert told(limited.post(f"{foreign}/{path}", body)) == (403, "NotOfThisComputer")
    assert foreign not in fresh_centre.log.scopes()


def test_a_code_goes_only_to_the_centre_that_the_link_names(fresh_centre: Centre) -> None:
    code, ours = fresh_centre.code(now_of_server()), fingerprint(fresh_centre.caller().to)
    stranger = HttpPeer(fresh_centre.client, "http://localhost")
    with pytest.raises(AnotherPeer):
        stranger.enrol(code, public_key_of(b"N" * 32), "Sala", fingerprint("0" * 64))
    certificate = stranger.enrol(code, public_key_of(b"N" * 32), "Sala", ours)["certificate"]  # the code was not used up
    assert json.loads(certificate.data)["scopes"] == "all"


def test_what_a_computer_that_was_shut_out_brings_is_held(fresh_centre: Centre, scope: str, a_place: Callable[[str], Place]) -> None:
    place = a_place("")
    centre_key = device_key(fresh_centre.building.house.folder)
    log = PeerLog(place.room.store, place.room.desk, Signet(LAPTOP, public_key_of(centre_key)))
    log.hear([certify(centre_key, new_id(), public_key_of(LAPTOP), None, "2020-10-24T08:00:00Z")])
    stream = a_stream(scope, 6)
    PeerLog(place.room.store, place.room.desk).receive(scope, raws(stream[:4]))
    assert exchange(log, fresh_centre.peer(), scope).identical
    [device] = fresh_centre.building.house.ask_private(peers.devices)
    shut_out(fresh_centre.building.house, device)
    PeerLog(place.room.store, place.room.desk).receive(scope, raws(stream[4:]))
    outcome = exchange(log, fresh_centre.peer(), scope)
    assert (outcome.sent, outcome.held, type(outcome.problem).__name__) == (2, 2, "NotEnrolled")
    held = fresh_centre.building.house.ask(held_in)
    assert {each: held[each] for each in (entry.hash for entry in stream[4:])} == dict.fromkeys((e.hash for e in stream[4:]), "revoked")
    assert "revoked" not in {held[entry.hash] for entry in stream[:4]}


def zipped(*lines: bytes) -> bytes:
    return gzip.compress(b"".join(line + b"\n" for line in lines))


BOGUS_TIP = json.dumps({"tip": ["a" * 32, 1, "b" * 64], "by": "c" * 64, "signature": "d" * 128}).encode()

HOSTILE: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "a bomb": (lambda: gzip.compress(b" " * 500_000_000), 413, "BatchTooBig"),
    "a bomb of lines": (lambda: gzip.compress(b'{"head":""}\n' * 2_000_000), 413, "BatchTooBig"),
    "a huge line": (lambda: zipped(b'{"head":"' + b"x" * 1_000_000 + b'"}'), 413, "BatchTooBig"),
    "more than the guard takes": (lambda: b"\x1f\x8b" + b"x" * 5_000_000, 413, "too_big"),
    "not gzip": (lambda: b"head=1", 422, "BatchUnreadable"),
    "nothing": (lambda: b"", 422, "BatchUnreadable"),
    "cut in the middle": (lambda: wire.pack(a_stream(new_id(), 3))[:-20], 422, "BatchUnreadable"),
    "deep JSON": (lambda: zipped(b"[" * 200_000), 422, "BatchUnreadable"),
    "a list": (lambda: zipped(b"[]"), 422, "BatchUnreadable"),
    "a lone surrogate": (lambda: zipped(b'{"head":"\\ud800"}'), 422, "BatchUnreadable"),
    "numbers without end": (lambda: zipped(b'{"head":' + b"9" * 100_000 + b"}"), 422, "BatchUnreadable"),
    "a hundred thousand signed tips": (lambda: zipped(*[BOGUS_TIP] * 100_000), 413, "BatchTooBig"),
    "a tip that is none": (lambda: zipped(b'{"tip":["x",1,"y"],"by":"z","signature":""}'), 422, "BatchUnreadable"),
    "a notice that is none": (lambda: zipped(b'{"notice":5,"signature":""}'), 422, "BatchUnreadable"),
    "too many lines": (lambda: wire.pack(a_stream(new_id(), ENTRIES_MOST + 1)), 413, "BatchTooBig"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_push_is_refused_with_a_reason_and_nothing_is_kept(centre: Centre, scope: str, what: str) -> None:
    body, status, error = HOSTILE[what]
    assert told(centre.post(f"{scope}/push", body())) == (status, error)
    assert scope not in centre.log.scopes()


def test_odd_entries_in_a_push_are_refused_or_held_one_by_one(fresh_centre: Centre, scope: str) -> None:
    good, poisoned = an_entry(scope, new_id()), an_entry(scope, new_id(), lamport=10**9)
    nul = an_entry(scope, new_id(), kind="contribution.added/1", body=b'{"salt":"0","text":"a\\u0000b"}')
    altered = json.dumps({"head": an_entry(scope, new_id()).head_bytes.decode(), "body": "other"}).encode()
    batch = [*(wire.line_of(each).rstrip() for each in (good, poisoned, nul)), altered, b'{"head":"{}"}', b'{"head":""}']
    answer = fresh_centre.post(f"{scope}/push", zipped(*batch)).json()
    assert (answer["stored"], answer["held"], sorted(each["why"] for each in answer["refused"])) == (3, 3, ["body", "head", "head"])
    assert verify(fresh_centre.building.house.store).is_good


@pytest.mark.parametrize("scope", ["x", "A" * 32, "..%2f..", "a" * 33, "%00" * 32])
@pytest.mark.parametrize("path", ["tips", "push", "pull"])
def test_a_scope_is_an_id(centre: Centre, scope: str, path: str) -> None:
    assert centre.post(f"{scope}/{path}", b"{}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"limit":0}',
        b'{"limit":true}',
        b'{"limit":501}',
        b'{"limit":"all"}',
        b'{"after":5}',
        b'{"after":[1]}',
        b'{"after":["a","b"]}',
        b'{"tips":{"a":[]}}',
        b'{"withheld":["x"]}',
        b'{"tips":{"%s":[[1,"%s"]]}}' % (b"a" * 32, b"\\u0000" * 64),
    ],
)
def test_a_pull_that_cannot_be_read_is_refused(centre: Centre, scope: str, asked: bytes) -> None:
    assert told(centre.post(f"{scope}/pull", asked)) == (422, "BatchUnreadable")


def test_thirty_thousand_streams_are_only_slow(centre: Centre, scope: str) -> None:
    """More streams than a statement may name."""
    centre.log.receive(scope, raws([entry for _ in range(3) for entry in a_stream(scope, 2)]))
    asked = {"tips": {f"{n:032x}": [[1, f"{n:064x}"]] for n in range(30_000)}}
    answer = centre.post(f"{scope}/pull", json.dumps(asked).encode())
    assert len(wire.unpack_page([answer.content])[0].entries) == 6


def test_a_page_from_elsewhere_is_not_listened_to(centre: Centre, scope: str) -> None:
    assert centre.post(f"{scope}/push", b"", Origin="http://evil.example").status_code == 403


def test_the_wrong_method_is_told_so(centre: Centre, scope: str) -> None:
    answer = centre.client.get(f"http://localhost/sync/{scope}/push", headers=centre.named("GET", f"{scope}/push"))
    assert told(answer)[0] == 405


def test_a_record_meets_the_centre_over_http_and_they_are_identical(
    fresh_centre: Centre, scope: str, a_place: Callable[[str], Place]
) -> None:
    room = a_place("")
    here, there = a_stream(scope, 1_200), a_stream(scope, 30)
    room.log.receive(scope, raws(here))
    fresh_centre.log.receive(scope, raws(there))
    heard: list[Any] = []
    outcome = exchange(room.log, fresh_centre.peer(), scope, heard.append)
    assert (outcome.sent, outcome.received, outcome.identical, outcome.problem) == (1_200, 30, True, None)
    assert (heard[-1].done, heard[-1].total) == (1_230, 1_230)
    assert room.log.digest(scope) == fresh_centre.log.digest(scope)


def test_a_centre_restored_from_yesterday_is_filled_again(fresh_centre: Centre, scope: str, a_place: Callable[[str], Place]) -> None:
    """No checkpoint says "already sent": what the room has and the centre lost goes again."""
    room = a_place("")
    stream = a_stream(scope, 60)
    room.log.receive(scope, raws(stream))
    fresh_centre.log.receive(scope, raws(stream[:20]))
    assert exchange(room.log, fresh_centre.peer(), scope).identical
    fresh_centre.building.house.desk.submit(forget_after(20))
    outcome = exchange(room.log, fresh_centre.peer(), scope)
    assert (outcome.sent, outcome.identical) == (40, True)


def forget_after(n: int) -> Any:
    from sqlalchemy import delete

    from workshop.record.log import entry_table

    return lambda writer: writer.connection.execute(delete(entry_table).where(entry_table.c.n > n)) and None


def now_of_server() -> int:
    import time

    return int(time.time())
