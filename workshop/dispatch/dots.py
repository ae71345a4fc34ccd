"""What the rules of dots need: the step at this table, its clusters, where this voter's dots lie, which tables have told."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.dots import BallotFacts, BallotIsClosed, CastDots, CountPaperDots, cast_dots, count_paper_dots
from workshop.domain.fact import Fact
from workshop.domain.permissions import permit
from workshop.domain.step import StepFacts
from workshop.record.queries.ballots import ballot_of, result_told
from workshop.record.queries.boards import clusters_of
from workshop.record.queries.processes import the_meeting, the_step
from workshop.record.queries.tables import TableShown, tables_of, the_table


@handles(CastDots)
def _(command: CastDots, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table, step = _step_at(load, command.work_table_id, command.step_id)
    voter = load.voter(command.step_id)
    if not voter:
        raise BallotIsClosed("dots")
    earlier, _ = ballot_of(load.connection, command.step_id, voter)
    return cast_dots(command, step, _ballot(load, command.step_id, table, earlier), voter)


@handles(CountPaperDots)
def _(command: CountPaperDots, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table, step = _step_at(load, command.work_table_id, command.step_id)
    return count_paper_dots(command, step, _ballot(load, command.step_id, table, ""))


def _step_at(load: Load, work_table_id: str, step_id: str) -> tuple[TableShown, StepFacts]:
    table = the_table(load.connection, work_table_id)
    return table, table.facts_of(the_step(the_meeting(load.connection, table.meeting_id), step_id))


def _ballot(load: Load, step_id: str, table: TableShown, earlier: str) -> BallotFacts:
    clusters = frozenset(c.id for c in clusters_of(load.connection, table.id) if not c.gone)
    tables = tables_of(load.connection, table.meeting_id)
    closed = frozenset(t.id for t in tables if result_told(load.connection, step_id, t.id))
    return BallotFacts(clusters=clusters, closed_tables=closed, earlier_table=earlier)
