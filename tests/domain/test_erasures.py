"""Taking words back: one's own only, never nothing, and the order names nobody."""

import pytest

from workshop.domain.erasure import EraseCard, EraseOwnWords, NothingToErase, WordsErased, erase_card, erase_own_words
from workshop.domain.refusal import NotAllowed

ME, OTHER, ORDER = "1" * 32, "2" * 32, "3" * 32
ENTRIES = ("a" * 64, "b" * 64)


def test_ones_own_words_go_and_the_order_names_nobody() -> None:
    command = EraseOwnWords(command_id=ORDER, process_id="4" * 32, participant_id=ME)
    [fact] = erase_own_words(command, ME, ENTRIES, 2)
    assert fact == WordsErased(about=ORDER, entries=ENTRIES, cards=2, asked_by="person")
    assert not WordsErased.names_actor
    assert ME not in repr(fact)


def test_nobody_takes_back_what_another_person_said() -> None:
    with pytest.raises(NotAllowed):
        erase_own_words(EraseOwnWords(command_id=ORDER, process_id="4" * 32, participant_id=OTHER), ME, ENTRIES, 2)


def test_where_nothing_is_left_it_says_so() -> None:
    with pytest.raises(NothingToErase):
        erase_card(EraseCard(command_id=ORDER, process_id="4" * 32, contribution_id=OTHER), ())
