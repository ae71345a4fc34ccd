"""Who helps at which table: invitations on paper (a code to scan and a PIN, shown once), and sending somebody away at once."""

from flask import Blueprint, Response, request

from workshop.domain.people import Role
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotFound, NotInList
from workshop.domain.text import maybe_words
from workshop.private.staff import Invitation, invite, revoke, staff_member, staff_of
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import TableShown, tables_of
from workshop.web import lead_words
from workshop.web.answers import back_to, show
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("invitations", __name__)
Printed = tuple[Invitation, str, str, list[TableShown]]  # the invitation, its role, the name, the tables


@blueprint.get("/lead/meetings/<meeting_id>/invitations")
def invitations(meeting_id: str) -> Response:
    permit(staff(), Action.RUN_MEETING)
    tables = house().ask(tables_of, meeting_id)
    helpers = house().ask_private(staff_of, meeting_id)
    return show("lead/invitations.html", meeting=house().ask(the_meeting, meeting_id), tables=tables, helpers=helpers, words=lead_words)


@blueprint.post("/lead/meetings/<meeting_id>/invitations")
def invite_one(meeting_id: str) -> Response:
    """For the tables that were ticked. The sheet is the answer itself: secrets are kept only as hashes, so it cannot be shown again."""
    permit(staff(), Action.RUN_MEETING)
    asked = set(request.form.getlist("tables"))
    tables = [table for table in house().ask(tables_of, meeting_id) if table.id in asked]
    if not tables:
        raise NotInList("tables", choices=[str(t.number) for t in house().ask(tables_of, meeting_id)])
    return _printed(meeting_id, [_invited(meeting_id, _role(field("role")), maybe_words(field("name"), "name", 80), tables)])


@blueprint.post("/lead/meetings/<meeting_id>/invitations/all")
def invite_all(meeting_id: str) -> Response:
    """A facilitator and a scribe for every table, to be cut out and handed over."""
    permit(staff(), Action.RUN_MEETING)
    tables = house().ask(tables_of, meeting_id)
    return _printed(meeting_id, [_invited(meeting_id, role, "", [table]) for table in tables for role in (Role.FACILITATOR, Role.SCRIBE)])


@blueprint.post("/lead/staff/<staff_id>/revoke")
def send_away(staff_id: str) -> Response:
    """The token is void from now on, and open windows lose their contact."""
    permit(staff(), Action.RUN_MEETING)
    member = house().ask_private(staff_member, staff_id)
    if member is None or member.role not in lead_words.ROLES:
        raise NotFound("staff_id")
    house().keep_private(revoke, staff_id)
    house().cut_off(staff_id)
    return back_to(f"/lead/meetings/{member.meeting_id}/invitations")


def _role(asked: str) -> Role:
    if asked not in lead_words.ROLES:
        raise NotInList("role", choices=list(lead_words.ROLES))
    return Role(asked)


def _invited(meeting_id: str, role: Role, name: str, tables: list[TableShown]) -> Printed:
    invitation = house().keep_private(invite, role, name, meeting_id, frozenset(table.id for table in tables))
    return invitation, role, name, tables


def _printed(meeting_id: str, made: list[Printed]) -> Response:
    address = f"http://{house().address}/staff/"
    answer = show(
        "lead/invitations_printed.html", meeting=house().ask(the_meeting, meeting_id), made=made, address=address, words=lead_words
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
