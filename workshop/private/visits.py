"""Sessions of organisers at the central record: they end after two quiet hours, after twelve in all, or when somebody ends them."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from workshop.private.database import token_table, visit_table

QUIET_MOST: Final = 2 * 3600  # seconds
MOST: Final = 12 * 3600
NOTED_EVERY: Final = 300  # "last seen" is no exacter than this
_t: Final = token_table.c
_v: Final = visit_table.c


@dataclass(frozen=True, slots=True)
class Visit:
    """`began`, `seen`: seconds since the epoch, by this computer's clock."""

    token_hash: str
    began: int
    seen: int

    def goes_on(self, now: int) -> bool:
        """A clock that was set back ends a session sooner, never later."""
        return abs(now - self.seen) < QUIET_MOST and abs(now - self.began) < MOST


def begin(connection: Connection, token_hash: str, staff_id: str, now: int) -> None:
    connection.execute(insert(visit_table), {"token_hash": token_hash, "staff_id": staff_id, "began": now, "seen": now})


def visit(connection: Connection, token_hash: str) -> Visit | None:
    row = connection.execute(select(_v.token_hash, _v.began, _v.seen).where(_v.token_hash == token_hash)).first()
    return Visit(*row) if row else None


def note(connection: Connection, token_hash: str, now: int) -> None:
    connection.execute(update(visit_table).where(_v.token_hash == token_hash).values(seen=now))


def visits_of(connection: Connection, staff_id: str, now: int) -> list[Visit]:
    """Those that go on, the latest first."""
    chosen = select(_v.token_hash, _v.began, _v.seen).where(_v.staff_id == staff_id).order_by(_v.seen.desc(), _v.began.desc())
    return [found for row in connection.execute(chosen) if (found := Visit(*row)).goes_on(now)]


def end_all(connection: Connection, staff_id: str, but: str = "") -> None:
    """All sessions of somebody, perhaps but the one they ask from (its hash). Their tokens are worth nothing from now on."""
    connection.execute(update(token_table).where(_t.subject_id == staff_id, _t.hash != but).values(revoked=True))
    connection.execute(delete(visit_table).where(_v.staff_id == staff_id, _v.token_hash != but))
