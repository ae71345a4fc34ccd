"""Rules of the synthesis: read back frozen, answered, validated, then immutable."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from workshop.domain import synthesis as y
from workshop.domain.outcome import FacilitatorValidates, check_in_whose_place
from workshop.domain.refusal import (
    ChangedMeanwhile,
    MoveNotAllowed,
    NotAllowed,
    NotFound,
    NotInList,
    NumberOutOfRange,
    ReasonMissing,
    Refusal,
    TextMissing,
)
from workshop.domain.sentence import Section, SentenceAdded, SynthesisIsFrozen, SynthesisIsValidated, Wording

TABLE, READ_BACK, FRAME, SHARED, CARD, VOTER = ("1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32, "f" * 64)


def sentence(sentence_id: str, section: Section, evidence: tuple[str, ...] = (CARD,)) -> y.FrozenSentence:
    return y.FrozenSentence(
        id=sentence_id, section=section, version_id=sentence_id, wording=Wording(text="Servono bagni"), evidence=evidence
    )


FROZEN = y.Frozen(sentences=(sentence(FRAME, Section.FRAME), sentence(SHARED, Section.CONVERGENCES)), no_minority=True)
DRAFT = y.DraftFacts(state="draft", frozen=FROZEN, number=1)


def command(kind: type[Any], **fields: Any) -> Any:
    return kind(**{"command_id": READ_BACK, "process_id": "9" * 32, "synthesis_id": TABLE, **fields})


def test_a_draft_with_everything_is_frozen_and_read_back() -> None:
    [fact] = y.open_read_back(command(y.OpenReadBack), DRAFT)
    assert fact == y.ReadBackOpened(about=TABLE, number=1, frozen=FROZEN, fingerprint=FROZEN.fingerprint())


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"frozen": replace(FROZEN, sentences=FROZEN.sentences[1:])}, {"frame": 1}),
        ({"frozen": replace(FROZEN, sentences=FROZEN.sentences[:1])}, {"convergences": 1}),
        ({"frozen": replace(FROZEN, no_minority=False)}, {"minority": 1}),
        ({"uncovered": (CARD, FRAME)}, {"uncovered": 2}),
        ({"siblings": (FRAME,)}, {"siblings": 1}),
        ({"frozen": replace(FROZEN, sentences=tuple(replace(s, evidence=()) for s in FROZEN.sentences))}, {"bare": 2}),
    ],
)
def test_what_is_missing_before_the_read_back_is_named_and_counted(change: dict[str, Any], missing: dict[str, int]) -> None:
    with pytest.raises(y.NotReadyToReadBack) as refused:
        y.open_read_back(command(y.OpenReadBack), replace(DRAFT, **change))
    assert refused.value.detail == {"missing": missing}


def test_one_minority_sentence_is_as_good_as_none_expressed() -> None:
    minority = sentence("6" * 32, Section.MINORITY, ())
    frozen = y.Frozen(sentences=(*FROZEN.sentences, minority), no_minority=False)
    assert y.still_missing(replace(DRAFT, frozen=frozen)) == {}


def test_a_read_back_opens_from_a_draft_only() -> None:
    with pytest.raises(MoveNotAllowed):
        y.open_read_back(command(y.OpenReadBack), replace(DRAFT, state="in_review"))
    with pytest.raises(SynthesisIsValidated):
        y.open_read_back(command(y.OpenReadBack), replace(DRAFT, state="validated"))


def test_no_minority_is_said_while_writing() -> None:
    assert y.declare_no_minority(command(y.DeclareNoMinority), "draft") == [y.NoMinorityDeclared(about=TABLE, none_expressed=True)]
    with pytest.raises(SynthesisIsFrozen):
        y.declare_no_minority(command(y.DeclareNoMinority), "in_review")


def test_pages_turn_within_what_is_read() -> None:
    assert y.turn_page(command(y.TurnPage, index=1), FROZEN) == [y.PageTurned(about=TABLE, index=1)]
    for index in (-1, 2):
        with pytest.raises(NumberOutOfRange):
            y.turn_page(command(y.TurnPage, index=index), FROZEN)
    with pytest.raises(y.NoReadBackOpen):
        y.turn_page(command(y.TurnPage, index=0), None)


def answer(**fields: Any) -> y.SentenceAnswered:
    told = {"read_back_id": READ_BACK, "sentence_id": FRAME, "answer": "agree", **fields}
    open_id, frozen = told.pop("open_id", READ_BACK), told.pop("frozen", FROZEN)
    [fact] = y.answer_sentence(command(y.AnswerSentence, **told), open_id, frozen, VOTER)
    assert isinstance(fact, y.SentenceAnswered)
    return fact


def test_an_answer_names_its_voter_and_nobody() -> None:
    fact = answer(answer="object", objection="Non va", in_bulk=True)
    assert (fact.about, fact.voter, fact.objection, fact.in_bulk) == (READ_BACK, VOTER, "Non va", True)
    assert not type(fact).names_actor


def test_who_agrees_leaves_no_objection() -> None:
    assert answer(objection="Non va").objection == ""


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"open_id": "", "frozen": None}, y.NoReadBackOpen),
        ({"read_back_id": "7" * 32}, y.SentenceHasChanged),
        ({"sentence_id": "7" * 32}, y.SentenceHasChanged),
        ({"answer": "perhaps"}, NotInList),
    ],
)
def test_an_answer_that_fits_nothing_read_now_is_refused(fields: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        answer(**fields)


def hands(agree: int, against: int, open_id: str = READ_BACK) -> list[Any]:
    wish = command(y.CountHands, read_back_id=READ_BACK, sentence_id=FRAME, agree=agree, object=against)
    return list(y.count_hands(wish, open_id, FROZEN if open_id else None))


def test_raised_hands_are_counted_for_the_sentence_that_is_read() -> None:
    assert hands(9, 1) == [y.HandsCounted(about=READ_BACK, synthesis_id=TABLE, sentence_id=FRAME, agree=9, object=1)]
    for agree, against in ((-1, 0), (0, 501)):
        with pytest.raises(NumberOutOfRange):
            hands(agree, against)
    with pytest.raises(y.NoReadBackOpen):
        hands(9, 1, "")


def keep(objection: str = "Gli orari non vanno", state: str = "in_review", open_id: str = READ_BACK, kept: bool = False) -> list[Any]:
    wish = command(y.KeepObjection, command_id="8" * 32, read_back_id=READ_BACK, answer_id="e" * 64)
    return list(y.keep_objection(wish, state, open_id, objection, (CARD,), 200, kept))


MINORITY = SentenceAdded(
    about="8" * 32,
    synthesis_id=TABLE,
    section=Section.MINORITY,
    wording=Wording(text="Gli orari non vanno"),
    evidence=(CARD,),
    position=300,
    from_answer="e" * 64,
)


def test_an_objection_becomes_a_minority_sentence_and_ends_the_read_back() -> None:
    assert keep() == [y.ReadBackClosed(about=TABLE, read_back_id=READ_BACK), MINORITY]


def test_a_second_objection_is_kept_after_the_first_ended_the_read_back() -> None:
    assert keep(state="draft", open_id="") == [MINORITY]


def test_an_objection_is_kept_once_in_words_and_before_validation() -> None:
    with pytest.raises(ChangedMeanwhile):
        keep(kept=True)
    with pytest.raises(TextMissing):
        keep("")
    with pytest.raises(SynthesisIsValidated):
        keep(state="validated", open_id="")
    with pytest.raises(y.NoReadBackOpen):
        keep(open_id="7" * 32)


def test_a_read_back_that_is_open_can_be_closed() -> None:
    assert y.close_read_back(command(y.CloseReadBack), READ_BACK) == [y.ReadBackClosed(about=TABLE, read_back_id=READ_BACK)]
    with pytest.raises(y.NoReadBackOpen):
        y.close_read_back(command(y.CloseReadBack), "")


def validate(
    favour: int = 9, against: int = 1, abstain: int = 0, state: str = "in_review", open_id: str = READ_BACK, uncovered: tuple[str, ...] = ()
) -> list[Any]:
    wish = command(y.Validate, read_back_id=READ_BACK, favour=favour, against=against, abstain=abstain)
    return list(y.validate(wish, state, open_id, 2, FROZEN if open_id else None, uncovered))


def test_a_table_validates_what_was_read_even_when_some_are_against() -> None:
    [fact] = validate(5, 4, 3)
    assert (fact.frozen, fact.fingerprint, fact.number, fact.favour, fact.against, fact.abstain) == (
        FROZEN,
        FROZEN.fingerprint(),
        2,
        5,
        4,
        3,
    )


@pytest.mark.parametrize("hands", [(0, 0, 0), (-1, 2, 0), (501, 0, 0)])
def test_a_vote_of_nobody_or_of_a_stadium_is_refused(hands: tuple[int, int, int]) -> None:
    with pytest.raises(NumberOutOfRange):
        validate(*hands)


def test_only_what_is_being_read_back_is_validated() -> None:
    with pytest.raises(MoveNotAllowed):
        validate(state="draft")
    with pytest.raises(MoveNotAllowed):
        validate(state="validated")
    with pytest.raises(y.SentenceHasChanged):
        validate(open_id="7" * 32)


def rectify(state: str = "validated", reason: str = "refuso", of_number: int = 2, sentence_id: str = FRAME) -> list[Any]:
    wish = command(y.Rectify, sentence_id=sentence_id, wording=Wording(text="Servono tre bagni"), reason=reason, of_number=of_number)
    return list(y.rectify(wish, state, 2, FROZEN))


def test_a_correction_is_a_new_version_with_a_reason() -> None:
    [fact] = rectify()
    changed = replace(FROZEN.sentences[0], version_id=READ_BACK, wording=Wording(text="Servono tre bagni"))
    assert fact.frozen == replace(FROZEN, sentences=(changed, FROZEN.sentences[1]))
    assert (fact.number, fact.of_number, fact.reason) == (3, 2, "refuso")
    assert fact.fingerprint == fact.frozen.fingerprint() != FROZEN.fingerprint()


def test_a_correction_is_of_the_latest_validated_version_and_says_why() -> None:
    with pytest.raises(y.NotValidatedYet):
        rectify(state="in_review")
    with pytest.raises(y.SentenceHasChanged):
        rectify(of_number=1)
    with pytest.raises(ReasonMissing):
        rectify(reason=" ")
    with pytest.raises(NotFound):
        rectify(sentence_id="7" * 32)


def test_the_same_words_have_the_same_fingerprint_everywhere() -> None:
    again = y.Frozen(sentences=tuple(replace(s) for s in FROZEN.sentences), no_minority=True)
    assert again.fingerprint() == FROZEN.fingerprint()
    assert replace(FROZEN, no_minority=False).fingerprint() != FROZEN.fingerprint()


def test_a_card_that_no_sentence_tells_keeps_the_table_from_validating() -> None:
    with pytest.raises(y.CardsNotTold) as refused:
        validate(uncovered=("8" * 32, "9" * 32))
    assert refused.value.detail == {"uncovered": 2, "missing": {"uncovered": 2}}


@pytest.mark.parametrize(
    ("by_lead", "has_facilitator", "away", "refusal"),
    [
        (False, True, False, None),
        (True, False, False, None),
        (True, True, True, None),
        (True, False, True, None),
        (True, True, False, FacilitatorValidates),
        (False, True, True, NotAllowed),
    ],
)
def test_who_leads_records_the_outcome_only_in_the_absence_of_the_facilitator(
    by_lead: bool, has_facilitator: bool, away: bool, refusal: type[Refusal] | None
) -> None:
    wish = command(y.Validate, read_back_id=READ_BACK, favour=1, against=0, abstain=0, facilitator_away=away)
    with pytest.raises(refusal) if refusal else nullcontext():
        check_in_whose_place(wish, by_lead, has_facilitator)
