"""Topics: what a page listens to. A topic is `name:id`; pushes and GETs speak of the same ones."""

from dataclasses import dataclass
from enum import StrEnum

from workshop.domain.ids import is_id


class Name(StrEnum):
    BOARD = "board"  # staff of one table: cards, clusters, dots, counts
    TABLE = "table"  # phones at one table: step, groups, whether something is asked of them
    SYNTHESIS = "synthesis"  # writers and read-back of one table
    COCKPIT = "cockpit"  # the lead's page of one meeting
    SCREEN = "screen"  # the room's screen of one meeting
    PERSON = "person"  # one participant's own things
    ARCHIVE = "archive"  # the central record of one process
    REVIEW = "review"  # what the machine did not decide, of one process


@dataclass(frozen=True, slots=True)
class Topic:
    """`wide`: the id is a process; every meeting (or table) of it hears."""

    name: Name
    id: str
    wide: bool = False

    def __str__(self) -> str:
        return f"{self.name}:{self.id}"


def read_topic(text: object) -> Topic | None:
    """None when it is no topic of ours."""
    if not isinstance(text, str) or len(text) > 80:
        return None
    name, _, thing_id = text.partition(":")
    return Topic(Name(name), thing_id) if name in set(Name) and is_id(thing_id) else None


def board(work_table_id: str) -> Topic:
    return Topic(Name.BOARD, work_table_id)


def table(work_table_id: str) -> Topic:
    return Topic(Name.TABLE, work_table_id)


def synthesis(work_table_id: str) -> Topic:
    return Topic(Name.SYNTHESIS, work_table_id)


def cockpit(meeting_id: str) -> Topic:
    return Topic(Name.COCKPIT, meeting_id)


def screen(meeting_id: str) -> Topic:
    return Topic(Name.SCREEN, meeting_id)


def person(participant_id: str) -> Topic:
    return Topic(Name.PERSON, participant_id)


def archive(process_id: str) -> Topic:
    return Topic(Name.ARCHIVE, process_id)


def review(process_id: str) -> Topic:
    return Topic(Name.REVIEW, process_id)


def throughout(name: Name, process_id: str) -> Topic:
    """For facts that know their process, but not which meeting's page shows them."""
    return Topic(name, process_id, wide=True)
