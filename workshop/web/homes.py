"""Where each member of the staff works: the page they come to after signing in, and when they open the address itself."""

from workshop.domain.people import Actor, Role
from workshop.record.queries.tables import tables_of
from workshop.web.house import house


def home_of(actor: Actor) -> str:
    match actor.role:
        case Role.LEAD:
            return "/lead"
        case Role.ORGANISER:
            return "/archive"
        case Role.FACILITATOR | Role.SCRIBE:
            return _first_table(actor)
        case _:
            return "/"


def _first_table(actor: Actor) -> str:
    mine = [table for table in house().ask(tables_of, actor.meeting_id) if table.id in actor.tables]
    return f"/tables/{mine[0].id}" if mine else "/privacy"
