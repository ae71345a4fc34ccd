"""A synthesis as its writers see it, and its versions as everybody reads them."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from workshop.domain.frozen import Frozen, FrozenSentence, Priority
from workshop.domain.refusal import NotFound
from workshop.domain.sentence import Section, Wording
from workshop.domain.synthesis import DraftFacts
from workshop.record.queries.ballots import Result, results_told
from workshop.record.queries.boards import Board, the_board
from workshop.record.queries.cards import Card
from workshop.record.queries.fields import Version, last_words, the_last_word, versions_shown
from workshop.record.rows.sentence import evidence, sentence
from workshop.record.rows.synthesis import answer, edition, hands


@dataclass(frozen=True, slots=True)
class SentenceShown:
    """`siblings`: wordings written at the same time by others, with their version ids, side by side."""

    id: str
    synthesis_id: str
    section: Section
    wording: Wording
    version_id: str
    versions: tuple[str, ...]
    siblings: tuple[tuple[str, Wording], ...]
    evidence: tuple[str, ...]
    position: int
    removed: bool
    from_answer: str


@dataclass(frozen=True, slots=True)
class Draft:
    """`uncovered`: cards that no sentence tells (directly or through their cluster) and nobody left out with a reason."""

    synthesis_id: str
    state: str
    read_back_id: str
    number: int
    no_minority: bool
    sentences: tuple[SentenceShown, ...]
    removed: tuple[SentenceShown, ...]
    priorities: tuple[Priority, ...]
    uncovered: tuple[Card, ...]
    left_out: tuple[Card, ...]

    def of(self, section: str) -> tuple[SentenceShown, ...]:
        return tuple(s for s in self.sentences if s.section == section)

    def facts(self) -> DraftFacts:
        return DraftFacts(
            state=self.state,
            frozen=self.frozen(),
            number=self.number,
            uncovered=tuple(card.id for card in self.uncovered),
            siblings=tuple(s.id for s in self.sentences if s.siblings),
        )

    def frozen(self) -> Frozen:
        sentences = tuple(
            FrozenSentence(id=s.id, section=s.section, version_id=s.version_id, wording=s.wording, evidence=s.evidence)
            for section in Section
            for s in self.of(section)
        )
        return Frozen(sentences=sentences, priorities=self.priorities, no_minority=self.no_minority)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a synthesis: `read_back`, `validated` or `rectified`. `about_it`: counts, notes or the reason."""

    id: str
    synthesis_id: str
    sort: str
    number: int
    fingerprint: str
    frozen: Frozen | None
    about_it: dict[str, Any]
    wall: str


@dataclass(frozen=True, slots=True)
class Answers:
    """For one sentence read back: phones, of them given in bulk, hands, and the objections in their own words (id, words)."""

    agree: int
    object: int
    in_bulk: int
    hands_agree: int
    hands_object: int
    objections: tuple[tuple[str, str], ...]


def the_draft(connection: Connection, synthesis_id: str) -> Draft:
    state, read_back_id = where_it_stands(connection, synthesis_id)
    editions = editions_of(connection, synthesis_id)
    every = sentences_of(connection, synthesis_id)
    sentences = tuple(s for s in every if not s.removed)
    board = the_board(connection, synthesis_id)
    uncovered, left_out = _not_told(board, sentences)
    return Draft(
        synthesis_id=synthesis_id,
        state=state,
        read_back_id=read_back_id,
        number=max((e.number for e in editions), default=0) + 1,
        no_minority=bool(the_last_word(connection, synthesis_id, "no_minority", False)),
        sentences=sentences,
        removed=tuple(s for s in every if s.removed),
        priorities=_priorities(board, list(results_told(connection, synthesis_id).values())),
        uncovered=uncovered,
        left_out=left_out,
    )


def state_of(connection: Connection, synthesis_id: str) -> str:
    """draft, in_review or validated, without reading the whole draft."""
    return where_it_stands(connection, synthesis_id)[0]


def where_it_stands(connection: Connection, synthesis_id: str) -> tuple[str, str]:
    """(state, id of the read-back that is open). Validated beats draft, wherever it was validated."""
    words = last_words(connection, [synthesis_id], "synthesis", "validated")
    if words.get((synthesis_id, "validated")):
        return "validated", ""
    told = words.get((synthesis_id, "synthesis"), {"state": "draft", "read_back": ""})
    return told["state"], told["read_back"]


def sentences_of(connection: Connection, synthesis_id: str) -> list[SentenceShown]:
    """In the order they stand, section by section; removed ones too."""
    chosen = select(sentence).where(sentence.c.synthesis_id == synthesis_id)
    return _sentences(connection, connection.execute(chosen).all())


def the_sentence(connection: Connection, sentence_id: str) -> SentenceShown:
    found = _sentences(connection, connection.execute(select(sentence).where(sentence.c.id == sentence_id)).all())
    if not found:
        raise NotFound("sentence_id")
    return found[0]


def editions_of(connection: Connection, synthesis_id: str) -> list[Edition]:
    """The latest first."""
    chosen = select(edition).where(edition.c.synthesis_id == synthesis_id).order_by(edition.c.lamport.desc(), edition.c.hash.desc())
    return [_edition(row) for row in connection.execute(chosen)]


def the_edition(connection: Connection, edition_id: str) -> Edition | None:
    row = connection.execute(select(edition).where(edition.c.id == edition_id)).first()
    return _edition(row) if row else None


def latest_confirmed(connection: Connection, synthesis_id: str) -> Edition | None:
    """The newest validated or rectified version: what may be published."""
    return next((e for e in editions_of(connection, synthesis_id) if e.sort != "read_back"), None)


def answers_to(connection: Connection, read_back_id: str) -> dict[str, Answers]:
    """Sentence id -> answers. Objections carry no voter: their id is the place of the answer, not of the person."""
    given = connection.execute(select(answer).where(answer.c.read_back_id == read_back_id).order_by(answer.c.hash)).all()
    raised = {row.sentence_id: row for row in connection.execute(select(hands).where(hands.c.read_back_id == read_back_id))}
    return {
        sentence_id: _answers([row for row in given if row.sentence_id == sentence_id], raised.get(sentence_id))
        for sentence_id in {*(row.sentence_id for row in given), *raised}
    }


def answers_of(connection: Connection, read_back_id: str, voter: str) -> dict[str, tuple[str, str]]:
    """Sentence id -> (answer, objection) of one voter, for that person's own phone."""
    chosen = select(answer).where(answer.c.read_back_id == read_back_id, answer.c.voter == voter)
    return {row.sentence_id: (row.answer, row.objection or "") for row in connection.execute(chosen)}


def objection_words(connection: Connection, read_back_id: str, answer_id: str) -> tuple[str, str]:
    """(sentence id, words) of one objection."""
    row = connection.execute(select(answer).where(answer.c.read_back_id == read_back_id, answer.c.hash == answer_id)).first()
    if row is None:
        raise NotFound("answer_id")
    return row.sentence_id, row.objection or ""


def _priorities(board: Board, told: list[Result]) -> tuple[Priority, ...]:
    """From the last ballot that told its totals; most dots first, ties in the order of the board. Clusters merged since count together."""
    if not told:
        return ()
    dots = {c.id: sum(told[-1].totals.get(each.id, 0) for each in (c, *c.merged)) for c in board.clusters}
    ranked = sorted(board.clusters, key=lambda c: -dots[c.id])
    return tuple(Priority(cluster_id=c.id, title=c.title, dots=dots[c.id]) for c in ranked)


def _not_told(board: Board, sentences: tuple[SentenceShown, ...]) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """(uncovered, left out). Told: cited itself, through the cluster it lies in, or through a card that says the same."""
    cited = {thing for s in sentences for thing in s.evidence}
    told = cited | {card.id for c in board.clusters for card in c.cards if {c.id, card.place} & cited}
    told |= {card.merged_into for card in board.cards if card.id in cited}
    open_cards = [card for card in board.cards if card.counts and card.id not in told]
    return tuple(c for c in open_cards if not c.left_out), tuple(c for c in open_cards if c.left_out)


def _sentences(connection: Connection, rows: Any) -> list[SentenceShown]:
    ids = [row.id for row in rows]
    versions, words = versions_shown(connection, ids, "wording"), last_words(connection, ids)
    cited: dict[str, list[str]] = {}
    chosen = select(evidence).where(evidence.c.sentence_id.in_(ids), evidence.c.present == "yes").order_by(evidence.c.evidence_id)
    for row in connection.execute(chosen):
        cited.setdefault(row.sentence_id, []).append(row.evidence_id)
    shown = [_sentence(row, versions.get((row.id, "wording"), []), words, tuple(cited.get(row.id, ()))) for row in rows]
    return sorted(shown, key=lambda s: (list(Section).index(s.section), s.position, s.id))


def _sentence(row: Any, versions: list[Version], words: dict[tuple[str, str], Any], cited: tuple[str, ...]) -> SentenceShown:
    kept = [v for v in versions if v.value is not None]
    return SentenceShown(
        id=row.id,
        synthesis_id=row.synthesis_id or "",
        section=Section(row.section or "frame"),
        wording=Wording(**kept[0].value) if kept else Wording(text="…"),
        version_id=kept[0].id if kept else "",
        versions=tuple(v.id for v in versions),
        siblings=tuple((v.id, Wording(**v.value)) for v in kept[1:]),
        evidence=cited,
        position=words.get((row.id, "position"), 0),
        removed=bool(words.get((row.id, "removed"))),
        from_answer=row.from_answer or "",
    )


def _edition(row: Any) -> Edition:
    about_it = json.loads(row.about_it) if row.about_it else {}
    frozen = frozen_of(json.loads(row.frozen)) if row.frozen else None
    return Edition(row.id, row.synthesis_id, row.sort, row.number or 0, row.fingerprint or "", frozen, about_it, row.wall or "")


def frozen_of(value: dict[str, Any]) -> Frozen:
    sentences = tuple(
        FrozenSentence(**{**s, "section": Section(s["section"]), "wording": Wording(**s["wording"]), "evidence": tuple(s["evidence"])})
        for s in value["sentences"]
    )
    return Frozen(sentences=sentences, priorities=tuple(Priority(**p) for p in value["priorities"]), no_minority=value["no_minority"])


def _answers(given: list[Any], raised: Any) -> Answers:
    objections = tuple((row.hash, row.objection) for row in given if row.answer == "object" and row.objection)
    return Answers(
        agree=sum(row.answer == "agree" for row in given),
        object=sum(row.answer == "object" for row in given),
        in_bulk=sum(bool(row.in_bulk) for row in given),
        hands_agree=raised.agree if raised else 0,
        hands_object=raised.object if raised else 0,
        objections=objections,
    )
