"""What turning the room's screen needs."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.permissions import permit
from workshop.domain.screen import TurnScreen, turn_screen
from workshop.record.queries.processes import the_meeting


@handles(TurnScreen)
def _(command: TurnScreen, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    the_meeting(load.connection, command.meeting_id)
    return turn_screen(command)
