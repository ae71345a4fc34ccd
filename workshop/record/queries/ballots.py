"""Dots: whose ballot lies where, and totals. Totals leave this module only for closed ballots or for the closing fact."""

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from workshop.record.queries.boards import clusters_of
from workshop.record.queries.fields import last_words, the_last_word
from workshop.record.rows.dots import dots, paper_dots


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
    home = {c.id: c.merged_into or c.id for c in clusters_of(connection, work_table_id)}
    totals: Counter[str] = Counter(dict.fromkeys(set(home.values()), 0))
    for ballot in [*ballots, on_paper]:
        for cluster_id, number in ballot.items():
            totals[home.get(cluster_id, cluster_id)] += number
    return Result(dict(totals), len(ballots), paper)


def result_told(connection: Connection, step_id: str, work_table_id: str) -> Result | None:
    """None while the ballot is open: results appear only when it is closed."""
    told = the_last_word(connection, work_table_id, f"ballot:{step_id}")
    return Result(told["totals"], told["voters"], told["paper_ballots"]) if told else None


def results_told(connection: Connection, work_table_id: str) -> dict[str, Result]:
    """Step id -> result, of every ballot this table has closed."""
    words = last_words(connection, [work_table_id])
    return {
        key[7:]: Result(told["totals"], told["voters"], told["paper_ballots"])
        for (_, key), told in words.items()
        if key.startswith("ballot:")
    }
