"""What the room's screen shows, driven from the lead's page. A view is a name; some are of one table."""

from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import NotInList

VIEWS: Final = ("entrance", "wall", "clock", "dots", "synthesis", "neutral")


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnScreen(Command):
    may = Action.RUN_MEETING
    meeting_id: str
    view: str
    work_table_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenTurned(Fact):
    """About the meeting; the last one wins."""

    kind: ClassVar[str] = "screen.turned/1"
    view: str
    work_table_id: str = ""


def turn_screen(command: TurnScreen) -> list[Fact]:
    if command.view not in VIEWS:
        raise NotInList("view", choices=VIEWS)
    return [ScreenTurned(about=command.meeting_id, view=command.view, work_table_id=command.work_table_id)]
