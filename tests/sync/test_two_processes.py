"""Real servers, real sockets, a line that is cut: nothing is lost, nothing is doubled, and "identical" is only said when it is so."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.builders import Meeting, a_facilitator, a_meeting, a_room, a_step_open
from tests.support.odd_servers import CuttingProxy, a_cutting_proxy, answering, http_answer
from tests.support.server import Server, a_server, start_server
from workshop.dispatch.front_door import job_of
from workshop.domain.contribution import Channel, EnterContribution, Kind
from workshop.private.peers import keep_centre, the_centre
from workshop.private.settings_kept import keep_setting
from workshop.record.desk import DirectDesk
from workshop.record.writer import Receipt
from workshop.settings import device_key, open_folder
from workshop.web.contacts import LAST, Contact, last_contact
from workshop.web.courier import Courier, may_go
from workshop.web.leaving import PROFILE, kept_here, not_at_centre, only_here

pytestmark = pytest.mark.timeout(300)
CUTS = 25


@dataclass(slots=True)
class Laptop:
    """A laptop with a meeting; its courier runs in this process."""

    meeting: Meeting
    courier: Courier
    folder: Path

    def write(self, cards: int) -> None:
        """In one transaction."""
        meeting, who = self.meeting, a_facilitator(self.meeting)
        told = {"work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "channel": Channel.PAPER}
        wishes = [meeting.command(EnterContribution, text="Servono fasciatoi", **told) for _ in range(cards)]
        answers = self.courier.desk.writer.write([job_of(wish, who) for wish in wishes])  # type: ignore[attr-defined]
        assert all(isinstance(answer, Receipt) for answer in answers)

    def goes_through(self, url: str) -> None:
        """Its centre is now behind this address."""
        kept = self.courier._ask(the_centre)
        self.courier._keep(keep_centre, replace(kept, url=url))

    def only_here(self) -> int:
        with self.courier.store.readers.connect() as record, self.courier.private_store.readers.connect() as private:
            return only_here(record, private)

    def kept_here(self) -> int:
        with self.courier.store.readers.connect() as record, self.courier.private_store.readers.connect() as private:
            return kept_here(record, private)

    def choose(self, profile: str) -> None:
        self.courier._keep(keep_setting, PROFILE, profile)


@contextmanager
def a_laptop(folder: Path) -> Iterator[Laptop]:
    device_key(open_folder(str(folder)))
    room = a_room(folder, desk=DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    room.desk.submit(lambda writer: keep_setting(writer.private, PROFILE, "contributions"))  # so that every byte can be compared
    yield Laptop(meeting, Courier(open_folder(str(folder)), room.store, room.private, room.desk), folder)
    room.close()


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with a_laptop(tmp_path / "laptop") as made:
        yield made


def tavoli(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-m", "workshop.cli", *words], capture_output=True, text=True, env=env, check=False, timeout=120, encoding="utf-8"
    )


def a_code(centre: Server, **environment: str) -> str:
    return tavoli("code", "--data", str(centre.data), **environment).stdout.strip()


def a_link(centre: Server, process_id: str) -> str:
    """What the organiser's page shows for a computer of one process."""
    with httpx.Client(base_url=centre.url, headers={"Origin": centre.url}, trust_env=False) as client:
        client.get(centre.entry)
        page = client.post("/devices/code", data={"asked": "1", "scopes": process_id}).text
    return re.findall(r'value="(http[^"]+)"', page)[0]


def verdict(folder: Path, **environment: str) -> dict[str, Any]:
    done = tavoli("verify", "--json", "--data", str(folder), **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_a_line_cut_at_many_points_loses_nothing_and_doubles_nothing(laptop: Laptop, tmp_path: Path, postgres_url: str) -> None:
    environment = {"DATABASE_URL": postgres_url}
    chance = random.Random(20201024)
    with a_server(tmp_path / "centre", "--central", "--try", environment=environment) as centre, a_cutting_proxy(centre.url) as line:
        laptop.courier.enrol(centre.url, a_code(centre, **environment))
        laptop.goes_through(line.url)
        contacts = [contact_cut_at(laptop, line, chance.randint(1, 9_000), chance.randint(1, 40)) for _ in range(CUTS)]
        line.cut_after = None
        last = laptop.courier.run()
        there = verdict(centre.data, **environment)
    assert last.identical
    assert verdict(laptop.folder) == there
    assert sum(contact.sent for contact in (*contacts, last)) <= there["entries"]
    assert line.cuts >= CUTS // 2, "the line was hardly ever cut: the test did not test"
    assert {contact.problem for contact in contacts} >= {"LineWasCut"}
    assert any(contact.identical for contact in contacts), "the line was cut so early that nothing ever came through"


def contact_cut_at(laptop: Laptop, line: CuttingProxy, after: int, cards: int) -> Contact:
    laptop.write(cards)
    line.cut_after = after
    contact = laptop.courier.run()
    assert contact.identical is (not contact.problem)
    assert contact.problem in {"", "LineWasCut"}
    return contact


def test_every_byte_at_which_a_small_contact_can_be_cut(laptop: Laptop, tmp_path: Path) -> None:
    """Coarsely over the whole contact, and every single byte where the push begins."""
    with a_server(tmp_path / "centre", "--central", "--try") as centre, a_cutting_proxy(centre.url) as line:
        laptop.courier.enrol(centre.url, a_code(centre))
        laptop.courier.run()
        laptop.goes_through(line.url)
        laptop.write(1)
        line.cut_after = None
        laptop.courier.run()
        whole = line.passed
        for after in [*range(1, whole, 211), *range(whole // 3, whole // 3 + 10)]:
            contact_cut_at(laptop, line, after, 1)
        line.cut_after = None
        assert laptop.courier.run().identical
        there = verdict(centre.data)
    assert verdict(laptop.folder) == there


def test_a_centre_killed_in_the_middle_goes_on_where_it_was(laptop: Laptop, tmp_path: Path) -> None:
    centre = start_server(tmp_path / "centre", "--central", "--try")
    with a_cutting_proxy(centre.url) as line:
        laptop.courier.enrol(centre.url, a_code(centre))
        laptop.goes_through(line.url)
        laptop.write(300)
        line.cut_after = 20_000
        cut = laptop.courier.run()
    centre.kill()
    port = int(centre.url.rpartition(":")[2])
    with a_server(tmp_path / "centre", "--central", "--try", port=port) as again:
        laptop.goes_through(again.url)
        assert laptop.courier.run().identical
        there = verdict(again.data)
    assert cut.problem == "LineWasCut"
    assert verdict(laptop.folder) == there


def test_a_centre_holds_the_records_of_two_laptops(laptop: Laptop, tmp_path: Path) -> None:
    with a_server(tmp_path / "centre", "--central", "--try") as centre, a_laptop(tmp_path / "other") as other:
        for each in (laptop, other):
            each.courier.enrol(centre.url, a_code(centre))
            each.write(20)
            assert each.courier.run().identical
        records = {each.folder.name: verdict(each.folder)["entries"] for each in (laptop, other)}
        assert verdict(centre.data)["entries"] == sum(records.values())


def test_the_number_of_items_that_exist_only_here(laptop: Laptop, tmp_path: Path) -> None:
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        everything = laptop.only_here()
        assert everything == verdict(laptop.folder)["entries"]
        laptop.courier.enrol(centre.url, a_code(centre))
        assert laptop.only_here() == everything
        laptop.courier.run()
        assert laptop.only_here() == 0
        laptop.write(3)
        assert laptop.only_here() == 3


def test_what_stays_on_purpose_is_not_counted_as_in_danger(laptop: Laptop, tmp_path: Path) -> None:
    laptop.write(5)
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        laptop.courier.enrol(centre.url, a_code(centre))
        everything = laptop.only_here()
        laptop.choose("syntheses")
        assert (laptop.kept_here(), laptop.only_here()) == (5, everything - 5)
        assert laptop.courier.run().left.cards == 0
        assert (laptop.kept_here(), laptop.only_here()) == (5, 0)
        laptop.choose("contributions")
        assert (laptop.kept_here(), laptop.only_here()) == (0, 5)
        assert laptop.courier.run().left.cards == 5
        assert (laptop.kept_here(), laptop.only_here()) == (0, 0)


def test_words_that_did_not_come_through_are_not_counted_as_safe(laptop: Laptop, tmp_path: Path) -> None:
    """A wider profile was chosen, and the line broke before the bodies went: their heads have been there since before."""
    laptop.write(40)
    laptop.choose("syntheses")
    with a_server(tmp_path / "centre", "--central", "--try") as centre, a_cutting_proxy(centre.url) as line:
        laptop.courier.enrol(centre.url, a_code(centre))
        assert laptop.courier.run().identical
        laptop.choose("contributions")
        laptop.goes_through(line.url)
        for line.cut_after in (3_200, 3_600, 4_000):  # what is there comes through, and hardly a word
            assert laptop.courier.run().problem == "LineWasCut"
            assert (laptop.only_here(), laptop.kept_here()) == (40, 0)
        line.cut_after = None
        assert laptop.courier.run().left.cards == 40
        assert laptop.only_here() == 0


def test_a_process_that_the_centre_does_not_take_from_here_is_said_to_stay(laptop: Laptop, tmp_path: Path) -> None:
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        laptop.courier.enrol(centre.url, a_code(centre))
        laptop.courier.run()
        laptop.courier.enrol(a_link(centre, laptop.meeting.process_id), "")
        other = a_meeting(laptop.meeting.room)
        laptop.courier.run()
    assert laptop.only_here() > 0
    goes = laptop.courier._ask(may_go)
    assert (goes(laptop.meeting.process_id), goes(other.process_id)) == (True, False)
    with laptop.courier.store.readers.connect() as record, laptop.courier.private_store.readers.connect() as private:
        assert not_at_centre(record, private, may_go(private)) == 0, "else it would call every minute, for nothing"


def test_after_a_cut_the_number_is_what_the_centre_really_lacks(laptop: Laptop, tmp_path: Path) -> None:
    with a_server(tmp_path / "centre", "--central", "--try") as centre, a_cutting_proxy(centre.url) as line:
        laptop.courier.enrol(centre.url, a_code(centre))
        assert laptop.courier.run().identical
        laptop.goes_through(line.url)
        laptop.write(200)
        line.cut_after = 1_500  # tips come through, and hardly an entry
        assert laptop.courier.run().problem == "LineWasCut"
        lacking = verdict(laptop.folder)["entries"] - verdict(centre.data)["entries"]
        assert 0 < lacking == laptop.only_here()


def test_the_lead_sees_what_became_of_the_last_contact(laptop: Laptop, tmp_path: Path) -> None:
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        laptop.courier.enrol(centre.url, a_code(centre))
    assert laptop.courier.run().problem == "CentreOutOfReach"
    with answering(http_answer("200 OK", b"<title>Wi-Fi</title>", "text/html")) as url:
        laptop.goes_through(url)
        assert laptop.courier.run().problem == "LoginPageInBetween"
    kept = laptop.courier._ask(last_contact)
    assert (kept.problem, kept.identical, type(kept.failure).__name__) == ("LoginPageInBetween", False, "LoginPageInBetween")


def test_a_contact_that_another_version_kept_is_read(laptop: Laptop) -> None:
    laptop.courier._keep(keep_setting, LAST, json.dumps({"at": "2026-11-20T10:00Z", "sent": 3, "of_another_version": 1}))
    assert laptop.courier._ask(last_contact) == Contact("2026-11-20T10:00Z", sent=3)


@pytest.mark.parametrize("served", [False, True], ids=["nobody serves the folder", "a server runs on the folder"])
def test_the_command_line_sends_and_says_identical(tmp_path: Path, served: bool) -> None:
    with a_laptop(tmp_path / "laptop") as made:
        made.write(100)
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        with served_or_not(made.folder, served):
            first = tavoli("sync", centre.url, "--code", a_code(centre), "--data", str(made.folder))
            again = tavoli("sync", "--data", str(made.folder))
            entries = verdict(made.folder)["entries"]
        assert (first.stdout.splitlines()[-1], first.returncode) == (f"sent {entries}, received 0, identical", 0), first.stderr
        assert (again.stdout.splitlines()[-1], again.returncode) == ("sent 0, received 0, identical", 0)
    gone = tavoli("sync", "--data", str(made.folder))
    assert gone.stdout.splitlines()[-1].startswith("sent 0, received 0, not identical yet: The central record cannot be reached.")
    assert gone.returncode == 1


@contextmanager
def served_or_not(folder: Path, served: bool) -> Iterator[None]:
    if not served:
        yield
        return
    with a_server(folder):
        yield


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sync",), "This computer is not linked to a central record yet."),
        (("sync", "http://127.0.0.1:1"), "This computer is not linked to a central record yet."),
        (("sync", "--code", "A"), "--code needs the address"),
        (("enrol", "ftp://archive", "A" * 10), "The central record cannot be reached."),
        (("enrol", "http://127.0.0.1:1", "A" * 10), "The central record cannot be reached."),
        (("rebuild",), "There is no record in"),
        (("verify",), "There is no record in"),
    ],
)
def test_the_command_line_says_in_words_what_is_missing(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = tavoli(*words, "--data", str(tmp_path / "empty"))
    assert said in done.stderr
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_a_running_room_is_not_rebuilt_under_its_feet(tmp_path: Path) -> None:
    with a_server(tmp_path / "room"):
        done = tavoli("rebuild", "--data", str(tmp_path / "room"))
    assert "stop it first" in done.stderr
    assert done.returncode == 1


def test_only_the_key_of_the_lock_file_lets_the_command_line_in(tmp_path: Path) -> None:
    import httpx

    with a_server(tmp_path / "room") as room, httpx.Client(trust_env=False, headers={"Accept": "application/json"}) as client:
        asked: Callable[..., httpx.Response] = client.post
        assert asked(f"{room.url}/lead/code", headers={"X-Local-Key": "wrong"}).status_code == 403
        assert asked(f"{room.url}/lead/code", headers={"X-Local-Key": ""}).status_code == 403
