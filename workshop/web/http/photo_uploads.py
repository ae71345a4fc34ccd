"""Adding a photo of a flipchart to a table: by a plain form, or piece by piece, so that a bad line costs one piece. Room only."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import is_id
from workshop.domain.people import Actor
from workshop.domain.permissions import Action, permit
from workshop.domain.photo import AddPhoto
from workshop.domain.refusal import IdAlreadyUsed, NotFound
from workshop.photos.developing import UPLOAD_MOST, Developed, develop
from workshop.photos.keeping import keep
from workshop.photos.refusals import PhotoMissing, PieceUnreadable
from workshop.photos.uploads import Piece, Uploads
from workshop.record.queries.photos import Photo, the_photo
from workshop.record.queries.tables import TableShown, the_table
from workshop.record.writer import Receipt
from workshop.web.answers import receipt, show, words
from workshop.web.doors import read
from workshop.web.house import House, house
from workshop.web.identity import staff
from workshop.web.photos_shown import LIMITS, photos_shown
from workshop.web.refusal_words import N_
from workshop.web.sent import take_file

blueprint = Blueprint("photo_uploads", __name__)
AROUND: Final = 64 * 1024  # bytes that a form has besides its file
_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")


@blueprint.get("/tables/<work_table_id>/photos")
def photo_list(work_table_id: str) -> Response:
    permit(staff(), Action.SEE_BOARD, work_table_id)
    topic = f"board:{work_table_id}"
    version = house().versions(topic)
    with house().reading() as connection:
        table, photos = the_table(connection, work_table_id), photos_shown(connection, work_table_id)
    return show("photos/photos.html", topic=topic, version=version, work_table=table, photos=photos, limits=LIMITS, leads=staff().leads)


@blueprint.post("/tables/<work_table_id>/photos")
def add_photo(work_table_id: str) -> Response:
    """The whole file in one form: without scripts, or from a laptop. It is read only when it is known who sends it."""
    table = _ours(work_table_id)
    file = take_file("photo", UPLOAD_MOST + AROUND)
    command = _wish(table)
    if file is None:
        raise PhotoMissing("photo")
    uploads, desk = _uploads(), house().desk
    path = desk.apart(uploads.take_whole, table.id, command.command_id, file.stream)
    try:
        done = desk.apart(_develop_and_state, house(), command, staff(), path)
    finally:
        desk.apart(uploads.drop, table.id, command.command_id)
    return _told(done, table)


@blueprint.get("/tables/<work_table_id>/photos/<upload>/bytes")
def bytes_held(work_table_id: str, upload: str) -> Response:
    """How many bytes are here: where the next piece begins."""
    table, photo_id = _ours(work_table_id), _named(upload)
    return _held(house().desk.apart(_uploads().held, table.id, photo_id))


@blueprint.put("/tables/<work_table_id>/photos/<upload>/bytes")
def add_piece(work_table_id: str, upload: str) -> Response:
    """`Content-Range: bytes 0-196607/5242880`. A piece that begins elsewhere is refused with the number of bytes that are here."""
    table, photo_id = _ours(work_table_id), _named(upload)
    found = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
    if not found:
        raise PieceUnreadable("photo")
    first, last, size = map(int, found.groups())
    data = request.get_data()
    if len(data) != last - first + 1:
        raise PieceUnreadable("photo")
    return _held(house().desk.apart(_uploads().add, table.id, photo_id, Piece(first, size, data)))


@blueprint.post("/tables/<work_table_id>/photos/<upload>/bytes")
def finish(work_table_id: str, upload: str) -> Response:
    """All bytes are here (`of`: how many that is): make the photo of them. Said twice, it is one photo."""
    table, photo_id = _ours(work_table_id), _named(upload)
    command = _wish(table, photo_id)
    if photo := house().ask(_added, photo_id):
        if photo.work_table_id != table.id:
            raise IdAlreadyUsed("photo_id")
        return _told(Receipt(photo_id, (), first_time=False), table)
    uploads, desk = _uploads(), house().desk
    path = desk.apart(uploads.whole, table.id, photo_id, request.args.get("of", 0, type=int))
    done = desk.apart(_develop_and_state, house(), command, staff(), path)
    desk.apart(uploads.drop, table.id, photo_id)
    return _told(done, table)


@blueprint.delete("/tables/<work_table_id>/photos/<upload>/bytes")
def cancel(work_table_id: str, upload: str) -> Response:
    table, photo_id = _ours(work_table_id), _named(upload)
    house().desk.apart(_uploads().drop, table.id, photo_id)
    return _held(0)


def _ours(work_table_id: str) -> TableShown:
    permit(staff(), Action.ADD_PHOTO, work_table_id)
    return house().ask(the_table, work_table_id)


def _named(upload: str) -> str:
    """The id of the photo to be: nothing has it yet, so it is looked at here."""
    if not is_id(upload):
        raise NotFound("photo_id")
    return upload


def _wish(table: TableShown, photo_id: str = "") -> AddPhoto:
    """What the person says of it; what it is, its bytes say later."""
    own = {"command_id": photo_id} if photo_id else {}
    return read(AddPhoto, process_id=table.process_id, work_table_id=table.id, sha256="", size=0, width=0, height=0, **own)


def _uploads() -> Uploads:
    return Uploads(house().shelf.root / "incoming")


def _develop_and_state(home: House, command: AddPhoto, actor: Actor, path: Path) -> Receipt:
    """Apart, on a native thread: the hub goes on serving while a large picture is made smaller."""
    return keep(home.shelf, developed := develop(path), partial(_state, home, command, actor, developed))


def _state(home: House, command: AddPhoto, actor: Actor, developed: Developed, sha256: str) -> Receipt:
    told = {"size": len(developed.data), "width": developed.width, "height": developed.height}
    return FrontDoor(home.desk)(replace(command, sha256=sha256, **told), actor)  # type: ignore[arg-type]


def _added(connection: Any, photo_id: str) -> Photo | None:
    try:
        return the_photo(connection, photo_id)
    except NotFound:
        return None


def _told(done: Receipt, table: TableShown) -> Response:
    return receipt(done, f"/tables/{table.id}/photos", words=words(N_("The photo is added.")))


def _held(count: int) -> Response:
    return jsonify(held=count)
