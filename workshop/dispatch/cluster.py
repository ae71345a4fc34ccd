"""What the rules of the board need to be loaded."""

from workshop.dispatch.front_door import Load, handles
from workshop.dispatch.settling import permit_edit
from workshop.domain.cluster import (
    LOOSE,
    PARKED,
    AddCluster,
    ClusterFacts,
    MergeCluster,
    MoveCards,
    OrderCluster,
    TitleCluster,
    UndoBoardAct,
    add_cluster,
    merge_cluster,
    move_cards,
    order_cluster,
    title_cluster,
    undo_board_act,
)
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action, permit
from workshop.record.queries.acts import written_by
from workshop.record.queries.boards import GAP, cluster_facts, clusters_of
from workshop.record.queries.card_facts import facts_of_cards
from workshop.record.queries.fields import versions_shown
from workshop.record.queries.tables import the_table


@handles(MoveCards)
def _(command: MoveCards, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    cluster = None if command.place in {LOOSE, PARKED} else cluster_facts(load.connection, command.place)
    return move_cards(command, facts_of_cards(load.connection, command.contribution_ids), cluster)


@handles(AddCluster)
def _(command: AddCluster, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table = the_table(load.connection, command.work_table_id)
    last = max((c.position for c in clusters_of(load.connection, table.id)), default=0)
    return add_cluster(command, facts_of_cards(load.connection, command.contribution_ids), last + GAP)


@handles(TitleCluster)
def _(command: TitleCluster, load: Load) -> list[Fact]:
    cluster = cluster_facts(load.connection, command.cluster_id)
    permit_edit(load, command.may, cluster.work_table_id, cluster.id, "title", command.replaces)
    return title_cluster(command, cluster)


@handles(MergeCluster)
def _(command: MergeCluster, load: Load) -> list[Fact]:
    cluster = _cluster_of_ours(load, command.cluster_id, command.may)
    into = cluster_facts(load.connection, command.into_id) if command.into_id else None
    return merge_cluster(command, cluster, into)


@handles(OrderCluster)
def _(command: OrderCluster, load: Load) -> list[Fact]:
    cluster = _cluster_of_ours(load, command.cluster_id, command.may)
    shown = versions_shown(load.connection, [cluster.id], "position").get((cluster.id, "position"), [])
    return order_cluster(command, cluster, tuple(version.id for version in shown))


@handles(UndoBoardAct)
def _(command: UndoBoardAct, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    return undo_board_act(command, written_by(load.connection, command.work_table_id, command.act_id))


def _cluster_of_ours(load: Load, cluster_id: str, action: Action) -> ClusterFacts:
    cluster = cluster_facts(load.connection, cluster_id)
    permit(load.actor, action, cluster.work_table_id)
    return cluster
