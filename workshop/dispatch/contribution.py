"""What the rules of contributions need: the step named in the command (not the one open now), quota used, next numbers."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.contribution import (
    AddContribution,
    CardFacts,
    CorrectContribution,
    EnterContribution,
    LeaveOut,
    MergeContribution,
    RedactContribution,
    TendContribution,
    TranslateContribution,
    WithdrawContribution,
    add_contribution,
    correct_contribution,
    enter_contribution,
    leave_out,
    merge_contribution,
    redact_contribution,
    tend_contribution,
    translate_contribution,
    withdraw_contribution,
)
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action, permit
from workshop.domain.step import StepFacts
from workshop.record.queries.cards import card_facts, cards_used, next_numbers
from workshop.record.queries.processes import the_meeting, the_step
from workshop.record.queries.tables import TableShown, the_table


@handles(AddContribution)
def _(command: AddContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table, step = _step_at(load, command.work_table_id, command.step_id)
    used = cards_used(load.connection, load.actor.id, command.step_id)
    number, seq = next_numbers(load.connection, table.meeting_id, table.id)
    return add_contribution(command, step, table.meeting_id, used, number, seq, load.actor.id)


@handles(EnterContribution)
def _(command: EnterContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table, step = _step_at(load, command.work_table_id, command.step_id)
    number, seq = next_numbers(load.connection, table.meeting_id, table.id)
    return enter_contribution(command, step, table.meeting_id, number, seq)


@handles(CorrectContribution)
def _(command: CorrectContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return correct_contribution(command, card_facts(load.connection, command.contribution_id), load.actor.id)


@handles(WithdrawContribution)
def _(command: WithdrawContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return withdraw_contribution(command, card_facts(load.connection, command.contribution_id), load.actor.id)


@handles(RedactContribution)
def _(command: RedactContribution, load: Load) -> list[Fact]:
    return redact_contribution(command, _card_of_ours(load, command.contribution_id, command.may))


@handles(TendContribution)
def _(command: TendContribution, load: Load) -> list[Fact]:
    return tend_contribution(command, _card_of_ours(load, command.contribution_id, command.may))


@handles(TranslateContribution)
def _(command: TranslateContribution, load: Load) -> list[Fact]:
    return translate_contribution(command, _card_of_ours(load, command.contribution_id, command.may))


@handles(MergeContribution)
def _(command: MergeContribution, load: Load) -> list[Fact]:
    card = _card_of_ours(load, command.contribution_id, command.may)
    into = card_facts(load.connection, command.into_id) if command.into_id else None
    return merge_contribution(command, card, into)


@handles(LeaveOut)
def _(command: LeaveOut, load: Load) -> list[Fact]:
    return leave_out(command, _card_of_ours(load, command.contribution_id, command.may))


def _card_of_ours(load: Load, contribution_id: str, action: Action) -> CardFacts:
    card = card_facts(load.connection, contribution_id)
    permit(load.actor, action, card.work_table_id)
    return card


def _step_at(load: Load, work_table_id: str, step_id: str) -> tuple[TableShown, StepFacts]:
    table = the_table(load.connection, work_table_id)
    return table, table.facts_of(the_step(the_meeting(load.connection, table.meeting_id), step_id))
