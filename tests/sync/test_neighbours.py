"""Two laptops of one room: six words compared by people, then each has what the other had; somebody in between is seen."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.serving import make_server

from sync.pairing import NotAsPromised, Side, agree, check, commitment, has_agreed, new_nonce, side_of, spoken
from sync.signing import public_key_of
from tests.builders import Room, a_card, a_meeting, a_participant, a_step_open
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.domain.profiles import OF_SINGLE_PEOPLE
from workshop.private.peers import Centre, keep_centre, neighbours
from workshop.private.settings_kept import keep_setting
from workshop.private.staff import make_lead
from workshop.private.tokens import issue_token
from workshop.record.log import entries_in_order, scopes
from workshop.record.queries.boards import the_board
from workshop.settings import open_folder
from workshop.web.contacts import contact_with
from workshop.web.spoken import WORDS, words_for

A, B, M = (bytes([n]) * 32 for n in (1, 2, 3))


class Laptop:
    """Served on 127.0.0.1; its lead has a browser without scripts."""

    def __init__(self, folder: Path, name: str) -> None:
        hosts = {"localhost"}
        self.building: Building = build(open_folder(str(folder)), mode="threading", hosts=lambda: hosts)
        self.server = make_server("127.0.0.1", 0, self.building.app, threaded=True)
        self.url = f"127.0.0.1:{self.server.server_port}"
        hosts.add(self.url)
        self.building.house.address = self.url
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        home = self.building.house
        home.keep_private(keep_setting, "name", name)
        self.room = Room(home.store, home.private_store, home.desk, FrontDoor(home.desk), Actor(role=Role.LEAD, id=new_id()))
        token = home.keep_private(issue_token, Role.LEAD, home.keep_private(make_lead, Role.LEAD, "sole-mare"), "")
        self.client = self.building.app.test_client()
        self.client.set_cookie(f"{home.cookie}_s", token)

    def page(self, path: str = "/lead/neighbours") -> str:
        return str(self.client.get(path, headers={"Accept-Language": "en"}).text)

    def post(self, what: str, **fields: str) -> Any:
        told = {"command_id": new_id(), **fields}
        return self.client.post(f"/lead/neighbours/{what}", data=told, headers={"Origin": "http://localhost", "Accept-Language": "en"})

    def words(self) -> list[str]:
        return re.findall(r"<li><strong>(\w+)</strong></li>", self.page())

    def known(self) -> list[str]:
        return [each.name for each in self.building.house.ask_private(neighbours)]

    def visit(self) -> None:
        """The contact goes on in a thread of its own."""
        [neighbour] = self.building.house.ask_private(neighbours)
        before = self.building.house.ask_private(contact_with, neighbour.id)
        assert self.post(f"{neighbour.id}/visit").status_code == 303
        wait = threading.Event()
        while self.building.house.ask_private(contact_with, neighbour.id) == before or "Exchange now" not in self.page():
            wait.wait(0.05)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join(5)
        self.server.server_close()
        self.building.close()


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    both = Laptop(tmp_path / "one", "Tavolo 1"), Laptop(tmp_path / "two", "Tavolo 2")
    yield both
    for each in both:
        each.close()


def paired(one: Laptop, two: Laptop) -> None:
    one.post("wait")
    assert two.post("call", url=one.url).status_code == 303
    assert one.words() == two.words() != []
    two.post("same")
    one.post("same")
    two.page()  # asks again whether the other one has agreed


def test_both_screens_show_the_same_six_words_and_then_both_know_each_other(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    one.post("wait")
    assert one.url in one.page()
    two.post("call", url=one.url)
    assert len(one.words()) == 6
    assert one.words() == two.words()
    two.post("same")
    assert "Now the other laptop must confirm too." in two.page()
    assert (one.known(), two.known()) == ([], [])
    one.post("same")
    assert "Paired with Tavolo 1." in two.page()
    assert "Paired with Tavolo 2." in one.page()
    assert (one.known(), two.known()) == (["Tavolo 2"], ["Tavolo 1"])


def test_the_one_that_waits_may_agree_first(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    one.post("wait")
    two.post("call", url=one.url)
    one.post("same")
    assert (one.known(), two.known()) == ([], [])
    two.post("same")
    assert (one.known(), two.known()) == (["Tavolo 2"], ["Tavolo 1"])


def test_paired_each_has_what_the_other_had_and_uses_it(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    meeting = a_meeting(one.room)
    a_step_open(meeting, "scrivi")
    card = a_card(meeting, a_participant(meeting), "Un parco con l'ombra")
    paired(one, two)
    two.visit()
    assert [each.id for each in two.building.house.ask(the_board, meeting.table).cards] == [card]
    later = a_card(meeting, a_participant(meeting), "Più panchine")
    one.visit()
    assert [each.id for each in two.building.house.ask(the_board, meeting.table).cards] == [card, later]
    assert "identical" in one.page()


def test_what_single_people_did_stays_where_they_did_it(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    meeting = a_meeting(one.room)
    a_step_open(meeting, "scrivi")
    a_card(meeting, a_participant(meeting), "Un parco con l'ombra")
    paired(one, two)
    two.visit()  # asks
    a_card(meeting, a_participant(meeting), "Più panchine")
    one.visit()  # brings
    there = two.building.house.ask(lambda record: list(entries_in_order(record, meeting.process_id)))
    assert {entry.head.kind for entry in there} & OF_SINGLE_PEOPLE >= {"participant.joined/1"}
    assert not [entry.head.kind for entry in there if entry.head.kind in OF_SINGLE_PEOPLE and entry.body_bytes is not None]


def test_what_another_laptop_has_too_is_not_only_here(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    meeting = a_meeting(one.room)
    a_step_open(meeting, "scrivi")
    assert "exist only on this computer" in one.page("/lead")
    paired(one, two)
    one.visit()
    assert "What may leave is also on Tavolo 2." in one.page("/lead")
    a_card(meeting, a_participant(meeting), "Più panchine")
    assert "1 item exists only on this computer." in one.page("/lead")
    one.building.house.keep_private(keep_centre, Centre("c" * 32, "Lucca", "https://archive.example", "0" * 64))
    one.building.house.keep_private(keep_setting, "profile", "contributions")
    one.visit()
    assert "are on another laptop too, and not in the central record yet." in one.page("/lead")


def test_without_pairing_nothing_is_given(laptops: tuple[Laptop, Laptop]) -> None:
    one, _ = laptops
    meeting = a_meeting(one.room)
    answer = httpx.post(f"http://{one.url}/sync/{meeting.process_id}/tips", json={}, trust_env=False)
    assert answer.status_code == 401
    assert (
        httpx.post(f"http://{one.url}/sync/enrol", json={"code": "X", "public_key": "0" * 64, "name": "x"}, trust_env=False).status_code
        == 404
    )


def test_let_go_it_gets_nothing_more(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    meeting = a_meeting(one.room)
    paired(one, two)
    [known] = one.building.house.ask_private(neighbours)
    one.post(f"{known.id}/go")
    assert one.known() == []
    [there] = two.building.house.ask_private(neighbours)
    two.post(f"{there.id}/visit")
    wait = threading.Event()
    while "Exchange now" not in two.page() or meeting.process_id in two.building.house.ask(scopes):
        wait.wait(0.05)
    assert two.building.house.ask(scopes) == []


def test_who_does_not_wait_is_not_called(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    answer = two.post("call", url=one.url)
    assert (answer.status_code, "Nobody waits there." in answer.text) == (409, True)
    assert two.post("call", url="127.0.0.1:1").status_code == 409


def test_different_words_are_called_off_and_nobody_is_known(laptops: tuple[Laptop, Laptop]) -> None:
    one, two = laptops
    one.post("wait")
    two.post("call", url=one.url)
    one.post("off")
    two.post("same")
    assert "This pairing is over." in two.page()
    assert (one.known(), two.known()) == ([], [])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("begin", {}),
        ("begin", {"commit": 3}),
        (f"{'0' * 32}/reveal", {"key": "x"}),
        (f"{'0' * 32}/same", {"signature": "x" * 128}),
        ("zz/same", {"signature": ""}),
    ],
)
def test_what_strangers_send_changes_nothing(laptops: tuple[Laptop, Laptop], path: str, told: dict[str, object]) -> None:
    one, _ = laptops
    for _ in range(2):
        answer = httpx.post(f"http://{one.url}/sync/pair/{path}", json=told, trust_env=False)
        assert answer.status_code in {404, 409, 422}
        assert set(answer.json()) >= {"error", "title", "detail"}
        one.post("wait")
    assert one.known() == []


def test_somebody_in_between_cannot_choose_after_having_seen() -> None:
    """The commitment binds the caller before it knows the other side's numbers."""
    caller = Side(public_key_of(A), new_nonce(), "Tavolo 1", "")
    promised = commitment(caller)
    check(promised, caller)
    for other in (Side(public_key_of(M), caller.nonce, caller.name, ""), Side(caller.key, new_nonce(), caller.name, "")):
        with pytest.raises(NotAsPromised):
            check(promised, other)


def test_words_differ_when_keys_do() -> None:
    a, b, m = (Side(public_key_of(seed), new_nonce(), "x", "") for seed in (A, B, M))
    assert spoken(a, b) == spoken(a, b)
    assert spoken(a, b) != spoken(a, m)
    assert spoken(a, b) != spoken(m, b)
    assert len(words_for(spoken(a, b))) == 6


def test_only_the_key_itself_agrees() -> None:
    a, b = (Side(public_key_of(seed), new_nonce(), "x", "") for seed in (A, B))
    assert has_agreed(a.key, a, b, agree(A, a, b))
    assert not has_agreed(a.key, a, b, agree(M, a, b))
    assert not has_agreed(a.key, b, a, agree(A, a, b))


def test_there_are_256_words_and_all_are_different() -> None:
    assert len(set(WORDS)) == 256


@pytest.mark.parametrize(
    "change",
    [{"key": "A" * 64}, {"nonce": ""}, {"name": "x" * 121}, {"url": None}, {"name": 3}],
    ids=["key", "nonce", "name", "url", "sort"],
)
def test_what_is_no_side_is_refused(change: dict[str, object]) -> None:
    members: dict[str, object] = {"key": public_key_of(A), "nonce": new_nonce(), "name": "Tavolo 1", "url": ""}
    assert side_of(members)
    with pytest.raises(NotAsPromised):
        side_of(members | change)
