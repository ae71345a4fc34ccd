"""Commands: what somebody wants. Frozen, made at a door, decided by a rule; the only way to change anything."""

from dataclasses import dataclass
from typing import ClassVar

from workshop.domain.permissions import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Base of all commands. `command_id`: 128 bits made on the device; the same id twice is done once."""

    may: ClassVar[Action]
    command_id: str
    process_id: str
