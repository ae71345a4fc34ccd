"""Who hears what: the only place that decides it. `deliveries(fact)`, `may_hear(actor, topic)`."""

from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias

from workshop.domain.cluster import (
    BoardActUndone,
    CardPlaced,
    ClusterAdded,
    ClusterMerged,
    ClusterOrdered,
    ClusterRemoved,
    ClusterTitled,
)
from workshop.domain.contribution import (
    ContributionAdded,
    ContributionCorrected,
    ContributionLeftOut,
    ContributionMerged,
    ContributionRedacted,
    ContributionTended,
    ContributionTranslated,
    ContributionWithdrawn,
)
from workshop.domain.dots import BallotClosed, DotsCast, PaperDotsCounted
from workshop.domain.erasure import ErasureConfirmed, WordsErased
from workshop.domain.fact import Edit, Fact
from workshop.domain.good_practice import GoodPracticeAdded, GoodPracticeChanged, GoodPracticeRemoved
from workshop.domain.limits import StepLimited
from workshop.domain.local_resource import LocalResourceAdded, LocalResourceChanged, LocalResourceRemoved
from workshop.domain.meeting import MeetingMoved, MeetingPlanned, MeetingReplanned, RunningSheetSet
from workshop.domain.participant import ParticipantJoined, SeatTaken
from workshop.domain.people import Actor, Role
from workshop.domain.photo import PhotoAdded, PhotoRemoved
from workshop.domain.process import ProcessCreated, ProcessDescribed, ProcessMoved
from workshop.domain.review import DifferenceNoted
from workshop.domain.screen import ScreenTurned
from workshop.domain.sentence import EvidenceCited, SentenceAdded, SentencePlaced, SentenceRemoved, SentenceRewritten
from workshop.domain.step import StepExtended, StepMoved
from workshop.domain.stream import StreamOpened
from workshop.domain.synthesis import (
    HandsCounted,
    NoMinorityDeclared,
    PageTurned,
    ReadBackClosed,
    ReadBackOpened,
    SentenceAnswered,
    SynthesisRectified,
    SynthesisValidated,
)
from workshop.domain.work_table import HelpCalled, TableMoved, TablePrepared, TableRethemed
from workshop.web.live.topics import Name, Topic, archive, board, cockpit, person, review, screen, synthesis, table, throughout


@dataclass(frozen=True, slots=True)
class Show:
    """Push one element: `fragment` names a loader and template in fragments_told.py, `thing_id` what it shows."""

    topic: Topic
    fragment: str
    thing_id: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """The page fetches itself again: several of them within a tenth of a second are one."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Resubscribe:
    """This person's seat changed: the phone asks again what it may hear."""

    participant_id: str


Delivery: TypeAlias = Show | Refresh | Resubscribe


def may_hear(actor: Actor, topic: Topic) -> bool:
    """Asked when a page joins a topic and when it fetches one."""
    match topic.name:
        case Name.BOARD | Name.SYNTHESIS:
            return actor.serves(topic.id)
        case Name.TABLE:
            return actor.sits_at(topic.id) or actor.serves(topic.id)
        case Name.COCKPIT | Name.ARCHIVE | Name.REVIEW:
            return actor.leads
        case Name.SCREEN:
            return True  # shows what the whole room sees
        case Name.PERSON:
            return actor.role is Role.PARTICIPANT and actor.id == topic.id


def to_review(fact: Fact, scope: str) -> list[Delivery]:
    """Besides its own audience: an edit may stand beside another one, or settle it; what is added here is new to everybody."""
    added = isinstance(fact, ContributionAdded | ClusterAdded | SentenceAdded | GoodPracticeAdded | LocalResourceAdded)
    changes = isinstance(fact, Edit | DifferenceNoted | ContributionWithdrawn | SentenceRemoved | EvidenceCited) and not added
    return [Refresh(review(scope))] if changes else []


@singledispatch
def deliveries(fact: Fact, scope: str) -> list[Delivery]:
    """Everybody who has to hear of a fact. A test asserts that every fact has its own answer."""
    raise TypeError(f"nobody said who hears {type(fact).__name__}")


@deliveries.register
def _(fact: ContributionAdded, scope: str) -> list[Delivery]:
    at = fact.work_table_id
    return [
        Show(board(at), "card", fact.about),
        Show(board(at), "tally", at),
        Show(table(at), "count", at),
        Refresh(synthesis(at)),  # a late card is a card that no sentence tells yet
        Refresh(cockpit(fact.meeting_id)),
        Refresh(screen(fact.meeting_id)),
        *([Refresh(person(fact.participant_id))] if fact.participant_id else []),
    ]


@deliveries.register(ContributionCorrected)
@deliveries.register(ContributionWithdrawn)
@deliveries.register(ContributionRedacted)
@deliveries.register(ContributionTranslated)
@deliveries.register(ContributionTended)
@deliveries.register(ContributionMerged)
@deliveries.register(CardPlaced)
@deliveries.register(ClusterAdded)
@deliveries.register(ClusterTitled)
@deliveries.register(ClusterMerged)
@deliveries.register(ClusterOrdered)
@deliveries.register(ClusterRemoved)
@deliveries.register(BoardActUndone)
def _(fact: CardPlaced, scope: str) -> list[Delivery]:
    """What changes the board is seen on it, on the table's phones, beside the synthesis, and on the room's screen."""
    at = fact.work_table_id
    return [Refresh(board(at)), Refresh(table(at)), Refresh(synthesis(at)), Refresh(throughout(Name.SCREEN, scope))]


@deliveries.register
def _(fact: ContributionLeftOut, scope: str) -> list[Delivery]:
    return [Refresh(synthesis(fact.work_table_id))]


@deliveries.register
def _(fact: StepMoved, scope: str) -> list[Delivery]:
    at = fact.work_table_id
    here: list[Delivery] = [Refresh(board(at)), Refresh(table(at)), Refresh(synthesis(at))] if at else []
    return [*here, Refresh(cockpit(fact.meeting_id)), Refresh(screen(fact.meeting_id))]


@deliveries.register
def _(fact: StepExtended, scope: str) -> list[Delivery]:
    at = fact.work_table_id
    return [Refresh(board(at)), Refresh(table(at)), Refresh(cockpit(fact.meeting_id)), Refresh(screen(fact.meeting_id))]


@deliveries.register
def _(fact: StepLimited, scope: str) -> list[Delivery]:
    """Phones too: they show what is left."""
    return [Refresh(throughout(Name.BOARD, scope)), Refresh(cockpit(fact.meeting_id)), Refresh(screen(fact.meeting_id))]


@deliveries.register(DotsCast)
@deliveries.register(PaperDotsCounted)
def _(fact: DotsCast, scope: str) -> list[Delivery]:
    """Only how many have voted is shown, never what."""
    return [Refresh(board(fact.work_table_id)), Refresh(throughout(Name.SCREEN, scope))]


@deliveries.register
def _(fact: BallotClosed, scope: str) -> list[Delivery]:
    at = fact.work_table_id
    return [Refresh(board(at)), Refresh(table(at)), Refresh(synthesis(at)), Refresh(throughout(Name.SCREEN, scope))]


@deliveries.register(SentenceAdded)
@deliveries.register(SentenceRewritten)
@deliveries.register(EvidenceCited)
@deliveries.register(SentencePlaced)
@deliveries.register(SentenceRemoved)
def _(fact: SentenceAdded, scope: str) -> list[Delivery]:
    return [Refresh(synthesis(fact.synthesis_id))]


@deliveries.register
def _(fact: NoMinorityDeclared, scope: str) -> list[Delivery]:
    return [Refresh(synthesis(fact.about))]


@deliveries.register(ReadBackOpened)
@deliveries.register(ReadBackClosed)
@deliveries.register(PageTurned)
@deliveries.register(SynthesisValidated)
@deliveries.register(SynthesisRectified)
def _(fact: ReadBackOpened, scope: str) -> list[Delivery]:
    at = fact.about
    here = [Refresh(synthesis(at)), Refresh(table(at)), Refresh(board(at)), Refresh(archive(scope))]
    return [*here, Refresh(throughout(Name.SCREEN, scope)), Refresh(throughout(Name.COCKPIT, scope))]


@deliveries.register(SentenceAnswered)
@deliveries.register(HandsCounted)
def _(fact: SentenceAnswered, scope: str) -> list[Delivery]:
    return [Refresh(synthesis(fact.synthesis_id)), Refresh(throughout(Name.SCREEN, scope))]


@deliveries.register
def _(fact: ParticipantJoined, scope: str) -> list[Delivery]:
    return [Refresh(cockpit(fact.about))]


@deliveries.register
def _(fact: SeatTaken, scope: str) -> list[Delivery]:
    tables, who = [at for at in (fact.about, fact.left_table_id) if at], fact.participant_id
    return [*(Refresh(board(at)) for at in tables), Refresh(cockpit(fact.meeting_id)), Refresh(person(who)), Resubscribe(who)]


@deliveries.register
def _(fact: TablePrepared, scope: str) -> list[Delivery]:
    return [Refresh(cockpit(fact.meeting_id)), Refresh(screen(fact.meeting_id))]


@deliveries.register
def _(fact: TableRethemed, scope: str) -> list[Delivery]:
    whole = [Refresh(throughout(name, scope)) for name in (Name.COCKPIT, Name.SCREEN)]
    return [Refresh(board(fact.about)), Refresh(table(fact.about)), *whole]


@deliveries.register
def _(fact: TableMoved, scope: str) -> list[Delivery]:
    here = [Refresh(board(fact.about)), Refresh(table(fact.about)), Refresh(synthesis(fact.about))]
    return [*here, Refresh(cockpit(fact.meeting_id)), Refresh(screen(fact.meeting_id))]


@deliveries.register
def _(fact: HelpCalled, scope: str) -> list[Delivery]:
    return [Refresh(board(fact.about)), Refresh(cockpit(fact.meeting_id))]


@deliveries.register(PhotoAdded)
@deliveries.register(PhotoRemoved)
def _(fact: PhotoAdded, scope: str) -> list[Delivery]:
    return [Refresh(board(fact.work_table_id)), Refresh(synthesis(fact.work_table_id)), Refresh(archive(scope))]


@deliveries.register
def _(fact: MeetingMoved, scope: str) -> list[Delivery]:
    """Phones too: they open and close with the meeting."""
    return [Refresh(cockpit(fact.about)), Refresh(screen(fact.about)), Refresh(Topic(Name.BOARD, scope))]


@deliveries.register(MeetingReplanned)
@deliveries.register(RunningSheetSet)
@deliveries.register(ScreenTurned)
def _(fact: ScreenTurned, scope: str) -> list[Delivery]:
    return [Refresh(cockpit(fact.about)), Refresh(screen(fact.about))]


@deliveries.register(ProcessCreated)
@deliveries.register(ProcessDescribed)
@deliveries.register(ProcessMoved)
@deliveries.register(MeetingPlanned)
def _(fact: ProcessCreated, scope: str) -> list[Delivery]:
    return [Refresh(archive(scope)), Refresh(throughout(Name.COCKPIT, scope))]


@deliveries.register(GoodPracticeAdded)
@deliveries.register(GoodPracticeChanged)
@deliveries.register(GoodPracticeRemoved)
@deliveries.register(LocalResourceAdded)
@deliveries.register(LocalResourceChanged)
@deliveries.register(LocalResourceRemoved)
def _(fact: GoodPracticeAdded, scope: str) -> list[Delivery]:
    """Prepared before the day, and read when somebody looks: no page of the day shows them among what is live."""
    return []


@deliveries.register
def _(fact: DifferenceNoted, scope: str) -> list[Delivery]:
    """Only the list of what is to be decided: see `to_review`."""
    return []


@deliveries.register
def _(fact: StreamOpened, scope: str) -> list[Delivery]:
    return []


@deliveries.register
def _(fact: WordsErased, scope: str) -> list[Delivery]:
    return []  # nothing is gone yet: the eraser tells everybody when it is


@deliveries.register
def _(fact: ErasureConfirmed, scope: str) -> list[Delivery]:
    return []
