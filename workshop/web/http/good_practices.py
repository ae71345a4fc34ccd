"""Good practices and local resources of a process: the one page that lists them, and a practice added, changed, removed."""

from flask import Blueprint, Response

from workshop.domain.good_practice import AddGoodPractice, ChangeGoodPractice, GoodPracticeIsGone, RemoveGoodPractice
from workshop.domain.permissions import Action, permit
from workshop.record.queries.good_practices import GoodPracticeShown, good_practices_of, the_good_practice
from workshop.record.queries.local_resources import local_resources_of
from workshop.record.queries.processes import the_process
from workshop.web import lead_words
from workshop.web.answers import back_to, show
from workshop.web.doors import read
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("good_practices", __name__)


@blueprint.get("/setup/processes/<process_id>/practices")
@blueprint.get("/setup/processes/<process_id>/resources", endpoint="resources")
def practices_page(process_id: str) -> Response:
    """The second address is where a link on a refused page leads, such as the language."""
    permit(staff(), Action.KEEP_PRACTICES)
    with house().reading() as connection:
        process = the_process(connection, process_id)
        practices, resources = good_practices_of(connection, process_id), local_resources_of(connection, process_id)
    return show("good_practices/list.html", process=process, practices=practices, resources=resources, words=lead_words)


@blueprint.post("/setup/processes/<process_id>/practices")
def add_practice(process_id: str) -> Response:
    permit(staff(), Action.KEEP_PRACTICES)
    done = house().dispatch(read(AddGoodPractice, process_id=process_id), staff())
    return back_to(f"/setup/processes/{process_id}/practices#practice-{done.command_id}")


@blueprint.get("/setup/practices/<good_practice_id>")
def practice_page(good_practice_id: str) -> Response:
    shown = _ours(good_practice_id)
    if shown.is_gone:
        raise GoodPracticeIsGone("good_practice_id")
    return show("good_practices/practice.html", shown=shown, process=house().ask(the_process, shown.process_id))


@blueprint.post("/setup/practices/<good_practice_id>")
def change_practice(good_practice_id: str) -> Response:
    shown = _ours(good_practice_id)
    house().dispatch(read(ChangeGoodPractice, process_id=shown.process_id, good_practice_id=shown.id), staff())
    return back_to(f"/setup/processes/{shown.process_id}/practices#practice-{shown.id}")


@blueprint.post("/setup/practices/<good_practice_id>/remove")
def remove_practice(good_practice_id: str) -> Response:
    shown = _ours(good_practice_id)
    house().dispatch(read(RemoveGoodPractice, process_id=shown.process_id, good_practice_id=shown.id), staff())
    return back_to(f"/setup/processes/{shown.process_id}/practices")


def _ours(good_practice_id: str) -> GoodPracticeShown:
    """Permission before anything is read."""
    permit(staff(), Action.KEEP_PRACTICES)
    return house().ask(the_good_practice, good_practice_id)
