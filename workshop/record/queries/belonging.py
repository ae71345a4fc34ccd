"""Which process a thing belongs to."""

from typing import Final

from sqlalchemy import Connection, Table, bindparam, select

from workshop.record.prepared import Prepared
from workshop.record.rows.cluster import cluster
from workshop.record.rows.contribution import contribution
from workshop.record.rows.good_practice import good_practice
from workshop.record.rows.local_resource import local_resource
from workshop.record.rows.meeting import meeting
from workshop.record.rows.photo import photo
from workshop.record.rows.sentence import sentence
from workshop.record.rows.work_table import work_table


def _owner(table: Table) -> Prepared:
    return Prepared(select(table.c.process_id).where(table.c.id == bindparam("id")))


_OWNER: Final = {
    "meeting_id": _owner(meeting),
    "work_table_id": _owner(work_table),
    "synthesis_id": _owner(work_table),  # a synthesis has the id of its table
    "contribution_id": _owner(contribution),
    "cluster_id": _owner(cluster),
    "sentence_id": _owner(sentence),
    "photo_id": _owner(photo),
    "good_practice_id": _owner(good_practice),
    "local_resource_id": _owner(local_resource),
}


def is_elsewhere(connection: Connection, process_id: str, field: str, thing_id: str) -> bool:
    """True when `field` names a thing of another process."""
    if not thing_id or field not in _OWNER:
        return False
    owner = _OWNER[field].scalar(connection, id=thing_id)
    return owner is not None and owner != process_id
