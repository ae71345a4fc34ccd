"""The board of a table: clusters with their cards, the parking lot, orphans, and what can be undone."""

import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from workshop.domain.cluster import LOOSE, PARKED, ClusterFacts, Written
from workshop.domain.refusal import NotFound
from workshop.record.queries.cards import Card, cards_of_table
from workshop.record.queries.fields import Version, history, versions_shown
from workshop.record.rows.cluster import cluster, undone
from workshop.record.rows.fields import replaced, version

GAP = 100  # between positions, so that a cluster can be put between two others


@dataclass(frozen=True, slots=True)
class Cluster:
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
class Act:
    """The last act on the board that stands: what the undo button names. `field` says what it changed, `thing_ids` of what."""

    id: str
    field: str
    thing_ids: tuple[str, ...]


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


def the_board(connection: Connection, work_table_id: str) -> Board:
    cards = cards_of_table(connection, work_table_id)
    clusters = clusters_of(connection, work_table_id)
    home = {c.id: _home(c.id, {k.id: k for k in clusters}) for c in clusters}
    lying: dict[str, list[Card]] = {}
    for card in cards:
        if card.counts:
            lying.setdefault(_lies_in(card, home), []).append(card)
    shown = tuple(_filled(c, lying, clusters, home) for c in clusters if not c.gone)
    return Board(shown, tuple(lying.get(LOOSE, ())), tuple(lying.get(PARKED, ())), tuple(cards), last_act(connection, work_table_id))


def clusters_of(connection: Connection, work_table_id: str) -> list[Cluster]:
    """In the order they stand; removed and merged ones too."""
    ids = list(connection.execute(select(cluster.c.id).where(cluster.c.work_table_id == work_table_id)).scalars())
    versions = versions_shown(connection, ids, "title", "position", "merged_into", "removed")
    return sorted((_cluster(i, work_table_id, versions) for i in ids), key=lambda c: (c.position, c.id))


def the_cluster(connection: Connection, cluster_id: str) -> Cluster:
    table = connection.execute(select(cluster.c.work_table_id).where(cluster.c.id == cluster_id)).scalar()
    if table is None:
        raise NotFound("cluster_id")
    return _cluster(cluster_id, table, versions_shown(connection, [cluster_id], "title", "position", "merged_into", "removed"))


def cluster_facts(connection: Connection, cluster_id: str) -> ClusterFacts:
    found = the_cluster(connection, cluster_id)
    return ClusterFacts(id=found.id, work_table_id=found.work_table_id, gone=found.gone)


def last_act(connection: Connection, work_table_id: str) -> Act | None:
    """The latest act that nobody undid and that is itself no undoing."""
    v = version.c
    undone_ids = select(undone.c.act_id).union(select(undone.c.by_id))
    chosen = select(v.id).where(v.board == work_table_id, v.id.not_in(undone_ids)).order_by(v.lamport.desc(), v.hash.desc()).limit(1)
    act_id = connection.execute(chosen).scalar()
    if act_id is None:
        return None
    rows = connection.execute(select(v.thing_id, v.field).where(v.board == work_table_id, v.id == act_id)).all()
    first = min(rows, key=lambda row: row.field != "removed")
    return Act(act_id, first.field, tuple(row.thing_id for row in rows))


def written_by(connection: Connection, work_table_id: str, act_id: str) -> list[Written]:
    """The versions an act wrote on this board, each with what stood there before."""
    v = version.c
    done = connection.execute(select(undone.c.act_id).where((undone.c.act_id == act_id) | (undone.c.by_id == act_id))).first()
    if done:
        return []
    rows = connection.execute(select(v.thing_id, v.field, v.value).where(v.board == work_table_id, v.id == act_id)).all()
    return [_written(connection, row.thing_id, row.field, act_id, row.value) for row in rows]


def _written(connection: Connection, thing_id: str, field: str, act_id: str, value: str | None) -> Written:
    r = replaced.c
    mine = (r.thing_id == thing_id) & (r.field == field)
    olds = set(connection.execute(select(r.id).where(mine, r.by_id == act_id)).scalars())
    gone = connection.execute(select(r.by_id).where(mine, r.id == act_id)).first() is not None
    before = next((old.value for old in history(connection, thing_id, field) if old.id in olds), None)
    if field == "removed" and before is None:
        before = not json.loads(value or "false")
    return Written(thing_id=thing_id, field=field, version_id=act_id, before=before, stands=not gone)


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


def _home(cluster_id: str, clusters: dict[str, Cluster]) -> str:
    """Follow merges to the end; a ring (A into B here, B into A there) ends at its smallest id."""
    seen: list[str] = []
    while (found := clusters.get(cluster_id)) and found.merged_into:
        if cluster_id in seen:
            return min(seen[seen.index(cluster_id) :])
        seen.append(cluster_id)
        cluster_id = found.merged_into
    return cluster_id


def _lies_in(card: Card, home: dict[str, str]) -> str:
    if card.place in {LOOSE, PARKED}:
        return card.place
    return home.get(card.place, LOOSE)


def _filled(shown: Cluster, lying: dict[str, list[Card]], clusters: list[Cluster], home: dict[str, str]) -> Cluster:
    merged = tuple(c for c in clusters if c.id != shown.id and home[c.id] == shown.id and not c.removed)
    return replace(shown, cards=tuple(lying.get(shown.id, ())), merged=merged)
