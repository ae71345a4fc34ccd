"""One showing of the demonstration: who acts, what has been made so far, and how a command is given."""

from dataclasses import dataclass, field
from typing import Final, cast

from workshop.demo_content.story import CardTold, ClusterTold, PersonTold, Story, TableTold
from workshop.dispatch.front_door import job_of
from workshop.domain.command import Command
from workshop.domain.contribution import Channel
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.domain.refusal import Refusal
from workshop.domain.step import MoveStep
from workshop.record.writer import Receipt, Writer

AGAIN: Final = "Un altro giro: c'è ancora chi vuole parlare"


class DemoRefused(RuntimeError):
    """A rule refuses what the demonstration does: one of the two is wrong. Nothing of this chapter is kept."""


@dataclass(slots=True)
class Play:
    """Kept from chapter to chapter: names in the story -> ids in the record."""

    story: Story
    process_id: str = field(default_factory=new_id)
    meeting_id: str = ""
    steps: dict[str, str] = field(default_factory=dict)
    tables: dict[int, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)
    lead: Actor = field(default_factory=lambda: Actor(role=Role.LEAD, id=new_id()))

    def participant(self, key: str, table: int) -> Actor:
        return Actor(role=Role.PARTICIPANT, id=self.people[key], meeting_id=self.meeting_id, tables=frozenset({self.tables[table]}))


@dataclass(frozen=True, slots=True)
class Hand:
    """Gives commands inside the writer's transaction, by the same way as everybody's."""

    play: Play
    writer: Writer

    def gives(self, command: Command, actor: Actor | None = None) -> Receipt:
        """The lead does it when nobody else is named."""
        try:
            return cast("Receipt", job_of(command, actor or self.play.lead)(self.writer))
        except Refusal as refusal:
            raise DemoRefused(f"{type(refusal).__name__} {refusal.field} {refusal.detail}: {command}") from refusal


@dataclass(slots=True)
class AtTable:
    """One table in one chapter: its staff, the step that is open, which cards were read aloud."""

    hand: Hand
    told: TableTold
    been: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    facilitator: Actor = field(init=False)
    scribe: Actor = field(init=False)

    def __post_init__(self) -> None:
        here = frozenset({self.id})
        self.facilitator = Actor(role=Role.FACILITATOR, id=new_id(), meeting_id=self.play.meeting_id, tables=here)
        self.scribe = Actor(role=Role.SCRIBE, id=new_id(), meeting_id=self.play.meeting_id, tables=here)

    @property
    def play(self) -> Play:
        return self.hand.play

    @property
    def id(self) -> str:
        return self.play.tables[self.told.number]

    @property
    def cards(self) -> list[CardTold]:
        return [card for card in self.play.story.cards if card.table == self.told.number]

    @property
    def clusters(self) -> list[ClusterTold]:
        return [cluster for cluster in self.play.story.clusters if cluster.table == self.told.number]

    @property
    def people(self) -> list[PersonTold]:
        return [person for person in self.play.story.people if person.table == self.told.number]

    @property
    def phones(self) -> list[Actor]:
        return [self.play.participant(person.key, person.table) for person in self.people if person.channel is Channel.PHONE]

    def walk(self, *keys: str) -> None:
        """Through these steps of the running sheet, one after the other; a step that was closed is opened again by the lead."""
        for key in keys:
            if not self.been or self.been[-1] != key:
                self._open(key)

    def _open(self, key: str) -> None:
        again = key in self.been
        command = MoveStep(
            command_id=new_id(),
            process_id=self.play.process_id,
            meeting_id=self.play.meeting_id,
            work_table_id=self.id,
            step_id=self.play.steps[key],
            state="open",
            reason=AGAIN if again else "",
        )
        self.hand.gives(command, self.play.lead if again else self.facilitator)
        self.been.append(key)
