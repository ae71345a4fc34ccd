"""Erasure: a person's words go, on every place that has them; the chain of heads stays. What was validated by a table stays the table's."""

from dataclasses import dataclass
from typing import ClassVar

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import NotAllowed, Refusal, Sort


class NothingToErase(Refusal):
    """No words of this person, or of this card, are in this record: they were erased before, or their bodies never came here."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseOwnWords(Command):
    """A participant takes back everything: cards, votes that are still open, where they sat."""

    may = Action.ERASE_OWN_WORDS
    participant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCard(Command):
    """An organiser erases one card on somebody's request: a dictated one, or one that tells of somebody else."""

    may = Action.ERASE_CARD
    contribution_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsErased(Fact):
    """About the erasure itself. Names hashes of entries, never a person. `cards`: how many cards are empty now."""

    kind: ClassVar[str] = "words.erased/1"
    names_actor: ClassVar[bool] = False
    entries: tuple[str, ...]
    cards: int
    asked_by: str  # person, organiser


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureConfirmed(Fact):
    """About the erasure: this place has no body of these entries any more, in its record, its log files and the copies it reaches."""

    kind: ClassVar[str] = "words.erasure_confirmed/1"
    names_actor: ClassVar[bool] = False
    place: str
    copies_left: int = 0  # earlier copies that could not be reached


def erase_own_words(command: EraseOwnWords, who: str, entries: tuple[str, ...], cards: int) -> list[Fact]:
    if command.participant_id != who:
        raise NotAllowed("participant_id")
    return _erased(command, entries, cards, "person")


def erase_card(command: EraseCard, entries: tuple[str, ...]) -> list[Fact]:
    return _erased(command, entries, 1, "organiser")


def _erased(command: Command, entries: tuple[str, ...], cards: int, asked_by: str) -> list[Fact]:
    if not entries:
        raise NothingToErase
    return [WordsErased(about=command.command_id, entries=entries, cards=cards, asked_by=asked_by)]
