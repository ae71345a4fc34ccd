"""What the rules of contributions need: the step named in the command (not the one open now), quota used, next numbers."""

from workshop.dispatch.front_door import Load, handles
from workshop.dispatch.settling import permit_edit
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
from workshop.domain.permissions import Action, may, permit
from workshop.record.queries.card_facts import card_facts
from workshop.record.queries.numbers import cards_used, next_numbers
from workshop.record.queries.siblings import siblings_of
from workshop.record.queries.steps import step_at
from workshop.record.queries.syntheses import state_of


@handles(AddContribution)
def _(command: AddContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    meeting_id, step = step_at(load.connection, command.work_table_id, command.step_id)
    used = cards_used(load.connection, load.actor.id, command.step_id)
    number, seq = next_numbers(load.connection, meeting_id, command.work_table_id)
    return add_contribution(command, step, meeting_id, used, number, seq, load.actor.id)


@handles(EnterContribution)
def _(command: EnterContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    meeting_id, step = step_at(load.connection, command.work_table_id, command.step_id)
    number, seq = next_numbers(load.connection, meeting_id, command.work_table_id)
    return enter_contribution(command, step, meeting_id, number, seq)


@handles(CorrectContribution)
def _(command: CorrectContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return correct_contribution(command, card_facts(load.connection, command.contribution_id), load.actor.id)


@handles(WithdrawContribution)
def _(command: WithdrawContribution, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    saw = siblings_of(load.connection, command.contribution_id, "text").ids
    return withdraw_contribution(command, card_facts(load.connection, command.contribution_id), load.actor.id, saw)


@handles(RedactContribution)
def _(command: RedactContribution, load: Load) -> list[Fact]:
    card = card_facts(load.connection, command.contribution_id)
    permit_edit(load, command.may, card.work_table_id, card.id, "text", command.replaces)
    return redact_contribution(command, card)


@handles(TendContribution)
def _(command: TendContribution, load: Load) -> list[Fact]:
    return tend_contribution(command, _card_of_ours(load, command.contribution_id, command.may))


@handles(TranslateContribution)
def _(command: TranslateContribution, load: Load) -> list[Fact]:
    card = card_facts(load.connection, command.contribution_id)
    permit_edit(load, command.may, card.work_table_id, card.id, "translation", command.replaces)
    return translate_contribution(command, card)


@handles(MergeContribution)
def _(command: MergeContribution, load: Load) -> list[Fact]:
    card = _card_of_ours(load, command.contribution_id, command.may)
    into = card_facts(load.connection, command.into_id) if command.into_id else None
    return merge_contribution(command, card, into)


@handles(LeaveOut)
def _(command: LeaveOut, load: Load) -> list[Fact]:
    """While the table listens, who validates may say so too: a late card must not keep a table from its synthesis."""
    card = card_facts(load.connection, command.contribution_id)
    listening = state_of(load.connection, card.work_table_id) == "in_review"
    if not (listening and may(load.actor, Action.VALIDATE, card.work_table_id)):
        permit(load.actor, command.may, card.work_table_id)
    return leave_out(command, card)


def _card_of_ours(load: Load, contribution_id: str, action: Action) -> CardFacts:
    card = card_facts(load.connection, contribution_id)
    permit(load.actor, action, card.work_table_id)
    return card
