"""On PostgreSQL too no byte of erased words is left in any file of the server, but for its own write-ahead log (docs/central.md)."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.builders import Meeting, Room, a_card, a_facilitator, a_meeting, a_participant, a_room, a_scribe, a_step_open
from tests.support.postgres import OWNER, Cluster
from workshop.domain.contribution import CorrectContribution
from workshop.domain.erasure import EraseOwnWords
from workshop.domain.people import Actor
from workshop.record.erasing import unconfirmed
from workshop.record.freed import leave_nothing_behind
from workshop.web.eraser import Eraser

WORDS = "Fasciatoi-Zebedeo-7391"


@pytest.fixture
def centre(tmp_path: Path, postgres_url: str) -> Iterator[Room]:
    room = a_room(tmp_path, postgres_url)
    yield room
    room.close()


@pytest.fixture
def meeting(centre: Room) -> Meeting:
    meeting = a_meeting(centre)
    a_step_open(meeting, "scrivi")
    return meeting


def written(meeting: Meeting) -> Actor:
    """Among the cards of others, one of them corrected."""
    guest, scribe = a_participant(meeting), a_scribe(meeting)
    for n in range(40):
        who = guest if n % 20 == 0 else scribe
        a_card(meeting, who, (f"{WORDS} {n} " if who is guest else f"{n} ") + "parole " * 30)
    card = a_card(meeting, guest, "breve")
    meeting.do(CorrectContribution, guest, contribution_id=card, text=f"{WORDS} {secrets.token_hex(100)}", replaces=(card,))
    a_card(meeting, a_facilitator(meeting), "di un'altra persona")
    return guest


def analysed(room: Room, cluster: Cluster) -> None:
    """As PostgreSQL does by itself: it keeps examples of the values of every column."""
    with psycopg.connect(host=str(cluster.sockets), user=OWNER, dbname=room.store.writer.url.database, autocommit=True) as connection:
        connection.execute("ANALYZE")


def found(cluster: Cluster, *words: str) -> set[str]:
    with psycopg.connect(host=str(cluster.sockets), user=OWNER, dbname="postgres", autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    data = cluster.sockets / "data"
    files = [path for path in data.rglob("*") if path.is_file() and "pg_wal" not in path.relative_to(data).parts]
    held = b"".join(path.read_bytes() for path in files if path.exists())
    return {each for each in words if each.encode() in held}


def test_no_byte_of_the_words_is_left_in_any_file(centre: Room, meeting: Meeting, postgres_cluster: Cluster) -> None:
    guest = written(meeting)
    analysed(centre, postgres_cluster)
    assert found(postgres_cluster, WORDS, guest.id) == {WORDS, guest.id}
    meeting.do(EraseOwnWords, guest, participant_id=guest.id)
    assert Eraser(centre.store, centre.desk, "centre").run() == 1
    assert found(postgres_cluster, WORDS, guest.id) == set()


@pytest.mark.parametrize("looks_at", ["pg_class", "entry"])
def test_a_dump_that_still_sees_the_old_rows_delays_the_confirmation(
    centre: Room, meeting: Meeting, postgres_cluster: Cluster, looks_at: str
) -> None:
    """Whether it has come to our table or not."""
    guest = written(meeting)
    with psycopg.connect(host=str(postgres_cluster.sockets), user=OWNER, dbname=centre.store.writer.url.database) as dump:
        dump.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        dump.execute(SQL("SELECT 1 FROM {} LIMIT 1").format(Identifier(looks_at))).fetchone()
        meeting.do(EraseOwnWords, guest, participant_id=guest.id)
        eraser = Eraser(centre.store, centre.desk, "centre")
        eraser.stop()  # one look is enough here
        assert eraser.run() == 0
        assert centre.ask(unconfirmed, "centre")
        assert found(postgres_cluster, WORDS) == {WORDS}
        dump.rollback()
    assert leave_nothing_behind(centre.store)
    assert Eraser(centre.store, centre.desk, "centre").run() == 1
    assert found(postgres_cluster, WORDS) == set()
