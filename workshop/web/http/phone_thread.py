"""What became of my words: from one's own card to the group, the sentence, the confirmed synthesis and the central record."""

from typing import Any

from flask import Blueprint, Response

from workshop.domain.refusal import NotAllowed
from workshop.record.queries.cards import the_card
from workshop.record.queries.own_threads import own_thread
from workshop.web.arrived import OF_A_SYNTHESIS, where_they_are
from workshop.web.here import RIGHT_TO_LEFT, here, show_phone
from workshop.web.house import house
from workshop.web.identity import participant

blueprint = Blueprint("phone_thread", __name__)


@blueprint.get("/mine/<contribution_id>")
def what_became_of_it(contribution_id: str) -> Response:
    """Only of one's own cards."""
    if not participant().id or house().ask(the_card, contribution_id).participant_id != participant().id:
        raise NotAllowed("contribution_id")
    at = here()
    with house().reading() as record, house().reading_private() as private:
        thread = own_thread(record, contribution_id)
        card = where_they_are(record, private, at.process.id, [contribution_id])
        table_id = thread.card.work_table_id
        synthesis = where_they_are(record, private, at.process.id, [table_id], OF_A_SYNTHESIS)
    told: dict[str, Any] = {"thread": thread, "where": card[contribution_id], "synthesis_at": synthesis[table_id], "rtl": RIGHT_TO_LEFT}
    return show_phone("phones/thread.html", at, "mine", **told)
