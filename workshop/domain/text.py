"""One validator for words people write, used at every door: SQLite keeps a NUL, PostgreSQL refuses it."""

import re
import unicodedata
from typing import Final

from workshop.domain.refusal import Malformed, NumberOutOfRange, TextMissing, TextTooLong, TextTooShort, TextUnreadable

CARD_LEAST: Final = 3
CARD_MOST: Final = 280
TITLE_MOST: Final = 80
PARAGRAPH_MOST: Final = 2_000
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MAILBOX: Final = re.compile(r"[^\s@]+@[^\s@]+")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z0-9]{2,8})*")
_UNSEEN: Final = frozenset({"Cf", "Zs", "Mn", "Cc"})
POSITION_MOST: Final = 1_000_000


def _any_case(*phrases: str) -> str:
    """A pattern for these phrases, whatever letters are capitals."""
    return "|".join("".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else c.replace(".", r"\.") for c in phrase) for phrase in phrases)


_DIGIT: Final = "[0-9٠-٩۰-۹]"
_START: Final = r"(?:^|[\s(,.;:!?«“‘'’-])"
_OF_ONESELF: Final = _any_case("mi chiamo", "il mio nome è", "my name is")  # a name follows, however it is typed
_OF_OTHERS: Final = _any_case("si chiama", "il signor", "la signora", "sig.ra", "sig.", "dott.ssa", "dott.", "mr", "mr.", "mrs", "mrs.")
# What looks like personal data. The phone shows its hint by the same patterns: without flags, lookbehind, \w, \d or \b, which differ there.
PERSONAL: Final = {
    "email": r"[^\s@]+@[^\s@]+\.[^\s@]{2,}",
    "phone": rf"(?:^|[^0-9٠-٩۰-۹])(?:\+?{_DIGIT}[\s./-]?){{7,14}}(?!{_DIGIT})",
    "name": rf"{_START}(?:(?:{_OF_ONESELF})\s+[^\s0-9.,;:!?…]|(?:{_OF_OTHERS})\s+[A-ZÀ-Ý])",
}
_PERSONAL: Final = {what: re.compile(pattern) for what, pattern in PERSONAL.items()}


def is_keepable(text: str) -> bool:
    """True when both databases keep the text as it is."""
    return not _UNREADABLE.search(text)


def words(text: str, field: str, least: int = 1, most: int = PARAGRAPH_MOST) -> str:
    """The text as it is kept (NFC, outer spaces off), or a refusal. `least` counts what is seen of it, `most` all code points."""
    if not is_keepable(text):
        raise TextUnreadable(field)
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    seen = seen_in(kept)
    if least and not seen:
        raise TextMissing(field, least=least)
    if seen < least:
        raise TextTooShort(field, least=least, length=seen)
    if len(kept) > most:
        raise TextTooLong(field, most=most, length=len(kept))
    return kept


def seen_in(text: str) -> int:
    """How many characters show something: no joiners, marks, spaces or controls. They are kept all the same: emoji and Arabic need them."""
    return sum(unicodedata.category(character) not in _UNSEEN for character in text)


def maybe_words(text: str, field: str, most: int = PARAGRAPH_MOST) -> str:
    return words(text, field, least=0, most=most)


def is_mailbox(text: str) -> bool:
    """One @ with something on both sides: whether anybody reads there, only a letter can tell."""
    return bool(_MAILBOX.fullmatch(text))


def is_dialled(text: str, digits: int = 6) -> bool:
    """At least so many digits, however they are written: 0583 4422, +39 0583/442200."""
    return sum(character.isdigit() for character in text) >= digits


def within(number: int, field: str, least: int, most: int) -> int:
    if not least <= number <= most:
        raise NumberOutOfRange(field, least=least, most=most)
    return number


def language_of(tag: str) -> str:
    """The language of a tag as browsers write it: it-IT -> it."""
    found = _LANGUAGE.fullmatch(tag)
    if not found:
        raise Malformed("language")
    return found[1].lower()


def position_of(number: int) -> int:
    """Where something stands among its like: small enough for every database."""
    return within(number, "position", 0, POSITION_MOST)


def personal_data_in(text: str) -> tuple[str, ...]:
    """What looks like somebody's personal data: `email`, `phone`, `name`. A hint for the facilitator, never a block."""
    return tuple(what for what, pattern in _PERSONAL.items() if pattern.search(text))
