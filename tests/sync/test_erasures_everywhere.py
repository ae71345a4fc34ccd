"""Gone everywhere is said when it is so: each place and each copy that may still have the words stands on the page by its name."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.builders import Meeting, a_card, a_meeting, a_participant, a_step_open
from tests.copies.conftest import tavoli
from tests.support.awaiting import until
from tests.sync.test_neighbours import Laptop, paired
from workshop.app import build
from workshop.copies.copier import Copier
from workshop.copies.second_place import choose_second_place
from workshop.copies.shape import copies_in
from workshop.domain.erasure import EraseOwnWords
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.private.peers import make_code, neighbours
from workshop.private.settings_kept import keep_setting
from workshop.private.staff import make_lead
from workshop.private.tokens import issue_token
from workshop.record.erasing import to_drop, unconfirmed
from workshop.record.queries.boards import the_board
from workshop.settings import open_folder
from workshop.web.bundling import Bundler
from workshop.web.courier import Courier

WORDS = "Fasciatoi-Zebedeo-7391"
WAITS, DONE = "Not everywhere yet", "Gone everywhere we know of"


class Centre:
    """A central record, tried out on 127.0.0.1, with an organiser who looks at it."""

    def __init__(self, folder: Path, name: str) -> None:
        hosts = {"localhost"}
        self.building = build(open_folder(str(folder)), place="central", mode="threading", hosts=lambda: hosts, trial=True)
        self.home = self.building.house
        self.server = make_server("127.0.0.1", 0, self.building.app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        hosts.add(self.url.removeprefix("http://"))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.home.keep_private(keep_setting, "name", name)
        organiser = self.home.keep_private(make_lead, Role.ORGANISER, "sole-mare")
        self.client = self.building.app.test_client()
        self.client.set_cookie(f"{self.home.cookie}_s", self.home.keep_private(issue_token, Role.ORGANISER, organiser, ""))

    def code(self) -> str:
        return self.home.keep_private(make_code, int(time.time()))

    def page(self) -> str:
        return str(self.client.get("/erasures", headers={"Accept-Language": "en"}).text)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.building.close()


@pytest.fixture
def closing() -> Iterator[Callable[[Any], Any]]:
    made: list[Any] = []

    def keep(thing: Any) -> Any:
        made.append(thing)
        return thing

    yield keep
    for each in reversed(made):
        each.close()


@pytest.fixture
def laptop(tmp_path: Path, closing: Callable[[Any], Any]) -> Laptop:
    laptop: Laptop = closing(Laptop(tmp_path / "one", "Tavolo 1"))
    laptop.building.house.keep_private(keep_setting, "profile", "contributions")
    return laptop


@pytest.fixture
def meeting(laptop: Laptop) -> Meeting:
    meeting = a_meeting(laptop.room)
    a_step_open(meeting, "scrivi")
    return meeting


@pytest.fixture
def guest(meeting: Meeting) -> Actor:
    guest = a_participant(meeting)
    a_card(meeting, guest, WORDS)
    return guest


def courier(laptop: Laptop) -> Courier:
    home = laptop.building.house
    return Courier(home.folder, home.store, home.private_store, home.desk)


def visit(laptop: Laptop) -> None:
    [neighbour] = laptop.building.house.ask_private(neighbours)
    assert courier(laptop).visit(neighbour).problem == ""  # the other one may be writing its answer meanwhile


def carried_out(home: Any) -> bool:
    return not home.ask(unconfirmed, home.device) and not home.ask(to_drop)


def erase(meeting: Meeting, laptop: Laptop, guest: Actor) -> str:
    """The page of the lead, when this computer has done its part."""
    meeting.do(EraseOwnWords, guest, participant_id=guest.id)
    until(lambda: carried_out(laptop.building.house))
    return laptop.page("/erasures")


def press(laptop: Laptop, page: str) -> Any:
    """ "It is deleted", for the first copy on the page."""
    [path, *_] = re.findall(r'action="(/erasures/copies/\w+/gone)"', page)
    return laptop.client.post(path, data={"command_id": new_id()}, headers={"Origin": "http://localhost", "Accept-Language": "en"})


def test_nothing_left_this_computer_then_it_is_gone(laptop: Laptop, meeting: Meeting, guest: Actor) -> None:
    page = erase(meeting, laptop, guest)
    assert DONE in page
    assert "This computer: gone" in page


def test_the_centre_is_waited_for_by_name(
    laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    centre = closing(Centre(tmp_path / "centre", "Archivio di Lucca"))
    carrier = courier(laptop)
    carrier.enrol(centre.url, centre.code())
    assert carrier.run().identical
    waits = "Central record Archivio di Lucca: has not confirmed yet"
    page = erase(meeting, laptop, guest)
    assert (WAITS in page, waits in page) == (True, True)
    carrier.run()  # brings the order
    assert waits in laptop.page("/erasures")
    until(lambda: carried_out(centre.home))
    carrier.run()  # brings its answer
    page = laptop.page("/erasures")
    assert (DONE in page, "Central record Archivio di Lucca: gone" in page) == (True, True)


def test_the_centre_waits_for_every_laptop_that_ever_took_the_process(
    laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    """The second one has written nothing: the record alone does not know that it has the words."""
    centre, second = closing(Centre(tmp_path / "centre", "Archivio di Lucca")), closing(Laptop(tmp_path / "two", "Tavolo 2"))
    for each in (laptop, second):
        carrier = courier(each)
        carrier.enrol(centre.url, centre.code())
        carrier.run()
    assert WORDS in [card.text for card in second.building.house.ask(the_board, meeting.table).cards]
    erase(meeting, laptop, guest)
    courier(laptop).run()
    until(lambda: carried_out(centre.home))
    page = centre.page()
    assert (WAITS in page, "Computer “Tavolo 2”: has not confirmed yet" in page) == (True, True)
    assert "Computer “Tavolo 1”: gone" in page
    courier(second).run()
    until(lambda: carried_out(second.building.house))
    courier(second).run()
    assert DONE in centre.page()


def test_a_neighbour_is_waited_for_by_name(
    laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path, closing: Callable[[Any], Any]
) -> None:
    second = closing(Laptop(tmp_path / "two", "Tavolo 2"))
    paired(laptop, second)
    visit(laptop)
    page = erase(meeting, laptop, guest)
    assert (WAITS in page, "Computer “Tavolo 2”: has not confirmed yet" in page) == (True, True)
    visit(laptop)
    until(lambda: carried_out(second.building.house))
    visit(laptop)
    page = laptop.page("/erasures")
    assert (DONE in page, "Computer “Tavolo 2”: gone" in page) == (True, True)


def test_a_second_place_that_is_out_is_named_until_it_comes_back(laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path) -> None:
    copier, stick = copier_of(laptop), tmp_path / "stick"
    stick.mkdir()
    laptop.building.house.keep_private(choose_second_place, str(stick), apart=False)
    copier.copy_now()
    stick.rename(tmp_path / "out")
    page = erase(meeting, laptop, guest)
    assert (WAITS in page, f"in {stick}" in page, "but 1 earlier copy is out of reach" in page) == (True, True, True)
    (tmp_path / "out").rename(stick)
    assert WORDS in everything_in(stick)
    copier.carry_now()
    assert DONE in laptop.page("/erasures")
    assert WORDS not in everything_in(stick)


def test_a_second_place_that_was_given_up_is_named_too(laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path) -> None:
    copier, stick = copier_of(laptop), tmp_path / "stick"
    stick.mkdir()
    laptop.building.house.keep_private(choose_second_place, str(stick), apart=False)
    copier.copy_now()
    told = {"command_id": new_id(), "place": ""}
    assert laptop.client.post("/lead/copies/place", data=told, headers={"Origin": "http://localhost"}).status_code == 303
    page = erase(meeting, laptop, guest)
    assert (WAITS in page, f"in {stick}" in page) == (True, True)


def test_a_bundle_is_named_until_somebody_says_that_it_is_deleted(laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path) -> None:
    file = tmp_path / "lucca.tavoli"
    bundler(laptop).write_to(file, meeting.process_id, is_open=True)
    page = erase(meeting, laptop, guest)
    assert (WAITS in page, "File lucca.tavoli" in page, f"in {tmp_path}" in page) == (True, True, True)
    still = press(laptop, page)
    assert (still.status_code, f"Delete {file} first." in still.text) == (409, True)
    file.unlink()
    assert press(laptop, page).status_code == 303
    assert DONE in laptop.page("/erasures")
    assert press(laptop, page).status_code == 303  # pressed twice


def test_a_bundle_from_before_the_words_or_without_cards_is_not_blamed(laptop: Laptop, meeting: Meeting, tmp_path: Path) -> None:
    bundler(laptop).write_to(tmp_path / "before.tavoli", meeting.process_id, is_open=True)
    guest = a_participant(meeting)
    a_card(meeting, guest, WORDS)
    laptop.building.house.keep_private(keep_setting, "profile", "syntheses")
    bundler(laptop).write_to(tmp_path / "syntheses.tavoli", meeting.process_id, is_open=True)
    assert DONE in erase(meeting, laptop, guest)


def test_a_copy_asked_for_on_the_command_line_is_named_until_a_new_one_is_made_there(tmp_path: Path, closing: Callable[[Any], Any]) -> None:
    stick, first = tmp_path / "stick", Laptop(tmp_path / "one", "Tavolo 1")
    stick.mkdir()
    meeting = a_meeting(first.room)
    a_step_open(meeting, "scrivi")
    guest = a_participant(meeting)
    a_card(meeting, guest, WORDS)
    first.close()
    assert tavoli("backup", "--data", tmp_path / "one", stick).returncode == 0
    laptop = closing(Laptop(tmp_path / "one", "Tavolo 1"))
    page = erase(Meeting(laptop.room, meeting.process_id, meeting.id, meeting.tables, meeting.steps), laptop, guest)
    assert (WAITS in page, f"in {stick}" in page) == (True, True)
    assert WORDS in everything_in(stick)
    copier_of(laptop).copy_now(stick)
    assert DONE in laptop.page("/erasures")
    assert WORDS not in everything_in(stick)


def test_who_lost_the_names_of_its_copies_still_says_how_many(laptop: Laptop, meeting: Meeting, guest: Actor, tmp_path: Path) -> None:
    """Another computer knows the number only: names of files and places do not travel."""
    bundler(laptop).write_to(tmp_path / "lucca.tavoli", meeting.process_id, is_open=True)
    page = erase(meeting, laptop, guest)
    assert "This computer: gone, but 1 earlier copy is out of reach" in page
    home = laptop.building.house
    with home.reading() as connection:
        told = b"".join(bytes(row[0]) for row in connection.exec_driver_sql("SELECT body FROM entry WHERE body IS NOT NULL"))
    assert b"lucca.tavoli" not in told
    assert str(tmp_path).encode() not in told


def copier_of(laptop: Laptop) -> Copier:
    copier = laptop.building.house.copier
    assert copier
    return copier


def bundler(laptop: Laptop) -> Bundler:
    home = laptop.building.house
    return Bundler(home.folder, home.store, home.private_store, home.desk)


def everything_in(place: Path) -> str:
    assert any(copies_in(each) for each in place.iterdir())
    return b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file()).decode("latin-1")
