"""Who may do what, written out from the matrix of the field (research: domain 5.4), and reach by table."""

import pytest

from workshop.domain.people import NOBODY, Actor, Role
from workshop.domain.permissions import Action, may, permit
from workshop.domain.refusal import NotAllowed, SignInFirst

NO, OWN, ALL = "-", "o", "*"
ROLES = (Role.PUBLIC, Role.PARTICIPANT, Role.SCRIBE, Role.FACILITATOR, Role.LEAD, Role.ORGANISER)
EXPECTED: dict[Action, tuple[str, str, str, str, str, str]] = {
    #                       public participant scribe facilitator lead organiser
    Action.ARRANGE_PROCESS: (NO, NO, NO, NO, ALL, ALL),
    Action.RUN_MEETING: (NO, NO, NO, NO, ALL, NO),  # also into live, closed, reported, and tables from then on: test_doors
    Action.MOVE_STEP: (NO, NO, NO, OWN, ALL, NO),
    Action.CALL_HELP: (NO, NO, OWN, OWN, ALL, NO),
    Action.JOIN: (ALL, ALL, NO, NO, NO, NO),
    Action.ADD_OWN_CARD: (NO, OWN, NO, NO, NO, NO),
    Action.CHANGE_OWN_CARD: (NO, OWN, NO, NO, NO, NO),
    Action.ENTER_CARD: (NO, NO, OWN, OWN, ALL, NO),
    Action.TEND_CARDS: (NO, NO, OWN, OWN, ALL, NO),
    Action.ADD_PHOTO: (NO, NO, OWN, OWN, ALL, NO),
    Action.REMOVE_PHOTO: (NO, NO, OWN, OWN, ALL, ALL),  # who is on it may ask the organisers
    Action.ARRANGE_BOARD: (NO, NO, OWN, OWN, ALL, NO),
    Action.CAST_DOTS: (NO, OWN, NO, NO, NO, NO),
    Action.COUNT_PAPER: (NO, NO, OWN, OWN, ALL, NO),  # a small table has no scribe: its facilitator counts
    Action.WRITE_SYNTHESIS: (NO, NO, OWN, OWN, NO, NO),
    Action.ANSWER_SENTENCE: (NO, OWN, NO, NO, NO, NO),
    Action.VALIDATE: (NO, NO, NO, OWN, ALL, NO),  # the lead in the facilitator's absence: test_syntheses
    Action.RECTIFY: (NO, NO, NO, NO, ALL, ALL),
    Action.SEE_BOARD: (NO, OWN, OWN, OWN, ALL, ALL),  # what a laptop has sent: decision 0018
    Action.SEE_ARCHIVE: (NO, NO, NO, NO, ALL, ALL),
    Action.SYNC: (NO, NO, NO, NO, ALL, ALL),
    Action.ERASE_OWN_WORDS: (NO, OWN, NO, NO, NO, NO),
    Action.ERASE_CARD: (NO, NO, NO, NO, ALL, ALL),
    Action.SETTLE: (NO, NO, NO, NO, ALL, ALL),
    Action.KEEP_PRACTICES: (NO, NO, NO, NO, ALL, ALL),  # who facilitates suggests one later: decision 0018
    Action.KEEP_REGISTRATIONS: (NO, NO, NO, NO, ALL, ALL),
    Action.KEEP_ORGANISERS: (NO, NO, NO, NO, NO, ALL),
}
CELLS = [(action, role, reach) for action, row in EXPECTED.items() for role, reach in zip(ROLES, row, strict=True)]


def somebody(role: Role) -> Actor:
    return NOBODY if role is Role.PUBLIC else Actor(role=role, id="1" * 32, tables=frozenset({"mine"}))


def test_the_table_above_names_every_action_and_role() -> None:
    assert set(EXPECTED) == set(Action)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(("action", "role", "reach"), CELLS)
def test_a_role_may_do_what_the_matrix_says_where_it_says(action: Action, role: Role, reach: str) -> None:
    at_own, elsewhere = may(somebody(role), action, "mine"), may(somebody(role), action, "another")
    assert (at_own, elsewhere) == {NO: (False, False), OWN: (True, False), ALL: (True, True)}[reach]


@pytest.mark.parametrize(("action", "role", "reach"), CELLS)
def test_permit_refuses_what_may_denies(action: Action, role: Role, reach: str) -> None:
    if reach == NO:
        with pytest.raises(SignInFirst if role is Role.PUBLIC else NotAllowed) as refused:
            permit(somebody(role), action, "mine")
        assert refused.value.detail["action"] == action
    else:
        permit(somebody(role), action, "mine")


def test_nobody_in_particular_reaches_no_table() -> None:
    assert not any(may(NOBODY, action, "mine") for action in Action if action is not Action.JOIN)


def test_a_facilitator_without_tables_reaches_none() -> None:
    assert not may(Actor(role=Role.FACILITATOR, id="1" * 32), Action.TEND_CARDS, "mine")


def test_who_serves_and_who_sits() -> None:
    scribe, guest, lead = somebody(Role.SCRIBE), somebody(Role.PARTICIPANT), somebody(Role.LEAD)
    assert [person.serves("mine") for person in (scribe, guest, lead)] == [True, False, True]
    assert [person.serves("another") for person in (scribe, guest, lead)] == [False, False, True]
    assert [person.sits_at("mine") for person in (scribe, guest, lead)] == [False, True, False]
