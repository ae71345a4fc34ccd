"""Real histories: what several laptops do through the front door, with exchanges now and then. Refusals are part of the day."""

import random
from collections.abc import Callable, Iterable
from typing import Any, Final

from hypothesis import strategies as st

from sync.log import Raw
from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_facilitator,
    a_meeting,
    a_participant,
    a_practice,
    a_sentence,
    a_step_open,
    move_step,
)
from tests.record.full_history import entries_of
from workshop.domain.cluster import PARKED, MergeCluster, MoveCards, OrderCluster, TitleCluster, UndoBoardAct
from workshop.domain.contribution import (
    CorrectContribution,
    LeaveOut,
    MergeContribution,
    RedactContribution,
    TendContribution,
    WithdrawContribution,
)
from workshop.domain.dots import CastDots
from workshop.domain.good_practice import ChangeGoodPractice, RemoveGoodPractice
from workshop.domain.people import Actor
from workshop.domain.refusal import Refusal
from workshop.domain.sentence import CiteEvidence, RemoveSentence, RewriteSentence, Wording
from workshop.domain.synthesis import CloseReadBack, DeclareNoMinority, OpenReadBack, Rectify, Validate
from workshop.record.peers import PeerLog
from workshop.record.queries.boards import Board, clusters_of, the_board
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.syntheses import Draft, the_draft

Moves = list[tuple[int, int, int, int]]  # (laptop, what, which, which other)
WORDS: Final = ("Servono bagni", "Orari più lunghi", "Strade sicure", "Scrivete a anna@example.org", "أماكن للعائلات")


def moves(laptops: int, most: int = 60) -> st.SearchStrategy[Moves]:
    small = st.integers(0, 11)
    return st.lists(st.tuples(st.integers(0, laptops - 1), st.integers(0, len(ACTS)), small, small), min_size=5, max_size=most)


class Day:
    """One meeting that several laptops have; the same people act on whichever laptop is near."""

    def __init__(self, laptops: list[Room]) -> None:
        meeting = a_meeting(laptops[0])
        a_step_open(meeting, "scrivi")
        self.people = [a_participant(meeting) for _ in range(3)]
        self.staff = a_facilitator(meeting)
        self.meetings = [Meeting(room, meeting.process_id, meeting.id, meeting.tables, meeting.steps) for room in laptops]
        self.exchange()

    def play(self, played: Moves) -> None:
        for laptop, what, one, other in played:
            if what == len(ACTS):
                self.send(laptop, one % len(self.meetings))
                continue
            try:
                ACTS[what](Turn(self.meetings[laptop], self.people, self.staff, one, other))
            except Refusal:
                continue

    def send(self, source: int, target: int) -> None:
        deliver(self.meetings[source], self.meetings[target])

    def exchange(self) -> None:
        """Everybody has everything."""
        for source in range(len(self.meetings)):
            self.send(source, 0)
        for target in range(len(self.meetings)):
            self.send(0, target)


def deliver(source: Meeting, target: Meeting) -> None:
    receive(target, (Raw(entry.head_bytes, entry.body_bytes) for entry in entries_of(source)))


def receive(target: Meeting, raws: Iterable[Raw]) -> None:
    received = PeerLog(target.room.store, target.room.desk).receive(target.process_id, list(raws))
    assert not received.refused


class Turn:
    """One person's turn: what they see, and which of it they take."""

    def __init__(self, meeting: Meeting, people: list[Actor], staff: Actor, one: int, other: int) -> None:
        self.meeting, self.staff, self.one, self.other = meeting, staff, one, other
        self.who = people[one % len(people)]
        self.words = WORDS[other % len(WORDS)]

    def do(self, wish: type[Any], who: Actor | None = None, /, **fields: Any) -> Any:
        return self.meeting.do(wish, who or self.staff, **fields)

    @property
    def board(self) -> Board:
        return self.meeting.ask(the_board, self.meeting.table)

    @property
    def draft(self) -> Draft:
        return self.meeting.ask(the_draft, self.meeting.table)

    def card(self, which: int = -1) -> Any:
        return pick(self.board.cards, self.one if which < 0 else which)

    def cluster(self, which: int = -1) -> Any:
        return pick(self.meeting.ask(clusters_of, self.meeting.table), self.one if which < 0 else which)

    def sentence(self) -> Any:
        return pick(self.draft.sentences, self.one)


def pick(things: Any, which: int) -> Any:
    """Nothing there to take: nothing happens."""
    if not things:
        raise Refusal
    return things[which % len(things)]


def seen(versions: tuple[str, ...], turn: Turn) -> tuple[str, ...]:
    """Mostly all that was shown; now and then a page from before."""
    return versions if turn.other % 4 else versions[:-1]


def move(turn: Turn) -> None:
    card = turn.card()
    place = (PARKED, "", *(c.id for c in turn.board.clusters))[turn.other % (2 + len(turn.board.clusters))]
    told = {"work_table_id": turn.meeting.table, "contribution_ids": (card.id,), "place": place}
    turn.do(MoveCards, **told, replaces=seen(card.place_versions, turn))


def undo(turn: Turn) -> None:
    act = turn.board.last_act
    turn.do(UndoBoardAct, work_table_id=turn.meeting.table, act_id=act.id if act else "f" * 32)


def correct(turn: Turn) -> None:
    card = turn.card()
    turn.do(CorrectContribution, turn.who, contribution_id=card.id, text=turn.words, replaces=seen(card.text_versions, turn))


def merge(turn: Turn) -> None:
    card = turn.card()
    into = "" if turn.other == 0 else turn.card(turn.other).id
    turn.do(MergeContribution, contribution_id=card.id, into_id=into, replaces=seen(card.merge_versions, turn))


def merge_clusters(turn: Turn) -> None:
    cluster = turn.cluster()
    into = "" if turn.other == 0 else turn.cluster(turn.other).id
    turn.do(MergeCluster, cluster_id=cluster.id, into_id=into, replaces=seen(cluster.merge_versions, turn))


def title(turn: Turn) -> None:
    cluster = turn.cluster()
    turn.do(TitleCluster, cluster_id=cluster.id, title=turn.words, replaces=seen(cluster.title_versions, turn))


def redact(turn: Turn) -> None:
    card = turn.card()
    told = {"contribution_id": card.id, "text": turn.words, "reason": "parole tolte"}
    turn.do(RedactContribution, **told, replaces=seen(card.text_versions, turn))


def rewrite(turn: Turn) -> None:
    sentence = turn.sentence()
    turn.do(RewriteSentence, sentence_id=sentence.id, wording=Wording(text=turn.words), replaces=seen(sentence.versions, turn))


def vote(turn: Turn) -> None:
    step = turn.meeting.steps["bollini"]
    turn.do(CastDots, turn.who, work_table_id=turn.meeting.table, step_id=step, dots={turn.cluster().id: turn.other % 3})


def ballot(turn: Turn) -> None:
    if turn.other % 2:
        a_step_open(turn.meeting, "bollini")
    else:
        move_step(turn.meeting, "bollini", "closed")


def validate(turn: Turn) -> None:
    told = {"synthesis_id": turn.meeting.table, "read_back_id": turn.draft.read_back_id or "f" * 32}
    turn.do(Validate, **told, favour=turn.one + 1, against=0, abstain=turn.other)


def rectify(turn: Turn) -> None:
    told = {"synthesis_id": turn.meeting.table, "sentence_id": turn.sentence().id, "wording": Wording(text=turn.words)}
    turn.do(Rectify, turn.meeting.lead, **told, reason="refuso", of_number=turn.draft.number - 1)


def sentences(turn: Turn) -> None:
    """A frame and a convergence, with all cards behind them."""
    for section in ("frame", "convergences"):
        a_sentence(turn.meeting, turn.staff, turn.words, section, evidence=tuple(c.id for c in turn.board.cards if not c.withdrawn))  # type: ignore[arg-type]
    turn.do(DeclareNoMinority, synthesis_id=turn.meeting.table)


def practice(turn: Turn) -> None:
    """The lead adds one, changes one, or removes one."""
    there = turn.meeting.ask(good_practices_of, turn.meeting.process_id)
    if not there or turn.other == 0:
        a_practice(turn.meeting, turn.words)
        return
    shown = pick(there, turn.one)
    told = {"good_practice_id": shown.id, "replaces": seen(shown.versions, turn)}
    if turn.other % 3:
        turn.do(ChangeGoodPractice, turn.meeting.lead, **told, title=turn.words, what="Si fa insieme.")
    else:
        turn.do(RemoveGoodPractice, turn.meeting.lead, **told)


ACTS: Final[tuple[Callable[[Turn], object], ...]] = (
    lambda turn: a_card(turn.meeting, turn.who, turn.words),
    lambda turn: a_card(turn.meeting, turn.staff, turn.words),
    move,
    move,
    lambda turn: a_cluster(turn.meeting, turn.staff, turn.words, [turn.card().id] if turn.other % 2 else []),
    undo,
    undo,
    correct,
    redact,
    merge,
    merge_clusters,
    title,
    lambda turn: turn.do(OrderCluster, cluster_id=turn.cluster().id, position=turn.other),
    lambda turn: turn.do(WithdrawContribution, turn.who, contribution_id=turn.card().id),
    lambda turn: turn.do(TendContribution, contribution_id=turn.card().id, act=("read", "reviewed")[turn.other % 2]),
    lambda turn: turn.do(LeaveOut, contribution_id=turn.card().id, reason="fuori tema" if turn.other % 2 else ""),
    vote,
    ballot,
    sentences,
    rewrite,
    lambda turn: turn.do(CiteEvidence, sentence_id=turn.sentence().id, evidence_id=turn.card().id, present=bool(turn.other % 2)),
    lambda turn: turn.do(RemoveSentence, sentence_id=turn.sentence().id, removed=bool(turn.other % 2)),
    lambda turn: turn.do(OpenReadBack, synthesis_id=turn.meeting.table),
    lambda turn: turn.do(CloseReadBack, synthesis_id=turn.meeting.table),
    validate,
    rectify,
    practice,
)


def in_any_order(meeting: Meeting, chance: random.Random, late: float) -> list[list[Raw]]:
    """Batches of all entries in any order that keeps each stream's, some without their bodies; then all bodies."""
    entries = entries_of(meeting)
    streams = {entry.head.stream: [e for e in entries if e.head.stream == entry.head.stream] for entry in entries}
    mixed = []
    while left := [stream for stream in streams.values() if stream]:
        entry = chance.choice(left).pop(0)
        mixed.append(Raw(entry.head_bytes, None if chance.random() < late else entry.body_bytes))
    size = chance.randint(1, len(mixed))
    full = [Raw(entry.head_bytes, entry.body_bytes) for entry in entries]
    chance.shuffle(full)
    return [*(mixed[start : start + size] for start in range(0, len(mixed), size)), full]
