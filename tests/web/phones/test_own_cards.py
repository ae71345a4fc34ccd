"""One's own cards: where each of them is, correcting, withdrawing; the personal code; another seat."""

import re
from typing import Any

import pytest

from tests.builders import a_card, a_cluster, a_facilitator, a_meeting, a_step_open
from tests.web.phones.conftest import Phone, RoomWithPhones
from workshop.domain.cluster import PARKED, MoveCards
from workshop.domain.contribution import CorrectContribution, MergeContribution, RedactContribution
from workshop.domain.ids import new_id
from workshop.domain.people import Actor
from workshop.record.queries.cards import the_card


class Desk:
    """A person with one card, and the facilitator of their table."""

    def __init__(self, room: RoomWithPhones) -> None:
        self.room, self.meeting, self.phone = room, room.meeting, room.someone()
        a_step_open(self.meeting, "scrivi")
        self.me: Actor = room.actor_of(self.phone)
        self.facilitator = a_facilitator(self.meeting)
        self.card = a_card(self.meeting, self.me)

    def versions(self) -> str:
        return " ".join(self.meeting.ask(the_card, self.card).text_versions)

    def correct(self, phone: Phone, text: str, **fields: Any) -> Any:
        return phone.send(f"/cards/{self.card}/text", {"command_id": new_id(), "text": text, "replaces": self.versions(), **fields})

    def mine(self) -> str:
        return self.phone.page("/mine")


@pytest.fixture
def desk(room: RoomWithPhones) -> Desk:
    return Desk(room)


def test_an_empty_list_invites_to_write(room: RoomWithPhones) -> None:
    page = room.someone().page("/mine")
    assert "You have not written a card yet." in page
    assert "Your personal code" in page


def test_a_card_tells_its_number_and_its_group(desk: Desk) -> None:
    a_cluster(desk.meeting, desk.facilitator, "Servono bagni per tutti", [desk.card])
    page = desk.mine()
    assert "Received, no. 1" in page
    assert "It is in the group “Servono bagni per tutti”." in page


def test_a_card_tells_that_it_is_parked(desk: Desk) -> None:
    desk.meeting.do(MoveCards, desk.facilitator, work_table_id=desk.meeting.table, contribution_ids=(desk.card,), place=PARKED)
    assert "Parked" in desk.mine()


def test_a_card_tells_what_it_was_merged_with(desk: Desk) -> None:
    other = a_card(desk.meeting, desk.facilitator, "Fasciatoi!")
    desk.meeting.do(MergeContribution, desk.facilitator, contribution_id=desk.card, into_id=other)
    assert "Merged with T1-02" in desk.mine()


def test_a_card_with_somebodys_address_is_to_be_looked_at(desk: Desk) -> None:
    a_card(desk.meeting, desk.me, "Scrivi a luca@example.org")
    page = desk.mine()
    assert "To look at together" in page
    assert re.search(r"<details id=\"correct-\w+\" open>", page)


def test_a_card_tells_that_the_table_changed_its_words(desk: Desk) -> None:
    told = {"text": "Servono fasciatoi nei bagni", "reason": "nomi di persone", "replaces": (desk.versions(),)}
    desk.meeting.do(RedactContribution, desk.facilitator, contribution_id=desk.card, **told)
    assert "Reason: nomi di persone" in desk.mine()


def test_correcting_makes_a_new_version(desk: Desk) -> None:
    answer = desk.correct(desk.phone, "Servono fasciatoi ovunque")
    assert (answer.status_code, answer.json["words"]) == (200, "Corrected.")
    assert "Servono fasciatoi ovunque" in desk.mine()


def test_two_corrections_at_once_stay_side_by_side_until_one_is_chosen(desk: Desk) -> None:
    seen = desk.versions()
    desk.correct(desk.phone, "Prima correzione", replaces=seen)
    desk.correct(desk.phone, "Seconda correzione", replaces=seen)
    page = desk.mine()
    assert "There are two versions of this card." in page
    assert "Prima correzione" in page
    assert "Seconda correzione" in page
    desk.correct(desk.phone, "Tutte e due")
    assert "There are two versions of this card." not in desk.mine()


def test_withdrawing_takes_the_words_away_and_leaves_the_code(desk: Desk) -> None:
    answer = desk.phone.post(f"/cards/{desk.card}/withdraw", command_id=new_id())
    assert answer.headers["Location"] == "/mine"
    page = desk.mine()
    assert "Servono fasciatoi" not in page
    assert "T1-01" in page
    assert "Withdrawn" in page
    assert desk.correct(desk.phone, "Ancora").json["error"] == "CardIsGone"


def test_nobody_touches_the_card_of_somebody_else(desk: Desk) -> None:
    other = desk.room.someone()
    assert desk.correct(other, "Parole di un altro").status_code == 403
    assert other.post(f"/cards/{desk.card}/withdraw", command_id=new_id()).status_code == 403
    assert desk.correct(desk.room.phone(), "Di nessuno").status_code == 401


@pytest.mark.parametrize("text", ["", "no", "x" * 281, "\x00\x00\x00\x00"])
def test_a_correction_that_cannot_be_read_is_refused(desk: Desk, text: str) -> None:
    assert desk.correct(desk.phone, text).status_code == 422


def test_a_card_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.phone.post(f"/cards/{new_id()}/withdraw", command_id=new_id()).status_code == 404


def test_cards_stay_where_they_were_written_when_the_person_moves(desk: Desk) -> None:
    assert desk.phone.post("/seat", command_id=new_id(), work_table_id=desk.meeting.tables[1]).status_code == 303
    page = desk.mine()
    assert "T1-01" in page
    assert f'data-topic="table:{desk.meeting.tables[1]}"' in page
    desk.meeting.do(CorrectContribution, desk.me, contribution_id=desk.card, text="Corretta da lontano", replaces=(desk.versions(),))


def test_nobody_moves_to_a_table_of_another_meeting(desk: Desk) -> None:
    other = a_meeting(desk.meeting.room)
    assert desk.phone.post("/seat", command_id=new_id(), work_table_id=other.table).status_code == 403
