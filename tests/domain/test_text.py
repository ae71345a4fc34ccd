"""Words people write: what is kept, how long, and what asks for a second look."""

import pytest

from workshop.domain.refusal import Malformed, NumberOutOfRange, Refusal, TextMissing, TextTooLong, TextTooShort, TextUnreadable
from workshop.domain.text import CARD_LEAST, CARD_MOST, is_keepable, language_of, maybe_words, personal_data_in, position_of, within, words


def card(text: str) -> str:
    return words(text, "text", CARD_LEAST, CARD_MOST)


@pytest.mark.parametrize("length", [3, 4, 279, 280])
def test_a_card_of_3_to_280_characters_is_kept(length: int) -> None:
    assert card("è" * length) == "è" * length


@pytest.mark.parametrize(
    ("text", "refusal", "detail"),
    [
        ("", TextMissing, {"least": 3}),
        (" \n\t ", TextMissing, {"least": 3}),
        ("Sì", TextTooShort, {"least": 3, "length": 2}),
        ("👍🏽", TextTooShort, {"least": 3, "length": 2}),
        ("\u200b\u200b\u200b", TextMissing, {"least": 3}),
        ("\u200d\ufe0f\u2060\u00ad", TextMissing, {"least": 3}),
        ("a\u200b\u200b\u200bb", TextTooShort, {"least": 3, "length": 2}),
        ("a        b", TextTooShort, {"least": 3, "length": 2}),
        ("👨\u200d👩", TextTooShort, {"least": 3, "length": 2}),
        ("\u200f\u0628\u064e\u0628", TextTooShort, {"least": 3, "length": 2}),
        ("x" * 281, TextTooLong, {"most": 280, "length": 281}),
    ],
)
def test_a_card_out_of_bounds_is_refused_with_its_limits(text: str, refusal: type[Refusal], detail: dict[str, int]) -> None:
    with pytest.raises(refusal) as refused:
        card(text)
    assert (refused.value.field, refused.value.detail) == ("text", detail)


@pytest.mark.parametrize("text", ["nul\0", "\ud800 alone", "alone \udfff", "bell\a", "del\x7f", "\ufffe", "\uffff"])
def test_what_a_database_could_not_keep_is_refused_at_every_door(text: str) -> None:
    assert not is_keepable(text)
    with pytest.raises(TextUnreadable):
        card(text)


@pytest.mark.parametrize("text", ["👨‍👩‍👧‍👦", "❤️🤍❤️", "می‌خواهم", "بَبَب", "a\u200bbc"])
def test_joiners_and_marks_are_not_counted_and_not_taken_away(text: str) -> None:
    assert card(text) == text


@pytest.mark.parametrize("text", ["👨‍👩‍👧‍👦 insieme", "أماكن للعائلات", "Перечитати вголос", "riga\nnuova", "tab\tqui", "naïve “è” – 50 €"])
def test_words_of_every_language_are_kept_as_they_are(text: str) -> None:
    assert card(text) == text


def test_composed_and_decomposed_letters_are_one_text() -> None:
    assert card("cafe\u0301 pi\u0301u") == card("café píu") == "café píu"


def test_line_ends_of_every_system_are_one_and_outer_spaces_go() -> None:
    assert card("  uno\r\ndue\rtre  ") == "uno\ndue\ntre"


def test_length_counts_what_is_kept_not_what_was_typed() -> None:
    assert card("e\u0301" * 280) == "é" * 280


def test_an_optional_text_may_be_empty_but_not_too_long() -> None:
    assert maybe_words("  ", "notes") == ""
    with pytest.raises(TextTooLong):
        maybe_words("x" * 25, "nickname", 24)


def test_a_number_out_of_bounds_is_refused_with_them() -> None:
    assert within(3, "number", 1, 3) == 3
    with pytest.raises(NumberOutOfRange) as refused:
        within(4, "number", 1, 3)
    assert refused.value.detail == {"least": 1, "most": 3}


@pytest.mark.parametrize("number", [-1, 1_000_001, 2**40])
def test_a_position_that_postgres_could_not_keep_is_refused(number: int) -> None:
    with pytest.raises(NumberOutOfRange):
        position_of(number)


@pytest.mark.parametrize(("tag", "language"), [("it", "it"), ("it-IT", "it"), ("AR", "ar"), ("zh-Hant-TW", "zh"), ("fil", "fil")])
def test_the_language_of_a_browser_tag(tag: str, language: str) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize("tag", ["", "i", "it_IT", "italiano", "it\0", "it-", "<b>"])
def test_what_is_no_language_tag_is_refused(tag: str) -> None:
    with pytest.raises(Malformed):
        language_of(tag)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Scrivetemi a anna.b@example.org", ("email",)),
        ("Chiamate il 348 123 4567", ("phone",)),
        ("Chiamate il +39 0583 4422", ("phone",)),
        ("Mi chiamo giulia e ho due figli", ("name",)),
        ("La signora Bianchi aiuta tutti", ("name",)),
        ("Sono la signora Bianchi, anna@example.org, 0583 123456", ("email", "phone", "name")),
        ("la signora che porta i bambini", ()),
        ("Servono 2 fasciatoi ogni 100 famiglie", ()),
        ("Dal 2020 al 2024", ()),
    ],
)
def test_what_looks_like_personal_data_is_a_hint(text: str, found: tuple[str, ...]) -> None:
    assert personal_data_in(text) == found
