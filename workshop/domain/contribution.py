"""A contribution (card): somebody's own words, by phone, by voice through a scribe, or on paper. Three channels of equal rank."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import NotAllowed, NotInList, ReasonMissing, Refusal, Sort
from workshop.domain.step import StepFacts, StepIsNotFor, StepNotOpenYet, TableIsClosed, Verb
from workshop.domain.text import CARD_LEAST, CARD_MOST, language_of, maybe_words, personal_data_in, words


class Kind(StrEnum):
    """The closed list; a step asks for some of them."""

    VIEWPOINT = "viewpoint"
    NEED = "need"
    EXPERIENCE = "experience"
    CONCERN = "concern"
    PROPOSAL = "proposal"
    REFLECTION = "reflection"
    QUESTION = "question"
    IDEA = "idea"
    TOPIC = "topic"
    VISION = "vision"


class Channel(StrEnum):
    PHONE = "phone"
    SCRIBE = "scribe"
    PAPER = "paper"


ENTERED: Final = (Channel.SCRIBE, Channel.PAPER)  # what staff may type; a phone speaks for itself
SMALL_ACTS: Final = ("read", "confirmed", "reviewed")


class KindNotAskedFor(Refusal):
    """Detail: kinds that the step asks for."""


class QuotaUsed(Refusal):
    """Detail: quota."""

    sort = Sort.OUT_OF_STEP


class CardIsGone(Refusal):
    """Withdrawn by its author: its text is not to be worked on any more."""

    sort = Sort.OUT_OF_STEP


class CannotMergeHere(Refusal):
    """With itself, with a card of another table, with a card that is itself merged, or a card that others are merged into."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class AddContribution(Command):
    """A participant sends a card from the phone. `command_id` is the card's id: sending twice adds once."""

    may = Action.ADD_OWN_CARD
    work_table_id: str
    step_id: str
    kind: Kind
    text: str
    language: str = "it"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterContribution(Command):
    """Staff type a card that was dictated, or copy one from paper. `original` keeps another language's words beside the translation."""

    may = Action.ENTER_CARD
    work_table_id: str
    step_id: str
    kind: Kind
    text: str
    channel: Channel
    language: str = "it"
    translation: str = ""
    paper_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectContribution(Command):
    """The author writes it better: a new version, the first one is kept."""

    may = Action.CHANGE_OWN_CARD
    contribution_id: str
    text: str
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawContribution(Command):
    may = Action.CHANGE_OWN_CARD
    contribution_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactContribution(Command):
    """Staff put other words, agreed with the table, in place of words that identify or offend. The reason is kept."""

    may = Action.TEND_CARDS
    contribution_id: str
    text: str
    reason: str
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TendContribution(Command):
    """Small acts of the facilitator on one card: `read` (aloud), `confirmed` (by the speaker), `reviewed` (the hint was looked at)."""

    may = Action.TEND_CARDS
    contribution_id: str
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateContribution(Command):
    may = Action.TEND_CARDS
    contribution_id: str
    translation: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeContribution(Command):
    """Said twice: both texts stay, the count is information. Empty `into_id` takes them apart again."""

    may = Action.TEND_CARDS
    contribution_id: str
    into_id: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut(Command):
    """Read, not taken up: the table knows that no sentence tells this card, and why. Empty reason takes it back."""

    may = Action.WRITE_SYNTHESIS
    contribution_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionAdded(Edit):
    """Its first text is its first version. What was told to the person (number, code, late) is decided here, once."""

    kind: ClassVar[str] = "contribution.added/1"
    meeting_id: str
    work_table_id: str
    step_id: str
    card_kind: Kind
    text: str
    language: str
    channel: Channel
    number: int  # within the meeting: "received, no. 47"
    seq: int  # within the table: T4-03
    late: bool = False
    hints: tuple[str, ...] = ()  # what looks like personal data: to be reviewed before others see it
    participant_id: str = ""
    translation: str = ""
    paper_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCorrected(Edit):
    kind: ClassVar[str] = "contribution.corrected/1"
    work_table_id: str
    text: str
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionWithdrawn(Fact):
    """`saw`: versions of its text at that moment; one that came from elsewhere is for a person to look at."""

    kind: ClassVar[str] = "contribution.withdrawn/1"
    work_table_id: str
    saw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionRedacted(Edit):
    kind: ClassVar[str] = "contribution.redacted/1"
    work_table_id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionTended(Fact):
    kind: ClassVar[str] = "contribution.tended/1"
    work_table_id: str
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionTranslated(Edit):
    kind: ClassVar[str] = "contribution.translated/1"
    work_table_id: str
    translation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionMerged(Edit):
    kind: ClassVar[str] = "contribution.merged/1"
    work_table_id: str
    into_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionLeftOut(Fact):
    kind: ClassVar[str] = "contribution.left_out/1"
    work_table_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What rules need to know of a card that exists."""

    id: str
    work_table_id: str
    participant_id: str
    withdrawn: bool = False
    merged_into: str = ""
    holds: int = 0  # cards merged into it
    place_versions: frozenset[str] = frozenset()  # every version of where it lies, replaced ones too


def add_contribution(command: AddContribution, step: StepFacts, meeting_id: str, used: int, number: int, seq: int, who: str) -> list[Fact]:
    """Late cards are kept and marked late, never refused: nothing said is lost."""
    _check_step(step, command.kind)
    if step.step.quota and used >= step.step.quota:
        raise QuotaUsed("text", quota=step.step.quota)
    text = words(command.text, "text", CARD_LEAST, CARD_MOST)
    return [
        ContributionAdded(
            about=command.command_id,
            meeting_id=meeting_id,
            work_table_id=command.work_table_id,
            step_id=command.step_id,
            card_kind=command.kind,
            text=text,
            language=language_of(command.language),
            channel=Channel.PHONE,
            number=number,
            seq=seq,
            late=not step.takes_in_time,
            hints=personal_data_in(text),
            participant_id=who,
        )
    ]


def enter_contribution(command: EnterContribution, step: StepFacts, meeting_id: str, number: int, seq: int) -> list[Fact]:
    _check_step(step, command.kind)
    if command.channel not in ENTERED:
        raise NotInList("channel", choices=ENTERED)
    text = words(command.text, "text", CARD_LEAST, CARD_MOST)
    return [
        ContributionAdded(
            about=command.command_id,
            meeting_id=meeting_id,
            work_table_id=command.work_table_id,
            step_id=command.step_id,
            card_kind=command.kind,
            text=text,
            language=language_of(command.language),
            channel=command.channel,
            number=number,
            seq=seq,
            late=not step.takes_in_time,
            hints=personal_data_in(text),
            translation=maybe_words(command.translation, "translation", CARD_MOST),
            paper_number=maybe_words(command.paper_number, "paper_number", 12),
        )
    ]


def correct_contribution(command: CorrectContribution, card: CardFacts, who: str) -> list[Fact]:
    _check_own(card, who)
    text = words(command.text, "text", CARD_LEAST, CARD_MOST)
    return [
        ContributionCorrected(
            about=card.id, work_table_id=card.work_table_id, text=text, hints=personal_data_in(text), replaces=command.replaces
        )
    ]


def withdraw_contribution(command: WithdrawContribution, card: CardFacts, who: str, saw: tuple[str, ...] = ()) -> list[Fact]:
    _check_own(card, who)
    return [ContributionWithdrawn(about=card.id, work_table_id=card.work_table_id, saw=saw)]


def redact_contribution(command: RedactContribution, card: CardFacts) -> list[Fact]:
    _check_there(card)
    if not command.reason.strip():
        raise ReasonMissing("reason")
    text = words(command.text, "text", CARD_LEAST, CARD_MOST)
    reason = words(command.reason, "reason", 3, 300)
    return [ContributionRedacted(about=card.id, work_table_id=card.work_table_id, text=text, reason=reason, replaces=command.replaces)]


def tend_contribution(command: TendContribution, card: CardFacts) -> list[Fact]:
    _check_there(card)
    if command.act not in SMALL_ACTS:
        raise NotInList("act", choices=SMALL_ACTS)
    return [ContributionTended(about=card.id, work_table_id=card.work_table_id, act=command.act)]


def translate_contribution(command: TranslateContribution, card: CardFacts) -> list[Fact]:
    _check_there(card)
    translation = words(command.translation, "translation", CARD_LEAST, CARD_MOST)
    return [ContributionTranslated(about=card.id, work_table_id=card.work_table_id, translation=translation, replaces=command.replaces)]


def merge_contribution(command: MergeContribution, card: CardFacts, into: CardFacts | None) -> list[Fact]:
    """No chains: a card that already holds others, or is itself held, is opened first."""
    _check_there(card)
    if command.into_id and (card.holds or not _may_hold(into, card)):
        raise CannotMergeHere("into_id")
    return [ContributionMerged(about=card.id, work_table_id=card.work_table_id, into_id=command.into_id, replaces=command.replaces)]


def leave_out(command: LeaveOut, card: CardFacts) -> list[Fact]:
    return [ContributionLeftOut(about=card.id, work_table_id=card.work_table_id, reason=maybe_words(command.reason, "reason", 300))]


def _check_step(step: StepFacts, kind: Kind) -> None:
    if step.step.do is not Verb.COLLECT:
        raise StepIsNotFor("step_id", verb=step.step.do)
    if step.table_state in {"closed", "merged"} and step.state == "planned":
        raise TableIsClosed("work_table_id")
    if step.state in {"planned", "skipped"}:
        raise StepNotOpenYet("step_id")
    if step.step.kinds and kind not in step.step.kinds:
        raise KindNotAskedFor("kind", kinds=step.step.kinds)


def _may_hold(into: CardFacts | None, card: CardFacts) -> bool:
    if into is None or into.id == card.id or into.work_table_id != card.work_table_id:
        return False
    return not (into.merged_into or into.withdrawn)


def _check_own(card: CardFacts, who: str) -> None:
    if not who or card.participant_id != who:
        raise NotAllowed("contribution_id")
    _check_there(card)


def _check_there(card: CardFacts) -> None:
    if card.withdrawn:
        raise CardIsGone("contribution_id")
