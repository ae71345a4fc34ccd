"""A local resource is added, changed, removed. The page that lists them is that of the good practices."""

from flask import Blueprint, Response

from workshop.domain.local_resource import AddLocalResource, ChangeLocalResource, LocalResourceIsGone, RemoveLocalResource
from workshop.domain.permissions import Action, permit
from workshop.record.queries.local_resources import LocalResourceShown, the_local_resource
from workshop.record.queries.processes import the_process
from workshop.web import lead_words
from workshop.web.answers import back_to, show
from workshop.web.doors import read
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("local_resources", __name__)


@blueprint.post("/setup/processes/<process_id>/resources")
def add_resource(process_id: str) -> Response:
    permit(staff(), Action.KEEP_PRACTICES)
    done = house().dispatch(read(AddLocalResource, process_id=process_id), staff())
    return back_to(f"/setup/processes/{process_id}/practices#resource-{done.command_id}")


@blueprint.get("/setup/resources/<local_resource_id>")
def resource_page(local_resource_id: str) -> Response:
    shown = _ours(local_resource_id)
    if shown.is_gone:
        raise LocalResourceIsGone("local_resource_id")
    return show("local_resources/resource.html", shown=shown, process=house().ask(the_process, shown.process_id), words=lead_words)


@blueprint.post("/setup/resources/<local_resource_id>")
def change_resource(local_resource_id: str) -> Response:
    shown = _ours(local_resource_id)
    house().dispatch(read(ChangeLocalResource, process_id=shown.process_id, local_resource_id=shown.id), staff())
    return back_to(f"/setup/processes/{shown.process_id}/practices#resource-{shown.id}")


@blueprint.post("/setup/resources/<local_resource_id>/remove")
def remove_resource(local_resource_id: str) -> Response:
    shown = _ours(local_resource_id)
    house().dispatch(read(RemoveLocalResource, process_id=shown.process_id, local_resource_id=shown.id), staff())
    return back_to(f"/setup/processes/{shown.process_id}/practices")


def _ours(local_resource_id: str) -> LocalResourceShown:
    """Permission before anything is read."""
    permit(staff(), Action.KEEP_PRACTICES)
    return house().ask(the_local_resource, local_resource_id)
