"""State machines: what the table below does not name is refused, what it names is accepted."""

import pytest

from workshop.domain.refusal import MoveNotAllowed
from workshop.domain.states import FIRST, MOVES, Noun, check_move

# Written out by hand from the field (research: domain 5.3), one line for each state; what is not here is forbidden.
EXPECTED: dict[Noun, dict[str, str]] = {
    Noun.PROCESS: {
        "draft": "published cancelled suspended",
        "published": "running cancelled suspended",
        "running": "restitution suspended",
        "restitution": "closed suspended",
        "closed": "archived suspended",
        "suspended": "draft published running restitution closed",
        "archived": "",
        "cancelled": "",
    },
    Noun.MEETING: {
        "draft": "announced",
        "announced": "open postponed cancelled",
        "open": "ready postponed cancelled",
        "ready": "live postponed cancelled",
        "live": "closed",
        "closed": "reported",
        "postponed": "announced cancelled",
        "reported": "",
        "cancelled": "",
    },
    Noun.STEP: {
        "planned": "open skipped",
        "open": "paused closed",
        "paused": "open closed",
        "closed": "open",
        "skipped": "open",
    },
    Noun.WORK_TABLE: {
        "prepared": "open collecting clustering prioritising writing validating merged",
        "open": "collecting clustering prioritising writing validating closed paused merged",
        "collecting": "clustering prioritising writing validating closed paused merged",
        "clustering": "collecting prioritising writing validating closed paused",
        "prioritising": "collecting clustering writing validating closed paused",
        "writing": "collecting clustering prioritising validating closed paused",
        "validating": "writing validated paused closed",
        "validated": "collecting clustering prioritising writing closed paused",
        "paused": "open collecting clustering prioritising writing validating validated closed merged",
        "closed": "",
        "merged": "",
    },
    Noun.SYNTHESIS: {
        "draft": "in_review",
        "in_review": "draft validated",
        "validated": "",
    },
}
PAIRS = [(noun, before, after) for noun, moves in EXPECTED.items() for before in moves for after in moves]
ALLOWED = [pair for pair in PAIRS if pair[2] in EXPECTED[pair[0]][pair[1]].split()]
FORBIDDEN = [pair for pair in PAIRS if pair not in ALLOWED]


def test_the_table_above_names_every_state_of_every_noun() -> None:
    assert {noun: set(moves) for noun, moves in EXPECTED.items()} == {noun: set(moves) for noun, moves in MOVES.items()}


@pytest.mark.parametrize(("noun", "before", "after"), ALLOWED)
def test_a_move_that_is_written_is_accepted(noun: Noun, before: str, after: str) -> None:
    check_move(noun, before, after)


@pytest.mark.parametrize(("noun", "before", "after"), FORBIDDEN)
def test_a_move_that_is_not_written_is_refused_and_says_from_where_to_where(noun: Noun, before: str, after: str) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        check_move(noun, before, after)
    assert refused.value.detail == {"noun": noun, "before": before, "after": after}


@pytest.mark.parametrize("noun", Noun)
def test_no_move_leads_out_of_the_machine(noun: Noun) -> None:
    assert {after for moves in MOVES[noun].values() for after in moves} | {FIRST[noun]} <= set(MOVES[noun])


@pytest.mark.parametrize("noun", Noun)
def test_every_state_can_be_reached(noun: Noun) -> None:
    reached, frontier = {FIRST[noun]}, {FIRST[noun]}
    while frontier := {after for before in frontier for after in MOVES[noun][before]} - reached:
        reached |= frontier
    assert reached == set(MOVES[noun])


@pytest.mark.parametrize(
    ("noun", "ends"),
    [
        (Noun.PROCESS, {"archived", "cancelled"}),
        (Noun.MEETING, {"reported", "cancelled"}),
        (Noun.STEP, set()),
        (Noun.WORK_TABLE, {"closed", "merged"}),
        (Noun.SYNTHESIS, {"validated"}),
    ],
)
def test_only_these_states_are_an_end(noun: Noun, ends: set[str]) -> None:
    assert {state for state, moves in MOVES[noun].items() if not moves} == ends


def test_an_unknown_state_goes_nowhere() -> None:
    with pytest.raises(MoveNotAllowed):
        check_move(Noun.MEETING, "abroad", "live")
