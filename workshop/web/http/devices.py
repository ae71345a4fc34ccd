"""At the centre: one-time codes for laptops, the laptops that used one, and when each was last in contact."""

import time

from flask import Blueprint, Response, request

from sync.signing import fingerprint, public_key_of
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotInList
from workshop.private.peers import CODE_LASTS, make_code, the_device
from workshop.record.queries.processes import processes
from workshop.settings import device_key
from workshop.web.answers import back_to, show
from workshop.web.house import House, house
from workshop.web.identity import staff
from workshop.web.links import link_to
from workshop.web.standing import Standing, accept_from, shut_out, standings

blueprint = Blueprint("devices", __name__)


@blueprint.get("/devices")
def device_list() -> Response:
    permit(staff(), Action.SYNC)
    return _page(code="")


@blueprint.post("/devices/code")
def new_code() -> Response:
    """The answer itself shows the code: only its hash is kept."""
    permit(staff(), Action.SYNC)
    answer = _page(code=house().keep_private(make_code, int(time.time()), _scopes()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/devices/<device_id>/revoke")
def revoke(device_id: str) -> Response:
    permit(staff(), Action.SYNC)
    device = house().ask_private(the_device, device_id)
    house().desk.apart(shut_out, house(), device)
    return back_to("/devices")


@blueprint.post("/devices/<device_id>/accept")
def accept(device_id: str) -> Response:
    permit(staff(), Action.SYNC)
    house().desk.apart(accept_from, house(), house().ask_private(the_device, device_id))
    return back_to("/devices")


@blueprint.get("/enrol")
def how_to_enrol() -> Response:
    """Where the link leads when somebody opens it instead of pasting it. What stands after # never comes here."""
    return show("setup/enrol.html")


def _scopes() -> frozenset[str] | None:
    """The processes that were chosen; all of them when nobody was asked."""
    chosen = request.form.getlist("scopes")
    if "all" in chosen or "asked" not in request.form:
        return None
    known = {each.id for each in house().ask(processes)}
    if not chosen or not set(chosen) <= known:
        raise NotInList("scopes", choices=("all", *sorted(known)))
    return frozenset(chosen)


def _standings(home: House) -> list[Standing]:
    with home.reading() as record, home.reading_private() as private:
        return standings(record, private)


def _page(code: str) -> Response:
    found = house().desk.apart(_standings, house())
    url, key = request.host_url.rstrip("/"), fingerprint(public_key_of(device_key(house().folder)))
    told = {"code": code, "minutes": CODE_LASTS // 60, "url": url, "link": link_to(url, code, key) if code else ""}
    return show("setup/devices.html", standings=found, processes=house().ask(processes), **told)  # type: ignore[arg-type]
