"""Who keeps the central record: the list, inviting by a one-time link, ending sessions, sending somebody away."""

import time

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.private import organisers as kept
from workshop.private import visits
from workshop.private.settings_kept import setting
from workshop.web.answers import back_to, show
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.organisers_shown import shown

blueprint = Blueprint("organisers", __name__)


@blueprint.get("/organisers")
def organiser_list() -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    return _page()


@blueprint.post("/organisers")
def invite() -> Response:
    """The answer itself shows the link: only its hash is kept."""
    permit(staff(), Action.KEEP_ORGANISERS)
    name = field("name")
    secret = house().keep_private(kept.add, name, int(time.time()))
    answer = _page(invited=name, link=f"{house().ask_private(setting, 'origin')}/set-up/{secret}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/organisers/<staff_id>/sessions/end")
def end_sessions(staff_id: str) -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    whose = house().ask_private(kept.organiser, staff_id)
    house().keep_private(visits.end_all, whose.id)
    house().cut_off(whose.id)
    return back_to("/organisers")


@blueprint.post("/organisers/<staff_id>/revoke")
def send_away(staff_id: str) -> Response:
    """Tokens, links and codes are void from now on, and open windows lose their contact."""
    permit(staff(), Action.KEEP_ORGANISERS)
    house().keep_private(kept.revoke, staff_id)
    house().cut_off(staff_id)
    return back_to("/organisers")


def _page(invited: str = "", link: str = "") -> Response:
    with house().reading_private() as private:
        people = shown(private, int(time.time()))
    return show("organisers/list.html", people=people, me=staff().id, invited=invited, link=link, hours=kept.LINK_LASTS // 3600)
