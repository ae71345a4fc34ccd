"""What the rules of steps need: the step at that table, what is open there, and what its `must` still asks."""

from sqlalchemy import Connection

from workshop.dispatch.front_door import Load, handles
from workshop.domain.dots import BallotClosed
from workshop.domain.fact import Fact
from workshop.domain.people import Role
from workshop.domain.permissions import permit
from workshop.domain.refusal import NotAllowed
from workshop.domain.step import ExtendStep, MoveStep, StepFacts, Verb, close_steps, extend_step, move_step
from workshop.private.ballot_keys import destroy_key, open_key
from workshop.record.queries.ballots import count_ballots, result_told, tables_that_told
from workshop.record.queries.boards import the_board
from workshop.record.queries.processes import MeetingShown, the_meeting, the_step
from workshop.record.queries.syntheses import state_of, the_draft
from workshop.record.queries.tables import TableShown, tables_of, the_table


@handles(MoveStep)
def _(command: MoveStep, load: Load) -> list[Fact]:
    """Closing a vote tells its totals in the same transaction."""
    permit(load.actor, command.may, command.work_table_id)
    shown, table = the_meeting(load.connection, command.meeting_id), the_table(load.connection, command.work_table_id)
    if table.meeting_id != shown.id:
        raise NotAllowed("work_table_id")
    step = table.facts_of(the_step(shown, command.step_id), shown.state)
    others = _open_at(shown, table, command.step_id) if command.state == "open" else []
    ending = [*others, step] if command.state == "closed" else others
    blockers = [name for other in ending for name in still_asked(load.connection, other, table)]
    by_lead = load.actor.role in {Role.LEAD, Role.ORGANISER}
    facts = move_step(command, step, others, blockers, by_lead, load.now)
    if command.state == "open" and step.step.do is Verb.VOTE:
        open_key(load.private, step.step.id)  # a data folder that is cloned from now on knows the same voters
    return [*_told(load, ending, table), *facts]


@handles(ExtendStep)
def _(command: ExtendStep, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    shown, table = the_meeting(load.connection, command.meeting_id), the_table(load.connection, command.work_table_id)
    if table.meeting_id != shown.id:
        raise NotAllowed("work_table_id")
    return extend_step(command, table.facts_of(the_step(shown, command.step_id)))


def end_steps(load: Load, table: TableShown) -> list[Fact]:
    """What a table leaves open when it ends: its ballots tell their totals first."""
    ending = _open_at(the_meeting(load.connection, table.meeting_id), table)
    return [*_told(load, ending, table), *close_steps(ending, table.meeting_id, table.id, load.now)]


def _told(load: Load, ending: list[StepFacts], table: TableShown) -> list[Fact]:
    return [told for step in ending if (told := _totals(load, step, table))]


def _open_at(shown: MeetingShown, table: TableShown, but: str = "") -> list[StepFacts]:
    return [table.facts_of(s) for s in shown.steps if s.id != but and table.steps.get(s.id) in {"open", "paused"}]


def still_asked(connection: Connection, step: StepFacts, table: TableShown) -> list[str]:
    """Names of `must` that are not true yet. Those about people in the room are left to the facilitator's eyes."""
    asked = set(step.step.must)
    if not asked & {"no_orphans", "titles_filled", "validated", "minority_filled", "all_read"}:
        return []
    board = the_board(connection, table.id)
    found = []
    if "no_orphans" in asked and board.orphans:
        found.append("no_orphans")
    if "titles_filled" in asked and any(len(c.title) < 3 for c in board.clusters):
        found.append("titles_filled")
    if "all_read" in asked and any(not c.was_read for c in board.cards if c.counts):
        found.append("all_read")
    if "minority_filled" in asked and state_of(connection, table.id) == "draft":
        draft = the_draft(connection, table.id)
        found += ["minority_filled"] if not draft.of("minority") and not draft.no_minority else []
    if "validated" in asked and state_of(connection, table.id) != "validated":
        found.append("validated")
    return found


def _totals(load: Load, step: StepFacts, table: TableShown) -> BallotClosed | None:
    if step.step.do is not Verb.VOTE or not step.is_open or result_told(load.connection, step.step.id, table.id):
        return None
    result = count_ballots(load.connection, step.step.id, table.id)
    _destroy_key_of_the_last_table(load, step.step.id, table)
    return BallotClosed(
        about=step.step.id,
        work_table_id=table.id,
        totals=result.totals,
        voters=result.voters,
        paper_ballots=result.paper_ballots,
    )


def _destroy_key_of_the_last_table(load: Load, step_id: str, closing: TableShown) -> None:
    """A ballot belongs to its step: only when no other table can vote any more is the link to people cut."""
    others = {t.id for t in tables_of(load.connection, closing.meeting_id) if t.state not in {"closed", "merged"}} - {closing.id}
    if others <= tables_that_told(load.connection, step_id, others):
        destroy_key(load.private, step_id)
