"""The centre's side of sync: enrolled computers push and pull entries. Stateless: nothing to resume, nothing to clean up."""

import re
import time
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, request

from sync import wire
from sync.calling import challenge, is_fresh, read_call
from sync.entry import FORMAT, sha256
from sync.log import BYTES_MOST, ENTRIES_MOST, START, Load
from sync.signing import certify, public_key_of
from workshop.domain.fact import FACTS
from workshop.domain.ids import is_id
from workshop.domain.profiles import OF_SINGLE_PEOPLE
from workshop.domain.refusal import Malformed, NotFound, Refusal, Sort
from workshop.private import peers
from workshop.private.holders import is_holder, note_holder
from workshop.private.settings_kept import setting
from workshop.record.peers import PeerLog
from workshop.record.queries.processes import processes
from workshop.settings import device_key
from workshop.web.answers import refuse
from workshop.web.house import house
from workshop.web.readers import announcement
from workshop.web.signets import log_of_house, moment
from workshop.web.standing import note_contact, note_visit

PUBLIC_KEY: Final = re.compile(r"[0-9a-f]{64}")
blueprint = Blueprint("sync", __name__, url_prefix="/sync")
OPEN: Final = frozenset({"sync.hello", "sync.enrol"})
GIVES: Final = Load(but=OF_SINGLE_PEOPLE)  # also where they were opened; kinds of newer programs are given: they must be relayed
GIVING: Final = frozenset({"sync.tips", "sync.push"})  # what a computer that was shut out brings is kept, and held; it is given nothing


class BatchUnreadable(Refusal):
    """Detail: why (gzip, cut, line, tips)."""


class BatchTooBig(Refusal):
    """Detail: what (bytes, line, lines), most."""

    sort = Sort.TOO_MUCH


@blueprint.url_value_preprocessor
def only_scopes(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and not is_id(values.get("scope", "")):
        raise NotFound("scope")


@blueprint.before_request
def only_enrolled() -> None:
    if request.endpoint not in OPEN:
        g.device = _caller()


@blueprint.errorhandler(wire.WireFault)
def not_as_agreed(fault: wire.WireFault) -> Response:
    if isinstance(fault, wire.TooBig):
        return refuse(BatchTooBig("batch", what=fault.why, most=fault.most))
    return refuse(BatchUnreadable("batch", why=fault.why))


@blueprint.get("/hello")
def hello() -> Response:
    """Who is here and what it understands. Nothing about people or content."""
    limits = {"entries": ENTRIES_MOST, "bytes": BYTES_MOST, "unpacked": wire.UNPACKED_MOST}
    seed = device_key(house().folder)
    told = {"public_key": public_key_of(seed), "challenge": challenge(seed, int(time.time()))}
    return jsonify(name=_name(), format=FORMAT, program=version("tavoli"), kinds=sorted(FACTS), limits=limits, **told)


@blueprint.post("/enrol")
def enrol() -> Response:
    """A one-time code for a certificate. Laptops of a room pair instead."""
    if house().place == "room":
        raise NotFound("code")
    told = wire.object_of(request.get_data())
    code, name, public_key = (_text(told, each) for each in ("code", "name", "public_key"))
    if len(code) > 40 or not PUBLIC_KEY.fullmatch(public_key):
        raise Malformed("code")
    now, seed = int(time.time()), device_key(house().folder)
    device = house().keep_private(peers.enrol, code, name, public_key, request.remote_addr or "", now)
    certificate = certify(seed, device.id, public_key, device.scopes, moment())
    _log().hear([certificate])
    told = {"peer_id": sha256(seed)[:32], "public_key": public_key_of(seed), "certificate": wire.notice_to_json(certificate)}
    return jsonify(name=_name(), **told)


@blueprint.post("/<scope>/tips")
def tips(scope: str) -> Response:
    """The answer to whatever is asked: what is here, computed now. Every contact begins so: from then on the caller may hold its words."""
    if not house().ask_private(is_holder, g.device.public_key, scope):
        house().keep_private(note_holder, g.device.public_key, scope, "computer", g.device.name)
    note_visit(house(), g.device, scope)
    return jsonify(wire.tips_to_json(house().desk.apart(_log().tips, scope, wire.load_from_json(wire.object_of(request.get_data())))))


@blueprint.post("/<scope>/push")
def push(scope: str) -> Response:
    told = house().desk.apart(_take, _log(), scope, request.get_data())
    note_visit(house(), g.device, scope)
    return jsonify(told)


@blueprint.post("/<scope>/pull")
def pull(scope: str) -> Response:
    return Response(house().desk.apart(_give, _log(), scope, request.get_data()), mimetype="application/gzip")


@blueprint.post("/<scope>/digest")
def digest(scope: str) -> Response:
    """It ends a contact: then it is noted when this computer was here and whether both are the same, for who organises."""
    asked = wire.object_of(request.get_data())
    load = wire.load_from_json(asked)
    found = house().desk.apart(_log().digest, scope, load)
    house().keep_private(note_contact, g.device, scope, found, load, asked.get("mine") == wire.digest_to_json(found))
    return jsonify(wire.digest_to_json(found))


@blueprint.post("/offered")
def offered() -> Response:
    """Processes that this computer may bring to the room: their running sheets, tables and what else was prepared."""
    found = [each for each in house().ask(processes) if g.device.may_send(each.id) and each.state not in {"cancelled", "closed"}]
    notice = house().ask_private(announcement)
    told = {"reader": wire.notice_to_json(notice)} if notice else {}
    return jsonify(offered=[{"scope": each.id, "title": each.description.title} for each in found], **told)


def _take(log: PeerLog, scope: str, data: bytes) -> dict[str, Any]:
    """Unpack and check before the writer is asked for its time."""
    return wire.received_to_json(log.receive(scope, *wire.unpack([data])))


def _give(log: PeerLog, scope: str, data: bytes) -> bytes:
    asked = wire.object_of(data)
    limit, after = asked.get("limit", ENTRIES_MOST), wire.place_from_json(asked.get("after"))
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= ENTRIES_MOST:
        raise wire.WireFault("tips")
    theirs = wire.tips_from_json(asked)
    entries = log.entries_beyond(scope, theirs, limit, after, GIVES)
    more = bool(entries) and bool(log.entries_beyond(scope, theirs, 1, entries[-1].place, GIVES))
    return wire.pack_page(entries, more, log.signatures(scope, entries, theirs.unsigned if after == START else ()))


def _log() -> PeerLog:
    return log_of_house(house())


def _name() -> str:
    return house().ask_private(setting, "name", "Tavoli")


def _caller() -> peers.Device:
    """Who signed this request. Key, process and signature are looked at before the body is read."""
    call, seed = read_call(request.headers.get("Authorization", "")), device_key(house().folder)
    if call is None:
        raise peers.NotEnrolledHere("Authorization")
    device = house().ask_private(peers.device_with, call.public_key, request.endpoint in GIVING)
    if not is_fresh(seed, call.challenge, int(time.time())):
        raise peers.StaleCall("Authorization")
    if not call.is_for(public_key_of(seed), request.method, request.path):
        raise peers.NotEnrolledHere("Authorization")
    if (scope := (request.view_args or {}).get("scope")) and not device.may_send(scope):
        raise peers.NotOfThisComputer("scope")
    if sha256(request.get_data()) != call.body_hash:
        raise peers.NotEnrolledHere("body")
    return device


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise Malformed(name)
    return value
