"""The board of a table: clusters with their cards, the parking lot and the orphans."""

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, select

from workshop.domain.cluster import LOOSE, PARKED, ClusterFacts
from workshop.domain.refusal import NotFound
from workshop.record.queries.acts import Act, last_act
from workshop.record.queries.cards import Card, cards_of_table
from workshop.record.queries.fields import Version, home_of, versions_shown
from workshop.record.rows.cluster import cluster

GAP: Final = 1 << 12  # between positions, so that a cluster can be put between two others, and another before it
_FIELDS: Final = ("title", "position", "merged_into", "removed")


@dataclass(frozen=True, slots=True)
class Cluster:
    """`merged_into`: the cluster it is read as, chains followed to their end; `merged`: those that are read as this one."""

    id: str
    work_table_id: str
    title: str
    description: str
    position: int
    merged_into: str
    removed: bool
    title_versions: tuple[str, ...]
    merge_versions: tuple[str, ...]
    other_titles: tuple[str, ...]
    cards: tuple[Card, ...] = ()
    merged: tuple["Cluster", ...] = ()

    @property
    def gone(self) -> bool:
        return self.removed or bool(self.merged_into)


@dataclass(frozen=True, slots=True)
class Board:
    """`clusters` in order, each with its cards; `orphans` are cards in no cluster; `cards` all of them, merged and withdrawn too."""

    clusters: tuple[Cluster, ...]
    orphans: tuple[Card, ...]
    parked: tuple[Card, ...]
    cards: tuple[Card, ...]
    last_act: Act | None

    def count(self, channel: str) -> int:
        return sum(card.channel == channel for card in self.cards)

    def home_of(self, thing_id: str) -> str:
        """The cluster that a card lies in, or that a cluster is read as; "parked"; "" for among the new cards and for what is gone."""
        if any(card.id == thing_id for card in self.parked):
            return PARKED
        return next((c.id for c in self.clusters if thing_id in {c.id, *(card.id for card in c.cards), *(m.id for m in c.merged)}), LOOSE)


def the_board(connection: Connection, work_table_id: str) -> Board:
    cards = cards_of_table(connection, work_table_id)
    clusters = clusters_of(connection, work_table_id)
    home = homes(clusters)
    lying: dict[str, list[Card]] = {}
    for card in cards:
        if card.counts:
            lying.setdefault(PARKED if card.place == PARKED else home.get(card.place, LOOSE), []).append(card)
    shown = tuple(_filled(c, lying, clusters) for c in clusters if not c.gone)
    return Board(shown, tuple(lying.get(LOOSE, ())), tuple(lying.get(PARKED, ())), tuple(cards), last_act(connection, work_table_id))


def clusters_of(connection: Connection, work_table_id: str) -> list[Cluster]:
    """In the order they stand; removed and merged ones too."""
    ids = list(connection.execute(select(cluster.c.id).where(cluster.c.work_table_id == work_table_id)).scalars())
    versions = versions_shown(connection, ids, *_FIELDS)
    clusters = sorted((_cluster(i, work_table_id, versions) for i in ids), key=lambda c: (c.position, c.id))
    read_as = _read_as(clusters)
    return [replace(c, merged_into="" if read_as[c.id] == c.id else read_as[c.id]) if c.merged_into else c for c in clusters]


def homes(clusters: list[Cluster]) -> dict[str, str]:
    """Cluster -> the one where its cards and dots are shown; none when it was removed."""
    removed = {c.id for c in clusters if c.removed}
    return {c.id: home for c in clusters if (home := c.merged_into or c.id) not in removed}


def the_cluster(connection: Connection, cluster_id: str) -> Cluster:
    table = connection.execute(select(cluster.c.work_table_id).where(cluster.c.id == cluster_id)).scalar()
    found = next((c for c in clusters_of(connection, table) if c.id == cluster_id), None) if table else None
    if found is None:
        raise NotFound("cluster_id")
    return found


def cluster_facts(connection: Connection, cluster_id: str) -> ClusterFacts:
    found = the_cluster(connection, cluster_id)
    return ClusterFacts(id=found.id, work_table_id=found.work_table_id, gone=found.gone)


def _cluster(cluster_id: str, work_table_id: str, versions: dict[tuple[str, str], list[Version]]) -> Cluster:
    titles, merges = versions.get((cluster_id, "title"), []), versions.get((cluster_id, "merged_into"), [])
    title, description = titles[0].value if titles and titles[0].value else ("", "")
    positions, removals = versions.get((cluster_id, "position"), []), versions.get((cluster_id, "removed"), [])
    return Cluster(
        id=cluster_id,
        work_table_id=work_table_id,
        title=title,
        description=description,
        position=(positions[0].value or 0) if positions else 0,
        merged_into=(merges[0].value or "") if merges else "",
        removed=bool(removals and removals[0].value),
        title_versions=tuple(v.id for v in titles),
        merge_versions=tuple(v.id for v in merges),
        other_titles=tuple(v.value[0] for v in titles[1:] if v.value and v.value[0] != title),
    )


def _read_as(clusters: list[Cluster]) -> dict[str, str]:
    """A cluster merged into one that was removed stands on its own again."""
    there = {c.id for c in clusters if not c.removed}
    into = {c.id: c.merged_into for c in clusters if c.merged_into in there}
    return {c.id: home_of(c.id, into) for c in clusters}


def _filled(shown: Cluster, lying: dict[str, list[Card]], clusters: list[Cluster]) -> Cluster:
    merged = tuple(c for c in clusters if c.merged_into == shown.id and not c.removed)
    return replace(shown, cards=tuple(lying.get(shown.id, ())), merged=merged)
