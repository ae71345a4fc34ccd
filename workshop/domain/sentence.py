"""Sentences: what a synthesis is made of. Each is a versions field with its evidence; two writers never overwrite each other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Refusal, Sort
from workshop.domain.text import maybe_words, position_of, words


class Section(StrEnum):
    FRAME = "frame"
    CONVERGENCES = "convergences"
    MINORITY = "minority"
    OPEN_QUESTIONS = "open_questions"
    PRIORITIES = "priorities"
    PROPOSALS = "proposals"


class SynthesisIsFrozen(Refusal):
    """It is being read back: nobody writes while the table listens."""

    sort = Sort.OUT_OF_STEP


class SynthesisIsValidated(Refusal):
    """Immutable: make a correction with a reason instead."""

    sort = Sort.OUT_OF_STEP


class EvidenceIsElsewhere(Refusal):
    """A card or cluster of another table, or none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of a sentence; proposals also say who could do it, the first step and by when (free text or a date)."""

    text: str
    who: str = ""
    first_step: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSentence(Command):
    """`command_id` is the sentence's id. `evidence`: ids of cards and clusters behind it."""

    may = Action.WRITE_SYNTHESIS
    synthesis_id: str
    section: Section
    wording: Wording
    evidence: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteSentence(Command):
    """`replaces` = every version the writer saw, from the form: two writers at once leave two versions, side by side."""

    may = Action.WRITE_SYNTHESIS
    sentence_id: str
    wording: Wording
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CiteEvidence(Command):
    """Put a card or cluster behind a sentence, or take it away."""

    may = Action.WRITE_SYNTHESIS
    sentence_id: str
    evidence_id: str
    present: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSentence(Command):
    may = Action.WRITE_SYNTHESIS
    sentence_id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSentence(Command):
    """Take a sentence out (or put it back): its words stay in the record."""

    may = Action.WRITE_SYNTHESIS
    sentence_id: str
    removed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceAdded(Edit):
    kind: ClassVar[str] = "sentence.added/1"
    synthesis_id: str
    section: Section
    wording: Wording
    evidence: tuple[str, ...]
    position: int
    from_answer: str = ""  # id of the objection that became this minority sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRewritten(Edit):
    kind: ClassVar[str] = "sentence.rewritten/1"
    synthesis_id: str
    wording: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCited(Fact):
    kind: ClassVar[str] = "sentence.evidence_cited/1"
    synthesis_id: str
    evidence_id: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencePlaced(Fact):
    kind: ClassVar[str] = "sentence.placed/1"
    synthesis_id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRemoved(Fact):
    """`saw`: versions of its words at that moment; one that came from elsewhere is for a person to look at."""

    kind: ClassVar[str] = "sentence.removed/1"
    synthesis_id: str
    removed: bool
    saw: tuple[str, ...] = ()


def add_sentence(command: AddSentence, state: str, own: frozenset[str], last_position: int) -> list[Fact]:
    """`own`: ids of the table's cards and clusters. Position 0 = at the end."""
    check_writable(state)
    evidence = tuple(dict.fromkeys(command.evidence))
    if not set(evidence) <= own:
        raise EvidenceIsElsewhere("evidence")
    return [
        SentenceAdded(
            about=command.command_id,
            synthesis_id=command.synthesis_id,
            section=command.section,
            wording=checked(command.wording, command.section),
            evidence=evidence,
            position=position_of(command.position or last_position + 100),
        )
    ]


def rewrite_sentence(command: RewriteSentence, synthesis_id: str, section: Section, state: str) -> list[Fact]:
    check_writable(state)
    wording = checked(command.wording, section)
    return [SentenceRewritten(about=command.sentence_id, synthesis_id=synthesis_id, wording=wording, replaces=command.replaces)]


def cite_evidence(command: CiteEvidence, synthesis_id: str, state: str, own: frozenset[str]) -> list[Fact]:
    check_writable(state)
    if command.evidence_id not in own:
        raise EvidenceIsElsewhere("evidence_id")
    return [EvidenceCited(about=command.sentence_id, synthesis_id=synthesis_id, evidence_id=command.evidence_id, present=command.present)]


def place_sentence(command: PlaceSentence, synthesis_id: str, state: str) -> list[Fact]:
    check_writable(state)
    return [SentencePlaced(about=command.sentence_id, synthesis_id=synthesis_id, position=position_of(command.position))]


def remove_sentence(command: RemoveSentence, synthesis_id: str, state: str, saw: tuple[str, ...] = ()) -> list[Fact]:
    check_writable(state)
    return [SentenceRemoved(about=command.sentence_id, synthesis_id=synthesis_id, removed=command.removed, saw=saw)]


def check_writable(state: str) -> None:
    if state == "in_review":
        raise SynthesisIsFrozen("text")
    if state == "validated":
        raise SynthesisIsValidated("text")


def checked(wording: Wording, section: Section) -> Wording:
    is_proposal = section is Section.PROPOSALS
    return Wording(
        text=words(wording.text, "text", 3, 500),
        who=maybe_words(wording.who, "who", 300) if is_proposal else "",
        first_step=maybe_words(wording.first_step, "first_step", 300) if is_proposal else "",
        due=maybe_words(wording.due, "due", 80) if is_proposal else "",
    )
