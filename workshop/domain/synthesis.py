"""The synthesis of a table: read back frozen, answered sentence by sentence, validated and then immutable.

A synthesis has the id of what it is a synthesis of (the work table), so that two laptops never make two.
"""

from dataclasses import dataclass
from typing import ClassVar

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.frozen import Frozen, FrozenSentence
from workshop.domain.permissions import Action
from workshop.domain.refusal import ChangedMeanwhile, NotFound, NotInList, NumberOutOfRange, ReasonMissing, Refusal, Sort
from workshop.domain.sentence import Section, SentenceAdded, SynthesisIsValidated, Wording, check_writable, checked
from workshop.domain.states import Noun, check_move
from workshop.domain.text import maybe_words, within, words


class NotReadyToReadBack(Refusal):
    """Detail: missing, a list of names (frame, convergences, minority, uncovered, siblings, bare) with their counts."""

    sort = Sort.OUT_OF_STEP


class CardsNotTold(Refusal):
    """Cards came, or lost their place, while the synthesis was read. Detail: uncovered, how many; missing, as in NotReadyToReadBack."""

    sort = Sort.OUT_OF_STEP


class NoReadBackOpen(Refusal):
    """Nothing is being read back at this table now."""

    sort = Sort.OUT_OF_STEP


class SentenceHasChanged(Refusal):
    """The answer is for a version that is not read back any more: read again and answer again."""

    sort = Sort.OUT_OF_STEP


class NotValidatedYet(Refusal):
    """Only a validated synthesis is corrected with a reason; a draft is simply rewritten."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareNoMinority(Command):
    """'Nessuna espressa': said, not forgotten. False takes it back."""

    may = Action.WRITE_SYNTHESIS
    synthesis_id: str
    none_expressed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReadBack(Command):
    """Freeze the draft and read it aloud. `command_id` is the read-back's id."""

    may = Action.WRITE_SYNTHESIS
    synthesis_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPage(Command):
    """Which sentence is being read now, on the room's screen and on the facilitator's page. Counts from 0."""

    may = Action.WRITE_SYNTHESIS
    synthesis_id: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentence(Command):
    """A phone agrees or objects with words. Answering again replaces the answer. `in_bulk`: 'I agree with all the others'."""

    may = Action.ANSWER_SENTENCE
    synthesis_id: str
    read_back_id: str
    sentence_id: str
    answer: str
    objection: str = ""
    in_bulk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountHands(Command):
    """Staff enter raised hands for one sentence, for people without a phone."""

    may = Action.COUNT_PAPER
    synthesis_id: str
    read_back_id: str
    sentence_id: str
    agree: int
    object: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepObjection(Command):
    """One tap: the objection's words become a minority sentence. The read-back ends, the next one has it.

    `command_id` is the sentence's id."""

    may = Action.WRITE_SYNTHESIS
    synthesis_id: str
    read_back_id: str
    answer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReadBack(Command):
    """Back to writing without validating."""

    may = Action.WRITE_SYNTHESIS
    synthesis_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validate(Command):
    """The outcome by show of hands, not necessarily unanimous. Recorded by whoever facilitates, or in their absence by who leads."""

    may = Action.VALIDATE
    synthesis_id: str
    read_back_id: str
    favour: int
    against: int
    abstain: int
    notes: str = ""
    facilitator_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectify(Command):
    """Correct one sentence of a validated synthesis: a new version, with a reason and a badge."""

    may = Action.RECTIFY
    synthesis_id: str
    sentence_id: str
    wording: Wording
    reason: str
    of_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMinorityDeclared(Fact):
    kind: ClassVar[str] = "synthesis.no_minority_declared/1"
    none_expressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBackOpened(Fact):
    """About the synthesis; the read-back's id is the cause."""

    kind: ClassVar[str] = "synthesis.read_back_opened/1"
    number: int
    frozen: Frozen
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTurned(Fact):
    kind: ClassVar[str] = "synthesis.page_turned/1"
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceAnswered(Fact):
    """About the read-back. `voter` is keyed like a ballot's; no actor is named."""

    kind: ClassVar[str] = "synthesis.sentence_answered/1"
    names_actor: ClassVar[bool] = False
    synthesis_id: str
    sentence_id: str
    voter: str
    answer: str
    objection: str = ""
    in_bulk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsCounted(Fact):
    """About the read-back."""

    kind: ClassVar[str] = "synthesis.hands_counted/1"
    synthesis_id: str
    sentence_id: str
    agree: int
    object: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBackClosed(Fact):
    kind: ClassVar[str] = "synthesis.read_back_closed/1"
    read_back_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisValidated(Fact):
    """`frozen` again and whole: this one entry is enough to publish from."""

    kind: ClassVar[str] = "synthesis.validated/1"
    read_back_id: str
    number: int
    frozen: Frozen
    fingerprint: str
    favour: int
    against: int
    abstain: int
    notes: str = ""
    facilitator_away: bool = False  # recorded by whoever leads, in the facilitator's place


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisRectified(Fact):
    kind: ClassVar[str] = "synthesis.rectified/1"
    number: int
    of_number: int
    sentence_id: str
    frozen: Frozen
    fingerprint: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFacts:
    """The draft as it stands: what must be true before the read-back. Lists hold ids of what is still in the way."""

    state: str
    frozen: Frozen
    number: int  # of the next version
    uncovered: tuple[str, ...] = ()  # cards that no sentence tells and nobody left out with a reason
    siblings: tuple[str, ...] = ()  # sentences with two wordings


def declare_no_minority(command: DeclareNoMinority, state: str) -> list[Fact]:
    check_writable(state)
    return [NoMinorityDeclared(about=command.synthesis_id, none_expressed=command.none_expressed)]


def open_read_back(command: OpenReadBack, draft: DraftFacts) -> list[Fact]:
    if draft.state == "validated":
        raise SynthesisIsValidated("state")
    check_move(Noun.SYNTHESIS, draft.state, "in_review")
    missing = still_missing(draft)
    if missing:
        raise NotReadyToReadBack("state", missing=missing)
    return [ReadBackOpened(about=command.synthesis_id, number=draft.number, frozen=draft.frozen, fingerprint=draft.frozen.fingerprint())]


def still_missing(draft: DraftFacts) -> dict[str, int]:
    """Name of the check -> how many are in the way; empty when the synthesis may be read back."""
    sections = [sentence.section for sentence in draft.frozen.sentences]
    bare = [s for s in draft.frozen.sentences if not s.evidence and s.section is not Section.MINORITY]
    found = {
        "frame": int(Section.FRAME not in sections),
        "convergences": int(Section.CONVERGENCES not in sections),
        "minority": int(Section.MINORITY not in sections and not draft.frozen.no_minority),
        "uncovered": len(draft.uncovered),
        "siblings": len(draft.siblings),
        "bare": len(bare) if not any(s.evidence for s in draft.frozen.sentences) else 0,
    }
    return {name: count for name, count in found.items() if count}


def turn_page(command: TurnPage, frozen: Frozen | None) -> list[Fact]:
    if frozen is None:
        raise NoReadBackOpen("index")
    if not 0 <= command.index < len(frozen.sentences):
        raise NumberOutOfRange("index", least=0, most=len(frozen.sentences) - 1)
    return [PageTurned(about=command.synthesis_id, index=command.index)]


def answer_sentence(command: AnswerSentence, open_id: str, frozen: Frozen | None, voter: str) -> list[Fact]:
    _check_read_back(command.read_back_id, open_id, frozen, command.sentence_id)
    if command.answer not in {"agree", "object"}:
        raise NotInList("answer", choices=("agree", "object"))
    objection = maybe_words(command.objection, "objection", 280) if command.answer == "object" else ""
    return [
        SentenceAnswered(
            about=command.read_back_id,
            synthesis_id=command.synthesis_id,
            sentence_id=command.sentence_id,
            voter=voter,
            answer=command.answer,
            objection=objection,
            in_bulk=command.in_bulk,
        )
    ]


def count_hands(command: CountHands, open_id: str, frozen: Frozen | None) -> list[Fact]:
    _check_read_back(command.read_back_id, open_id, frozen, command.sentence_id)
    if not (0 <= command.agree <= 500 and 0 <= command.object <= 500):
        raise NumberOutOfRange("agree", least=0, most=500)
    return [
        HandsCounted(
            about=command.read_back_id,
            synthesis_id=command.synthesis_id,
            sentence_id=command.sentence_id,
            agree=command.agree,
            object=command.object,
        )
    ]


def keep_objection(
    command: KeepObjection, state: str, open_id: str, objection: str, evidence: tuple[str, ...], last_position: int, kept: bool
) -> list[Fact]:
    """`kept`: a sentence has these words already. A second objection may be kept after the first has ended the read-back."""
    if state == "validated":
        raise SynthesisIsValidated("answer_id")
    if open_id and command.read_back_id != open_id:
        raise NoReadBackOpen("answer_id")
    if kept:
        raise ChangedMeanwhile("answer_id")
    added = SentenceAdded(
        about=command.command_id,
        synthesis_id=command.synthesis_id,
        section=Section.MINORITY,
        wording=Wording(text=words(objection, "objection", 3, 500)),
        evidence=evidence,
        position=last_position + 100,
        from_answer=command.answer_id,
    )
    return [ReadBackClosed(about=command.synthesis_id, read_back_id=open_id), added] if open_id else [added]


def close_read_back(command: CloseReadBack, open_id: str) -> list[Fact]:
    if not open_id:
        raise NoReadBackOpen("state")
    return [ReadBackClosed(about=command.synthesis_id, read_back_id=open_id)]


def validate(command: Validate, state: str, open_id: str, number: int, frozen: Frozen | None, uncovered: tuple[str, ...]) -> list[Fact]:
    """`uncovered`: cards that no sentence tells now and nobody left out with a reason; they may have come during the reading."""
    check_move(Noun.SYNTHESIS, state, "validated")
    if frozen is None or command.read_back_id != open_id:
        raise SentenceHasChanged("read_back_id")
    if uncovered:
        raise CardsNotTold("state", uncovered=len(uncovered), missing={"uncovered": len(uncovered)})
    for name in ("favour", "against", "abstain"):
        within(getattr(command, name), name, 0, 500)
    if command.favour + command.against + command.abstain == 0:
        raise NumberOutOfRange("favour", least=1, most=500)
    return [
        SynthesisValidated(
            about=command.synthesis_id,
            read_back_id=open_id,
            number=number,
            frozen=frozen,
            fingerprint=frozen.fingerprint(),
            favour=command.favour,
            against=command.against,
            abstain=command.abstain,
            notes=maybe_words(command.notes, "notes", 500),
            facilitator_away=command.facilitator_away,
        )
    ]


def rectify(command: Rectify, state: str, number: int, frozen: Frozen | None) -> list[Fact]:
    if state != "validated" or frozen is None:
        raise NotValidatedYet("state")
    if command.of_number != number:
        raise SentenceHasChanged("of_number")
    if not command.reason.strip():
        raise ReasonMissing("reason")
    changed = _with_wording(frozen, command.sentence_id, command.wording, command.command_id)
    return [
        SynthesisRectified(
            about=command.synthesis_id,
            number=number + 1,
            of_number=number,
            sentence_id=command.sentence_id,
            frozen=changed,
            fingerprint=changed.fingerprint(),
            reason=words(command.reason, "reason", 3, 300),
        )
    ]


def _with_wording(frozen: Frozen, sentence_id: str, wording: Wording, version_id: str) -> Frozen:
    if sentence_id not in {sentence.id for sentence in frozen.sentences}:
        raise NotFound("sentence_id")
    sentences = tuple(
        FrozenSentence(id=s.id, section=s.section, version_id=version_id, wording=checked(wording, s.section), evidence=s.evidence)
        if s.id == sentence_id
        else s
        for s in frozen.sentences
    )
    return Frozen(sentences=sentences, priorities=frozen.priorities, no_minority=frozen.no_minority)


def _check_read_back(asked_id: str, open_id: str, frozen: Frozen | None, sentence_id: str) -> None:
    if not open_id or frozen is None:
        raise NoReadBackOpen("sentence_id")
    if asked_id != open_id or sentence_id not in {sentence.id for sentence in frozen.sentences}:
        raise SentenceHasChanged("sentence_id")
