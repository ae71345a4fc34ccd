"""Which cards are suggested as saying the same."""

from pathlib import Path

import pytest

from tests.builders import a_card, a_facilitator, a_meeting, a_room, a_step_open
from workshop.record.queries.cards import Card, cards_of_table
from workshop.web.similar import alike, pair


def _cards(folder: Path, *texts: str) -> list[Card]:
    room = a_room(folder)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    for text in texts:
        a_card(meeting, a_facilitator(meeting), text)
    cards = room.ask(cards_of_table, meeting.table)
    room.close()
    return cards


def test_cards_that_share_words_are_alike_whatever_their_endings(tmp_path: Path) -> None:
    first, second = _cards(tmp_path, "Servono panchine e bagni puliti, anche per i papà", "Una panchina davanti al bagno")
    assert {c: (found.card.id, found.words) for c, found in alike([first, second], [first, second]).items()} == {
        second.id: (first.id, ("panchine", "bagni"))
    }


@pytest.mark.parametrize(
    "texts",
    [
        ("Serve più verde in città", "Serve più tempo per i figli"),
        ("Autobus la sera", "Una panchina davanti alla scuola e una davanti alla biblioteca la sera"),
        ("🌳🌳", "🌳🌳"),
    ],
)
def test_cards_about_other_things_are_not(tmp_path: Path, texts: tuple[str, str]) -> None:
    cards = _cards(tmp_path, *(f"{text}.." for text in texts))
    assert alike(cards, cards) == {}


def test_a_pair_that_was_told_apart_is_not_suggested_again(tmp_path: Path) -> None:
    first, second = cards = _cards(tmp_path, "Bagni con fasciatoio", "Fasciatoio e bagni")
    assert alike(cards, cards, frozenset({pair(second.id, first.id)})) == {}


def test_arabic_cards_are_compared_too(tmp_path: Path) -> None:
    first, second = cards = _cards(tmp_path, "نحتاج إلى مكان هادئ بجانب المكتبة", "مكان هادئ بجانب المكتبة")
    assert alike(cards, cards)[second.id].card.id == first.id
