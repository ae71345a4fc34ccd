"""Who may do what, as data (research: domain 5.4). Authority is scoped by table: OWN means own table or own items."""

from enum import StrEnum

from workshop.domain.people import Actor, Role
from workshop.domain.refusal import NotAllowed, SignInFirst


class Action(StrEnum):
    ARRANGE_PROCESS = "arrange_process"  # process, meetings, running sheet, tables, before the day
    RUN_MEETING = "run_meeting"  # open and close the meeting, the room's screen
    MOVE_STEP = "move_step"  # open and close a step of a table
    CALL_HELP = "call_help"  # a table calls who leads
    JOIN = "join"
    ADD_OWN_CARD = "add_own_card"
    CHANGE_OWN_CARD = "change_own_card"
    ENTER_CARD = "enter_card"  # dictated or on paper
    TEND_CARDS = "tend_cards"  # redact, park, merge, review, read, translate
    ADD_PHOTO = "add_photo"  # of a flipchart
    REMOVE_PHOTO = "remove_photo"
    ARRANGE_BOARD = "arrange_board"  # clusters and moves
    CAST_DOTS = "cast_dots"
    COUNT_PAPER = "count_paper"
    WRITE_SYNTHESIS = "write_synthesis"
    ANSWER_SENTENCE = "answer_sentence"
    VALIDATE = "validate"
    RECTIFY = "rectify"
    SEE_BOARD = "see_board"
    SEE_ARCHIVE = "see_archive"
    SYNC = "sync"
    ERASE_OWN_WORDS = "erase_own_words"
    ERASE_CARD = "erase_card"
    SETTLE = "settle"  # decide what the machine did not: two versions, two things with one id
    KEEP_PRACTICES = "keep_practices"  # good practices and local resources: what the tables find prepared
    KEEP_REGISTRATIONS = "keep_registrations"  # who wishes to come, by name
    KEEP_ORGANISERS = "keep_organisers"  # who else keeps the central record, and one's own account there


class Reach(StrEnum):
    FULL = "full"
    OWN = "own"


_STAFF_OWN = {Role.SCRIBE: Reach.OWN, Role.FACILITATOR: Reach.OWN}
_ORGANISERS = {Role.LEAD: Reach.FULL, Role.ORGANISER: Reach.FULL}

MATRIX: dict[Action, dict[Role, Reach]] = {
    Action.ARRANGE_PROCESS: _ORGANISERS,
    Action.RUN_MEETING: {Role.LEAD: Reach.FULL},
    Action.MOVE_STEP: {Role.FACILITATOR: Reach.OWN, Role.LEAD: Reach.FULL},
    Action.CALL_HELP: {**_STAFF_OWN, Role.LEAD: Reach.FULL},
    Action.JOIN: {Role.PUBLIC: Reach.FULL, Role.PARTICIPANT: Reach.FULL},
    Action.ADD_OWN_CARD: {Role.PARTICIPANT: Reach.OWN},
    Action.CHANGE_OWN_CARD: {Role.PARTICIPANT: Reach.OWN},
    Action.ENTER_CARD: {**_STAFF_OWN, Role.LEAD: Reach.FULL},
    Action.TEND_CARDS: {**_STAFF_OWN, Role.LEAD: Reach.FULL},
    Action.ADD_PHOTO: {**_STAFF_OWN, Role.LEAD: Reach.FULL},
    Action.REMOVE_PHOTO: {**_STAFF_OWN, **_ORGANISERS},
    Action.ARRANGE_BOARD: {**_STAFF_OWN, Role.LEAD: Reach.FULL},
    Action.CAST_DOTS: {Role.PARTICIPANT: Reach.OWN},
    Action.COUNT_PAPER: {**_STAFF_OWN, Role.LEAD: Reach.FULL},
    Action.WRITE_SYNTHESIS: _STAFF_OWN,
    Action.ANSWER_SENTENCE: {Role.PARTICIPANT: Reach.OWN},
    Action.VALIDATE: {Role.FACILITATOR: Reach.OWN, Role.LEAD: Reach.FULL},
    Action.RECTIFY: _ORGANISERS,
    Action.SEE_BOARD: {Role.PARTICIPANT: Reach.OWN, **_STAFF_OWN, **_ORGANISERS},
    Action.SEE_ARCHIVE: _ORGANISERS,
    Action.SYNC: _ORGANISERS,
    Action.ERASE_OWN_WORDS: {Role.PARTICIPANT: Reach.OWN},
    Action.ERASE_CARD: _ORGANISERS,
    Action.SETTLE: _ORGANISERS,
    Action.KEEP_PRACTICES: _ORGANISERS,
    Action.KEEP_REGISTRATIONS: _ORGANISERS,
    Action.KEEP_ORGANISERS: {Role.ORGANISER: Reach.FULL},
}


def may(actor: Actor, action: Action, work_table_id: str = "") -> bool:
    """True when the actor's role allows the action, there. OWN without a table means the thing is their own by construction."""
    reach = MATRIX[action].get(actor.role)
    if reach is None:
        return False
    return reach is Reach.FULL or not work_table_id or work_table_id in actor.tables


def permit(actor: Actor, action: Action, work_table_id: str = "") -> None:
    """Refuse unless the actor may. Nobody is asked who they are; somebody is told that another role may."""
    if may(actor, action, work_table_id):
        return
    if actor.role is Role.PUBLIC:
        raise SignInFirst(action=action)
    raise NotAllowed(action=action, role=actor.role)
