"""Cards that may say the same thing: words in common, by stem. It only suggests; a person merges them or says that they are different."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import snowballstemmer
from rapidfuzz import fuzz

from workshop.record.queries.cards import Card

ENOUGH: Final = 0.5  # of the shorter card's words are also in the other one
CLOSE: Final = 88  # of 100: nearly the same sentence, even when it has one word only
LEAST: Final = 2  # words in common
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_STEMMERS: Final = {"it": "italian", "en": "english", "ro": "romanian", "ar": "arabic", "fr": "french", "es": "spanish", "de": "german"}
_EMPTY_WORDS: Final = (
    "alla alle agli allo anche ancora avere bene che chi come con cosa così dalla dalle degli dei del della delle dello dentro deve devono "
    "dopo dove essere fare fra già gli hanno loro mai meno molto nei nel nella nelle nello noi non ogni oppure perché per più poco può "
    "qualche quando quanto quello questa queste questi questo qui sempre senza serve servono siamo sono sua sulla sulle sullo suo sui tra "
    "troppo tutta tutte tutti tutto una uno vorrei about all also and any are but can could for from has have into need needs not our "
    "should some than that the their them then there they this too very want was were what when where which who why will with would you "
    "your"
)
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Likeness:
    """`card` was there before; `words` are those they share, as it writes them."""

    card: Card
    words: tuple[str, ...]


def alike(cards: Sequence[Card], among: Iterable[Card], different: frozenset[str] = frozenset()) -> dict[str, Likeness]:
    """Card id -> the earlier card of `among` it is most like. `different`: pairs (see `pair`) that somebody has told apart."""
    saying: dict[str, list[Card]] = {}  # stem -> the cards that have it
    for other in among:
        for stem in _stems_of(other) if other.counts else ():
            saying.setdefault(stem, []).append(other)
    found = ((card, _nearest(card, saying, different)) for card in cards)
    return {card.id: Likeness(nearest, _shared(card, nearest)) for card, nearest in found if nearest}


def pair(one: str, other: str) -> str:
    """A name for two cards, whichever comes first."""
    return ":".join(sorted((one, other)))


def _nearest(card: Card, saying: dict[str, list[Card]], different: frozenset[str]) -> Card | None:
    common: Counter[str] = Counter()
    others: dict[str, Card] = {}
    for other in (other for stem in _stems_of(card) for other in saying.get(stem, ()) if other.seq < card.seq):
        common[other.id] += 1
        others[other.id] = other
    scored = [(_score(card, others[other_id], number), -others[other_id].seq, other_id) for other_id, number in common.items()]
    likely = sorted((row for row in scored if row[0] and pair(card.id, row[2]) not in different), reverse=True)
    return others[likely[0][2]] if likely else None


def _score(card: Card, other: Card, common: int) -> float:
    part = common / min(len(_stems_of(card)), len(_stems_of(other)))
    if common >= LEAST and part >= ENOUGH:
        return part + common
    close = part >= ENOUGH and fuzz.ratio((card.text or "").casefold(), (other.text or "").casefold()) >= CLOSE
    return 1.0 if close else 0.0


def _shared(card: Card, other: Card) -> tuple[str, ...]:
    mine = _stems_of(card)
    return tuple(word for stem, word in _stems_of(other).items() if stem in mine)


def _stems_of(card: Card) -> dict[str, str]:
    return _stems(card.text or "", card.language)


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> dict[str, str]:
    """Stem -> the word as it was written first, in order."""
    stemmer = snowballstemmer.stemmer(_STEMMERS.get(language, "italian"))
    stems: dict[str, str] = {}
    for word in _WORD.findall(text):
        if (plain := word.casefold()) not in _EMPTY:
            stems.setdefault(stemmer.stemWord(plain), plain)
    return stems
