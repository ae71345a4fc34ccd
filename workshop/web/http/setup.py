"""Processes are started, described and published; from a preset or blank. For the lead and the organiser."""

from flask import Blueprint, Response

from workshop.domain.meeting import PlanMeeting
from workshop.domain.permissions import Action, permit
from workshop.domain.process import CreateProcess, DescribeProcess, MoveProcess, moves_from
from workshop.presets import commands_of, preset_names
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.local_resources import local_resources_of
from workshop.record.queries.processes import meetings_of, processes, the_process
from workshop.web import lead_words
from workshop.web.answers import back_to, refuse_status, show
from workshop.web.doors import field, form_id, read
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("setup", __name__)


@blueprint.get("/setup")
def process_list() -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    found = [(process, house().ask(meetings_of, process.id)) for process in house().ask(processes)]
    return show("setup/processes.html", processes=found, presets=preset_names(), has_demo=house().load_demo is not None, words=lead_words)


@blueprint.post("/setup/processes")
def create_process() -> Response:
    """Blank: a title is enough; the rest is written afterwards. The form's id is the process's: sent twice, it makes one process."""
    permit(staff(), Action.ARRANGE_PROCESS)
    process_id = form_id()
    house().dispatch(read(CreateProcess, process_id=process_id), staff())
    return back_to(f"/setup/processes/{process_id}")


@blueprint.post("/setup/presets")
def create_from_preset() -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    process_id = form_id()
    for command in commands_of(field("preset"), process_id):
        house().dispatch(command, staff())
    return back_to(f"/setup/processes/{process_id}")


@blueprint.post("/setup/demo")
def load_demo() -> Response:
    """Only where there is nothing yet: the demonstration never mixes with real cards."""
    permit(staff(), Action.ARRANGE_PROCESS)
    load = house().load_demo
    if load is None or house().ask(processes):
        return refuse_status(404)
    load()
    return back_to("/setup")


@blueprint.get("/setup/processes/<process_id>")
def process_page(process_id: str) -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    process = house().ask(the_process, process_id)
    allowed = moves_from(process.state, process.stood)
    names = lead_words.PROCESS_MOVES | ({process.stood: lead_words.RESUME} if process.state == "suspended" else {})
    return show(
        "setup/process.html",
        process=process,
        meetings=house().ask(meetings_of, process_id),
        practices=len(house().ask(good_practices_of, process_id)),
        resources=len(house().ask(local_resources_of, process_id)),
        ahead=lead_words.moves(allowed, names, aside=False),
        aside=lead_words.moves(allowed, names, aside=True),
        words=lead_words,
    )


@blueprint.post("/setup/processes/<process_id>")
def describe_process(process_id: str) -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    house().dispatch(read(DescribeProcess, process_id=process_id), staff())
    return back_to(f"/setup/processes/{process_id}")


@blueprint.post("/setup/processes/<process_id>/state")
def move_process(process_id: str) -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    house().dispatch(read(MoveProcess, process_id=process_id), staff())
    return back_to(f"/setup/processes/{process_id}")


@blueprint.post("/setup/processes/<process_id>/meetings")
def plan_meeting(process_id: str) -> Response:
    permit(staff(), Action.ARRANGE_PROCESS)
    there = house().ask(meetings_of, process_id)
    position = next((meeting.position for meeting in there if meeting.id == form_id()), len(there) + 1)  # sent twice, it is the same one
    receipt = house().dispatch(read(PlanMeeting, process_id=process_id, position=position), staff())
    return back_to(f"/setup/meetings/{receipt.command_id}")
