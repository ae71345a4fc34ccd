"""What joining needs: the doors, the seats, the next number. The personal code and nickname go to the private database."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.ids import new_id
from workshop.domain.participant import Join, SeatFacts, TakeSeat, join, take_seat
from workshop.domain.permissions import permit
from workshop.domain.refusal import NotAllowed
from workshop.domain.text import maybe_words
from workshop.private.people import remember
from workshop.record.queries.numbers import next_participant_number
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import TableShown, meeting_of_participant, seats_taken, table_of_participant, the_table


@handles(Join)
def _(command: Join, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    meeting, table = the_meeting(load.connection, command.meeting_id), the_table(load.connection, command.work_table_id)
    if table.meeting_id != meeting.id:
        raise NotAllowed("work_table_id")
    participant_id = new_id()
    facts = join(command, participant_id, _seat(load, table), next_participant_number(load.connection, meeting.id))
    remember(load.private, participant_id, command.process_id, meeting.id, maybe_words(command.nickname, "nickname", 24))
    return facts


@handles(TakeSeat)
def _(command: TakeSeat, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    if command.participant_id != load.actor.id:
        raise NotAllowed("participant_id")
    table, meeting_id = the_table(load.connection, command.work_table_id), meeting_of_participant(load.connection, load.actor.id)
    if table.meeting_id != meeting_id:
        raise NotAllowed("work_table_id")
    from_table = table_of_participant(load.connection, load.actor.id)
    return take_seat(command, _seat(load, table), from_table)


def _seat(load: Load, table: TableShown) -> SeatFacts:
    return SeatFacts(
        meeting_id=table.meeting_id,
        meeting_state=the_meeting(load.connection, table.meeting_id).state,
        table_state=table.state,
        seats=table.theme.seats,
        taken=seats_taken(load.connection, table.id),
    )
