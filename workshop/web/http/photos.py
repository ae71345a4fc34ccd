"""Photos of flipcharts, one by one: the big view, the bytes for who may see the table, and removing one for good."""

from pathlib import Path

from flask import Blueprint, Response, request, send_file

from workshop.domain.permissions import Action, may, permit
from workshop.domain.photo import KEPT_AS, PhotoIsGone, RemovePhoto
from workshop.photos.developing import make_small
from workshop.photos.keeping import tidy
from workshop.photos.refusals import BytesElsewhere
from workshop.photos.shelf import Shelf
from workshop.record.queries.photos import Photo, the_photo
from workshop.record.queries.tables import the_table
from workshop.web.answers import back_to, show
from workshop.web.doors import read
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.photos_shown import shown_among

blueprint = Blueprint("photos", __name__)


@blueprint.get("/photos/<photo_id>")
def see_photo(photo_id: str) -> Response:
    photo = _ours(photo_id)
    topic = f"board:{photo.work_table_id}" if house().place == "room" else f"archive:{photo.process_id}"
    version = house().versions(topic)
    with house().reading() as connection:
        shown, table = shown_among(connection, photo), the_table(connection, photo.work_table_id)
    removes = may(staff(), Action.REMOVE_PHOTO, table.id)
    return show("photos/photo.html", topic=topic, version=version, shown=shown, table=table, removes=removes, back=_list_of(photo))


@blueprint.get("/photos/<photo_id>/image")
def image(photo_id: str) -> Response:
    photo = _ours(photo_id)
    return _bytes(photo, house().shelf.path(photo.sha256) if photo.names_bytes else None)


@blueprint.get("/photos/<photo_id>/small")
def small(photo_id: str) -> Response:
    """Made at the first asking, and kept."""
    photo = _ours(photo_id)
    is_here = photo.names_bytes and house().shelf.is_here(photo.sha256)
    return _bytes(photo, house().desk.apart(_small, house().shelf, photo.sha256) if is_here else None)


@blueprint.post("/photos/<photo_id>/remove")
def remove_photo(photo_id: str) -> Response:
    """When this is answered its bytes are gone here; elsewhere they go as soon as it is heard."""
    photo = house().ask(the_photo, photo_id)
    permit(staff(), Action.REMOVE_PHOTO, photo.work_table_id)
    house().dispatch(read(RemovePhoto, process_id=photo.process_id, photo_id=photo.id), staff())
    house().desk.apart(tidy, house().store, house().shelf)
    return back_to(_list_of(photo))


def _ours(photo_id: str) -> Photo:
    photo = house().ask(the_photo, photo_id)
    permit(staff(), Action.SEE_BOARD, photo.work_table_id)
    if photo.removed:
        raise PhotoIsGone("photo_id")
    return photo


def _list_of(photo: Photo) -> str:
    in_room = house().place == "room"
    return f"/tables/{photo.work_table_id}/photos" if in_room else f"/archive/syntheses/{photo.work_table_id}#photos"


def _small(shelf: Shelf, sha256: str) -> Path:
    target = shelf.small(sha256)
    if not target.is_file():
        shelf.write_small(sha256, make_small(shelf.path(sha256)))
    return target


def _bytes(photo: Photo, path: Path | None) -> Response:
    """Always as what we keep, never as what a peer calls it. Kept by the browser, but asked for each time: who may see it can change."""
    if path is None or not path.is_file():
        raise BytesElsewhere("photo_id")
    answer = send_file(path, KEPT_AS, download_name=f"foto-{photo.id[:6]}.jpg", conditional=True, etag=_tag(photo), max_age=None)
    answer.headers["Content-Disposition"] = f'inline; filename="foto-{photo.id[:6]}.jpg"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _tag(photo: Photo) -> str:
    return f"{photo.sha256[:32]}-{'s' if request.path.endswith('/small') else 'i'}"
