"""Rules of contributions."""

from typing import Any

import pytest

from workshop.domain import contribution as c
from workshop.domain.contribution import CardFacts, Channel, Kind
from workshop.domain.refusal import Malformed, NotAllowed, NotInList, ReasonMissing, Refusal, TextTooShort
from workshop.domain.step import Step, StepFacts, StepIsNotFor, StepNotOpenYet, TableIsClosed, Verb

TABLE, STEP, CARD, OTHER, WHO = ("1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32)


def step(state: str = "open", table: str = "collecting", meeting: str = "live", **fields: Any) -> StepFacts:
    kinds = fields.pop("kinds", ("need", "concern"))
    told = Step(id=STEP, key="scrivi", do=fields.pop("do", Verb.COLLECT), minutes=10, kinds=kinds, **fields)
    return StepFacts(step=told, state=state, table_state=table, meeting_state=meeting)


def add(at: StepFacts, used: int = 0, **fields: Any) -> c.ContributionAdded:
    told = {"text": "Servono fasciatoi", "kind": Kind.NEED, **fields}
    command = c.AddContribution(command_id=CARD, process_id="6" * 32, work_table_id=TABLE, step_id=STEP, **told)
    [fact] = c.add_contribution(command, at, "7" * 32, used, 47, 3, WHO)
    assert isinstance(fact, c.ContributionAdded)
    return fact


def enter(at: StepFacts, **fields: Any) -> c.ContributionAdded:
    told = {"text": "Ho paura di non farcela", "kind": Kind.CONCERN, "channel": Channel.SCRIBE, **fields}
    command = c.EnterContribution(command_id=CARD, process_id="6" * 32, work_table_id=TABLE, step_id=STEP, **told)
    [fact] = c.enter_contribution(command, at, "7" * 32, 48, 4)
    assert isinstance(fact, c.ContributionAdded)
    return fact


def edit(kind: type[Any], **fields: Any) -> Any:
    return kind(command_id="8" * 32, process_id="6" * 32, contribution_id=CARD, **fields)


def card(**fields: Any) -> CardFacts:
    return CardFacts(**{"id": CARD, "work_table_id": TABLE, "participant_id": WHO, **fields})


def test_a_card_tells_its_number_its_place_at_the_table_and_that_it_is_in_time() -> None:
    fact = add(step())
    assert (fact.about, fact.number, fact.seq, fact.late, fact.channel, fact.participant_id) == (CARD, 47, 3, False, Channel.PHONE, WHO)


@pytest.mark.parametrize(
    ("state", "meeting", "late"),
    [
        ("open", "live", False),
        ("paused", "live", False),
        ("closed", "live", True),
        ("open", "closed", True),
        ("open", "reported", True),
        ("closed", "closed", True),
    ],
)
def test_a_late_card_is_kept_and_marked_late(state: str, meeting: str, late: bool) -> None:
    assert add(step(state, meeting=meeting)).late is late
    assert enter(step(state, meeting=meeting)).late is late


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (step("planned"), StepNotOpenYet),
        (step("skipped"), StepNotOpenYet),
        (step("planned", table="closed"), TableIsClosed),
        (step("planned", table="merged"), TableIsClosed),
        (step(do=Verb.TALK), StepIsNotFor),
        (step(kinds=("question",)), c.KindNotAskedFor),
    ],
)
def test_a_card_is_refused_only_where_nobody_asked_for_it(at: StepFacts, refusal: type[Refusal]) -> None:
    for refused in (add, enter):
        with pytest.raises(refusal):
            refused(at, kind=Kind.NEED)


def test_a_step_without_kinds_takes_every_kind() -> None:
    assert add(step(kinds=()), kind=Kind.VISION).card_kind is Kind.VISION


def test_a_quota_is_used_up_by_its_number_of_cards() -> None:
    assert add(step(quota=4), used=3).number == 47
    assert add(step(quota=0), used=999).number == 47
    with pytest.raises(c.QuotaUsed) as refused:
        add(step(quota=4), used=4)
    assert refused.value.detail == {"quota": 4}


def test_a_card_that_looks_personal_is_marked_for_review() -> None:
    assert add(step(), text="Scrivete a anna@example.org").hints == ("email",)


def test_staff_enter_dictated_and_paper_cards_but_no_phone_cards() -> None:
    fact = enter(step(), channel=Channel.PAPER, paper_number="T4-7", translation="I am afraid")
    assert (fact.channel, fact.paper_number, fact.translation, fact.participant_id) == (Channel.PAPER, "T4-7", "I am afraid", "")
    with pytest.raises(NotInList):
        enter(step(), channel=Channel.PHONE)


def test_a_language_that_is_none_is_refused() -> None:
    assert add(step(), language="ar-EG").language == "ar"
    with pytest.raises(Malformed):
        add(step(), language="x" * 40)


def test_the_author_corrects_and_withdraws_and_nobody_else_does() -> None:
    correct = edit(c.CorrectContribution, text="Servono fasciatoi ovunque", replaces=(CARD,))
    [fact] = c.correct_contribution(correct, card(), WHO)
    assert isinstance(fact, c.ContributionCorrected)
    assert (fact.text, fact.replaces) == ("Servono fasciatoi ovunque", (CARD,))
    withdraw = edit(c.WithdrawContribution)
    assert c.withdraw_contribution(withdraw, card(), WHO) == [c.ContributionWithdrawn(about=CARD, work_table_id=TABLE)]
    for who in (OTHER, ""):
        with pytest.raises(NotAllowed):
            c.correct_contribution(correct, card(), who)
        with pytest.raises(NotAllowed):
            c.withdraw_contribution(withdraw, card(participant_id=""), who)


GONE = card(withdrawn=True)


@pytest.mark.parametrize(
    "act",
    [
        lambda: c.correct_contribution(edit(c.CorrectContribution, text="altro testo", replaces=()), GONE, WHO),
        lambda: c.withdraw_contribution(edit(c.WithdrawContribution), GONE, WHO),
        lambda: c.redact_contribution(edit(c.RedactContribution, text="una persona", reason="nome", replaces=()), GONE),
        lambda: c.tend_contribution(edit(c.TendContribution, act="read"), GONE),
        lambda: c.translate_contribution(edit(c.TranslateContribution, translation="changing tables"), GONE),
        lambda: c.merge_contribution(edit(c.MergeContribution, into_id=OTHER), GONE, card(id=OTHER)),
    ],
)
def test_a_withdrawn_card_is_not_worked_on_any_more(act: Any) -> None:
    with pytest.raises(c.CardIsGone):
        act()


@pytest.mark.parametrize(("reason", "refusal"), [("", ReasonMissing), ("  ", ReasonMissing), ("no", TextTooShort)])
def test_other_words_in_place_of_somebodys_need_a_reason(reason: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        c.redact_contribution(edit(c.RedactContribution, text="una persona", reason=reason, replaces=()), card())


def test_a_redaction_keeps_its_reason() -> None:
    [fact] = c.redact_contribution(edit(c.RedactContribution, text="una persona", reason="nome tolto", replaces=(CARD,)), card())
    assert fact == c.ContributionRedacted(about=CARD, work_table_id=TABLE, text="una persona", reason="nome tolto", replaces=(CARD,))


@pytest.mark.parametrize("act", ["read", "confirmed", "reviewed"])
def test_small_acts_on_a_card(act: str) -> None:
    assert c.tend_contribution(edit(c.TendContribution, act=act), card()) == [
        c.ContributionTended(about=CARD, work_table_id=TABLE, act=act)
    ]


def test_a_small_act_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotInList):
        c.tend_contribution(edit(c.TendContribution, act="erased"), card())


@pytest.mark.parametrize(
    ("into", "this"),
    [
        (None, card()),
        (card(), card()),
        (card(id=OTHER, work_table_id="9" * 32), card()),
        (card(id=OTHER, merged_into="9" * 32), card()),
        (card(id=OTHER, withdrawn=True), card()),
        (card(id=OTHER), card(holds=1)),
    ],
)
def test_cards_that_cannot_be_merged(into: CardFacts | None, this: CardFacts) -> None:
    with pytest.raises(c.CannotMergeHere):
        c.merge_contribution(edit(c.MergeContribution, into_id=OTHER), this, into)


def test_two_cards_that_say_the_same_are_merged_and_taken_apart_again() -> None:
    [merged] = c.merge_contribution(edit(c.MergeContribution, into_id=OTHER), card(), card(id=OTHER))
    [apart] = c.merge_contribution(edit(c.MergeContribution, into_id="", replaces=("8" * 32,)), card(merged_into=OTHER), None)
    assert isinstance(merged, c.ContributionMerged)
    assert isinstance(apart, c.ContributionMerged)
    assert (merged.into_id, apart.into_id, apart.replaces) == (OTHER, "", ("8" * 32,))


def test_left_out_with_a_reason_or_taken_back_without() -> None:
    for reason in ("fuori tema", ""):
        [fact] = c.leave_out(edit(c.LeaveOut, reason=reason), card())
        assert fact == c.ContributionLeftOut(about=CARD, work_table_id=TABLE, reason=reason)
