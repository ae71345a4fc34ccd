"""Voices not to lose: what a person at the table said and no minority position tells yet. A hint for people, never a decision."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from workshop.domain.sentence import Section
from workshop.record.queries.boards import Board, Cluster
from workshop.record.queries.cards import Card
from workshop.record.queries.syntheses import Draft, answers_to, editions_of

_DISSENT: Final = re.compile(
    r"\b(?:contrari[aoe]?|in disaccordo|non sono d[’']accordo|non mi convince|protest\w+|oppo(?:ngo|sizione)"
    r"|against|disagree\w*|oppose\w*)\b",
    re.IGNORECASE,
)
_A_GROUP: Final = 3  # cards: in a smaller group everybody is alone


@dataclass(frozen=True, slots=True)
class Voice:
    """`why`: alone (the only card of its kind in its group), dissent (its words), objection (at a read-back, kept nowhere)."""

    why: str
    words: str
    evidence: tuple[str, ...]
    card: Card | None = None
    group: str = ""


def voices_of(connection: Connection, draft: Draft, board: Board) -> list[Voice]:
    told = {thing for sentence in draft.of(Section.MINORITY) for thing in sentence.evidence}
    waiting = [voice for group in board.clusters for voice in _in_group(group)]
    cards = [v for v in (*waiting, *_dissenting(board)) if v.card and v.card.id not in told and not v.card.left_out]
    once = {v.card.id: v for v in reversed(cards) if v.card}
    return [*_objections(connection, draft), *sorted(once.values(), key=lambda v: v.card.seq if v.card else 0)]


def _in_group(group: Cluster) -> Iterator[Voice]:
    kinds = Counter(card.kind for card in group.cards)
    if len(group.cards) < _A_GROUP or max(kinds.values()) == 1:
        return
    for card in group.cards:
        if kinds[card.kind] == 1:
            yield Voice("alone", _words(card), (card.id,), card, group.title)


def _dissenting(board: Board) -> Iterator[Voice]:
    for card in board.cards:
        if card.counts and _DISSENT.search(_words(card)):
            yield Voice("dissent", _words(card), (card.id,), card)


def _objections(connection: Connection, draft: Draft) -> list[Voice]:
    kept = {s.from_answer for s in draft.sentences} | {s.wording.text for s in draft.of(Section.MINORITY)}
    behind = {s.id: s.evidence for s in draft.sentences}
    return [
        Voice("objection", words, behind.get(sentence_id, ()))
        for edition in editions_of(connection, draft.synthesis_id)
        if edition.sort == "read_back"
        for sentence_id, answers in answers_to(connection, edition.id).items()
        for answer_id, words in answers.objections
        if answer_id not in kept and words not in kept
    ]


def _words(card: Card) -> str:
    return card.translation or card.text or ""
