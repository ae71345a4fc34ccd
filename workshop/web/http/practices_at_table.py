"""Good practices and local resources as a table finds them: to read, and to print. Who facilitates or scribes changes nothing here."""

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.local_resources import local_resources_of
from workshop.record.queries.tables import the_table
from workshop.web import lead_words
from workshop.web.answers import show
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("practices_at_table", __name__)


@blueprint.get("/tables/<work_table_id>/practices")
def practices(work_table_id: str) -> Response:
    permit(staff(), Action.SEE_BOARD, work_table_id)
    with house().reading() as connection:
        table = the_table(connection, work_table_id)
        found = good_practices_of(connection, table.process_id)
        resources = local_resources_of(connection, table.process_id)
    return show("good_practices/at_table.html", work_table=table, practices=found, resources=resources, words=lead_words)
