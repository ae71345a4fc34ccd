"""What changed between two texts, for people to compare."""

from hypothesis import given
from hypothesis import strategies as st

from workshop.domain.differences import Mark, differences, only_new

TEXTS = st.text(alphabet="ab àé ,.\n")


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts_again(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(words for mark, words in pieces if mark is not Mark.GONE) == after
    assert "".join(words for mark, words in pieces if mark is not Mark.NEW) == before


def test_changed_words_that_stand_together_are_one_change() -> None:
    assert differences("verifica a data fissa.", "verifica fissata al 30 giugno.") == [
        (Mark.SAME, "verifica "),
        (Mark.GONE, "a data fissa"),
        (Mark.NEW, "fissata al 30 giugno"),
        (Mark.SAME, "."),
    ]


def test_side_by_side_each_wording_shows_its_own() -> None:
    assert only_new("la maggioranza è favorevole", "cinque favorevoli") == [(Mark.NEW, "cinque favorevoli")]
    assert only_new("stesse parole", "stesse parole") == [(Mark.SAME, "stesse parole")]
