"""At the centre: one-time codes for laptops, the laptops that used one, and when each was last in contact."""

import time

from flask import Blueprint, Response, request

from workshop.domain.permissions import Action, permit
from workshop.private.peers import CODE_LASTS, devices, make_code, the_device
from workshop.private.settings_kept import setting
from workshop.web.answers import back_to, show
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.standing import shut_out

blueprint = Blueprint("devices", __name__)


@blueprint.get("/devices")
def device_list() -> Response:
    permit(staff(), Action.SYNC)
    return _page(code="")


@blueprint.post("/devices/code")
def new_code() -> Response:
    """The answer itself shows the code: only its hash is kept."""
    permit(staff(), Action.SYNC)
    answer = _page(code=house().keep_private(make_code, int(time.time())))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/devices/<device_id>/revoke")
def revoke(device_id: str) -> Response:
    permit(staff(), Action.SYNC)
    device = house().ask_private(the_device, device_id)
    house().desk.apart(shut_out, house(), device)
    return back_to("/devices")


def _page(code: str) -> Response:
    with house().reading_private() as private:
        found = [(device, setting(private, f"contact:{device.id}")) for device in devices(private)]
    return show("setup/devices.html", devices=found, code=code, minutes=CODE_LASTS // 60, url=request.host_url.rstrip("/"))
