"""Who acts: a role and its reach. No name is known here; names lie in the private database."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    PUBLIC = "public"
    PARTICIPANT = "participant"
    SCRIBE = "scribe"
    FACILITATOR = "facilitator"
    LEAD = "lead"
    ORGANISER = "organiser"


STAFF = frozenset({Role.SCRIBE, Role.FACILITATOR, Role.LEAD, Role.ORGANISER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody at the door. `id` is a pseudonym (32 hex); `tables` is where a participant sits or a staff member serves."""

    role: Role = Role.PUBLIC
    id: str = ""
    meeting_id: str = ""
    tables: frozenset[str] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def leads(self) -> bool:
        return self.role in {Role.LEAD, Role.ORGANISER}

    def serves(self, work_table_id: str) -> bool:
        return self.leads or (self.is_staff and work_table_id in self.tables)

    def sits_at(self, work_table_id: str) -> bool:
        return self.role is Role.PARTICIPANT and work_table_id in self.tables


NOBODY = Actor()
