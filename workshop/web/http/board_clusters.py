"""What is done to a group on the board: its title, its place among the others, reading it as another one."""

from typing import TypeVar

from flask import Blueprint, Response

from workshop.domain.cluster import MergeCluster, OrderCluster, TitleCluster
from workshop.domain.command import Command
from workshop.domain.permissions import Action, permit
from workshop.record.queries.boards import the_cluster
from workshop.record.queries.tables import the_table
from workshop.web.answers import back_to
from workshop.web.doors import read
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("board_clusters", __name__)
C = TypeVar("C", bound=Command)


@blueprint.post("/clusters/<cluster_id>/title")
def title(cluster_id: str) -> Response:
    return _act(TitleCluster, cluster_id)


@blueprint.post("/clusters/<cluster_id>/merge")
def merge(cluster_id: str) -> Response:
    return _act(MergeCluster, cluster_id)


@blueprint.post("/clusters/<cluster_id>/order")
def order(cluster_id: str) -> Response:
    return _act(OrderCluster, cluster_id)


def _act(kind: type[C], cluster_id: str) -> Response:
    work_table_id = house().ask(the_cluster, cluster_id).work_table_id
    permit(staff(), Action.ARRANGE_BOARD, work_table_id)
    table = house().ask(the_table, work_table_id)
    house().dispatch(read(kind, process_id=table.process_id, cluster_id=cluster_id), staff())
    return back_to(f"/tables/{table.id}")
