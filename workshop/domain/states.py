"""State machines as data (research: domain 5.3). A move that is not here is refused; each forbidden one has a test."""

from enum import StrEnum

from workshop.domain.refusal import MoveNotAllowed


class Noun(StrEnum):
    PROCESS = "process"
    MEETING = "meeting"
    STEP = "step"
    WORK_TABLE = "work_table"
    SYNTHESIS = "synthesis"


_TABLE_FLOW = ("prepared", "open", "collecting", "clustering", "prioritising", "writing", "validating", "validated", "closed")

FIRST: dict[Noun, str] = {
    Noun.PROCESS: "draft",
    Noun.MEETING: "draft",
    Noun.STEP: "planned",
    Noun.WORK_TABLE: "prepared",
    Noun.SYNTHESIS: "draft",
}


def _work_table_moves() -> dict[str, frozenset[str]]:
    """Forwards, steps may be skipped by the method; a table works in rounds, so it may collect again; only `closed` is the end."""
    doing = frozenset(_TABLE_FLOW[2:7])  # from collecting to validating
    moves = {
        "prepared": doing | {"open", "merged"},
        "open": doing | {"closed", "paused", "merged"},
        "collecting": doing | {"closed", "paused", "merged"},
        **{state: doing | {"closed", "paused"} for state in _TABLE_FLOW[3:6]},
        "validating": frozenset({"writing", "validated", "paused", "closed"}),
        "validated": doing - {"validating"} | {"closed", "paused"},
        "paused": doing | {"open", "validated", "closed", "merged"},
        "closed": frozenset(),
        "merged": frozenset(),
    }
    return {before: after - {before} for before, after in moves.items()}


MOVES: dict[Noun, dict[str, frozenset[str]]] = {
    Noun.PROCESS: {
        "draft": frozenset({"published", "cancelled", "suspended"}),
        "published": frozenset({"running", "cancelled", "suspended"}),
        "running": frozenset({"restitution", "suspended"}),
        "restitution": frozenset({"closed", "suspended"}),
        "closed": frozenset({"archived", "suspended"}),
        "suspended": frozenset({"draft", "published", "running", "restitution", "closed"}),
        "archived": frozenset(),
        "cancelled": frozenset(),
    },
    Noun.MEETING: {
        "draft": frozenset({"announced"}),
        "announced": frozenset({"open", "postponed", "cancelled"}),
        "open": frozenset({"ready", "postponed", "cancelled"}),
        "ready": frozenset({"live", "postponed", "cancelled"}),
        "live": frozenset({"closed"}),
        "closed": frozenset({"reported"}),
        "postponed": frozenset({"announced", "cancelled"}),
        "reported": frozenset(),
        "cancelled": frozenset(),
    },
    Noun.STEP: {
        "planned": frozenset({"open", "skipped"}),
        "open": frozenset({"paused", "closed"}),
        "paused": frozenset({"open", "closed"}),
        "closed": frozenset({"open"}),  # reopened: only by the lead and with a reason
        "skipped": frozenset({"open"}),
    },
    Noun.WORK_TABLE: _work_table_moves(),
    Noun.SYNTHESIS: {
        "draft": frozenset({"in_review"}),
        "in_review": frozenset({"draft", "validated"}),
        "validated": frozenset(),  # immutable: a correction is a new version with a reason
    },
}


def check_move(noun: Noun, before: str, after: str, field: str = "state") -> None:
    if after not in MOVES[noun].get(before, frozenset()):
        raise MoveNotAllowed(field, noun=noun, before=before, after=after)
