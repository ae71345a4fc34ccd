"""The living thread, both ways: card -> group -> sentence -> what comes after, and from a sentence back to its cards. Nobody is named."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from workshop.domain.cluster import PARKED
from workshop.domain.refusal import NotFound
from workshop.domain.sentence import Section, Wording
from workshop.record.queries.absent import cards_that_stayed
from workshop.record.queries.archive import Kept, the_kept_synthesis
from workshop.record.queries.ballots import results_told
from workshop.record.queries.boards import Board, Cluster, the_board
from workshop.record.queries.cards import Card, the_card
from workshop.record.queries.evidence import Exhibit, cited, exhibits_of
from workshop.record.queries.syntheses import sentences_of, the_sentence
from workshop.record.queries.tables import TableShown


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence as it stands: in the confirmed version if there is one, else in the draft."""

    id: str
    section: Section
    wording: Wording
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every thread of a table needs: its synthesis as kept, its board, the sentences, dots told for each group."""

    kept: Kept
    board: Board
    exhibits: dict[str, Exhibit]
    sentences: tuple[Told, ...]
    dots: dict[str, int]
    stayed: int  # cards of the process whose words stayed in the room: which of them lie in a group is not known here

    @property
    def table(self) -> TableShown:
        return self.kept.table

    def behind(self, ids: Iterable[str]) -> list[Exhibit]:
        return cited(self.exhibits, ids)

    def telling(self, things: Iterable[str]) -> list[Told]:
        wanted = set(things)
        return [s for s in self.sentences if wanted & set(s.evidence)]

    def group_of(self, card: Card) -> Cluster | None:
        standing = card.merged_into or card.id
        return next((g for g in self.board.clusters if any(c.id == standing for c in g.cards)), None)

    def group(self, group_id: str) -> Cluster | None:
        """Also by the id of one that was merged into it."""
        return next((g for g in self.board.clusters if group_id in names_of(g)), None)


@dataclass(frozen=True, slots=True)
class CardThread:
    """`same`: cards that say the same, merged into one; `told`: sentences that cite the card or its group."""

    card: Card
    ground: Ground
    group: Cluster | None
    same: tuple[Card, ...]
    told: list[Told]

    @property
    def is_parked(self) -> bool:
        return self.card.place == PARKED


@dataclass(frozen=True, slots=True)
class GroupThread:
    group: Cluster
    ground: Ground
    told: list[Told]


@dataclass(frozen=True, slots=True)
class SentenceThread:
    """`cards` and `groups` behind the sentence; `others`: sentences that live on the same cards or groups."""

    sentence: Told
    ground: Ground
    cards: list[Exhibit]
    groups: list[Cluster]
    others: list[Told]


def thread_of_card(connection: Connection, card_id: str) -> CardThread:
    card = the_card(connection, card_id)
    if not card.work_table_id:
        raise NotFound("card_id")
    ground = the_ground(connection, card.work_table_id)
    group = ground.group_of(card)
    same = tuple(c for c in ground.board.cards if c.id != card.id and (c.merged_into or c.id) == (card.merged_into or card.id))
    things = {card.id, card.merged_into, *(names_of(group) if group else ())}
    return CardThread(card, ground, group, same, ground.telling(things))


def thread_of_group(connection: Connection, work_table_id: str, group_id: str) -> GroupThread:
    ground = the_ground(connection, work_table_id)
    group = ground.group(group_id)
    if group is None:
        raise NotFound("cluster_id")
    return GroupThread(group, ground, ground.telling({*names_of(group), *(c.id for c in group.cards)}))


def thread_of_sentence(connection: Connection, sentence_id: str) -> SentenceThread:
    ground = the_ground(connection, the_sentence(connection, sentence_id).synthesis_id)
    told = next((s for s in ground.sentences if s.id == sentence_id), None)
    if told is None:
        raise NotFound("sentence_id")
    groups = [g for g in ground.board.clusters if set(told.evidence) & set(names_of(g))]
    cards = [e for e in ground.behind(told.evidence) if e.sort != "group"]
    things = {*told.evidence, *(c.id for g in groups for c in g.cards), *(n for g in groups for n in names_of(g))}
    return SentenceThread(told, ground, cards, groups, [s for s in ground.telling(things) if s.id != told.id])


def the_ground(connection: Connection, work_table_id: str) -> Ground:
    kept = the_kept_synthesis(connection, work_table_id).kept
    board, results = the_board(connection, work_table_id), results_told(connection, work_table_id)
    dots = list(results.values())[-1].totals if results else {}
    exhibits, stayed = exhibits_of(connection, board, kept.table), cards_that_stayed(connection, kept.table.process_id)
    return Ground(kept, board, exhibits, _sentences(connection, kept), dots, stayed)


def names_of(group: Cluster) -> tuple[str, ...]:
    """Its id and those of the groups merged into it."""
    return (group.id, *(merged.id for merged in group.merged))


def _sentences(connection: Connection, kept: Kept) -> tuple[Told, ...]:
    if kept.confirmed and kept.confirmed.frozen:
        return tuple(Told(s.id, s.section, s.wording, s.evidence) for s in kept.confirmed.frozen.sentences)
    return tuple(Told(s.id, s.section, s.wording, s.evidence) for s in sentences_of(connection, kept.table.id) if not s.removed)
