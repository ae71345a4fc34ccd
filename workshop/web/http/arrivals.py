"""At the door of the room: who of those registered is here. What is marked stays on this computer."""

from urllib.parse import urlencode

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.private.registrations import let_in, mark_came
from workshop.record.queries.processes import the_meeting
from workshop.web.answers import back_to
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("arrivals", __name__)


@blueprint.post("/registrations/<registration_id>/came")
def mark(registration_id: str) -> Response:
    """`came`: 1, or nothing to take it back. What was searched for stays in the box, and the page at this person."""
    permit(staff(), Action.KEEP_REGISTRATIONS)
    found = house().keep_private(mark_came, registration_id, field("came") == "1")
    asked = urlencode({"q": field("q")[:200]}) if field("q") else ""
    return back_to(f"/meetings/{found.meeting_id}/registrations{'?' if asked else ''}{asked}#p-{registration_id}")


@blueprint.post("/meetings/<meeting_id>/registrations/again")
def bring_again(meeting_id: str) -> Response:
    """After names were removed here: the next contact brings those that are still at the centre."""
    permit(staff(), Action.KEEP_REGISTRATIONS)
    meeting = house().ask(the_meeting, meeting_id)
    house().keep_private(let_in, meeting.id)
    return back_to(f"/meetings/{meeting.id}/registrations")
