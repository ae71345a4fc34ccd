"""The archive: what every table has confirmed, with all its versions; and the correction of a confirmed sentence, with its reason."""

from flask import Blueprint, Response, request

from workshop.domain.differences import differences
from workshop.domain.permissions import Action, may, permit
from workshop.domain.synthesis import Rectify
from workshop.record.queries.archive import the_archive, the_kept_synthesis
from workshop.record.queries.processes import processes
from workshop.record.queries.tables import the_table
from workshop.web.answers import back_to, show
from workshop.web.doors import read
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.photos_shown import photos_shown
from workshop.web.review_shown import to_review

blueprint = Blueprint("archive", __name__)


@blueprint.get("/archive")
def see_archive() -> Response:
    """Versions are read before the rows: an arrival in between shows again, never not at all."""
    permit(staff(), Action.SEE_ARCHIVE)
    versions = {process.id: house().versions(f"archive:{process.id}") for process in house().ask(processes)}
    kept = [process for process in house().ask(the_archive) if process.process.id in versions]
    reviews = {process_id: to_review(process_id) for process_id in versions}
    return show("archive/index.html", archive=kept, versions=versions, reviews=reviews, in_room=house().place == "room")


@blueprint.get("/archive/syntheses/<synthesis_id>")
def see_synthesis(synthesis_id: str) -> Response:
    permit(staff(), Action.SEE_ARCHIVE)
    topic = f"archive:{house().ask(the_table, synthesis_id).process_id}"
    version = house().versions(topic)
    return show(
        "archive/synthesis.html",
        topic=topic,
        version=version,
        kept=house().ask(the_kept_synthesis, synthesis_id),
        rectifies=may(staff(), Action.RECTIFY),
        open_id=request.args.get("rectify", ""),
        in_room=house().place == "room",
        differences=differences,
        photos=house().ask(photos_shown, synthesis_id),
    )


@blueprint.post("/tables/<work_table_id>/rectify")
def rectify(work_table_id: str) -> Response:
    permit(staff(), Action.RECTIFY, work_table_id)
    table = house().ask(the_table, work_table_id)
    house().dispatch(read(Rectify, process_id=table.process_id, synthesis_id=table.id), staff())
    return back_to(f"/archive/syntheses/{table.id}")
