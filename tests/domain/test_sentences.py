"""Rules of sentences: words with their evidence, written only while nobody reads them back."""

from typing import Any

import pytest

from workshop.domain import sentence as s
from workshop.domain.refusal import NumberOutOfRange, TextTooLong, TextTooShort
from workshop.domain.sentence import Section, Wording

TABLE, SENTENCE, CARD, CLUSTER, OTHER = ("1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32)
OWN = frozenset({CARD, CLUSTER})


def command(kind: type[Any], **fields: Any) -> Any:
    return kind(**{"command_id": SENTENCE, "process_id": "9" * 32, **fields})


def add(state: str = "draft", **fields: Any) -> s.SentenceAdded:
    told = {"section": Section.CONVERGENCES, "wording": Wording(text="Servono bagni"), **fields}
    [fact] = s.add_sentence(command(s.AddSentence, synthesis_id=TABLE, **told), state, OWN, 300)
    assert isinstance(fact, s.SentenceAdded)
    return fact


EDITS = [
    add,
    lambda state: s.rewrite_sentence(
        command(s.RewriteSentence, sentence_id=SENTENCE, wording=Wording(text="Più bagni"), replaces=()),
        TABLE,
        Section.FRAME,
        state,
    ),
    lambda state: s.cite_evidence(command(s.CiteEvidence, sentence_id=SENTENCE, evidence_id=CARD), TABLE, state, OWN),
    lambda state: s.place_sentence(command(s.PlaceSentence, sentence_id=SENTENCE, position=50), TABLE, state),
    lambda state: s.remove_sentence(command(s.RemoveSentence, sentence_id=SENTENCE), TABLE, state),
]


@pytest.mark.parametrize("edit", EDITS)
def test_nobody_writes_while_the_table_listens_or_after_it_said_yes(edit: Any) -> None:
    assert edit("draft")
    with pytest.raises(s.SynthesisIsFrozen):
        edit("in_review")
    with pytest.raises(s.SynthesisIsValidated):
        edit("validated")


def test_a_new_sentence_stands_at_the_end_unless_told_where() -> None:
    assert (add().position, add(position=50).position) == (400, 50)


def test_evidence_is_named_once_and_of_this_table() -> None:
    assert add(evidence=(CARD, CLUSTER, CARD)).evidence == (CARD, CLUSTER)
    with pytest.raises(s.EvidenceIsElsewhere):
        add(evidence=(CARD, OTHER))
    with pytest.raises(s.EvidenceIsElsewhere):
        s.cite_evidence(command(s.CiteEvidence, sentence_id=SENTENCE, evidence_id=OTHER), TABLE, "draft", OWN)


@pytest.mark.parametrize(("text", "refusal"), [("no", TextTooShort), ("x" * 501, TextTooLong)])
def test_a_sentence_has_3_to_500_characters(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        add(wording=Wording(text=text))


def test_only_a_proposal_says_who_what_first_and_by_when() -> None:
    told = Wording(text="Aprire i cortili", who="le scuole", first_step="una lettera", due="maggio")
    assert add(section=Section.PROPOSALS, wording=told).wording == told
    assert add(section=Section.FRAME, wording=told).wording == Wording(text="Aprire i cortili")
    with pytest.raises(TextTooLong):
        add(section=Section.PROPOSALS, wording=Wording(text="Aprire i cortili", due="x" * 81))


def test_a_rewriting_replaces_every_version_the_writer_saw() -> None:
    wish = command(s.RewriteSentence, sentence_id=SENTENCE, wording=Wording(text="Tre bagni"), replaces=(OTHER, CARD))
    [fact] = s.rewrite_sentence(wish, TABLE, Section.FRAME, "draft")
    assert fact == s.SentenceRewritten(about=SENTENCE, synthesis_id=TABLE, wording=Wording(text="Tre bagni"), replaces=(OTHER, CARD))


def test_a_position_out_of_bounds_is_refused() -> None:
    with pytest.raises(NumberOutOfRange):
        add(position=2**60)
    with pytest.raises(NumberOutOfRange):
        s.place_sentence(command(s.PlaceSentence, sentence_id=SENTENCE, position=-1), TABLE, "draft")
