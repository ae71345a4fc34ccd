"""What the demonstration tells, in words of the program."""

from dataclasses import dataclass

from workshop.domain.contribution import Channel, Kind
from workshop.domain.good_practice import GoodPractice
from workshop.domain.local_resource import LocalResource
from workshop.domain.meeting import Plan
from workshop.domain.process import Description
from workshop.domain.sentence import Section, Wording
from workshop.domain.work_table import Theme


@dataclass(frozen=True, slots=True)
class MeetingTold:
    """`moved` is its later plan, with the reason that was given."""

    plan: Plan
    pack: str
    states: tuple[str, ...]
    moved: Plan | None
    reason: str


@dataclass(frozen=True, slots=True)
class TableTold:
    """`stage`: how far this table has come, in the words of the file: raccolta, voto, scrittura, rilettura, convalidata, rettificata."""

    number: int
    theme: Theme
    stage: str


@dataclass(frozen=True, slots=True)
class PersonTold:
    key: str
    table: int
    category: str
    language: str
    channel: Channel
    nickname: str
    then_table: int


@dataclass(frozen=True, slots=True)
class CardTold:
    """`first_text`: what was sent before the table agreed on other words."""

    code: str
    kind: Kind
    text: str
    channel: Channel
    language: str
    translation: str
    author: str
    paper_number: str
    first_text: str
    reason: str
    merged_into: str
    late: bool
    withdrawn: bool
    parked: bool

    @property
    def table(self) -> int:
        return int(self.code[1])


@dataclass(frozen=True, slots=True)
class ClusterTold:
    key: str
    table: int
    title: str
    description: str
    dots: int
    cards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentenceTold:
    """`evidence`: codes of cards and keys of clusters."""

    section: Section
    wording: Wording
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynthesisTold:
    """`vote`: favour, against, abstain. `correction`: which sentence, its new words, why."""

    table: int
    sentences: tuple[SentenceTold, ...]
    vote: tuple[int, int, int]
    correction: tuple[int, str, str]
    objection: str


@dataclass(frozen=True, slots=True)
class Story:
    description: Description
    meetings: tuple[MeetingTold, ...]
    practices: tuple[GoodPractice, ...]
    resources: tuple[LocalResource, ...]
    tables: tuple[TableTold, ...]
    people: tuple[PersonTold, ...]
    cards: tuple[CardTold, ...]
    clusters: tuple[ClusterTold, ...]
    syntheses: tuple[SynthesisTold, ...]
