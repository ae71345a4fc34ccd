"""What the rules of photos need to be loaded: how many the table has, what it is doing now."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.permissions import permit
from workshop.domain.photo import AddPhoto, RemovePhoto, add_photo, remove_photo
from workshop.record.queries.photos import photos_at, the_photo
from workshop.record.queries.tables import the_table


@handles(AddPhoto)
def _(command: AddPhoto, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.work_table_id)
    table = the_table(load.connection, command.work_table_id)
    return add_photo(command, table.step_id, len(photos_at(load.connection, table.id)))


@handles(RemovePhoto)
def _(command: RemovePhoto, load: Load) -> list[Fact]:
    photo = the_photo(load.connection, command.photo_id)
    permit(load.actor, command.may, photo.work_table_id)
    return remove_photo(command, photo.work_table_id, photo.removed)
