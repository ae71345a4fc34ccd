"""Coming back with the personal code, on any phone; and the long privacy notice."""

import time

from flask import Blueprint, Response, request

from workshop.domain.refusal import Refusal
from workshop.private.guesses import TooManyGuesses, WrongSecret
from workshop.private.rejoining import masked, rejoin_with_code
from workshop.record.queries.processes import ProcessShown, live_meetings, processes, the_meeting, the_process
from workshop.settings import device_key
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import language, participant, remember_token
from workshop.web.leaving import profile_of
from workshop.web.wording import describe

blueprint = Blueprint("rejoin", __name__)


@blueprint.get("/rejoin")
def ask_for_code() -> Response:
    return show("join/rejoin.html", problem=None, code="")


@blueprint.post("/rejoin")
def rejoin() -> Response:
    token = house().keep_private(rejoin_with_code, field("code"), _device(), int(time.time()))
    return remember_token(back_to("/mine"), token, is_staff=False)


@blueprint.get("/privacy")
def privacy() -> Response:
    """The long notice of the process that this phone, or this room, is about."""
    return show("join/privacy.html", process=_process(), profile=house().ask_private(profile_of))


@blueprint.errorhandler(Refusal)
def show_again(refusal: Refusal) -> Response:
    if wants_json() or not isinstance(refusal, WrongSecret | TooManyGuesses):
        return refuse(refusal)
    problem = describe(refusal, language())
    answer = show("join/rejoin.html", int(str(problem["status"])), problem=problem, code=request.form.get("code", ""))
    if isinstance(refusal, TooManyGuesses):
        answer.headers["Retry-After"] = str(60 * int(str(refusal.detail["minutes"])))
    return answer


def _device() -> str:
    """The address is not kept: only its mark, made with this computer's key."""
    return masked(device_key(house().folder), f"address:{request.remote_addr or ''}")


def _process() -> ProcessShown | None:
    meetings = house().ask(live_meetings)
    asked = request.args.get("meeting") or participant().meeting_id or next((meeting.id for meeting in meetings), "")
    if asked:
        return house().ask(the_process, house().ask(the_meeting, asked).process_id)
    return next(iter(house().ask(processes)), None)
