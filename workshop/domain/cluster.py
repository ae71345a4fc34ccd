"""Clusters (raggruppamenti): an act of the table. The program moves nothing by itself and every move can be undone."""

from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.contribution import CardFacts, CardIsGone, ContributionMerged
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import ChangedMeanwhile, NotAllowed, Refusal, Sort
from workshop.domain.text import TITLE_MOST, maybe_words, position_of, words

PARKED: Final = "parked"  # place of a card in the parking lot
LOOSE: Final = ""  # place of a card in no cluster: an orphan


class ClusterIsGone(Refusal):
    """Removed or merged into another."""

    sort = Sort.OUT_OF_STEP


class NothingToUndo(Refusal):
    sort = Sort.OUT_OF_STEP


class CannotMergeClusters(Refusal):
    """With itself or with a cluster of another table."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCards(Command):
    """One or several cards go to a place: a cluster's id, `parked`, or empty for none. `replaces`: every version of their place seen."""

    may = Action.ARRANGE_BOARD
    work_table_id: str
    contribution_ids: tuple[str, ...]
    place: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCluster(Command):
    """A new cluster, perhaps with cards in it at once (that is also how a cluster is split). `command_id` is its id."""

    may = Action.ARRANGE_BOARD
    work_table_id: str
    title: str = ""
    contribution_ids: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleCluster(Command):
    may = Action.ARRANGE_BOARD
    cluster_id: str
    title: str
    description: str = ""
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCluster(Command):
    """The cards are read as the other cluster's; empty `into_id` takes them apart again."""

    may = Action.ARRANGE_BOARD
    cluster_id: str
    into_id: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCluster(Command):
    """Where it stands among the clusters; positions are numbers with room between them."""

    may = Action.ARRANGE_BOARD
    cluster_id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoBoardAct(Command):
    """Take back one act on the board, the last one that stands; nothing leaves the record."""

    may = Action.ARRANGE_BOARD
    work_table_id: str
    act_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlaced(Edit):
    """About the card. Two people who move one card at once leave two versions, both shown."""

    kind: ClassVar[str] = "contribution.placed/1"
    work_table_id: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAdded(Edit):
    kind: ClassVar[str] = "cluster.added/1"
    work_table_id: str
    title: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterTitled(Edit):
    kind: ClassVar[str] = "cluster.titled/1"
    work_table_id: str
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMerged(Edit):
    kind: ClassVar[str] = "cluster.merged/1"
    work_table_id: str
    into_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOrdered(Edit):
    kind: ClassVar[str] = "cluster.ordered/1"
    work_table_id: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRemoved(Edit):
    """Only as the undoing of its adding; `removed` False brings it back."""

    kind: ClassVar[str] = "cluster.removed/1"
    work_table_id: str
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardActUndone(Fact):
    """About the command that was undone."""

    kind: ClassVar[str] = "board.act_undone/1"
    work_table_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFacts:
    id: str
    work_table_id: str
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One version that an act wrote, and what stood there before. `stands` is False when somebody replaced it since."""

    thing_id: str
    field: str  # place, title, merged_into, position, removed
    replaces: tuple[str, ...]  # the versions an undo replaces: this one, or the undoings that brought it back
    before: object
    stands: bool


def move_cards(command: MoveCards, cards: list[CardFacts], cluster: ClusterFacts | None) -> list[Fact]:
    _check_cards(cards, command.work_table_id)
    if command.place not in {PARKED, LOOSE}:
        _check_cluster(cluster, command.work_table_id)
    return [_placed(command.work_table_id, card, command.place, command.replaces) for card in cards]


def add_cluster(command: AddCluster, cards: list[CardFacts], position: int) -> list[Fact]:
    _check_cards(cards, command.work_table_id)
    title = maybe_words(command.title, "title", TITLE_MOST)
    added = ClusterAdded(about=command.command_id, work_table_id=command.work_table_id, title=title, position=position)
    return [added, *(_placed(command.work_table_id, card, command.command_id, command.replaces) for card in cards)]


def title_cluster(command: TitleCluster, cluster: ClusterFacts) -> list[Fact]:
    title = words(command.title, "title", 3, TITLE_MOST)
    description = maybe_words(command.description, "description", 300)
    return [
        ClusterTitled(
            about=cluster.id, work_table_id=cluster.work_table_id, title=title, description=description, replaces=command.replaces
        )
    ]


def merge_cluster(command: MergeCluster, cluster: ClusterFacts, into: ClusterFacts | None) -> list[Fact]:
    if command.into_id and (into is None or into.id == cluster.id or into.work_table_id != cluster.work_table_id or into.gone):
        raise CannotMergeClusters("into_id")
    return [ClusterMerged(about=cluster.id, work_table_id=cluster.work_table_id, into_id=command.into_id, replaces=command.replaces)]


def order_cluster(command: OrderCluster, cluster: ClusterFacts, replaces: tuple[str, ...]) -> list[Fact]:
    position = position_of(command.position)
    return [ClusterOrdered(about=cluster.id, work_table_id=cluster.work_table_id, position=position, replaces=replaces)]


def undo_board_act(command: UndoBoardAct, written: list[Written]) -> list[Fact]:
    """Refused when somebody went on from there: undo their act first."""
    if not written:
        raise NothingToUndo("act_id")
    if not all(version.stands for version in written):
        raise ChangedMeanwhile("act_id")
    undone = BoardActUndone(about=command.act_id, work_table_id=command.work_table_id)
    return [*(_back(command.work_table_id, version) for version in written), undone]


def _back(work_table_id: str, version: Written) -> Fact:
    about, replaces, before = version.thing_id, version.replaces, version.before
    match version.field:
        case "place":
            return CardPlaced(about=about, work_table_id=work_table_id, place=str(before or LOOSE), replaces=replaces)
        case "merged_into":
            return ClusterMerged(about=about, work_table_id=work_table_id, into_id=str(before or ""), replaces=replaces)
        case "card_merged_into":
            return ContributionMerged(about=about, work_table_id=work_table_id, into_id=str(before or ""), replaces=replaces)
        case "position":
            position = before if isinstance(before, int) else 0
            return ClusterOrdered(about=about, work_table_id=work_table_id, position=position, replaces=replaces)
        case "removed":
            return ClusterRemoved(about=about, work_table_id=work_table_id, removed=bool(before), replaces=replaces)
        case _:
            title, description = before if isinstance(before, list | tuple) and len(before) == 2 else ("", "")
            return ClusterTitled(
                about=about, work_table_id=work_table_id, title=str(title), description=str(description), replaces=replaces
            )


def _placed(work_table_id: str, card: CardFacts, place: str, seen: tuple[str, ...]) -> CardPlaced:
    """Of all versions seen, each card replaces its own."""
    replaces = tuple(version for version in seen if version in card.place_versions)
    return CardPlaced(about=card.id, work_table_id=work_table_id, place=place, replaces=replaces)


def _check_cards(cards: list[CardFacts], work_table_id: str) -> None:
    for card in cards:
        if card.work_table_id != work_table_id:
            raise NotAllowed("contribution_ids")
        if card.withdrawn:
            raise CardIsGone("contribution_ids")


def _check_cluster(cluster: ClusterFacts | None, work_table_id: str) -> None:
    if cluster is None or cluster.gone or cluster.work_table_id != work_table_id:
        raise ClusterIsGone("place")
