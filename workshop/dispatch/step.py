"""What the rules of steps need: the step at that table, what is open there, and what its `must` still asks."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.dots import BallotClosed
from workshop.domain.fact import Fact
from workshop.domain.people import Role
from workshop.domain.permissions import permit
from workshop.domain.refusal import NotAllowed
from workshop.domain.step import ExtendStep, MoveStep, StepFacts, Verb, extend_step, move_step
from workshop.private.ballot_keys import destroy_key
from workshop.record.queries.ballots import count_ballots, result_told
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
    step = table.facts_of(the_step(shown, command.step_id))
    others = _open_at(shown, table, command.step_id) if command.state == "open" else []
    ending = [*others, step] if command.state == "closed" else others
    blockers = [name for other in ending for name in _still_asked(load, other, table)]
    by_lead = load.actor.role in {Role.LEAD, Role.ORGANISER}
    if step.state == "closed" and command.state == "open" and not by_lead:
        raise NotAllowed("state")
    facts = move_step(command, step, others, blockers, by_lead, load.now)
    return [*(told for other in ending if (told := _totals(load, other, table))), *facts]


@handles(ExtendStep)
def _(command: ExtendStep, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    shown, table = the_meeting(load.connection, command.meeting_id), the_table(load.connection, command.work_table_id)
    return extend_step(command, table.facts_of(the_step(shown, command.step_id)))


def _open_at(shown: MeetingShown, table: TableShown, but: str) -> list[StepFacts]:
    return [table.facts_of(s) for s in shown.steps if s.id != but and table.steps.get(s.id) in {"open", "paused"}]


def _still_asked(load: Load, step: StepFacts, table: TableShown) -> list[str]:
    """Names of `must` that are not true yet. Those about people in the room are left to the facilitator's eyes."""
    asked = set(step.step.must)
    if not asked & {"no_orphans", "titles_filled", "validated", "minority_filled", "all_read"}:
        return []
    board = the_board(load.connection, table.id)
    found = []
    if "no_orphans" in asked and board.orphans:
        found.append("no_orphans")
    if "titles_filled" in asked and any(len(c.title) < 3 for c in board.clusters):
        found.append("titles_filled")
    if "all_read" in asked and any(not c.was_read for c in board.cards if c.counts):
        found.append("all_read")
    if "minority_filled" in asked and state_of(load.connection, table.id) == "draft":
        draft = the_draft(load.connection, table.id)
        found += ["minority_filled"] if not draft.of("minority") and not draft.no_minority else []
    if "validated" in asked and state_of(load.connection, table.id) != "validated":
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
    others = [t for t in tables_of(load.connection, closing.meeting_id) if t.id != closing.id and t.state not in {"closed", "merged"}]
    if all(result_told(load.connection, step_id, t.id) for t in others):
        destroy_key(load.private, step_id)
