"""Other laptops of the same room, for the lead: pair one by six words, exchange what each lacks, let one go."""

import contextlib
import threading

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotFound, Refusal
from workshop.domain.text import words as checked
from workshop.private.peers import Neighbour, neighbours, revoke_device
from workshop.web.answers import back_to, show
from workshop.web.contacts import contact_with
from workshop.web.courier import AlreadyUnderWay, Courier
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.http.local import courier, pairings
from workshop.web.identity import language, staff
from workshop.web.wording import describe

blueprint = Blueprint("neighbours", __name__, url_prefix="/lead/neighbours")


@blueprint.before_request
def only_who_leads() -> None:
    permit(staff(), Action.SYNC)


@blueprint.get("")
def neighbour_list() -> Response:
    here, failure = pairings(), None
    try:
        house().desk.apart(here.ask_again)
    except Refusal as refusal:
        failure = describe(refusal, language())
    with house().reading_private() as private:
        known = [(each, contact_with(private, each.id)) for each in neighbours(private)]
    failures = {each.id: describe(last.failure, language()) for each, last in known if last and last.failure}
    return show(
        "lead/neighbours.html",
        known=known,
        failures=failures,
        failure=failure,
        pairing=here.current(),
        is_waiting=here.is_waiting(),
        paired=here.last,
        own=here.url(),
        is_under_way=courier().is_under_way,
        progress=courier().progress,
    )


@blueprint.post("/wait")
def wait() -> Response:
    pairings().wait()
    return back_to("/lead/neighbours")


@blueprint.post("/call")
def call() -> Response:
    house().desk.apart(pairings().call, checked(field("url"), "url", 3, 200))
    return back_to("/lead/neighbours")


@blueprint.post("/same")
def same() -> Response:
    house().desk.apart(pairings().same_here)
    return back_to("/lead/neighbours")


@blueprint.post("/off")
def call_off() -> Response:
    pairings().call_off()
    return back_to("/lead/neighbours")


@blueprint.post("/<device_id>/visit")
def visit(device_id: str) -> Response:
    """Goes on by itself; the page looks how far it is."""
    if courier().is_under_way:
        raise AlreadyUnderWay
    threading.Thread(target=_visit, args=(courier(), _the(device_id)), daemon=True).start()
    return back_to("/lead/neighbours")


@blueprint.post("/stop")
def stop() -> Response:
    courier().stop()
    return back_to("/lead/neighbours")


@blueprint.post("/<device_id>/go")
def let_go(device_id: str) -> Response:
    house().keep_private(revoke_device, _the(device_id).id)
    return back_to("/lead/neighbours")


def _the(device_id: str) -> Neighbour:
    found = next((each for each in house().ask_private(neighbours) if each.id == device_id), None)
    if found is None:
        raise NotFound("device_id")
    return found


def _visit(here: Courier, neighbour: Neighbour) -> None:
    """What went wrong is kept as the last contact, for the page."""
    with contextlib.suppress(Refusal):
        here.visit(neighbour)
