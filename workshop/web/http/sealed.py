"""The centre's side of sealed bodies: which are lacking, those taken, those given. For the announced key alone: it opens none of them."""

from flask import Blueprint, Response, jsonify, request

from sync import wire
from sync.log import ENTRIES_MOST, Load
from sync.sealed_line import hashes_of, pack, unpack
from sync.signing import public_key_of
from workshop.domain.profiles import OF_SINGLE_PEOPLE
from workshop.record.sealed import SealedBeside
from workshop.settings import device_key
from workshop.web.house import house
from workshop.web.http.sync import not_as_agreed, only_enrolled, only_scopes
from workshop.web.readers import the_reader

blueprint = Blueprint("sealed", __name__, url_prefix="/sync")
blueprint.url_value_preprocessor(only_scopes)
blueprint.before_request(only_enrolled)
blueprint.register_error_handler(wire.WireFault, not_as_agreed)


@blueprint.post("/<scope>/sealed/lacking")
def lacking(scope: str) -> Response:
    asked = wire.object_of(request.get_data())
    after = asked.get("after", "")
    if after:
        wire.hashes([after], 1)
    return jsonify(hashes=house().desk.apart(_chest().lacking, scope, _meant(wire.load_from_json(asked)), after))


@blueprint.post("/<scope>/sealed/take")
def take(scope: str) -> Response:
    """Whether one is what it is said to be, only who opens it will know."""
    load, bodies = house().desk.apart(unpack, [request.get_data()])
    return jsonify(kept=house().desk.apart(_chest().keep, scope, _meant(load), bodies))


@blueprint.post("/<scope>/sealed/give")
def give(scope: str) -> Response:
    """Also what was opened here: sealed again, so that it never leaves as it is."""
    asked = wire.object_of(request.get_data())
    load, hashes = _meant(wire.load_from_json(asked)), hashes_of(asked, ENTRIES_MOST)
    return Response(house().desk.apart(_packed, scope, load, hashes), mimetype="application/gzip")


def _packed(scope: str, load: Load, hashes: list[str]) -> bytes:
    return pack(load, _chest().sealed(scope, load, hashes))


def _meant(load: Load) -> Load:
    """What is sealed is never sealed for a key that somebody else names. Raises NoReaderYet, ReaderHasChanged."""
    reader = house().ask_private(the_reader, load.reader or "-", public_key_of(device_key(house().folder)))
    return Load(load.kinds, load.sealed & OF_SINGLE_PEOPLE, reader.public_key)


def _chest() -> SealedBeside:
    return SealedBeside(house().store, house().desk)
