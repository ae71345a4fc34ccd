"""Every act on a board can be taken back, one after the other, unless somebody went on from there."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Meeting, a_card, a_cluster, a_facilitator, a_scribe, a_step_open
from workshop.domain.cluster import (
    PARKED,
    AddCluster,
    MergeCluster,
    MoveCards,
    NothingToUndo,
    OrderCluster,
    TitleCluster,
    UndoBoardAct,
)
from workshop.domain.contribution import MergeContribution
from workshop.domain.people import Actor
from workshop.domain.refusal import ChangedMeanwhile, NotAllowed
from workshop.record.queries.boards import the_board
from workshop.record.queries.cards import the_card
from workshop.record.queries.fields import versions_shown


@pytest.fixture
def clustering(meeting: Meeting) -> Meeting:
    a_step_open(meeting, "scrivi")
    return meeting


@pytest.fixture
def facilitator(clustering: Meeting) -> Actor:
    return a_facilitator(clustering)


def look(meeting: Meeting) -> Any:
    """All that the table sees of its board, versions and undo button left aside."""
    board = meeting.ask(the_board, meeting.table)
    clusters = [(c.title, c.description, c.position, [k.code for k in c.cards], [m.title for m in c.merged]) for c in board.clusters]
    others = [[card.code for card in cards] for cards in (board.orphans, board.parked)]
    return clusters, others, [(card.code, card.times_said) for card in board.cards]


def undo(meeting: Meeting, who: Actor, act: str = "") -> None:
    last = meeting.ask(the_board, meeting.table).last_act
    assert act or last is not None
    meeting.do(UndoBoardAct, who, work_table_id=meeting.table, act_id=act or (last.id if last else ""))


def place_versions(meeting: Meeting, *cards: str) -> tuple[str, ...]:
    shown = meeting.ask(versions_shown, cards, "place")
    return tuple(version.id for versions in shown.values() for version in versions)


def acts(meeting: Meeting, who: Actor) -> list[Callable[[], Any]]:
    """One of every sort, each going on from the one before, as the pages send them."""
    one, two, three = (a_card(meeting, who, f"Cartoncino {n}") for n in range(1, 4))
    bagni, orari = a_cluster(meeting, who, "Bagni", [one]), a_cluster(meeting, who, "Orari")
    at = meeting.table

    def move(place: str, *cards: str) -> Any:
        seen = place_versions(meeting, *cards)
        return meeting.do(MoveCards, who, work_table_id=at, contribution_ids=cards, place=place, replaces=seen)

    def title(words: str) -> Any:
        shown = meeting.ask(versions_shown, [bagni], "title")[(bagni, "title")]
        replaces = tuple(version.id for version in shown)
        return meeting.do(TitleCluster, who, cluster_id=bagni, title=words, description="puliti", replaces=replaces)

    return [
        lambda: move(bagni, two),
        lambda: move(PARKED, two, three),
        lambda: move("", one, two, three),
        lambda: title("Servono bagni"),
        lambda: title("Servono bagni per tutti"),
        lambda: meeting.do(OrderCluster, who, cluster_id=orari, position=50),
        lambda: meeting.do(OrderCluster, who, cluster_id=orari, position=950),
        lambda: meeting.do(
            AddCluster, who, work_table_id=at, title="Nuovo", contribution_ids=(one,), replaces=place_versions(meeting, one)
        ),
        lambda: meeting.do(MergeCluster, who, cluster_id=orari, into_id=bagni),
        lambda: meeting.do(MergeContribution, who, contribution_id=three, into_id=two),
    ]


def test_every_sort_of_act_is_undone_step_by_step_back_to_the_beginning(clustering: Meeting, facilitator: Actor) -> None:
    looks = []
    for act in acts(clustering, facilitator):
        looks.append(look(clustering))
        act()
        assert look(clustering) != looks[-1]
    for before in reversed(looks):
        undo(clustering, a_scribe(clustering))
        assert look(clustering) == before


def test_after_some_undoing_people_go_on_and_undo_again(clustering: Meeting, facilitator: Actor) -> None:
    steps = acts(clustering, facilitator)
    start = look(clustering)
    steps[0]()
    first = look(clustering)
    steps[1]()
    undo(clustering, facilitator)
    steps[2]()
    undo(clustering, facilitator)
    assert look(clustering) == first
    undo(clustering, facilitator)
    assert look(clustering) == start


def test_the_button_names_the_last_act_that_stands(clustering: Meeting, facilitator: Actor) -> None:
    card = a_card(clustering, facilitator)
    assert clustering.ask(the_board, clustering.table).last_act is None
    cluster = a_cluster(clustering, facilitator, "Bagni", [card])
    last = clustering.ask(the_board, clustering.table).last_act
    assert last is not None
    assert (last.id, last.field, set(last.thing_ids)) == (cluster, "removed", {cluster, card})
    undo(clustering, facilitator)
    assert clustering.ask(the_board, clustering.table).last_act is None


def test_nothing_is_undone_twice_nor_an_undoing_itself(clustering: Meeting, facilitator: Actor) -> None:
    cluster = a_cluster(clustering, facilitator)
    undoing = clustering.do(UndoBoardAct, facilitator, work_table_id=clustering.table, act_id=cluster).command_id
    for act in (cluster, undoing, "f" * 32):
        with pytest.raises(NothingToUndo):
            undo(clustering, facilitator, act)


def test_an_act_that_somebody_went_on_from_is_not_undone(clustering: Meeting, facilitator: Actor) -> None:
    card = a_card(clustering, facilitator)
    at = {"work_table_id": clustering.table, "contribution_ids": (card,)}
    first = clustering.do(MoveCards, facilitator, **at, place=PARKED).command_id
    clustering.do(MoveCards, a_scribe(clustering), **at, place="", replaces=(first,))
    with pytest.raises(ChangedMeanwhile):
        undo(clustering, facilitator, first)


def test_undoing_a_move_made_at_the_same_time_as_anothers_gives_the_other_back(clustering: Meeting, facilitator: Actor) -> None:
    card = a_card(clustering, facilitator)
    bagni, orari = a_cluster(clustering, facilitator, "Bagni"), a_cluster(clustering, facilitator, "Orari")
    for place in (bagni, orari):
        clustering.do(MoveCards, facilitator, work_table_id=clustering.table, contribution_ids=(card,), place=place)
    undo(clustering, facilitator)
    shown = clustering.ask(the_card, card)
    assert (shown.place, shown.other_places) == (bagni, ())


def test_a_card_put_into_a_cluster_whose_adding_is_undone_is_an_orphan_again(clustering: Meeting, facilitator: Actor) -> None:
    card = a_card(clustering, facilitator)
    cluster = a_cluster(clustering, facilitator, "Bagni")
    clustering.do(MoveCards, facilitator, work_table_id=clustering.table, contribution_ids=(card,), place=cluster)
    undo(clustering, facilitator, cluster)
    board = clustering.ask(the_board, clustering.table)
    assert (board.clusters, [orphan.id for orphan in board.orphans]) == ((), [card])


def test_acts_of_another_board_are_not_undone_from_here(clustering: Meeting, facilitator: Actor) -> None:
    cluster = a_cluster(clustering, facilitator)
    with pytest.raises(NotAllowed):
        undo(clustering, Actor(role=facilitator.role, id=facilitator.id, tables=frozenset({"f" * 32})), cluster)
