"""A meeting is planned, moved to another day, given a running sheet and tables. For the lead and the organiser."""

from flask import Blueprint, Response

from workshop.domain.limits import MOST, LimitStep, has_dots
from workshop.domain.meeting import RUNNING, MoveMeeting, ReplanMeeting, SetRunningSheet
from workshop.domain.permissions import Action, may, permit
from workshop.domain.states import MOVES, Noun
from workshop.domain.step import Step, Verb
from workshop.domain.work_table import PrepareTable, RethemeTable, next_number
from workshop.methods.packs import pack, pack_names
from workshop.record.queries.fields import history
from workshop.record.queries.processes import MeetingShown, the_meeting, the_process
from workshop.record.queries.tables import tables_of, the_table
from workshop.web import lead_words
from workshop.web.answers import back_to, show
from workshop.web.doors import read
from workshop.web.house import house
from workshop.web.identity import language, staff
from workshop.web.plan_history import plan_history
from workshop.web.shown import filters

blueprint = Blueprint("setup_meetings", __name__)


@blueprint.get("/setup/meetings/<meeting_id>")
def meeting_page(meeting_id: str) -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    meeting = house().ask(the_meeting, meeting_id)
    allowed = MOVES[Noun.MEETING][meeting.state] - (frozenset() if may(staff(), Action.RUN_MEETING) else RUNNING)
    tables = house().ask(tables_of, meeting_id)
    return show(
        "setup/meeting.html",
        meeting=meeting,
        process=house().ask(the_process, meeting.process_id),
        tables=tables,
        next_number=next_number(table.number for table in tables),
        changes=plan_history(house().ask(history, meeting_id, "plan"), filters(language())["day"]),
        ahead=lead_words.moves(allowed, lead_words.MEETING_MOVES, aside=False),
        aside=lead_words.moves(allowed, lead_words.MEETING_MOVES, aside=True),
        words=lead_words,
    )


@blueprint.post("/setup/meetings/<meeting_id>")
def replan_meeting(meeting_id: str) -> Response:
    meeting = _meeting(meeting_id)
    house().dispatch(read(ReplanMeeting, process_id=meeting.process_id, meeting_id=meeting_id), staff())
    return back_to(f"/setup/meetings/{meeting_id}")


@blueprint.post("/setup/meetings/<meeting_id>/state")
def move_meeting(meeting_id: str) -> Response:
    meeting = _meeting(meeting_id)
    house().dispatch(read(MoveMeeting, process_id=meeting.process_id, meeting_id=meeting_id), staff())
    return back_to(f"/setup/meetings/{meeting_id}")


@blueprint.get("/setup/meetings/<meeting_id>/sheet")
def sheet_page(meeting_id: str) -> Response:
    """Method packs to choose from, each with its steps and minutes."""
    permit(staff(), Action.ARRANGE_PROCESS)
    packs, meeting = [pack(name) for name in pack_names()], house().ask(the_meeting, meeting_id)
    return show("setup/sheet.html", meeting=meeting, packs=[p for p in packs if p.step], limited=_limited(meeting), most=MOST)


@blueprint.post("/setup/meetings/<meeting_id>/sheet")
def set_running_sheet(meeting_id: str) -> Response:
    meeting = _meeting(meeting_id)
    house().dispatch(read(SetRunningSheet, process_id=meeting.process_id, meeting_id=meeting_id), staff())
    return back_to(f"/setup/meetings/{meeting_id}")


@blueprint.post("/setup/meetings/<meeting_id>/steps/<step_id>")
def limit_step(meeting_id: str, step_id: str) -> Response:
    """How many cards or dots each person has."""
    meeting = _meeting(meeting_id)
    house().dispatch(read(LimitStep, process_id=meeting.process_id, meeting_id=meeting_id, step_id=step_id), staff())
    return back_to(f"/setup/meetings/{meeting_id}/sheet#limits")


@blueprint.post("/setup/meetings/<meeting_id>/tables")
def prepare_table(meeting_id: str) -> Response:
    meeting = _meeting(meeting_id)
    house().dispatch(read(PrepareTable, process_id=meeting.process_id, meeting_id=meeting_id), staff())
    return back_to(f"/setup/meetings/{meeting_id}")


@blueprint.post("/setup/tables/<work_table_id>")
def retheme_table(work_table_id: str) -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    table = house().ask(the_table, work_table_id)
    house().dispatch(read(RethemeTable, process_id=table.process_id, work_table_id=work_table_id), staff())
    return back_to(f"/setup/meetings/{table.meeting_id}")


def _limited(meeting: MeetingShown) -> list[tuple[Step, bool]]:
    """(step, it has begun somewhere) of every step with cards or dots to count out."""
    begun = {
        step for table in house().ask(tables_of, meeting.id) for step, state in table.steps.items() if state not in {"planned", "skipped"}
    }
    return [(step, step.id in begun) for step in meeting.steps if step.do is Verb.COLLECT or has_dots(step)]


def _meeting(meeting_id: str) -> MeetingShown:
    """Permission before anything is read: who may not, is not told what is missing in the form."""
    permit(staff(), Action.ARRANGE_PROCESS)
    return house().ask(the_meeting, meeting_id)
