"""What laptops of a room say to each other while they pair. Nothing of it is secret: people compare the words on both screens."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from sync import wire
from workshop.domain.refusal import Malformed
from workshop.web.http.local import pairings

blueprint = Blueprint("pairing", __name__, url_prefix="/sync/pair")
MOST = 4_096  # bytes


@blueprint.post("/begin")
def begin() -> Response:
    return jsonify(pairings().begin(_text(_told(), "commit")))


@blueprint.post("/<pairing_id>/reveal")
def reveal(pairing_id: str) -> Response:
    pairings().reveal(pairing_id, _told())
    return jsonify({})


@blueprint.post("/<pairing_id>/same")
def same(pairing_id: str) -> Response:
    return jsonify({"signature": pairings().same_there(pairing_id, _text(_told(), "signature"))})


def _told() -> dict[str, Any]:
    if (request.content_length or 0) > MOST:
        raise Malformed("pairing")
    try:
        return wire.object_of(request.get_data())
    except wire.WireFault as fault:
        raise Malformed("pairing") from fault


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise Malformed(name)
    return value
