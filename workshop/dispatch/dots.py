"""What the rules of dots need: the step at this table, its clusters, where this voter's dots lie, which tables have told."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.dots import BallotFacts, BallotIsClosed, CastDots, CountPaperDots, cast_dots, count_paper_dots
from workshop.domain.fact import Fact
from workshop.domain.permissions import permit
from workshop.record.queries.ballots import ballot_of, tables_that_told
from workshop.record.queries.boards import clusters_of
from workshop.record.queries.steps import step_at
from workshop.record.queries.tables import table_ids


@handles(CastDots)
def _(command: CastDots, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    meeting_id, step = step_at(load.connection, command.work_table_id, command.step_id)
    voter = load.voter(command.step_id)
    if not voter:
        raise BallotIsClosed("dots")
    earlier, _ = ballot_of(load.connection, command.step_id, voter)
    return cast_dots(command, step, _ballot(load, command, meeting_id, earlier), voter)


@handles(CountPaperDots)
def _(command: CountPaperDots, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    meeting_id, step = step_at(load.connection, command.work_table_id, command.step_id)
    return count_paper_dots(command, step, _ballot(load, command, meeting_id, ""))


def _ballot(load: Load, command: CastDots | CountPaperDots, meeting_id: str, earlier: str) -> BallotFacts:
    clusters = frozenset(c.id for c in clusters_of(load.connection, command.work_table_id) if not c.gone)
    closed = tables_that_told(load.connection, command.step_id, table_ids(load.connection, meeting_id))
    return BallotFacts(clusters=clusters, closed_tables=closed, earlier_table=earlier)
