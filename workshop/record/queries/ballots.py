"""Dots: whose ballot lies where, and totals. Totals leave this module only for closed ballots or for the closing fact."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from workshop.record.queries.boards import clusters_of, homes
from workshop.record.queries.fields import last_words
from workshop.record.rows.dots import dots, paper_dots
from workshop.record.rows.fields import last_word


@dataclass(frozen=True, slots=True)
class Result:
    """`totals`: cluster id -> dots, as they were told."""

    totals: dict[str, int]
    voters: int
    paper_ballots: int


def ballot_of(connection: Connection, step_id: str, voter: str) -> tuple[str, dict[str, int]]:
    """(table, cluster -> dots) of this voter's last ballot; ('', {}) without one."""
    chosen = select(dots.c.work_table_id, dots.c.dots).where(dots.c.step_id == step_id, dots.c.voter == voter)
    row = connection.execute(chosen).first()
    return (row.work_table_id, json.loads(row.dots)) if row else ("", {})


def ballots_in(connection: Connection, step_id: str, work_table_id: str) -> int:
    """How many people have voted at this table: the only number shown while the ballot is open."""
    counted = select(func.count()).select_from(dots).where(dots.c.step_id == step_id, dots.c.work_table_id == work_table_id)
    return connection.execute(counted).scalar_one()


def paper_at(connection: Connection, step_id: str, work_table_id: str) -> tuple[int, dict[str, int]]:
    """(paper ballots, cluster -> dots) entered so far."""
    chosen = select(paper_dots.c.ballots, paper_dots.c.dots)
    row = connection.execute(chosen.where(paper_dots.c.step_id == step_id, paper_dots.c.work_table_id == work_table_id)).first()
    return (row.ballots, json.loads(row.dots)) if row else (0, {})


def count_ballots(connection: Connection, step_id: str, work_table_id: str) -> Result:
    """Phones and paper together, for the closing fact. Dots on a merged cluster count for the one it went into."""
    chosen = select(dots.c.dots).where(dots.c.step_id == step_id, dots.c.work_table_id == work_table_id)
    ballots = [json.loads(row) for row in connection.execute(chosen).scalars()]
    paper, on_paper = paper_at(connection, step_id, work_table_id)
    home = homes(clusters_of(connection, work_table_id))
    totals: Counter[str] = Counter(dict.fromkeys(home.values(), 0))
    for ballot in [*ballots, on_paper]:
        for cluster_id, number in ballot.items():
            totals[home.get(cluster_id, cluster_id)] += number
    return Result(dict(totals), len(ballots), paper)


def result_told(connection: Connection, step_id: str, work_table_id: str) -> Result | None:
    """None while the ballot is open: results appear only when it is closed."""
    return results_told(connection, work_table_id).get(step_id)


def results_told(connection: Connection, work_table_id: str) -> dict[str, Result]:
    """Step id -> result, of every ballot this table has closed, the latest last."""
    w = last_word.c
    chosen = select(w.key, w.value).where(w.thing_id == work_table_id, w.key.like("ballot:%")).order_by(w.lamport, w.hash)
    return {row.key.removeprefix("ballot:"): _result(json.loads(row.value)) for row in connection.execute(chosen)}


def tables_that_told(connection: Connection, step_id: str, work_table_ids: Iterable[str]) -> frozenset[str]:
    """Of these tables, those where this ballot is closed."""
    return frozenset(table for table, _ in last_words(connection, work_table_ids, f"ballot:{step_id}"))


def _result(told: dict[str, Any]) -> Result:
    return Result(told["totals"], told["voters"], told["paper_ballots"])
