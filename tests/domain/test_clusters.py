"""Rules of the board: clusters, moves, and taking an act back."""

from typing import Any

import pytest

from workshop.domain import cluster as k
from workshop.domain.contribution import CardFacts, CardIsGone, ContributionMerged
from workshop.domain.refusal import ChangedMeanwhile, NotAllowed, NumberOutOfRange, Refusal, TextMissing, TextTooLong

TABLE, CLUSTER, OTHER, ACT, CARD, FRIEND = ("1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32, "6" * 32)


def command(kind: type[Any], **fields: Any) -> Any:
    return kind(command_id=ACT, process_id="9" * 32, **fields)


def card(card_id: str = CARD, **fields: Any) -> CardFacts:
    return CardFacts(**{"id": card_id, "work_table_id": TABLE, "participant_id": "", **fields})


def cluster(cluster_id: str = CLUSTER, **fields: Any) -> k.ClusterFacts:
    return k.ClusterFacts(**{"id": cluster_id, "work_table_id": TABLE, **fields})


def move(place: str, **fields: Any) -> Any:
    return command(k.MoveCards, work_table_id=TABLE, contribution_ids=(CARD,), place=place, **fields)


@pytest.mark.parametrize("place", [CLUSTER, k.PARKED, k.LOOSE])
def test_a_card_goes_to_a_cluster_to_the_parking_lot_or_to_no_place(place: str) -> None:
    assert k.move_cards(move(place), [card()], cluster()) == [k.CardPlaced(about=CARD, work_table_id=TABLE, place=place)]


def test_each_card_replaces_only_the_versions_of_its_own_place() -> None:
    cards = [card(place_versions=frozenset({"a" * 32})), card(FRIEND, place_versions=frozenset({"b" * 32}))]
    facts = k.move_cards(move(CLUSTER, replaces=("a" * 32, "b" * 32, "c" * 32)), cards, cluster())
    assert [fact.replaces for fact in facts if isinstance(fact, k.CardPlaced)] == [("a" * 32,), ("b" * 32,)]


@pytest.mark.parametrize(
    ("cards", "target", "refusal"),
    [
        ([card(work_table_id=OTHER)], cluster(), NotAllowed),
        ([card(withdrawn=True)], cluster(), CardIsGone),
        ([card()], None, k.ClusterIsGone),
        ([card()], cluster(gone=True), k.ClusterIsGone),
        ([card()], cluster(work_table_id=OTHER), k.ClusterIsGone),
    ],
)
def test_a_card_is_not_moved_from_or_to_elsewhere(cards: list[CardFacts], target: k.ClusterFacts | None, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        k.move_cards(move(CLUSTER), cards, target)


def test_a_new_cluster_may_be_without_title_and_take_cards_at_once() -> None:
    facts = k.add_cluster(command(k.AddCluster, work_table_id=TABLE, contribution_ids=(CARD, FRIEND)), [card(), card(FRIEND)], 300)
    assert facts == [
        k.ClusterAdded(about=ACT, work_table_id=TABLE, title="", position=300),
        k.CardPlaced(about=CARD, work_table_id=TABLE, place=ACT),
        k.CardPlaced(about=FRIEND, work_table_id=TABLE, place=ACT),
    ]


def test_a_new_cluster_takes_no_card_of_another_table() -> None:
    with pytest.raises(NotAllowed):
        k.add_cluster(command(k.AddCluster, work_table_id=TABLE), [card(work_table_id=OTHER)], 100)


@pytest.mark.parametrize(("title", "refusal"), [("", TextMissing), ("x" * 81, TextTooLong)])
def test_a_title_has_words(title: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        k.title_cluster(command(k.TitleCluster, cluster_id=CLUSTER, title=title), cluster())


def test_a_title_replaces_every_version_seen() -> None:
    wish = command(k.TitleCluster, cluster_id=CLUSTER, title="Servono bagni", replaces=(OTHER, ACT))
    assert k.title_cluster(wish, cluster()) == [
        k.ClusterTitled(about=CLUSTER, work_table_id=TABLE, title="Servono bagni", replaces=(OTHER, ACT))
    ]


@pytest.mark.parametrize("into", [None, cluster(), cluster(OTHER, work_table_id="8" * 32), cluster(OTHER, gone=True)])
def test_clusters_that_cannot_be_merged(into: k.ClusterFacts | None) -> None:
    with pytest.raises(k.CannotMergeClusters):
        k.merge_cluster(command(k.MergeCluster, cluster_id=CLUSTER, into_id=OTHER), cluster(), into)


def test_clusters_are_merged_and_taken_apart_again() -> None:
    for into_id, into in ((OTHER, cluster(OTHER)), ("", None)):
        facts = k.merge_cluster(command(k.MergeCluster, cluster_id=CLUSTER, into_id=into_id), cluster(), into)
        assert facts == [k.ClusterMerged(about=CLUSTER, work_table_id=TABLE, into_id=into_id)]


def test_a_cluster_stands_where_it_is_put_within_reason() -> None:
    facts = k.order_cluster(command(k.OrderCluster, cluster_id=CLUSTER, position=150), cluster(), (OTHER,))
    assert facts == [k.ClusterOrdered(about=CLUSTER, work_table_id=TABLE, position=150, replaces=(OTHER,))]
    with pytest.raises(NumberOutOfRange):
        k.order_cluster(command(k.OrderCluster, cluster_id=CLUSTER, position=2**31), cluster(), ())


def undo(*written: k.Written) -> list[Any]:
    return list(k.undo_board_act(command(k.UndoBoardAct, work_table_id=TABLE, act_id=OTHER), list(written)))


def wrote(field: str, before: object, thing: str = CARD, **fields: Any) -> k.Written:
    return k.Written(**{"thing_id": thing, "field": field, "replaces": (OTHER,), "before": before, "stands": True, **fields})


BACK: dict[str, Any] = {"work_table_id": TABLE, "replaces": (OTHER,)}


@pytest.mark.parametrize(
    ("written", "fact"),
    [
        (wrote("place", CLUSTER), k.CardPlaced(about=CARD, place=CLUSTER, **BACK)),
        (wrote("place", None), k.CardPlaced(about=CARD, place="", **BACK)),
        (wrote("card_merged_into", None), ContributionMerged(about=CARD, into_id="", **BACK)),
        (wrote("merged_into", FRIEND, CLUSTER), k.ClusterMerged(about=CLUSTER, into_id=FRIEND, **BACK)),
        (wrote("position", 200, CLUSTER), k.ClusterOrdered(about=CLUSTER, position=200, **BACK)),
        (wrote("removed", True, CLUSTER), k.ClusterRemoved(about=CLUSTER, removed=True, **BACK)),
        (wrote("title", ["Bagni", "puliti"], CLUSTER), k.ClusterTitled(about=CLUSTER, title="Bagni", description="puliti", **BACK)),
        (wrote("title", None, CLUSTER), k.ClusterTitled(about=CLUSTER, title="", **BACK)),
    ],
)
def test_an_undo_writes_what_stood_there_before(written: k.Written, fact: Any) -> None:
    assert undo(written) == [fact, k.BoardActUndone(about=OTHER, work_table_id=TABLE)]


def test_nothing_is_undone_twice() -> None:
    with pytest.raises(k.NothingToUndo):
        undo()


def test_an_act_is_not_undone_when_somebody_went_on_from_there() -> None:
    with pytest.raises(ChangedMeanwhile):
        undo(wrote("place", None), wrote("place", None, FRIEND, stands=False))
