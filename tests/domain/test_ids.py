"""Ids for things, codes for people."""

from workshop.domain.ids import UNAMBIGUOUS, is_id, new_code, new_id, new_personal_code, read_code, show_code


def test_an_id_is_128_bits_in_32_small_hexadecimal_characters() -> None:
    assert is_id(new_id())
    assert len({new_id() for _ in range(1_000)}) == 1_000


def test_what_only_looks_like_an_id_is_none() -> None:
    good = "0123456789abcdef" * 2
    assert [is_id(text) for text in (good, good.upper(), good[:-1], good + "0", good + "\n", "")] == [
        True,
        False,
        False,
        False,
        False,
        False,
    ]


def test_a_code_has_no_letter_that_is_mistaken_for_another() -> None:
    assert set("0O1I2Z5S8B").isdisjoint(UNAMBIGUOUS)
    assert set(new_code(500)) <= set(UNAMBIGUOUS)


def test_a_personal_code_survives_being_shown_and_typed_again() -> None:
    code = new_personal_code()
    assert read_code(f" {show_code(code).lower()} ") == code
    assert read_code("qf7 – km.2") == "QF7KM2"
