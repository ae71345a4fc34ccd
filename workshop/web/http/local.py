"""What the command line asks a running server, and the lead's page too: sync now, enrol at a centre, make a code."""

import hmac
import time
from dataclasses import asdict
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request

from workshop.domain.permissions import Action, permit
from workshop.private import peers
from workshop.web.answers import back_to
from workshop.web.courier import Courier, last_contact
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("local", __name__, url_prefix="/lead")


def courier() -> Courier:
    """The one courier of this house."""
    home = house()
    made = current_app.extensions.get("courier") or Courier(home.folder, home.store, home.private_store, home.desk)
    return cast("Courier", current_app.extensions.setdefault("courier", made))


@blueprint.before_request
def only_here() -> None:
    """The local key of the folder's lock file, or somebody who leads."""
    if not _has_local_key():
        permit(staff(), Action.SYNC)


@blueprint.post("/sync")
def sync() -> Response:
    """Blocks until the contact is over; meanwhile GET tells how far it is."""
    return _told(asdict(house().desk.apart(courier().run)))


@blueprint.get("/sync")
def progress() -> Response:
    last = house().ask_private(last_contact)
    return jsonify(asdict(courier().progress) | {"is_under_way": courier().is_under_way, "last": last and asdict(last)})


@blueprint.post("/enrol")
def enrol() -> Response:
    centre = house().desk.apart(courier().enrol, field("url"), field("code"))
    return _told({"name": centre.name, "url": centre.url})


@blueprint.post("/code")
def code() -> Response:
    made = house().keep_private(peers.make_code, int(time.time()))
    return _told({"code": made, "minutes": peers.CODE_LASTS // 60})


def _told(members: dict[str, Any]) -> Response:
    return jsonify(members) if _has_local_key() else back_to("/lead" if house().place == "room" else "/setup")


def _has_local_key() -> bool:
    key = house().local_key
    return bool(key) and hmac.compare_digest(request.headers.get("X-Local-Key", "").encode(), key.encode())
