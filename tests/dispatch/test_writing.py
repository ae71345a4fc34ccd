"""Sentences through the front door: two writers keep both, evidence is ours, and no card is forgotten."""

import pytest

from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_facilitator,
    a_meeting,
    a_participant,
    a_scribe,
    a_sentence,
    a_step_open,
    move_step,
)
from workshop.domain.cluster import MergeCluster, MoveCards
from workshop.domain.contribution import LeaveOut, MergeContribution, WithdrawContribution
from workshop.domain.people import Actor
from workshop.domain.refusal import NotAllowed, NotFound
from workshop.domain.sentence import (
    CiteEvidence,
    EvidenceIsElsewhere,
    PlaceSentence,
    RemoveSentence,
    RewriteSentence,
    Section,
    Wording,
)
from workshop.domain.synthesis import DeclareNoMinority, NotReadyToReadBack, OpenReadBack
from workshop.record.queries.syntheses import Draft, the_draft, the_sentence


@pytest.fixture
def writing(meeting: Meeting) -> Meeting:
    a_step_open(meeting, "scrivi")
    return meeting


@pytest.fixture
def scribe(writing: Meeting) -> Actor:
    return a_scribe(writing)


def draft(meeting: Meeting) -> Draft:
    return meeting.ask(the_draft, meeting.table)


def rewrite(meeting: Meeting, who: Actor, sentence: str, text: str, *replaces: str) -> None:
    meeting.do(RewriteSentence, who, sentence_id=sentence, wording=Wording(text=text), replaces=replaces)


def test_two_writers_who_edit_one_sentence_keep_both_versions_until_one_settles_them(writing: Meeting, scribe: Actor) -> None:
    sentence = a_sentence(writing, scribe, "Servono bagni")
    rewrite(writing, scribe, sentence, "Servono bagni puliti", sentence)
    rewrite(writing, a_facilitator(writing), sentence, "Servono due bagni", sentence)
    both = writing.ask(the_sentence, sentence)
    assert (both.wording.text, [wording.text for _, wording in both.siblings]) == ("Servono due bagni", ["Servono bagni puliti"])
    assert draft(writing).facts().siblings == (sentence,)
    rewrite(writing, scribe, sentence, "Servono due bagni puliti", *both.versions)
    settled = writing.ask(the_sentence, sentence)
    assert (settled.wording.text, settled.siblings) == ("Servono due bagni puliti", ())


def test_settling_only_one_of_two_versions_leaves_the_other(writing: Meeting, scribe: Actor) -> None:
    sentence = a_sentence(writing, scribe, "Servono bagni")
    rewrite(writing, scribe, sentence, "Servono bagni puliti", sentence)
    rewrite(writing, scribe, sentence, "Servono due bagni", sentence)
    newest = writing.ask(the_sentence, sentence).version_id
    rewrite(writing, scribe, sentence, "Servono tre bagni", newest)
    assert [wording.text for _, wording in writing.ask(the_sentence, sentence).siblings] == ["Servono bagni puliti"]


def test_sentences_stand_in_their_sections_in_the_order_they_were_given(writing: Meeting, scribe: Actor) -> None:
    last = a_sentence(writing, scribe, "Un accordo")
    a_sentence(writing, scribe, "Un altro accordo")
    a_sentence(writing, scribe, "Il quadro", Section.FRAME)
    writing.do(PlaceSentence, scribe, sentence_id=last, position=999)
    assert [s.wording.text for s in draft(writing).sentences] == ["Il quadro", "Un altro accordo", "Un accordo"]


def test_a_sentence_taken_out_can_be_put_back(writing: Meeting, scribe: Actor) -> None:
    sentence = a_sentence(writing, scribe, "Servono bagni")
    writing.do(RemoveSentence, scribe, sentence_id=sentence)
    assert (len(draft(writing).sentences), len(draft(writing).removed)) == (0, 1)
    writing.do(RemoveSentence, scribe, sentence_id=sentence, removed=False)
    assert [s.wording.text for s in draft(writing).sentences] == ["Servono bagni"]


def test_evidence_is_put_behind_a_sentence_and_taken_away(writing: Meeting, scribe: Actor) -> None:
    card, cluster = a_card(writing, scribe), a_cluster(writing, scribe)
    sentence = a_sentence(writing, scribe, "Servono bagni", evidence=(card,))
    writing.do(CiteEvidence, scribe, sentence_id=sentence, evidence_id=cluster)
    assert set(writing.ask(the_sentence, sentence).evidence) == {card, cluster}
    writing.do(CiteEvidence, scribe, sentence_id=sentence, evidence_id=card, present=False)
    assert writing.ask(the_sentence, sentence).evidence == (cluster,)


def test_evidence_is_of_this_table_and_not_withdrawn(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    for table in meeting.tables:
        a_step_open(meeting, "scrivi", table)
    here, there, guest = a_scribe(meeting), a_scribe(meeting, meeting.tables[1]), a_participant(meeting)
    elsewhere, gone = a_card(meeting, there), a_card(meeting, guest)
    meeting.do(WithdrawContribution, guest, contribution_id=gone)
    sentence = a_sentence(meeting, here, "Servono bagni")
    for card in (elsewhere, gone, "f" * 32):
        with pytest.raises(EvidenceIsElsewhere):
            meeting.do(CiteEvidence, here, sentence_id=sentence, evidence_id=card)
        with pytest.raises(EvidenceIsElsewhere):
            a_sentence(meeting, here, "Servono bagni", evidence=(card,))


def test_a_synthesis_is_written_by_its_own_staff(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    sentence = a_sentence(meeting, a_scribe(meeting), "Servono bagni")
    for who in (a_scribe(meeting, meeting.tables[1]), a_participant(meeting), meeting.lead):
        with pytest.raises(NotAllowed):
            rewrite(meeting, who, sentence, "Servono due bagni", sentence)
    with pytest.raises(NotFound):
        rewrite(meeting, a_scribe(meeting), "f" * 32, "Nessuna frase")


def test_cards_that_no_sentence_tells_are_listed_until_told_or_left_out(writing: Meeting, scribe: Actor) -> None:
    told, through, apart, out = (a_card(writing, scribe, f"Cartoncino {n}") for n in range(1, 5))
    cluster = a_cluster(writing, scribe, "Servono bagni", [through])
    a_sentence(writing, scribe, "Servono bagni", evidence=(told, cluster))
    writing.do(LeaveOut, scribe, contribution_id=out, reason="fuori tema")
    now = draft(writing)
    assert ([card.id for card in now.uncovered], [card.id for card in now.left_out]) == ([apart], [out])


def test_a_card_is_told_through_one_that_says_the_same_both_ways(writing: Meeting, scribe: Actor) -> None:
    kept, same = a_card(writing, scribe, "Servono fasciatoi"), a_card(writing, scribe, "Mancano fasciatoi")
    writing.do(MergeContribution, scribe, contribution_id=same, into_id=kept)
    a_sentence(writing, scribe, "Servono bagni", evidence=(same,))
    assert draft(writing).uncovered == ()


def test_a_merged_cluster_that_is_cited_tells_only_its_own_cards(writing: Meeting, scribe: Actor) -> None:
    one, two = a_card(writing, scribe, "Uno per uno"), a_card(writing, scribe, "Due per due")
    kept, merged = a_cluster(writing, scribe, "Servono bagni", [one]), a_cluster(writing, scribe, "Fasciatoi", [two])
    a_sentence(writing, scribe, "Servono fasciatoi", evidence=(merged,))
    writing.do(MergeCluster, scribe, cluster_id=merged, into_id=kept)
    assert [card.id for card in draft(writing).uncovered] == [one]


def test_a_card_that_leaves_a_cited_cluster_is_listed_again(writing: Meeting, scribe: Actor) -> None:
    card = a_card(writing, scribe)
    cluster = a_cluster(writing, scribe, cards=[card])
    a_sentence(writing, scribe, "Servono bagni", evidence=(cluster,))
    assert draft(writing).uncovered == ()
    writing.do(MoveCards, scribe, work_table_id=writing.table, contribution_ids=(card,), place="", replaces=(cluster,))
    assert [shown.id for shown in draft(writing).uncovered] == [card]


def test_a_read_back_waits_until_everything_is_there(writing: Meeting, scribe: Actor) -> None:
    card = a_card(writing, scribe)

    def missing() -> object:
        with pytest.raises(NotReadyToReadBack) as refused:
            writing.do(OpenReadBack, scribe, synthesis_id=writing.table)
        return refused.value.detail["missing"]

    assert missing() == {"frame": 1, "convergences": 1, "minority": 1, "uncovered": 1}
    a_sentence(writing, scribe, "Il quadro del tavolo", Section.FRAME)
    shared = a_sentence(writing, scribe, "Servono bagni")
    assert missing() == {"minority": 1, "uncovered": 1, "bare": 2}
    writing.do(CiteEvidence, scribe, sentence_id=shared, evidence_id=card)
    assert missing() == {"minority": 1}
    for text in ("Servono due bagni", "Servono bagni puliti"):
        rewrite(writing, scribe, shared, text, shared)
    assert missing() == {"minority": 1, "siblings": 1}
    rewrite(writing, scribe, shared, "Servono due bagni puliti", *writing.ask(the_sentence, shared).versions)
    writing.do(DeclareNoMinority, scribe, synthesis_id=writing.table)
    assert writing.do(OpenReadBack, scribe, synthesis_id=writing.table).first_time


def test_taking_back_no_minority_asks_for_it_again(writing: Meeting, scribe: Actor) -> None:
    for none_expressed in (True, False):
        writing.do(DeclareNoMinority, scribe, synthesis_id=writing.table, none_expressed=none_expressed)
        assert draft(writing).no_minority is none_expressed


def test_the_step_of_writing_ends_when_the_minority_was_asked_for(writing: Meeting, scribe: Actor) -> None:
    facilitator = a_facilitator(writing)
    a_step_open(writing, "sintesi")
    with pytest.raises(Exception, match="StepNotReady"):
        move_step(writing, "sintesi", "closed", actor=facilitator)
    writing.do(DeclareNoMinority, scribe, synthesis_id=writing.table)
    move_step(writing, "sintesi", "closed", actor=facilitator)
