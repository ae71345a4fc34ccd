"""Coming in: scan the table's code, take a seat, see the personal code once in big type. No account, no name asked."""

import dataclasses

from flask import Blueprint, Response, request

from workshop.domain.ids import read_code
from workshop.domain.participant import Join, ParticipantJoined
from workshop.domain.people import NOBODY, Role
from workshop.domain.refusal import Refusal
from workshop.domain.step import DOORS_OPEN, ENDED
from workshop.private.people import person
from workshop.private.rejoining import masked
from workshop.private.tokens import issue_token, revoke_token
from workshop.record.queries.processes import MeetingShown, live_meetings, the_meeting, the_process
from workshop.record.queries.tables import TableShown, people_at, table_with_code, tables_of, where_people_went
from workshop.record.writer import Receipt
from workshop.settings import device_key
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.doors import field, read
from workshop.web.here import here
from workshop.web.homes import home_of
from workshop.web.house import house
from workshop.web.identity import forget_token, language, participant, remember_token, staff
from workshop.web.leaving import profile_of
from workshop.web.wording import describe

blueprint = Blueprint("join", __name__)


@blueprint.get("/")
def home() -> Response:
    """Staff go to their work, participants to theirs; everybody else to the door of the meeting that is on."""
    if staff() != NOBODY:
        return back_to(home_of(staff()))
    meetings = house().ask(live_meetings)
    if participant().id and (not meetings or participant().meeting_id in {meeting.id for meeting in meetings}):
        return back_to("/write")
    if len(meetings) == 1:
        return _door(meetings[0], None)
    return show("join/choose_meeting.html" if meetings else "join/no_meeting.html", meetings=meetings)


@blueprint.get("/m/<meeting_id>")
def meeting_door(meeting_id: str) -> Response:
    return _door(house().ask(the_meeting, meeting_id), None)


@blueprint.get("/t")
def typed_code() -> Response:
    return back_to(f"/t/{read_code(request.args.get('code', ''))[:12] or '-'}")


@blueprint.get("/t/<join_code>")
def scanned(join_code: str) -> Response:
    table = house().ask(table_with_code, read_code(join_code))
    if table is None:
        return show("join/wrong_code.html", 404, code=join_code[:12])
    return _door(house().ask(the_meeting, table.meeting_id), house().ask(where_people_went, table))


@blueprint.get("/join")
def join_again() -> Response:
    return back_to("/")


@blueprint.post("/join")
def join() -> Response:
    """The same form sent twice is one person. Who is in this meeting already chooses first: go on, or leave."""
    meeting = house().ask(the_meeting, field("meeting_id"))
    command = read(Join, process_id=meeting.process_id)
    if participant().meeting_id == meeting.id:
        return back_to(f"/m/{meeting.id}")
    receipt = house().dispatch(dataclasses.replace(command, command_id=_hidden(command.command_id)), NOBODY)
    return remember_token(back_to("/welcome"), _token_for(receipt, meeting.id), is_staff=False)


@blueprint.get("/welcome")
def welcome() -> Response:
    at = here()
    return show("join/welcome.html", at=at, person=house().ask_private(person, at.me.id))


@blueprint.post("/leave")
def leave() -> Response:
    """This phone is nobody's again; the personal code still brings the same person back."""
    if token := request.cookies.get(f"{house().cookie}_p"):
        who = participant().id
        house().keep_private(revoke_token, token)
        house().cut_off(who)
    return forget_token(back_to("/"), is_staff=False)


@blueprint.errorhandler(Refusal)
def show_again(refusal: Refusal) -> Response:
    """A full table or a nickname too long: the same page, with what was chosen still there."""
    if request.endpoint != "join.join" or wants_json() or refusal.field not in {"work_table_id", "nickname", "category"}:
        return refuse(refusal)
    problem = describe(refusal, language())
    meeting = house().ask(the_meeting, request.form["meeting_id"])
    tables = house().ask(tables_of, meeting.id)
    chosen = next((table for table in tables if table.id == request.form.get("work_table_id")), None)
    return _form(meeting, tables, chosen, int(str(problem["status"])), problem=problem, sent=request.form)


def _door(meeting: MeetingShown, table: TableShown | None) -> Response:
    tables = house().ask(tables_of, meeting.id)
    if participant().meeting_id == meeting.id:
        mine = next((each for each in tables if each.id in participant().tables), None)
        return show("join/already_in.html", meeting=meeting, mine=mine, table=table, person=house().ask_private(person, participant().id))
    if meeting.state not in DOORS_OPEN:
        return show("join/closed_door.html", meeting=meeting)
    return _form(meeting, tables, table, problem=None, sent={})


def _form(meeting: MeetingShown, tables: list[TableShown], table: TableShown | None, status: int = 200, **more: object) -> Response:
    """Tables that are full are shown, and say why; who scanned the code of one that has ended is told, and chooses another."""
    seated = house().ask(people_at, meeting.id)
    full = {each.id for each in tables if seated.get(each.id, 0) >= each.theme.seats}
    process, ended = house().ask(the_process, meeting.process_id), table is not None and table.state in ENDED
    return show(
        "join/join.html",
        status,
        process=process,
        meeting=meeting,
        tables=[each for each in tables if each.state not in ENDED],
        table=None if ended else table,
        ended=table if ended else None,
        full=full,
        profile=house().ask_private(profile_of),
        **more,
    )


def _hidden(form_id: str) -> str:
    """The id of a form is not the one in the record: who reads the record cannot send the same form again and become that person."""
    return masked(device_key(house().folder), f"join:{form_id}")


def _token_for(receipt: Receipt, meeting_id: str) -> str:
    joined = next(fact for fact in receipt.facts if isinstance(fact, ParticipantJoined))
    return house().keep_private(issue_token, Role.PARTICIPANT, joined.participant_id, meeting_id)
