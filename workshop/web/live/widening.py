"""From a scope to its pages: facts of a cluster know the process, the room's screen and the lead's page are of a meeting."""

from workshop.record.queries.processes import meeting_ids
from workshop.record.queries.tables import table_ids
from workshop.web.house import House
from workshop.web.live.topics import Name, Topic, board, synthesis, table


def widen(home: House, topic: Topic) -> list[Topic]:
    """The topic itself, or the topics of every meeting (or table) of its process."""
    if not topic.wide:
        return [topic]
    with home.reading() as connection:
        meetings = meeting_ids(connection, topic.id)
        if topic.name is not Name.BOARD:
            return [Topic(topic.name, meeting_id) for meeting_id in meetings]
        tables = [table_id for meeting_id in meetings for table_id in table_ids(connection, meeting_id)]
    return [each for table_id in tables for each in (board(table_id), table(table_id), synthesis(table_id))]
