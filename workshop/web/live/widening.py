"""From a scope to its pages: facts of a cluster know the process, the room's screen and the lead's page are of a meeting."""

from workshop.record.queries.processes import meetings_of
from workshop.record.queries.tables import tables_of
from workshop.web.house import House
from workshop.web.live.topics import Name, Topic, board, synthesis, table

OF_MEETINGS = frozenset({Name.SCREEN, Name.COCKPIT})


def widen(home: House, topic: Topic) -> list[Topic]:
    """The topic itself, or the topics of every meeting (or table) when its id is a process."""
    if topic.name not in OF_MEETINGS | {Name.BOARD}:
        return [topic]
    meetings = home.ask(meetings_of, topic.id)
    if not meetings:
        return [topic]
    if topic.name is Name.BOARD:
        tables = [t for m in meetings for t in home.ask(tables_of, m.id)]
        return [each for t in tables for each in (board(t.id), table(t.id), synthesis(t.id))]
    return [Topic(topic.name, meeting.id) for meeting in meetings]
