"""Passphrases of organisers: how long they are, how they are kept (argon2id), and how one is compared when nobody has that name."""

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from workshop.domain.refusal import Refusal
from workshop.domain.text import words

LEAST: Final = 15  # characters: four words are easier to keep than one with signs
MOST: Final = 200
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_OF_NOBODY: Final = HASHER.hash("nobody has this passphrase")


class PassphrasesDiffer(Refusal):
    """The two fields do not hold the same."""


class PassphraseTooPlain(Refusal):
    """The name itself, or hardly more than one letter."""


def hash_of(typed: str, again: str, name: str) -> str:
    """What is kept; about 30 ms on purpose. Raises what is wrong with a new passphrase."""
    kept = words(typed, "passphrase", LEAST, MOST)
    if kept != words(again, "again", 0, MOST):
        raise PassphrasesDiffer("again")
    if len(set(kept.casefold())) < LEAST // 3 or (name and kept.casefold().replace(name.casefold(), "") == ""):
        raise PassphraseTooPlain("passphrase")
    return HASHER.hash(kept)


def fits(kept: str, typed: str) -> bool:
    """Takes as long when there is nothing to compare with: time does not tell whether somebody has this name."""
    compared = unicodedata.normalize("NFC", typed).strip()[: MOST * 4]
    try:
        HASHER.verify(kept or _OF_NOBODY, compared.encode("utf-8", "replace"))
    except (Argon2Error, InvalidHashError):
        return False
    return bool(kept)
