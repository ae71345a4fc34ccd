"""Who may make an edit: whoever works there; and whoever settles, when the edit takes the place of versions that stand side by side."""

from workshop.dispatch.front_door import Load
from workshop.domain.permissions import Action, may, permit
from workshop.record.queries.siblings import siblings_of


def permit_edit(load: Load, action: Action, work_table_id: str, thing_id: str, field: str, replaces: tuple[str, ...]) -> None:
    if may(load.actor, action, work_table_id) or not _settles(load, thing_id, field, replaces):
        permit(load.actor, action, work_table_id)
    else:
        permit(load.actor, Action.SETTLE)


def _settles(load: Load, thing_id: str, field: str, replaces: tuple[str, ...]) -> bool:
    standing = siblings_of(load.connection, thing_id, field).ids
    return len(standing) > 1 and set(standing) <= set(replaces)
