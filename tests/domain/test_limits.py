"""How many cards and dots each person has in a step: within bounds, before it opens, and only what the step asks for."""

from typing import Any

import pytest

from workshop.domain.limits import LimitStep, StepHasBegun, StepLimited, limit_step, with_limits
from workshop.domain.refusal import NumberOutOfRange
from workshop.domain.step import Step, StepIsNotFor, Verb

MEETING, STEP = "1" * 32, "2" * 32
COLLECTS = Step(id=STEP, key="scrivi", do=Verb.COLLECT, minutes=10, quota=4)
VOTES = Step(id=STEP, key="bollini", do=Verb.VOTE, minutes=10, ballot="dots", votes=5, per_item=2)


def limited(step: Step, *states: str, **numbers: int) -> list[Any]:
    wish = LimitStep(command_id="3" * 32, process_id="4" * 32, meeting_id=MEETING, step_id=STEP, **numbers)
    return list(limit_step(wish, step, frozenset(states or {"planned"})))


def told(quota: int = 0, votes: int = 0, per_item: int = 0) -> list[StepLimited]:
    return [StepLimited(about=STEP, meeting_id=MEETING, quota=quota, votes=votes, per_item=per_item)]


def test_a_step_that_collects_has_cards_and_a_vote_has_dots() -> None:
    assert limited(COLLECTS, quota=2, votes=9) == told(quota=2)
    assert limited(VOTES, votes=3, per_item=1, quota=9) == told(votes=3, per_item=1)
    assert limited(COLLECTS, quota=0) == told()


@pytest.mark.parametrize(
    ("step", "numbers"),
    [
        (COLLECTS, {"quota": -1}),
        (COLLECTS, {"quota": 21}),
        (VOTES, {"votes": 0, "per_item": 1}),
        (VOTES, {"votes": 21, "per_item": 1}),
        (VOTES, {"votes": 3, "per_item": 0}),
        (VOTES, {"votes": 3, "per_item": 4}),
    ],
)
def test_a_number_that_does_not_fit_is_refused(step: Step, numbers: dict[str, int]) -> None:
    with pytest.raises(NumberOutOfRange):
        limited(step, **numbers)


@pytest.mark.parametrize("state", ["open", "paused", "closed"])
def test_what_one_table_was_told_stands_for_all(state: str) -> None:
    with pytest.raises(StepHasBegun):
        limited(COLLECTS, "planned", state, quota=2)
    assert limited(COLLECTS, "planned", "skipped", quota=2)


@pytest.mark.parametrize("step", [Step(id=STEP, key="x", do=verb, minutes=1) for verb in Verb if verb is not Verb.COLLECT])
def test_a_step_without_cards_or_dots_has_nothing_to_limit(step: Step) -> None:
    with pytest.raises(StepIsNotFor):
        limited(step, quota=2, votes=2, per_item=1)


def test_a_step_is_met_with_its_limits_or_as_the_method_says() -> None:
    met = with_limits(VOTES, {"quota": 0, "votes": 3, "per_item": 1})
    assert (met.votes, met.per_item, met.key) == (3, 1, "bollini")
    assert with_limits(VOTES, {}) == VOTES
