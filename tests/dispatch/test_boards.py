"""The board of a table: clusters, moves, order, merges, and what two people do at once."""

import pytest

from tests.builders import Meeting, Room, a_card, a_cluster, a_facilitator, a_meeting, a_participant, a_scribe, a_step_open
from workshop.domain.cluster import (
    LOOSE,
    PARKED,
    AddCluster,
    CannotMergeClusters,
    ClusterIsGone,
    MergeCluster,
    MoveCards,
    OrderCluster,
    TitleCluster,
)
from workshop.domain.contribution import CardIsGone, WithdrawContribution
from workshop.domain.people import Actor
from workshop.domain.refusal import NotAllowed, NotFound
from workshop.record.queries.boards import Board, the_board
from workshop.record.queries.cards import the_card


@pytest.fixture
def clustering(meeting: Meeting) -> Meeting:
    a_step_open(meeting, "scrivi")
    return meeting


@pytest.fixture
def facilitator(clustering: Meeting) -> Actor:
    return a_facilitator(clustering)


def some_cards(meeting: Meeting, who: Actor, number: int) -> list[str]:
    return [a_card(meeting, who, f"Cartoncino {n}") for n in range(1, number + 1)]


def board(meeting: Meeting) -> Board:
    return meeting.ask(the_board, meeting.table)


def seen(meeting: Meeting) -> list[tuple[str, list[str]]]:
    """(title, codes) of each cluster, then the orphans and the parking lot."""
    now = board(meeting)
    clusters = [(cluster.title, [card.code for card in cluster.cards]) for cluster in now.clusters]
    return [*clusters, ("orfani", [card.code for card in now.orphans]), ("parcheggio", [card.code for card in now.parked])]


def move(meeting: Meeting, who: Actor, cards: list[str], place: str, replaces: tuple[str, ...] = ()) -> str:
    told = {"work_table_id": meeting.table, "contribution_ids": tuple(cards), "place": place, "replaces": replaces}
    return meeting.do(MoveCards, who, **told).command_id


def test_cards_are_orphans_until_somebody_puts_them_somewhere(clustering: Meeting, facilitator: Actor) -> None:
    one, two, three, _ = some_cards(clustering, facilitator, 4)
    a_cluster(clustering, facilitator, "Servono bagni", [one, two])
    move(clustering, facilitator, [three], PARKED)
    assert seen(clustering) == [("Servono bagni", ["01", "02"]), ("orfani", ["04"]), ("parcheggio", ["03"])]


def test_many_cards_move_in_one_act_and_each_replaces_its_own_version(clustering: Meeting, facilitator: Actor) -> None:
    cards = some_cards(clustering, facilitator, 5)
    cluster = a_cluster(clustering, facilitator, "Servono bagni", cards)
    versions = tuple(version for card in board(clustering).clusters[0].cards for version in card.place_versions)
    move(clustering, facilitator, cards, LOOSE, versions)
    assert seen(clustering) == [("Servono bagni", []), ("orfani", ["01", "02", "03", "04", "05"]), ("parcheggio", [])]
    assert all(len(card.place_versions) == 1 and not card.other_places for card in board(clustering).orphans)
    assert cluster == board(clustering).clusters[0].id


def test_two_people_who_move_one_card_at_once_leave_both_versions_shown(clustering: Meeting, facilitator: Actor) -> None:
    [card] = some_cards(clustering, facilitator, 1)
    bagni, orari = (a_cluster(clustering, facilitator, title) for title in ("Servono bagni", "Orari più lunghi"))
    move(clustering, facilitator, [card], bagni)
    move(clustering, a_scribe(clustering), [card], orari)
    shown = clustering.ask(the_card, card)
    assert (shown.place, shown.other_places, len(shown.place_versions)) == (orari, (bagni,), 2)
    move(clustering, facilitator, [card], bagni, shown.place_versions)
    settled = clustering.ask(the_card, card)
    assert (settled.place, settled.other_places) == (bagni, ())


def test_a_cluster_is_split_by_a_new_one_that_takes_some_of_its_cards(clustering: Meeting, facilitator: Actor) -> None:
    one, two, three = some_cards(clustering, facilitator, 3)
    a_cluster(clustering, facilitator, "Servono spazi", [one, two, three])
    versions = tuple(version for card in board(clustering).clusters[0].cards for version in card.place_versions)
    told = {"work_table_id": clustering.table, "title": "Servono cortili", "contribution_ids": (two, three), "replaces": versions}
    clustering.do(AddCluster, facilitator, **told)
    assert seen(clustering)[:2] == [("Servono spazi", ["01"]), ("Servono cortili", ["02", "03"])]


def test_merged_clusters_are_read_as_one_and_taken_apart_again(clustering: Meeting, facilitator: Actor) -> None:
    one, two = some_cards(clustering, facilitator, 2)
    bagni, fasciatoi = a_cluster(clustering, facilitator, "Servono bagni", [one]), a_cluster(clustering, facilitator, "Fasciatoi", [two])
    version = clustering.do(MergeCluster, facilitator, cluster_id=fasciatoi, into_id=bagni).command_id
    [shown] = board(clustering).clusters
    assert ([card.code for card in shown.cards], [cluster.title for cluster in shown.merged]) == (["01", "02"], ["Fasciatoi"])
    clustering.do(MergeCluster, facilitator, cluster_id=fasciatoi, into_id="", replaces=(version,))
    assert seen(clustering)[:2] == [("Servono bagni", ["01"]), ("Fasciatoi", ["02"])]


def test_a_cluster_is_not_merged_with_itself_or_with_one_that_is_gone(clustering: Meeting, facilitator: Actor) -> None:
    bagni, orari = a_cluster(clustering, facilitator, "Servono bagni"), a_cluster(clustering, facilitator, "Orari")
    clustering.do(MergeCluster, facilitator, cluster_id=orari, into_id=bagni)
    for cluster, into in ((bagni, bagni), (bagni, orari)):
        with pytest.raises(CannotMergeClusters):
            clustering.do(MergeCluster, facilitator, cluster_id=cluster, into_id=into)


def test_clusters_stand_in_the_order_the_table_gives_them(clustering: Meeting, facilitator: Actor) -> None:
    bagni, orari, strade = (a_cluster(clustering, facilitator, title) for title in ("Bagni puliti", "Orari lunghi", "Strade sicure"))
    assert [cluster.id for cluster in board(clustering).clusters] == [bagni, orari, strade]
    clustering.do(OrderCluster, facilitator, cluster_id=strade, position=50)
    assert [cluster.id for cluster in board(clustering).clusters] == [strade, bagni, orari]


def test_two_titles_written_at_once_are_both_kept(clustering: Meeting, facilitator: Actor) -> None:
    cluster = a_cluster(clustering, facilitator, "Bagni")
    for who, title in ((facilitator, "Servono bagni"), (a_scribe(clustering), "Bagni per tutti")):
        clustering.do(TitleCluster, who, cluster_id=cluster, title=title, replaces=(cluster,))
    [shown] = board(clustering).clusters
    assert (shown.title, shown.other_titles) == ("Bagni per tutti", ("Servono bagni",))
    clustering.do(TitleCluster, facilitator, cluster_id=cluster, title="Servono bagni", replaces=shown.title_versions)
    assert board(clustering).clusters[0].other_titles == ()


def test_a_card_goes_to_no_cluster_that_is_gone_or_never_was(clustering: Meeting, facilitator: Actor) -> None:
    [card] = some_cards(clustering, facilitator, 1)
    bagni, orari = a_cluster(clustering, facilitator, "Servono bagni"), a_cluster(clustering, facilitator, "Orari")
    clustering.do(MergeCluster, facilitator, cluster_id=orari, into_id=bagni)
    with pytest.raises(ClusterIsGone):
        move(clustering, facilitator, [card], orari)
    with pytest.raises(NotFound):
        move(clustering, facilitator, [card], "f" * 32)
    with pytest.raises(NotFound):
        move(clustering, facilitator, ["f" * 32], bagni)


def test_a_withdrawn_card_is_not_moved(clustering: Meeting, facilitator: Actor) -> None:
    guest = a_participant(clustering)
    card = a_card(clustering, guest)
    clustering.do(WithdrawContribution, guest, contribution_id=card)
    with pytest.raises(CardIsGone):
        move(clustering, facilitator, [card], PARKED)
    assert seen(clustering) == [("orfani", []), ("parcheggio", [])]


def test_a_board_is_arranged_by_its_own_staff_with_its_own_cards(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    for table in meeting.tables:
        a_step_open(meeting, "scrivi", table)
    here, there = (a_facilitator(meeting, table) for table in meeting.tables)
    card, cluster = a_card(meeting, here), a_cluster(meeting, there)
    with pytest.raises(NotAllowed):
        move(meeting, there, [card], PARKED)
    with pytest.raises(ClusterIsGone):
        move(meeting, here, [card], cluster)
    with pytest.raises(NotAllowed):
        meeting.do(AddCluster, there, work_table_id=meeting.tables[1], title="Di altri", contribution_ids=(card,))
    with pytest.raises(NotAllowed):
        meeting.do(TitleCluster, here, cluster_id=cluster, title="Non mio")
    with pytest.raises(NotAllowed):
        move(meeting, a_participant(meeting), [card], PARKED)


def test_the_board_counts_its_channels(clustering: Meeting, facilitator: Actor) -> None:
    some_cards(clustering, facilitator, 2)
    a_card(clustering, a_participant(clustering))
    assert [board(clustering).count(channel) for channel in ("paper", "phone", "scribe")] == [2, 1, 0]
