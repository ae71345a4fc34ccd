"""What the command line asks the server that runs on the same folder: sync, enrol, code, demo. Known by the key in the lock file."""

import hmac
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, request

from sync.signing import public_key_of
from workshop.domain.profiles import Profile
from workshop.domain.refusal import NotAllowed
from workshop.private import peers
from workshop.private.settings_kept import setting
from workshop.settings import device_key
from workshop.web.answers import refuse_status
from workshop.web.bundling import Bundler, told_of
from workshop.web.complete import open_with
from workshop.web.contacts import last_contact
from workshop.web.copying import copier_of, copy_now
from workshop.web.courier import Courier
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.neighbours import Pairings
from workshop.web.signets import log_of_house

blueprint = Blueprint("local", __name__, url_prefix="/lead")


def courier() -> Courier:
    """The one courier of this house."""
    home = house()
    made = current_app.extensions.get("courier") or Courier(home.folder, home.store, home.private_store, home.desk)
    return cast("Courier", current_app.extensions.setdefault("courier", made))


def bundler() -> Bundler:
    """The one bundler of this house."""
    home = house()
    made = current_app.extensions.get("bundler") or Bundler(home.folder, home.store, home.private_store, home.desk, home.place)
    return cast("Bundler", current_app.extensions.setdefault("bundler", made))


def pairings() -> Pairings:
    """The one desk of this house where other laptops are paired."""
    home = house()
    found = current_app.extensions.get("pairings") or Pairings(
        device_key(home.folder),
        lambda: home.ask_private(setting, "name", "") or f"Tavoli {public_key_of(device_key(home.folder))[:6]}",
        lambda: home.address,
        lambda side: home.keep_private(peers.pair, side.name, side.key, side.url),
    )
    return cast("Pairings", current_app.extensions.setdefault("pairings", found))


@blueprint.before_request
def only_from_here() -> None:
    key, told = house().local_key, request.headers.get("X-Local-Key", "")
    if not key or not hmac.compare_digest(told.encode(), key.encode()):
        raise NotAllowed("X-Local-Key")


@blueprint.post("/sync")
def sync() -> Response:
    """Answers when the contact is over; meanwhile GET tells how far it is."""
    return jsonify(asdict(house().desk.apart(courier().run, field("url"))))


@blueprint.get("/sync")
def progress() -> Response:
    last = house().ask_private(last_contact)
    return jsonify(asdict(courier().progress) | {"is_under_way": courier().is_under_way, "last": last and asdict(last)})


@blueprint.post("/sync/stop")
def stop_sync() -> Response:
    courier().stop()
    return jsonify({})


@blueprint.post("/enrol")
def enrol() -> Response:
    centre = house().desk.apart(courier().enrol, field("url"), field("code"))
    return jsonify({"name": centre.name, "url": centre.url})


@blueprint.post("/backup")
def backup() -> Response:
    """A copy now, on the data disk and at the second place, or only at `place`."""
    place = field("place")
    copy = house().desk.apart(copy_now, copier_of(house()), Path(place) if place else None)
    return jsonify({"path": str(copy.path)})


@blueprint.post("/bundle/out")
def bundle_out() -> Response:
    path, process, is_open = Path(field("path")), field("process"), field("open") == "1"
    profile = Profile(field("profile")) if field("profile") else None
    return jsonify(told_of(house().desk.apart(partial(bundler().write_to, path, process, profile, is_open=is_open))))


@blueprint.post("/bundle/in")
def bundle_in() -> Response:
    path = Path(field("path"))
    with path.open("rb") as file:
        return jsonify(asdict(house().desk.apart(bundler().take_in, file, path.name, field("key"))))


@blueprint.post("/sealed/open")
def open_sealed() -> Response:
    return jsonify(asdict(house().desk.apart(open_with, log_of_house(house()), field("key"))))


@blueprint.get("/bundle")
def bundle_progress() -> Response:
    return jsonify(asdict(bundler().progress))


@blueprint.post("/bundle/stop")
def stop_bundle() -> Response:
    bundler().stop()
    return jsonify({})


@blueprint.post("/demo")
def load_demo() -> Response:
    """Where there is nothing yet; a central record with real organisers has no demonstration."""
    load = house().load_demo
    return refuse_status(404) if load is None else jsonify({"loaded": load()})


@blueprint.post("/code")
def code() -> Response:
    made = house().keep_private(peers.make_code, int(time.time()))
    return jsonify({"code": made, "minutes": peers.CODE_LASTS // 60})
