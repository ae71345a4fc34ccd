"""Who may hold the words of a process: every computer that was ever in contact about it. For erasures; kept when the computer is let go."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from sync.entry import sha256
from workshop.private.database import holder_table

_h = holder_table.c


@dataclass(frozen=True, slots=True)
class Holder:
    """`place`: its short name, as the record has it. `sort`: centre, computer."""

    place: str
    scope: str
    sort: str
    name: str


def short_name(public_key: str) -> str:
    """As `StreamOpened.device` has it; '' when the key is none."""
    try:
        return sha256(bytes.fromhex(public_key))[:12]
    except ValueError:
        return ""


def is_holder(connection: Connection, public_key: str, scope: str) -> bool:
    chosen = select(_h.place).where(_h.place == short_name(public_key), _h.scope == scope)
    return connection.execute(chosen).first() is not None


def note_holder(connection: Connection, public_key: str, scope: str, sort: str, name: str) -> None:
    """Before anything is given: a line that is cut later has given something all the same. The latest name counts."""
    place = short_name(public_key)
    connection.execute(delete(holder_table).where(_h.place == place, _h.scope == scope))
    connection.execute(insert(holder_table), {"place": place, "scope": scope, "sort": sort, "name": name})


def holders(connection: Connection) -> list[Holder]:
    return [Holder(*row) for row in connection.execute(select(_h.place, _h.scope, _h.sort, _h.name).order_by(_h.place, _h.scope))]
