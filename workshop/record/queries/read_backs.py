"""A read-back as those who hold it see it: which sentence is read now, and what phones and hands have answered to each."""

from dataclasses import dataclass

from sqlalchemy import Connection

from workshop.domain.frozen import FrozenSentence
from workshop.record.queries.evidence import Exhibit, cited, exhibits_at
from workshop.record.queries.fields import the_last_word
from workshop.record.queries.syntheses import Answers, Edition, answers_to, state_of, the_edition
from workshop.record.queries.tables import TableShown

NO_ANSWERS = Answers(agree=0, object=0, in_bulk=0, hands_agree=0, hands_object=0, objections=())


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence as it was read, with what was answered."""

    sentence: FrozenSentence
    answers: Answers
    evidence: list[Exhibit]

    @property
    def agree(self) -> int:
        return self.answers.agree + self.answers.hands_agree

    @property
    def objections(self) -> int:
        return self.answers.object + self.answers.hands_object


@dataclass(frozen=True, slots=True)
class ReadBack:
    """`state`: draft, in_review or validated; without a read-back open there is no edition and nothing is heard."""

    state: str
    edition: Edition | None = None
    index: int = 0
    sentences: tuple[Heard, ...] = ()

    @property
    def now(self) -> Heard | None:
        return self.sentences[min(self.index, len(self.sentences) - 1)] if self.sentences else None


def the_read_back(connection: Connection, table: TableShown) -> ReadBack:
    state = state_of(connection, table.id)
    words = the_last_word(connection, table.id, "synthesis", {"read_back": ""})
    edition = the_edition(connection, words["read_back"]) if state == "in_review" else None
    if edition is None or edition.frozen is None:
        return ReadBack(state)
    answers, exhibits = answers_to(connection, edition.id), exhibits_at(connection, table)
    heard = tuple(Heard(s, answers.get(s.id, NO_ANSWERS), cited(exhibits, s.evidence)) for s in edition.frozen.sentences)
    return ReadBack(state, edition, the_last_word(connection, table.id, "page", 0), heard)
