"""The synthesis of a table: written with its evidence, read back sentence by sentence, validated, corrected."""

from workshop.demo_content.play import AtTable
from workshop.demo_content.story import SynthesisTold
from workshop.domain.ids import new_id
from workshop.domain.sentence import AddSentence, Wording
from workshop.domain.synthesis import AnswerSentence, CountHands, OpenReadBack, Rectify, TurnPage, Validate

LISTENED = 3  # phones that answer when the story does not say more


def write(at: AtTable) -> list[str]:
    """The sentences' ids, in the order of the story."""
    at.walk("sintesi")
    return [_sentence(at, index) for index, _ in enumerate(_told(at).sentences)]


def read_back(at: AtTable, sentences: list[str]) -> str:
    """Frozen and read aloud to the end; the read-back's id."""
    reading = _open(at)
    favour, _, _ = _told(at).vote
    for index, sentence_id in enumerate(sentences):
        _turn(at, index)
        for phone in range(LISTENED):
            _answer(at, reading, sentence_id, phone)
        _hands(at, reading, sentence_id, favour - LISTENED)
    return reading


def begin_reading(at: AtTable, sentences: list[str]) -> None:
    """The third sentence is being read now; somebody does not find their words in the second one."""
    reading, objection = _open(at), _told(at).objection
    for sentence_id, phones in zip(sentences, (6, 5, 3), strict=False):
        for phone in range(phones):
            _answer(at, reading, sentence_id, phone)
    _answer(at, reading, sentences[1], 6, objection)
    _hands(at, reading, sentences[0], 2)
    _turn(at, 2)


def validate(at: AtTable, reading: str) -> None:
    at.walk("validazione")
    favour, against, abstain = _told(at).vote
    outcome = Validate(
        command_id=new_id(),
        process_id=at.play.process_id,
        synthesis_id=at.id,
        read_back_id=reading,
        favour=favour,
        against=against,
        abstain=abstain,
    )
    at.hand.gives(outcome, at.facilitator)
    at.walk("portavoce")


def correct(at: AtTable, sentences: list[str]) -> None:
    """By the lead, with a reason: a new version with a badge."""
    index, text, reason = _told(at).correction
    rectify = Rectify(
        command_id=new_id(),
        process_id=at.play.process_id,
        synthesis_id=at.id,
        sentence_id=sentences[index],
        wording=Wording(text=text),
        reason=reason,
        of_number=1,
    )
    at.hand.gives(rectify)


def _told(at: AtTable) -> SynthesisTold:
    return next(synthesis for synthesis in at.play.story.syntheses if synthesis.table == at.told.number)


def _sentence(at: AtTable, index: int) -> str:
    told, ids = _told(at).sentences[index], at.play.clusters | at.play.cards
    add = AddSentence(
        command_id=new_id(),
        process_id=at.play.process_id,
        synthesis_id=at.id,
        section=told.section,
        wording=told.wording,
        evidence=tuple(ids[name] for name in told.evidence),
    )
    return at.hand.gives(add, at.scribe).command_id


def _open(at: AtTable) -> str:
    at.walk("rilettura")
    return at.hand.gives(OpenReadBack(command_id=new_id(), process_id=at.play.process_id, synthesis_id=at.id), at.scribe).command_id


def _turn(at: AtTable, index: int) -> None:
    at.hand.gives(TurnPage(command_id=new_id(), process_id=at.play.process_id, synthesis_id=at.id, index=index), at.scribe)


def _answer(at: AtTable, reading: str, sentence_id: str, phone: int, objection: str = "") -> None:
    answer = AnswerSentence(
        command_id=new_id(),
        process_id=at.play.process_id,
        synthesis_id=at.id,
        read_back_id=reading,
        sentence_id=sentence_id,
        answer="object" if objection else "agree",
        objection=objection,
    )
    at.hand.gives(answer, at.phones[phone])


def _hands(at: AtTable, reading: str, sentence_id: str, agree: int) -> None:
    count = CountHands(
        command_id=new_id(),
        process_id=at.play.process_id,
        synthesis_id=at.id,
        read_back_id=reading,
        sentence_id=sentence_id,
        agree=agree,
        object=0,
    )
    at.hand.gives(count, at.scribe)
