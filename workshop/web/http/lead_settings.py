"""This computer in the room: the address that phones use, and the Wi-Fi they need for it."""

from typing import Any

from flask import Blueprint, Response

from workshop.addresses import lan_addresses
from workshop.copies.sticks import sticks
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotInList
from workshop.domain.text import maybe_words
from workshop.private.settings_kept import keep_setting, setting
from workshop.web.answers import back_to, show
from workshop.web.cockpit import the_address
from workshop.web.copying import the_copies
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("lead_settings", __name__)


@blueprint.get("/lead/settings")
def settings() -> Response:
    permit(staff(), Action.RUN_MEETING)
    host, _, port = house().address.rpartition(":")
    wifi = {name: house().ask_private(setting, name) for name in ("wifi_name", "wifi_password")}
    more: dict[str, Any] = {"copies": the_copies(), "sticks": [str(stick) for stick in house().desk.apart(sticks)]}
    return show("lead/settings.html", host=host, port=port, found=lan_addresses(), address=the_address(), wifi=wifi, **more)


@blueprint.post("/lead/settings/address")
def choose_address() -> Response:
    """From now on the codes say this one, and it is the one that must not be lost."""
    permit(staff(), Action.RUN_MEETING)
    chosen, found = field("address"), lan_addresses()
    if chosen not in found:
        raise NotInList("address", choices=found)
    house().address = f"{chosen}:{house().address.rpartition(':')[2]}"
    house().keep_private(keep_setting, "address", chosen)
    house().keep_private(keep_setting, "printed", house().address)
    return back_to("/lead/settings")


@blueprint.post("/lead/settings/wifi")
def keep_wifi() -> Response:
    permit(staff(), Action.RUN_MEETING)
    told = {name: maybe_words(field(name), name, most) for name, most in (("wifi_name", 32), ("wifi_password", 63))}
    for name, words in told.items():
        house().keep_private(keep_setting, name, words)
    return back_to("/lead/settings")
