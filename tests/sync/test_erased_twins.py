"""What was erased stays erased, also where the same words were kept under another entry: a phone that sent its card to two laptops."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.exchange import exchange
from tests.builders import Meeting, Room, a_card, a_meeting, a_participant, a_room, a_step_open
from tests.sync.streams import Beside
from workshop.domain.contribution import AddContribution, CorrectContribution, Kind
from workshop.domain.erasure import EraseCard, EraseOwnWords
from workshop.record.desk import DirectDesk
from workshop.record.log import entries_in_order
from workshop.record.peers import PeerLog
from workshop.web.eraser import Eraser

WORDS = "Fasciatoi-Zebedeo-7391"


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Meeting, Meeting]]:
    """One meeting on two laptops."""
    (tmp_path / "one").mkdir()
    first = a_room(tmp_path / "one", desk=DirectDesk)
    meeting = a_meeting(first)
    a_step_open(meeting, "scrivi")
    first.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    rooms = [a_room(tmp_path / name, desk=DirectDesk, device=name) for name in ("one", "two")]
    yield replace(meeting, room=rooms[0]), replace(meeting, room=rooms[1])
    for room in rooms:
        room.close()


def meet(one: Meeting, two: Meeting) -> None:
    assert exchange(log_of(one.room), Beside(log_of(two.room)), one.process_id).problem is None


def log_of(room: Room) -> PeerLog:
    return PeerLog(room.store, room.desk)


def carry_out(*meetings: Meeting) -> None:
    for each in meetings:
        Eraser(each.room.store, each.room.desk, f"{id(each)}").run()


def says(meeting: Meeting) -> bool:
    with meeting.room.store.readers.connect() as connection:
        return any(WORDS.encode() in (entry.body_bytes or b"") for entry in entries_in_order(connection))


def test_a_card_that_a_phone_sent_to_two_laptops_is_erased_on_both(laptops: tuple[Meeting, Meeting]) -> None:
    one, two = laptops
    guest = a_participant(one)
    card = a_card(one, guest, WORDS)
    told = {"work_table_id": two.table, "step_id": two.steps["scrivi"], "kind": Kind.NEED, "text": WORDS}
    two.do(AddContribution, guest, command_id=card, **told)
    one.do(EraseOwnWords, guest, participant_id=guest.id)
    carry_out(one)
    meet(two, one)
    carry_out(one, two)
    meet(two, one)
    assert (says(one), says(two)) == (False, False)


def test_words_that_were_written_on_a_card_elsewhere_while_it_was_erased_go_too(laptops: tuple[Meeting, Meeting]) -> None:
    one, two = laptops
    guest = a_participant(one)
    card = a_card(one, guest, "Servono fasciatoi")
    meet(one, two)
    two.do(CorrectContribution, guest, contribution_id=card, text=WORDS, replaces=(card,))
    one.do(EraseCard, one.lead, contribution_id=card)
    carry_out(one)
    meet(one, two)
    carry_out(two, one)
    assert (says(one), says(two)) == (False, False)
