"""Read back, answered sentence by sentence, validated, and then immutable."""

from typing import Any

import pytest

from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_confirmed_synthesis,
    a_facilitator,
    a_meeting,
    a_participant,
    a_read_back,
    a_scribe,
    a_sentence,
    an_organiser,
)
from workshop.domain.contribution import LeaveOut
from workshop.domain.people import Actor
from workshop.domain.refusal import ChangedMeanwhile, MoveNotAllowed, NotAllowed, NotFound, ReasonMissing
from workshop.domain.sentence import RemoveSentence, RewriteSentence, Section, SynthesisIsFrozen, SynthesisIsValidated, Wording
from workshop.domain.synthesis import (
    AnswerSentence,
    CardsNotTold,
    CloseReadBack,
    CountHands,
    KeepObjection,
    NoReadBackOpen,
    NotValidatedYet,
    OpenReadBack,
    Rectify,
    SentenceHasChanged,
    TurnPage,
    Validate,
)
from workshop.private.ballot_keys import known_key
from workshop.record.queries.fields import the_last_word
from workshop.record.queries.syntheses import (
    Answers,
    answers_of,
    answers_to,
    editions_of,
    latest_confirmed,
    sentences_of,
    state_of,
    the_draft,
)
from workshop.record.queries.tables import the_table


class Reading:
    """A table that is being read its synthesis: a frame and a convergence."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.facilitator = a_facilitator(meeting)
        self.id = a_read_back(meeting, self.facilitator)
        self.frame, self.shared = (sentence.id for sentence in meeting.ask(sentences_of, meeting.table))

    def do(self, wish: type[Any], who: Actor | None = None, **fields: Any) -> Any:
        return self.meeting.do(wish, who or self.facilitator, synthesis_id=self.meeting.table, **fields)

    def answer(self, who: Actor, answer: str = "agree", sentence: str = "", **fields: Any) -> Any:
        told = {"read_back_id": self.id, "sentence_id": sentence or self.shared, "answer": answer, **fields}
        return self.do(AnswerSentence, who, **told)

    def object(self, words: str) -> str:
        """Somebody objects to the convergence; the objection's id."""
        self.answer(a_participant(self.meeting), "object", objection=words)
        return next(answer_id for answer_id, told in self.answers().objections if told == words)

    def answers(self) -> Answers:
        return self.meeting.ask(answers_to, self.id)[self.shared]

    def validate(self, who: Actor | None = None, favour: int = 9, against: int = 1, abstain: int = 0) -> Any:
        return self.do(Validate, who, read_back_id=self.id, favour=favour, against=against, abstain=abstain)

    @property
    def state(self) -> str:
        return self.meeting.ask(state_of, self.meeting.table)


@pytest.fixture
def reading(meeting: Meeting) -> Reading:
    return Reading(meeting)


def test_what_is_read_back_is_frozen(reading: Reading) -> None:
    assert reading.state == "in_review"
    with pytest.raises(SynthesisIsFrozen):
        reading.meeting.do(
            RewriteSentence, reading.facilitator, sentence_id=reading.shared, wording=Wording(text="Altro"), replaces=(reading.shared,)
        )
    with pytest.raises(SynthesisIsFrozen):
        a_sentence(reading.meeting, reading.facilitator, "Ancora una frase")
    [edition] = reading.meeting.ask(editions_of, reading.meeting.table)
    assert edition.frozen is not None
    assert (edition.sort, edition.number, edition.fingerprint) == ("read_back", 1, edition.frozen.fingerprint())
    assert edition.frozen == reading.meeting.ask(the_draft, reading.meeting.table).frozen()


def test_phones_answer_each_sentence_and_may_change_their_mind(reading: Reading) -> None:
    one, two = a_participant(reading.meeting), a_participant(reading.meeting)
    reading.answer(one)
    reading.answer(two, "object", objection="Gli orari non vanno")
    reading.answer(one, "object")
    reading.answer(two, in_bulk=True)
    answers = reading.answers()
    assert (answers.agree, answers.object, answers.in_bulk, answers.objections) == (1, 1, 1, ())


def test_a_phone_sees_its_own_answers_and_the_table_sees_no_voter(reading: Reading) -> None:
    who = a_participant(reading.meeting)
    [fact] = reading.answer(who, "object", objection="Non va").facts
    own = reading.meeting.ask(answers_of, reading.id, fact.voter)
    assert own == {reading.shared: ("object", "Non va")}
    assert who.id not in str(fact)
    assert fact.voter not in str(reading.answers())


def test_raised_hands_stand_beside_the_phones_and_are_counted_again(reading: Reading) -> None:
    reading.answer(a_participant(reading.meeting))
    for agree in (3, 8):
        reading.do(CountHands, a_scribe(reading.meeting), read_back_id=reading.id, sentence_id=reading.shared, agree=agree, object=1)
    answers = reading.answers()
    assert (answers.agree, answers.hands_agree, answers.hands_object) == (1, 8, 1)


def test_an_answer_for_something_else_is_refused(reading: Reading) -> None:
    who = a_participant(reading.meeting)
    with pytest.raises(SentenceHasChanged):
        reading.answer(who, sentence="f" * 32)
    reading.do(CloseReadBack)
    with pytest.raises(NoReadBackOpen):
        reading.answer(who)
    reading.do(OpenReadBack)
    with pytest.raises(SentenceHasChanged):
        reading.answer(who)


def test_pages_turn_while_reading(reading: Reading) -> None:
    reading.do(TurnPage, index=1)
    assert reading.meeting.ask(the_last_word, reading.meeting.table, "page") == 1
    reading.do(CloseReadBack)
    with pytest.raises(NoReadBackOpen):
        reading.do(TurnPage, index=0)


def test_an_objection_becomes_a_minority_sentence_with_one_tap(reading: Reading) -> None:
    objection = reading.object("Gli orari non vanno")
    sentence = reading.do(KeepObjection, read_back_id=reading.id, answer_id=objection).command_id
    assert reading.state == "draft"
    draft = reading.meeting.ask(the_draft, reading.meeting.table)
    [minority] = draft.of(Section.MINORITY)
    assert (minority.id, minority.wording.text, minority.from_answer) == (sentence, "Gli orari non vanno", objection)
    assert minority.evidence == draft.of(Section.CONVERGENCES)[0].evidence
    assert reading.meeting.room.ask_private(known_key, reading.id) is None


def test_a_second_objection_of_the_same_read_back_is_kept_too_but_none_twice(reading: Reading) -> None:
    first, second = reading.object("Gli orari non vanno"), reading.object("Mancano le strade")
    for objection in (first, second):
        reading.do(KeepObjection, read_back_id=reading.id, answer_id=objection)
    with pytest.raises(ChangedMeanwhile):
        reading.do(KeepObjection, read_back_id=reading.id, answer_id=second)
    texts = [s.wording.text for s in reading.meeting.ask(the_draft, reading.meeting.table).of(Section.MINORITY)]
    assert texts == ["Gli orari non vanno", "Mancano le strade"]


def test_an_objection_of_another_table_or_of_nobody_is_not_kept(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    reading, other = Reading(meeting), a_facilitator(meeting, meeting.tables[1])
    objection = reading.object("Gli orari non vanno")
    with pytest.raises(NotFound):
        reading.do(KeepObjection, read_back_id=reading.id, answer_id="e" * 64)
    with pytest.raises(NotFound):
        meeting.do(KeepObjection, other, synthesis_id=meeting.tables[1], read_back_id=reading.id, answer_id=objection)


def test_a_read_back_closed_without_validating_goes_back_to_writing(reading: Reading) -> None:
    reading.do(CloseReadBack)
    assert reading.state == "draft"
    with pytest.raises(NoReadBackOpen):
        reading.do(CloseReadBack)
    again = reading.do(OpenReadBack).command_id
    assert again != reading.id
    assert [edition.number for edition in reading.meeting.ask(editions_of, reading.meeting.table)] == [2, 1]


def test_the_table_validates_what_was_read(reading: Reading) -> None:
    reading.validate(favour=5, against=2, abstain=3)
    edition = reading.meeting.ask(latest_confirmed, reading.meeting.table)
    assert edition is not None
    assert edition.frozen is not None
    counts = {name: edition.about_it[name] for name in ("favour", "against", "abstain")}
    assert (edition.sort, edition.number, counts) == ("validated", 1, {"favour": 5, "against": 2, "abstain": 3})
    assert edition.fingerprint == edition.frozen.fingerprint()
    table = reading.meeting.ask(the_table, reading.meeting.table)
    assert (reading.state, table.synthesis, table.state) == ("validated", "validated", "validated")
    assert reading.meeting.room.ask_private(known_key, reading.id) is None


def test_who_leads_validates_when_the_facilitator_is_away_and_a_scribe_does_not(reading: Reading) -> None:
    for who in (a_scribe(reading.meeting), a_participant(reading.meeting), an_organiser()):
        with pytest.raises(NotAllowed):
            reading.validate(who)
    reading.validate(reading.meeting.lead)
    assert reading.state == "validated"


def test_only_the_read_back_that_is_open_is_validated(reading: Reading) -> None:
    reading.do(CloseReadBack)
    with pytest.raises(MoveNotAllowed):
        reading.validate()
    reading.do(OpenReadBack)
    with pytest.raises(SentenceHasChanged):
        reading.validate()


def test_a_validated_synthesis_does_not_change(meeting: Meeting) -> None:
    facilitator = a_facilitator(meeting)
    a_confirmed_synthesis(meeting, facilitator)
    sentence = meeting.ask(sentences_of, meeting.table)[0]
    for act in (
        lambda: a_sentence(meeting, facilitator, "Ancora una frase"),
        lambda: meeting.do(RemoveSentence, facilitator, sentence_id=sentence.id),
        lambda: meeting.do(
            RewriteSentence, facilitator, sentence_id=sentence.id, wording=Wording(text="Altro"), replaces=sentence.versions
        ),
        lambda: meeting.do(OpenReadBack, facilitator, synthesis_id=meeting.table),
    ):
        with pytest.raises(SynthesisIsValidated):
            act()
    with pytest.raises(NoReadBackOpen):
        meeting.do(CloseReadBack, facilitator, synthesis_id=meeting.table)


def rectify(meeting: Meeting, who: Actor, of_number: int = 1, reason: str = "refuso", text: str = "Servono tre bagni") -> Any:
    sentence = meeting.ask(sentences_of, meeting.table)[1].id
    wording = Wording(text=text)
    return meeting.do(Rectify, who, synthesis_id=meeting.table, sentence_id=sentence, wording=wording, reason=reason, of_number=of_number)


def test_a_correction_is_a_new_version_with_its_reason_and_the_validated_one_stays(meeting: Meeting) -> None:
    a_confirmed_synthesis(meeting)
    rectify(meeting, meeting.lead)
    latest, validated, _ = meeting.ask(editions_of, meeting.table)
    assert latest.frozen is not None
    assert validated.frozen is not None
    assert (latest.sort, latest.number, latest.about_it["reason"], latest.about_it["of_number"]) == ("rectified", 2, "refuso", 1)
    assert [s.wording.text for s in latest.frozen.sentences] == ["Il tavolo ha parlato di spazi.", "Servono tre bagni"]
    assert [s.wording.text for s in validated.frozen.sentences] == ["Il tavolo ha parlato di spazi.", "Servono bagni attrezzati."]
    assert meeting.ask(state_of, meeting.table) == "validated"


def test_a_correction_goes_on_from_the_latest_version(meeting: Meeting) -> None:
    a_confirmed_synthesis(meeting)
    rectify(meeting, an_organiser())
    with pytest.raises(SentenceHasChanged):
        rectify(meeting, meeting.lead)
    rectify(meeting, meeting.lead, of_number=2, text="Servono quattro bagni")
    assert [edition.number for edition in meeting.ask(editions_of, meeting.table)] == [3, 2, 1, 1]


def test_a_correction_has_a_reason_a_validated_version_and_who_may(meeting: Meeting) -> None:
    facilitator = a_facilitator(meeting)
    a_read_back(meeting, facilitator)
    with pytest.raises(NotValidatedYet):
        rectify(meeting, meeting.lead)
    read_back = meeting.ask(the_draft, meeting.table).read_back_id
    meeting.do(Validate, facilitator, synthesis_id=meeting.table, read_back_id=read_back, favour=1, against=0, abstain=0)
    with pytest.raises(ReasonMissing):
        rectify(meeting, meeting.lead, reason="")
    for who in (facilitator, a_scribe(meeting), a_participant(meeting)):
        with pytest.raises(NotAllowed):
            rectify(meeting, who)


def test_a_card_that_comes_during_the_reading_is_left_out_with_a_reason_before_the_table_validates(reading: Reading) -> None:
    late = a_card(reading.meeting, a_participant(reading.meeting), "Mancano le strade")
    with pytest.raises(CardsNotTold) as refused:
        reading.validate()
    assert (refused.value.detail["uncovered"], reading.state) == (1, "in_review")
    reading.meeting.do(LeaveOut, reading.facilitator, contribution_id=late, reason="arrivata dopo la rilettura")
    reading.validate()
    assert reading.state == "validated"


def test_who_leads_leaves_a_card_out_only_while_the_table_listens(reading: Reading) -> None:
    late, lead = a_card(reading.meeting, a_participant(reading.meeting), "Mancano le strade"), reading.meeting.lead
    reading.meeting.do(LeaveOut, lead, contribution_id=late, reason="arrivata dopo la rilettura")
    reading.do(CloseReadBack)
    with pytest.raises(NotAllowed):
        reading.meeting.do(LeaveOut, lead, contribution_id=late, reason="")
