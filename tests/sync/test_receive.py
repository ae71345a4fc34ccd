"""What the record does with entries that come from peers: refused, held or folded; on SQLite and on PostgreSQL."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sync.entry import Entry, Head, seal
from sync.log import Received as Taken
from tests.builders import Meeting, Room, a_card, a_meeting, a_participant, a_room, a_step_open
from tests.sync.conftest import Place
from tests.sync.streams import a_stream, all_of, an_entry, new_id, raws, withheld
from workshop.domain.contribution import ContributionAdded
from workshop.domain.people import Actor
from workshop.domain.process import ProcessMoved
from workshop.record.desk import DirectDesk
from workshop.record.fold import rows_digest
from workshop.record.log import held_table, latest_lamport
from workshop.record.peers import LAMPORT_JUMP, PeerLog
from workshop.record.queries.cards import cards_of_table
from workshop.record.verify import verify
from workshop.record.writer import Received, Writer

AFAR = 10**9


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, a_place: Callable[[str], Place]) -> Place:
    """Where the entries come to."""
    return a_place(request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


@pytest.fixture
def meeting(tmp_path: Path) -> Iterator[Meeting]:
    """Another computer, with a meeting and a card."""
    (tmp_path / "elsewhere").mkdir()
    room = a_room(tmp_path / "elsewhere", desk=DirectDesk)
    meeting = a_meeting(room)
    a_step_open(meeting, "scrivi")
    a_card(meeting, a_participant(meeting), "Servono fasciatoi")
    yield meeting
    room.close()


def entries_of(meeting: Meeting) -> list[Entry]:
    return all_of(PeerLog(meeting.room.store, meeting.room.desk), meeting.process_id)


def held_at(place: Place) -> dict[str, str]:
    with place.room.store.readers.connect() as connection:
        return {row.hash: row.reason for row in connection.execute(select(held_table))}


def texts_at(room: Room, meeting: Meeting) -> list[str | None]:
    return [card.text for card in room.ask(cards_of_table, meeting.table)]


def after(entry: Entry, kind: str, body: bytes, *, about: str = "", lamport: int = 0, cause: str = "") -> Entry:
    """An entry of this kind and body, in the stream of another."""
    head = Head(
        scope=entry.head.scope,
        stream=entry.head.stream,
        n=entry.head.n + 1,
        prev=entry.hash,
        lamport=lamport or entry.head.lamport + 1,
        kind=kind,
        about=about or new_id(),
        replaces=(),
        cause=cause or new_id(),
        wall="2026-11-22T10:00Z",
        body_hash="",
    )
    return seal(head, body)


def a_card_body(meeting: Meeting, **other: object) -> bytes:
    card = {"meeting_id": meeting.id, "work_table_id": meeting.table, "step_id": meeting.steps["scrivi"], "card_kind": "need", "number": 9}
    told = {"salt": "0" * 32, "text": "Più panchine", "language": "it", "channel": "paper", "seq": 9, **card, **other}
    return json.dumps(told).encode()


def test_cards_from_another_computer_are_cards_here(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    assert here.log.receive(meeting.process_id, raws(entries)) == Taken(stored=len(entries))
    assert texts_at(here.room, meeting) == ["Servono fasciatoi"]
    assert here.room.ask(rows_digest) == meeting.room.ask(rows_digest)
    assert verify(here.room.store).is_good


def test_pages_are_told_once_for_each_batch_and_not_for_what_was_known(here: Place, meeting: Meeting) -> None:
    batch = raws(entries_of(meeting))
    here.log.receive(meeting.process_id, batch)
    here.log.receive(meeting.process_id, batch)
    assert here.room.news == [Received(meeting.process_id)]


def test_an_entry_of_a_newer_program_is_kept_and_relayed_but_not_shown(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    newer = after(entries[-1], "pact.signed/3", b'{"salt":"0"}')
    assert here.log.receive(meeting.process_id, raws([*entries, newer])).held == 1
    assert held_at(here) == {newer.hash: "unknown_kind"}
    assert all_of(here.log, meeting.process_id)[-1] == newer
    assert verify(here.room.store).is_good


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"text": "fasciatoi\0"}, "unreadable_body"),
        ({"number": 1.5}, "unreadable_body"),
        ({"card_kind": "shopping"}, "invalid_body"),
        ({"number": None}, "invalid_body"),
        ({"paper_number": "x" * 200}, "fold_error"),
        ({"number": 2**40}, "fold_error"),
    ],
)
def test_a_body_that_one_database_would_not_keep_is_held_at_every_place(
    here: Place, meeting: Meeting, other: dict[str, object], reason: str
) -> None:
    entries = entries_of(meeting)
    bad = after(entries[-1], ContributionAdded.kind, a_card_body(meeting, **other))
    good = after(bad, ContributionAdded.kind, a_card_body(meeting))
    assert here.log.receive(meeting.process_id, raws([*entries, bad, good])) == Taken(stored=len(entries) + 2, held=1)
    assert held_at(here) == {bad.hash: reason}
    assert "Più panchine" in texts_at(here.room, meeting)
    assert verify(here.room.store).is_good


def test_a_body_of_brackets_only_is_held_and_harms_nobody(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    deep = after(entries[-1], ContributionAdded.kind, b"[" * 200_000)
    assert here.log.receive(meeting.process_id, raws([*entries, deep])).held == 1
    assert held_at(here) == {deep.hash: "unreadable_body"}


def test_a_clock_from_another_age_does_not_move_ours(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    poisoned = after(entries[-1], ContributionAdded.kind, a_card_body(meeting), lamport=AFAR)
    assert here.log.receive(meeting.process_id, raws([*entries, poisoned])).held == 1
    assert held_at(here) == {poisoned.hash: "lamport_jump"}
    assert here.room.ask(latest_lamport, meeting.process_id) == entries[-1].head.lamport
    assert texts_at(here.room, meeting) == ["Servono fasciatoi"]
    assert verify(here.room.store).is_good


def test_what_was_held_for_a_jump_is_shown_when_the_gap_is_filled(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    last = entries[-1].head.lamport
    ahead = after(entries[-1], ContributionAdded.kind, a_card_body(meeting), lamport=last + LAMPORT_JUMP + 50)
    here.log.receive(meeting.process_id, raws([*entries, ahead]))
    assert held_at(here) == {ahead.hash: "lamport_jump"}
    between = an_entry(meeting.process_id, new_id(), lamport=last + 100, kind=ProcessMoved.kind, body=b'{"salt":"0","state":"published"}')
    here.log.receive(meeting.process_id, raws([between]))
    assert held_at(here) == {}
    assert "Più panchine" in texts_at(here.room, meeting)
    assert verify(here.room.store).is_good


def test_a_card_without_its_body_is_a_stub_until_it_comes(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    here.log.receive(meeting.process_id, raws(map(withheld, entries)))
    assert verify(here.room.store).is_good
    assert here.log.receive(meeting.process_id, raws(entries)) == Taken(stored=len(entries))
    assert texts_at(here.room, meeting) == ["Servono fasciatoi"]
    assert here.room.ask(rows_digest) == meeting.room.ask(rows_digest)


def test_a_body_that_comes_late_and_cannot_be_read_leaves_the_stub(here: Place, meeting: Meeting) -> None:
    entries = entries_of(meeting)
    bad = after(entries[-1], ContributionAdded.kind, a_card_body(meeting, card_kind="shopping"))
    here.log.receive(meeting.process_id, raws([*entries, withheld(bad)]))
    assert here.log.receive(meeting.process_id, raws([bad])) == Taken(stored=1, held=1)
    assert verify(here.room.store).is_good


def test_what_is_written_after_a_batch_in_the_same_transaction_comes_after_it(here: Place, meeting: Meeting) -> None:
    """Else a last word of ours, spoken later, would lose against one that came by sync."""
    entries, scope = entries_of(meeting), meeting.process_id

    def both(writer: Writer) -> int:
        from workshop.record.peers import receive

        receive(writer, scope, entries)
        return writer.append(scope, ProcessMoved(about=scope, state="closed"), new_id(), Actor()).head.lamport

    assert here.room.desk.submit(both) > entries[-1].head.lamport


def test_a_computer_cloned_while_it_ran_opens_another_stream(meeting: Meeting) -> None:
    """Somebody else goes on in the stream of this run: both branches are kept, and what we write next is a stream of its own."""
    room, log = meeting.room, PeerLog(meeting.room.store, meeting.room.desk)
    entries = entries_of(meeting)
    log.receive(meeting.process_id, raws([after(entries[-2], ContributionAdded.kind, a_card_body(meeting))]))
    [stream] = {entry.head.stream for entry in entries}
    assert len(log.tips(meeting.process_id).streams[stream]) == 2
    a_card(meeting, a_participant(meeting), "Dopo il clone")
    assert len(log.tips(meeting.process_id).streams) == 2
    assert verify(room.store).is_good


def test_a_batch_is_kept_whole_or_not_at_all(here: Place, meeting: Meeting) -> None:
    """A surprise after a batch in the same transaction takes the batch back, and the next try brings it."""
    entries, scope = entries_of(meeting), meeting.process_id

    def broken(writer: Writer) -> None:
        from workshop.record.peers import receive

        receive(writer, scope, entries)
        raise RuntimeError("the plug is pulled here")

    with pytest.raises(RuntimeError):
        here.room.desk.submit(broken)
    assert (here.log.scopes(), here.room.news) == ([], [])
    assert here.log.receive(scope, raws(entries)).stored == len(entries)


def test_streams_of_many_runs_are_taken_in_one_batch(here: Place) -> None:
    scope = new_id()
    streams = [entry for _ in range(200) for entry in a_stream(scope, 2)]
    assert here.log.receive(scope, raws(streams)).stored == 400
    assert len(here.log.tips(scope).streams) == 200
