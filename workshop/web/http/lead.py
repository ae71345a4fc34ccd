"""The lead's cockpit: how the tables go, the running sheet for all of them, the room's screen, the meeting's doors."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from workshop.domain.command import Command
from workshop.domain.meeting import MoveMeeting
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import Refusal
from workshop.domain.screen import TurnScreen
from workshop.domain.step import ExtendStep, MoveStep
from workshop.presets import follows_from
from workshop.private.settings_kept import keep_setting
from workshop.record.queries.processes import MeetingShown, live_meetings, meetings_of, processes, the_meeting
from workshop.record.queries.tables import TableShown, tables_of
from workshop.web import lead_words
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.central_link import the_link
from workshop.web.cockpit import the_address, the_cockpit
from workshop.web.copying import the_copies
from workshop.web.doors import field, form_id, read
from workshop.web.house import house
from workshop.web.htmx import from_htmx
from workshop.web.identity import language, staff
from workshop.web.review_shown import to_review
from workshop.web.wording import describe

blueprint = Blueprint("lead", __name__)
DOORS_OPEN = frozenset({"open", "ready", "live"})


@blueprint.get("/lead")
def meetings() -> Response:
    permit(staff(), Action.RUN_MEETING)
    found = [(process, house().ask(meetings_of, process.id)) for process in house().ask(processes)]
    open_now = house().ask(live_meetings)
    told: dict[str, Any] = {"link": the_link(), "address": the_address(), "copies": the_copies()}
    return show("lead/meetings.html", processes=found, open_now=open_now, words=lead_words, **told)


@blueprint.get("/lead/meetings/<meeting_id>")
def cockpit(meeting_id: str) -> Response:
    permit(staff(), Action.RUN_MEETING)
    return _cockpit(meeting_id, [])


@blueprint.post("/lead/meetings/<meeting_id>/steps")
def move_all_tables(meeting_id: str) -> Response:
    """One command for each table; what a table refuses is told with its reason, the others go on."""
    meeting = _meeting(meeting_id)
    step_id, state, reason = field("step_id"), field("state", "open"), field("reason")
    there = [
        t for t in house().ask(tables_of, meeting_id) if t.steps.get(step_id, "planned") != state and t.state not in {"closed", "merged"}
    ]
    return _for_all(meeting, there, lambda table, given: MoveStep(**given, step_id=step_id, state=state, reason=reason))


@blueprint.post("/lead/meetings/<meeting_id>/extend")
def extend_all_tables(meeting_id: str) -> Response:
    """Five minutes more wherever a step is open."""
    meeting = _meeting(meeting_id)
    open_at = {t.id: s for t in house().ask(tables_of, meeting_id) for s, state in t.steps.items() if state in {"open", "paused"}}
    there = [t for t in house().ask(tables_of, meeting_id) if t.id in open_at]
    return _for_all(meeting, there, lambda table, given: ExtendStep(**given, step_id=open_at[table.id], minutes=5))


@blueprint.post("/lead/meetings/<meeting_id>/screen")
def turn_screen(meeting_id: str) -> Response:
    meeting = _meeting(meeting_id)
    house().dispatch(read(TurnScreen, process_id=meeting.process_id, meeting_id=meeting_id), staff())
    return back_to(f"/lead/meetings/{meeting_id}")


@blueprint.post("/lead/meetings/<meeting_id>/state")
def move_meeting(meeting_id: str) -> Response:
    """When the doors open the address is kept: phones remember it, and losing it later is said in red."""
    meeting = _meeting(meeting_id)
    command = read(MoveMeeting, process_id=meeting.process_id, meeting_id=meeting_id)
    house().dispatch(command, staff())
    if command.state in DOORS_OPEN:
        house().keep_private(keep_setting, "printed", house().address)
    return back_to(f"/lead/meetings/{meeting_id}")


Make = Callable[[TableShown, dict[str, Any]], Command]


def _for_all(meeting: MeetingShown, tables: list[TableShown], make: Make) -> Response:
    sent_as = form_id()
    refused = [told for table in tables if (told := _try(meeting, table, make, sent_as))]
    if not refused:
        return back_to(f"/lead/meetings/{meeting.id}")
    if wants_json():
        return refuse(refused[0]["refusal"])
    if from_htmx():
        return show("lead/_refused.html", 409, refused=refused)
    return _cockpit(meeting.id, refused, 409)


def _try(meeting: MeetingShown, table: TableShown, make: Make, sent_as: str) -> dict[str, Any] | None:
    """The refusal of this table, or None. Ids follow from the form's: sent twice, each table moves once."""
    command_id = follows_from(sent_as, table.id)
    given = {"command_id": command_id, "process_id": meeting.process_id, "meeting_id": meeting.id, "work_table_id": table.id}
    try:
        house().dispatch(make(table, given), staff())
    except Refusal as refusal:
        return {"table": table, "refusal": refusal, **describe(refusal, language())}
    return None


def _cockpit(meeting_id: str, refused: list[dict[str, Any]], status: int = 200) -> Response:
    topic = f"cockpit:{meeting_id}"
    version, now = house().versions(topic), the_cockpit(meeting_id)
    return show(
        "lead/cockpit.html",
        status,
        topic=topic,
        version=version,
        now=now,
        refused=refused,
        link=the_link(),
        copies=the_copies(),
        address=the_address(),
        words=lead_words,
        review=to_review(now.process.id),
    )


def _meeting(meeting_id: str) -> MeetingShown:
    permit(staff(), Action.RUN_MEETING)
    return house().ask(the_meeting, meeting_id)
