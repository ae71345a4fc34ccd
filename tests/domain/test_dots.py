"""Rules of dots: a secret ballot with limits, closed for good once its totals were told."""

from typing import Any

import pytest

from workshop.domain import dots as d
from workshop.domain.refusal import NumberOutOfRange, Refusal
from workshop.domain.step import Step, StepFacts, StepIsNotFor, StepNotOpenYet, Verb

TABLE, STEP, BAGNI, ORARI, STRADE, VOTER = ("1" * 32, "2" * 32, "a" * 32, "b" * 32, "c" * 32, "f" * 64)


def step(state: str = "open", do: Verb = Verb.VOTE, ballot: str = "dots") -> StepFacts:
    told = Step(id=STEP, key="bollini", do=do, minutes=8, ballot=ballot, votes=5, per_item=2)
    return StepFacts(step=told, state=state, table_state="prioritising")


def ballot(**fields: Any) -> d.BallotFacts:
    return d.BallotFacts(**{"clusters": frozenset({BAGNI, ORARI, STRADE}), "closed_tables": frozenset(), **fields})


def cast(dots: dict[str, int], at: StepFacts | None = None, facts: d.BallotFacts | None = None) -> d.DotsCast:
    command = d.CastDots(command_id="3" * 32, process_id="4" * 32, work_table_id=TABLE, step_id=STEP, dots=dots)
    [fact] = d.cast_dots(command, at or step(), facts or ballot(), VOTER)
    assert isinstance(fact, d.DotsCast)
    return fact


def paper(dots: dict[str, int], ballots: int, at: StepFacts | None = None) -> d.PaperDotsCounted:
    command = d.CountPaperDots(command_id="3" * 32, process_id="4" * 32, work_table_id=TABLE, step_id=STEP, dots=dots, ballots=ballots)
    [fact] = d.count_paper_dots(command, at or step(), ballot())
    assert isinstance(fact, d.PaperDotsCounted)
    return fact


def test_a_ballot_names_its_voter_and_nobody() -> None:
    fact = cast({BAGNI: 2, ORARI: 2, STRADE: 1})
    assert (fact.voter, fact.dots, type(fact).names_actor) == (VOTER, {BAGNI: 2, ORARI: 2, STRADE: 1}, False)


def test_an_empty_ballot_takes_all_dots_back() -> None:
    assert cast({BAGNI: 0}).dots == {}


@pytest.mark.parametrize(
    ("dots", "refusal", "detail"),
    [
        ({BAGNI: 2, ORARI: 2, STRADE: 2}, d.TooManyDots, {"votes": 5}),
        ({BAGNI: 3}, d.TooManyDots, {"per_item": 2}),
        ({BAGNI: -1}, d.TooManyDots, {"votes": 0}),
        ({"e" * 32: 1}, d.NoSuchCluster, {}),
    ],
)
def test_dots_that_do_not_fit_are_refused(dots: dict[str, int], refusal: type[Refusal], detail: dict[str, int]) -> None:
    with pytest.raises(refusal) as refused:
        cast(dots)
    assert refused.value.detail == detail


@pytest.mark.parametrize(
    ("at", "facts", "refusal"),
    [
        (step("planned"), ballot(), StepNotOpenYet),
        (step("skipped"), ballot(), StepNotOpenYet),
        (step("closed"), ballot(), d.BallotIsClosed),
        (step(), ballot(closed_tables=frozenset({TABLE})), d.BallotIsClosed),
        (step(), ballot(closed_tables=frozenset({"5" * 32}), earlier_table="5" * 32), d.BallotIsClosed),
        (step(do=Verb.COLLECT), ballot(), StepIsNotFor),
        (step(ballot="rank"), ballot(), StepIsNotFor),
    ],
)
def test_a_ballot_is_open_while_its_step_is(at: StepFacts, facts: d.BallotFacts, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        cast({BAGNI: 1}, at, facts)


def test_dots_move_with_a_person_who_moved_table_while_nothing_was_told() -> None:
    assert cast({BAGNI: 1}, facts=ballot(earlier_table="5" * 32)).work_table_id == TABLE


def test_paper_dots_fit_on_the_paper_ballots() -> None:
    assert paper({BAGNI: 4, ORARI: 0, STRADE: 3}, 2).dots == {BAGNI: 4, STRADE: 3}
    assert paper({}, 0).ballots == 0


@pytest.mark.parametrize(
    ("dots", "ballots", "refusal"),
    [
        ({BAGNI: 4, ORARI: 4, STRADE: 3}, 2, d.PaperDotsDoNotFit),
        ({BAGNI: 5}, 2, d.PaperDotsDoNotFit),
        ({BAGNI: 1}, 0, d.PaperDotsDoNotFit),
        ({}, -1, NumberOutOfRange),
        ({}, 2**40, NumberOutOfRange),
        ({"e" * 32: 1}, 2, d.NoSuchCluster),
    ],
)
def test_paper_dots_that_do_not_fit_are_refused(dots: dict[str, int], ballots: int, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        paper(dots, ballots)


def test_paper_comes_before_the_totals_are_told() -> None:
    with pytest.raises(d.BallotIsClosed):
        paper({BAGNI: 1}, 1, step("closed"))
