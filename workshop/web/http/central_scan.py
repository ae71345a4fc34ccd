"""Connect to a central record without typing: its QR code is read with this computer's camera, or from a picture of it."""

import tempfile
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, jsonify
from werkzeug.datastructures import FileStorage

from workshop.domain.permissions import Action, permit
from workshop.photos.developing import UPLOAD_MOST
from workshop.photos.refusals import PhotoMissing
from workshop.web.answers import show, wants_json
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.links import Link
from workshop.web.qr_reading import link_in
from workshop.web.sent import take_file

blueprint = Blueprint("central_scan", __name__)
AROUND: Final = 64 * 1024  # bytes that a form has besides its file


@blueprint.get("/lead/central/scan")
def scan() -> Response:
    permit(staff(), Action.SYNC)
    return show("lead/scan.html", link="", found=None)


@blueprint.post("/lead/central/scan")
def read() -> Response:
    """The picture stays on this computer and is not kept. Who reads it sees where the link leads before anything is sent there."""
    permit(staff(), Action.SYNC)
    file = take_file("picture", UPLOAD_MOST + AROUND)
    if file is None:
        raise PhotoMissing("picture")
    link, found = house().desk.apart(_read, file, house().folder.path)
    answer = jsonify({"link": link, "origin": found.origin}) if wants_json() else show("lead/scan.html", link=link, found=found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _read(file: FileStorage, folder: Path) -> tuple[str, Link]:
    with tempfile.NamedTemporaryFile(dir=folder) as kept:
        file.save(kept)
        kept.flush()
        return link_in(Path(kept.name))
