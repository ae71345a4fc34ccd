"""The centre's side of photos that travel: which are missing, pieces taken and given. Only what a photo of that process names."""

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from sync import wire
from sync.blob_line import BYTES, content_range, read_content_range, read_range
from sync.blobs import NAMED_MOST, PIECE_MOST
from workshop.domain.refusal import NotFound
from workshop.photos.blobs import PhotoBlobs
from workshop.photos.refusals import BytesDamaged
from workshop.photos.shelf import BytesDiffer
from workshop.web.house import house
from workshop.web.http.sync import not_as_agreed, only_enrolled, only_scopes

blueprint = Blueprint("blobs", __name__, url_prefix="/sync")
blueprint.url_value_preprocessor(only_scopes)
blueprint.before_request(only_enrolled)
blueprint.register_error_handler(wire.WireFault, not_as_agreed)


@blueprint.post("/<scope>/blobs/missing")
def missing(scope: str) -> Response:
    """Of those named, which are lacking here, and how many of their first bytes are not."""
    asked = wire.object_of(request.get_data()).get("sha256")
    if not isinstance(asked, list) or len(asked) > NAMED_MOST:
        raise wire.WireFault("sha256")
    return jsonify(missing=house().desk.apart(_missing, _blobs(), scope, asked))


@blueprint.put("/<scope>/blobs/<sha256>")
def take(scope: str, sha256: str) -> Response:
    """`Content-Range: bytes 0-262143/900000`; the answer says how many bytes are here now."""
    start, length, size = read_content_range(request.headers.get("Content-Range", ""))
    data = request.get_data()
    if len(data) != length:
        raise wire.WireFault("cut")
    if length > PIECE_MOST:
        raise wire.TooBig("bytes", PIECE_MOST)
    return jsonify(held=house().desk.apart(_take, _blobs(), scope, sha256, size, start, data))


@blueprint.get("/<scope>/blobs/<sha256>")
def give(scope: str, sha256: str) -> Response:
    """`Range: bytes=0-262143`; without one: from the start. Never more than one piece."""
    start, most = read_range(asked) if (asked := request.headers.get("Range", "")) else (0, PIECE_MOST)
    size, data = house().desk.apart(_give, _blobs(), scope, sha256, start, min(most, PIECE_MOST))
    answer = make_response(data, 206)
    answer.headers["Content-Type"] = BYTES
    answer.headers["Content-Range"] = content_range(start, len(data), size)
    return answer


def _missing(blobs: PhotoBlobs, scope: str, asked: list[Any]) -> dict[str, int]:
    named = blobs.named(scope)
    held = {sha256: blobs.held(sha256) for sha256 in asked if isinstance(sha256, str) and sha256 in named}
    return {sha256: count for sha256, count in held.items() if count != named[sha256]}


def _take(blobs: PhotoBlobs, scope: str, sha256: str, size: int, start: int, data: bytes) -> int:
    if blobs.named(scope).get(sha256) != size:
        raise NotFound("sha256")
    try:
        return blobs.shelf.add(sha256, size, start, data)
    except BytesDiffer as wrong:
        raise BytesDamaged("sha256") from wrong


def _give(blobs: PhotoBlobs, scope: str, sha256: str, start: int, most: int) -> tuple[int, bytes]:
    size = blobs.named(scope).get(sha256, 0)
    data = blobs.read(sha256, start, most) if size else b""
    if not data:
        raise NotFound("sha256")
    return size, data


def _blobs() -> PhotoBlobs:
    return PhotoBlobs(house().store, house().shelf)
