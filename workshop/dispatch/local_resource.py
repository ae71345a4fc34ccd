"""What the rules of local resources need to be loaded: whether it is still there."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.local_resource import (
    AddLocalResource,
    ChangeLocalResource,
    RemoveLocalResource,
    add_local_resource,
    change_local_resource,
    remove_local_resource,
)
from workshop.domain.permissions import permit
from workshop.record.queries.local_resources import the_local_resource


@handles(AddLocalResource)
def _(command: AddLocalResource, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return add_local_resource(command)


@handles(ChangeLocalResource)
def _(command: ChangeLocalResource, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return change_local_resource(command, the_local_resource(load.connection, command.local_resource_id).is_gone)


@handles(RemoveLocalResource)
def _(command: RemoveLocalResource, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    return remove_local_resource(command, the_local_resource(load.connection, command.local_resource_id).is_gone)
