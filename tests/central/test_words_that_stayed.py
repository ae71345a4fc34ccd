"""With the default profile the cards' words stay in the room: the centre counts what it knows, says why, and never says nought."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.server import a_server
from tests.sync.test_two_processes import a_code
from tests.web.syntheses.place import Browser, Place, a_place
from tests.web.syntheses.scene import CARDS
from tests.web.syntheses.test_read_back import a_reading_with_answers, validate
from workshop.app import build
from workshop.domain.people import Role
from workshop.settings import open_folder
from workshop.web.courier import Courier

WRITTEN = len(CARDS) + 1  # and one in Arabic


@dataclass(slots=True)
class Delivered:
    """A centre that has the record of a room; `sentences`: of the synthesis that the room's first table validated."""

    room: Place
    centre: Place
    sentences: list[str]


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    """Over a real line, as a laptop sends when nobody has chosen a profile; then the centre is opened here."""
    room, folder = a_place(tmp_path_factory.mktemp("room")), tmp_path_factory.mktemp("centre")
    _, sentences, read_back, token = a_reading_with_answers(room)
    validate(room, token, read_back)
    house = room.building.house
    courier = Courier(house.folder, house.store, house.private_store, house.desk)
    with a_server(folder, "--central", "--try") as server:
        courier.enrol(server.url, a_code(server))
        assert courier.run().identical
    building = build(open_folder(str(folder)), "central", "threading", lambda: {"localhost"}, trial=True)
    yield Delivered(room, Place(building, room.room, room.meeting), sentences)
    building.close()
    room.close()


def organiser_at(centre: Place) -> Browser:
    return centre.browser_of(centre.someone(Role.ORGANISER)[1])


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_archive_counts_cards_by_their_heads(delivered: Delivered) -> None:
    page = organiser_at(delivered.centre).get("/archive").text
    text = plain(page)
    assert f"{WRITTEN} cards: their words stayed in the room." in text
    assert (f"cards {WRITTEN}" in text, "at least 3" in text, "not known here" in text) == (True, True, True)
    assert not re.search(r'<td class="n">\s*0\s*</td>', page)


def test_a_thread_says_once_that_the_cards_stayed_and_what_to_do(delivered: Delivered) -> None:
    browser = organiser_at(delivered.centre)
    text = plain(browser.get(f"/threads/sentences/{delivered.sentences[1]}").text)
    assert text.count("2 cards: their words stayed in the room") == 1
    assert ("chooses “Syntheses and cards”" in text, "not in this record" in text) == (True, False)


def test_a_sentence_in_the_archive_says_once_how_many_cards_stayed(delivered: Delivered) -> None:
    page = organiser_at(delivered.centre).get(f"/archive/syntheses/{delivered.room.meeting.table}").text
    assert plain(page).count("2 cards: their words stayed in the room") == 1


def test_a_group_does_not_say_that_it_is_empty(delivered: Delivered) -> None:
    text = plain(organiser_at(delivered.centre).get(f"/threads/sentences/{delivered.sentences[0]}").text)
    assert ("Its cards stayed in the room." in text, "From how many cards not known here" in text) == (True, True)
