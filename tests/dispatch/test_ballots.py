"""Dots through the front door: secret until the ballot closes, one ballot per person, and then the totals for good."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import (
    Meeting,
    Room,
    a_cluster,
    a_facilitator,
    a_meeting,
    a_participant,
    a_read_back,
    a_scribe,
    a_step_open,
    move_step,
)
from workshop.domain.cluster import MergeCluster
from workshop.domain.dots import BallotClosed, BallotIsClosed, CastDots, CountPaperDots, NoSuchCluster, PaperDotsDoNotFit, TooManyDots
from workshop.domain.meeting import MoveMeeting
from workshop.domain.participant import TakeSeat
from workshop.domain.people import Actor
from workshop.domain.refusal import NotAllowed
from workshop.domain.step import StepNotOpenYet, Verb
from workshop.domain.work_table import MoveTable
from workshop.private.ballot_keys import known_key
from workshop.record.queries.ballots import ballot_of, ballots_in, result_told, results_told
from workshop.record.queries.boards import the_board
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.syntheses import the_draft
from workshop.record.queries.tables import the_table
from workshop.record.rows.dots import dots

TITLES = ("Servono bagni", "Orari più lunghi", "Strade sicure")


class Vote:
    """A meeting whose first table votes on three clusters."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.facilitator = a_facilitator(meeting)
        self.clusters = [a_cluster(meeting, self.facilitator, title) for title in TITLES]
        self.step = a_step_open(meeting, "bollini")

    def cast(self, who: Actor, *numbers: int, table: str = "", clusters: list[str] | None = None) -> Any:
        given = dict(zip(clusters or self.clusters, numbers, strict=False))
        told = {"work_table_id": table or self.meeting.table, "step_id": self.step, "dots": given}
        return self.meeting.do(CastDots, who, **told)

    def on_paper(self, ballots: int, *numbers: int) -> None:
        given = dict(zip(self.clusters, numbers, strict=False))
        told = {"work_table_id": self.meeting.table, "step_id": self.step, "dots": given, "ballots": ballots}
        self.meeting.do(CountPaperDots, a_scribe(self.meeting), **told)

    def close(self, table: str = "") -> None:
        move_step(self.meeting, "bollini", "closed", table)

    def totals(self, table: str = "") -> list[int] | None:
        told = self.meeting.ask(result_told, self.step, table or self.meeting.table)
        return [told.totals[cluster] for cluster in self.clusters] if told else None


@pytest.fixture
def vote(meeting: Meeting) -> Vote:
    return Vote(meeting)


def test_nothing_tells_totals_before_the_ballot_closes(vote: Vote) -> None:
    meeting = vote.meeting
    for _ in range(3):
        vote.cast(a_participant(meeting), 2, 1)
    vote.on_paper(1, 0, 0, 2)
    assert vote.totals() is None
    assert meeting.ask(results_told, meeting.table) == {}
    assert meeting.ask(the_draft, meeting.table).priorities == ()
    assert meeting.ask(ballots_in, vote.step, meeting.table) == 3


def test_closing_tells_phones_and_paper_together(vote: Vote) -> None:
    for numbers in ((2, 1), (2, 0, 2), (0, 1, 1)):
        vote.cast(a_participant(vote.meeting), *numbers)
    vote.on_paper(2, 1, 0, 4)
    vote.close()
    told = vote.meeting.ask(result_told, vote.step, vote.meeting.table)
    assert told is not None
    assert (vote.totals(), told.voters, told.paper_ballots) == ([5, 2, 7], 3, 2)
    priorities = vote.meeting.ask(the_draft, vote.meeting.table).priorities
    assert [(priority.title, priority.dots) for priority in priorities] == [(TITLES[2], 7), (TITLES[0], 5), (TITLES[1], 2)]


def test_a_cluster_without_dots_is_told_as_zero_and_ties_stand_in_the_order_of_the_board(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 0, 2, 2)
    vote.close()
    priorities = vote.meeting.ask(the_draft, vote.meeting.table).priorities
    assert [(priority.title, priority.dots) for priority in priorities] == [(TITLES[1], 2), (TITLES[2], 2), (TITLES[0], 0)]


def test_casting_again_replaces_the_whole_ballot(vote: Vote) -> None:
    voter = a_participant(vote.meeting)
    vote.cast(voter, 2, 2, 1)
    vote.cast(voter, 1)
    vote.close()
    assert vote.totals() == [1, 0, 0]


def test_counting_paper_again_replaces_the_count(vote: Vote) -> None:
    vote.on_paper(3, 6)
    vote.on_paper(2, 1, 1)
    vote.close()
    assert vote.totals() == [1, 1, 0]


def test_dots_that_do_not_fit_are_refused(vote: Vote) -> None:
    voter = a_participant(vote.meeting)
    for numbers in ((2, 2, 2), (3,)):
        with pytest.raises(TooManyDots):
            vote.cast(voter, *numbers)
    with pytest.raises(NoSuchCluster):
        vote.cast(voter, 1, clusters=["f" * 32])
    with pytest.raises(PaperDotsDoNotFit):
        vote.on_paper(1, 2, 2, 2)


def test_a_person_who_moved_table_still_has_one_vote(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    vote = Vote(meeting)
    here, there = meeting.tables
    theirs = [a_cluster(meeting, a_facilitator(meeting, there), "Altro tavolo")]
    a_step_open(meeting, "bollini", there)
    voter = a_participant(meeting)
    vote.cast(voter, 2)
    meeting.do(TakeSeat, voter, participant_id=voter.id, work_table_id=there)
    moved = Actor(role=voter.role, id=voter.id, meeting_id=meeting.id, tables=frozenset({there}))
    vote.cast(moved, 2, table=there, clusters=theirs)
    assert [meeting.ask(ballots_in, vote.step, table) for table in (here, there)] == [0, 1]
    vote.close(here)
    vote.close(there)
    assert vote.totals() == [0, 0, 0]
    assert meeting.ask(result_told, vote.step, there).totals == {theirs[0]: 2}  # type: ignore[union-attr]


def test_who_moved_after_the_old_table_told_its_totals_does_not_vote_again(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    vote = Vote(meeting)
    theirs = [a_cluster(meeting, a_facilitator(meeting, meeting.tables[1]), "Altro tavolo")]
    a_step_open(meeting, "bollini", meeting.tables[1])
    voter = a_participant(meeting)
    vote.cast(voter, 2)
    vote.close()
    moved = Actor(role=voter.role, id=voter.id, meeting_id=meeting.id, tables=frozenset({meeting.tables[1]}))
    with pytest.raises(BallotIsClosed):
        vote.cast(moved, 1, table=meeting.tables[1], clusters=theirs)


def test_a_ballot_closes_for_good(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 1)
    vote.close()
    for act in (lambda: vote.cast(a_participant(vote.meeting), 1), lambda: vote.on_paper(1, 1)):
        with pytest.raises(BallotIsClosed):
            act()
    move_step(vote.meeting, "bollini", "open", reason="mancava una persona")
    with pytest.raises(BallotIsClosed):
        vote.cast(a_participant(vote.meeting), 1)
    vote.close()
    assert vote.totals() == [1, 0, 0]


def test_opening_the_next_step_closes_the_ballot_too(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 1)
    a_step_open(vote.meeting, "risultato")
    assert vote.totals() == [1, 0, 0]


def test_a_table_that_closes_tells_its_totals_first(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 1)
    receipt = vote.meeting.do(MoveTable, vote.facilitator, work_table_id=vote.meeting.table, state="closed")
    assert [type(fact).__name__ for fact in receipt.facts] == ["BallotClosed", "StepMoved", "TableMoved"]
    assert vote.totals() == [1, 0, 0]
    table = vote.meeting.ask(the_table, vote.meeting.table)
    assert (table.state, table.steps[vote.step]) == ("closed", "closed")


def test_dots_before_the_step_opens_are_refused(meeting: Meeting) -> None:
    cluster = a_cluster(meeting, a_facilitator(meeting))
    with pytest.raises(StepNotOpenYet):
        meeting.do(CastDots, a_participant(meeting), work_table_id=meeting.table, step_id=meeting.steps["bollini"], dots={cluster: 1})


def test_staff_cast_no_dots_and_participants_count_no_paper(vote: Vote) -> None:
    with pytest.raises(NotAllowed):
        vote.cast(vote.facilitator, 1)
    with pytest.raises(NotAllowed):
        vote.meeting.do(
            CountPaperDots, a_participant(vote.meeting), work_table_id=vote.meeting.table, step_id=vote.step, dots={}, ballots=1
        )


def test_dots_on_merged_clusters_count_for_the_one_that_stands(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 2, 1)
    vote.meeting.do(MergeCluster, vote.facilitator, cluster_id=vote.clusters[1], into_id=vote.clusters[0])
    vote.close()
    told = vote.meeting.ask(result_told, vote.step, vote.meeting.table)
    assert told is not None
    assert told.totals == {vote.clusters[0]: 3, vote.clusters[2]: 0}


def test_clusters_merged_after_the_vote_count_together_in_the_priorities(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 1, 2, 2)
    vote.close()
    vote.meeting.do(MergeCluster, vote.facilitator, cluster_id=vote.clusters[1], into_id=vote.clusters[0])
    priorities = vote.meeting.ask(the_draft, vote.meeting.table).priorities
    assert [(priority.title, priority.dots) for priority in priorities] == [(TITLES[0], 3), (TITLES[2], 2)]
    assert vote.totals() == [1, 2, 2]


def test_a_voter_cannot_be_found_again_once_every_table_has_told(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    vote = Vote(meeting)
    a_step_open(meeting, "bollini", meeting.tables[1])
    voter = a_participant(meeting)
    vote.cast(voter, 1)
    vote.close()
    assert room.ask_private(known_key, vote.step) is not None
    vote.close(meeting.tables[1])
    assert room.ask_private(known_key, vote.step) is None


def test_the_end_of_the_meeting_cuts_the_link_even_where_nobody_voted(vote: Vote) -> None:
    late = a_participant(vote.meeting)
    vote.cast(a_participant(vote.meeting), 1)
    vote.meeting.do(MoveMeeting, vote.meeting.lead, meeting_id=vote.meeting.id, state="closed")
    assert vote.meeting.room.ask_private(known_key, vote.step) is None
    with pytest.raises(BallotIsClosed):
        vote.cast(late, 1)
    vote.close()
    assert vote.totals() == [1, 0, 0]


def test_a_ballot_names_nobody(vote: Vote) -> None:
    voter = a_participant(vote.meeting)
    [fact] = vote.cast(voter, 2).facts
    row = vote.meeting.ask(lambda connection: connection.execute(select(dots).where(dots.c.step_id == vote.step)).one())
    assert voter.id not in f"{fact}{row}"
    assert vote.meeting.ask(ballot_of, vote.step, fact.voter) == (vote.meeting.table, {vote.clusters[0]: 2})


def test_the_closing_fact_alone_tells_the_totals(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 2, 1)
    told = move_step(vote.meeting, "bollini", "closed").facts[0]
    assert told == BallotClosed(
        about=vote.step,
        work_table_id=vote.meeting.table,
        totals=dict(zip(vote.clusters, (2, 1, 0), strict=True)),
        voters=1,
        paper_ballots=0,
    )


def test_the_synthesis_freezes_the_priorities_that_were_told(vote: Vote) -> None:
    vote.cast(a_participant(vote.meeting), 2, 1)
    vote.close()
    a_read_back(vote.meeting, vote.facilitator, vote.clusters)
    board = vote.meeting.ask(the_board, vote.meeting.table)
    frozen = vote.meeting.ask(the_draft, vote.meeting.table).frozen()
    assert [priority.dots for priority in frozen.priorities] == [2, 1, 0]
    assert [priority.cluster_id for priority in frozen.priorities] == [cluster.id for cluster in board.clusters]


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_ballots_the_one_told_last_gives_the_priorities(room: Room, backwards: bool) -> None:
    meeting = a_meeting(room, pack="easw")
    who, facilitator = a_participant(meeting), a_facilitator(meeting)
    cluster = a_cluster(meeting, facilitator)
    ballots = [key for key, step in meeting.steps.items() if step in votes_of(meeting)]
    for given, key in enumerate(reversed(ballots) if backwards else ballots):
        step = a_step_open(meeting, key)
        meeting.do(CastDots, who, work_table_id=meeting.table, step_id=step, dots={cluster: given})
        move_step(meeting, key, "closed")
    assert [priority.dots for priority in meeting.ask(the_draft, meeting.table).priorities] == [1]


def votes_of(meeting: Meeting) -> set[str]:
    return {step.id for step in meeting.ask(the_meeting, meeting.id).steps if step.do is Verb.VOTE}
