"""A person's words go: no byte of them is left in any file of the database, the chain stays, nobody guesses them back."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_facilitator,
    a_meeting,
    a_participant,
    a_room,
    a_scribe,
    a_sentence,
    a_step_open,
)
from workshop.domain.contribution import CorrectContribution, RedactContribution, TranslateContribution
from workshop.domain.dots import CastDots
from workshop.domain.erasure import EraseCard, EraseOwnWords, NothingToErase
from workshop.domain.people import Actor
from workshop.domain.refusal import NotAllowed, Refusal
from workshop.private.copies_out import CopyOut
from workshop.private.people import person
from workshop.record.erasing import to_drop, unconfirmed
from workshop.record.fold import rows_digest
from workshop.record.log import entries_in_order
from workshop.record.queries.boards import the_board
from workshop.record.queries.threads import thread_of_sentence
from workshop.record.verify import rebuild, verify
from workshop.web.eraser import Eraser

WORDS = "Fasciatoi-Zebedeo-7391"
NICKNAME = "Mamma-Zebedeo-55"


@pytest.fixture
def meeting(own_room: Room) -> Meeting:
    meeting = a_meeting(own_room)
    a_step_open(meeting, "scrivi")
    return meeting


@pytest.fixture
def guest(meeting: Meeting) -> Actor:
    return a_participant(meeting, nickname=NICKNAME)


def erase(meeting: Meeting, who: Actor) -> None:
    meeting.do(EraseOwnWords, who, participant_id=who.id)


def carry_out(room: Room) -> int:
    return Eraser(room.store, room.desk, "laptop").run()


def bodies(meeting: Meeting) -> bytes:
    with meeting.room.store.readers.connect() as connection:
        return b"\n".join(entry.body_bytes or b"" for entry in entries_in_order(connection))


def test_everything_that_a_person_said_goes_and_what_others_said_stays(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    facilitator, neighbour = a_facilitator(meeting), a_participant(meeting)
    card = a_card(meeting, guest, WORDS)
    meeting.do(CorrectContribution, guest, contribution_id=card, text=f"{WORDS} e basta", replaces=(card,))
    meeting.do(TranslateContribution, facilitator, contribution_id=card, translation=f"in inglese {WORDS}")
    other = a_card(meeting, neighbour, "Un parco con l'ombra")
    erase(meeting, guest)
    assert carry_out(own_room) == 1
    left = bodies(meeting)
    assert WORDS.encode() not in left
    assert guest.id.encode() not in left
    assert [shown.id for shown in meeting.ask(the_board, meeting.table).cards] == [other]
    assert own_room.ask_private(person, guest.id) is None


def test_the_chain_still_verifies_and_a_rebuild_gives_the_same_rows(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    a_card(meeting, guest, WORDS)
    erase(meeting, guest)
    carry_out(own_room)
    assert verify(own_room.store).is_good
    before = own_room.ask(rows_digest)
    rebuild(own_room.store)
    assert own_room.ask(rows_digest) == before


def test_a_sentence_keeps_its_words_and_says_that_a_card_was_erased(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    facilitator = a_facilitator(meeting)
    card = a_card(meeting, guest, WORDS)
    group = a_cluster(meeting, facilitator, cards=[card])
    sentence = a_sentence(meeting, facilitator, "Servono bagni attrezzati.", evidence=(card, group))
    erase(meeting, guest)
    carry_out(own_room)
    thread = meeting.ask(thread_of_sentence, sentence)
    assert [each.sort for each in thread.ground.behind((card, group))] == ["group", "erased"]


def test_a_vote_that_is_still_secret_goes_with_its_voter(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    facilitator = a_facilitator(meeting)
    group = a_cluster(meeting, facilitator, cards=[a_card(meeting, facilitator)])
    step = a_step_open(meeting, "bollini")
    meeting.do(CastDots, guest, work_table_id=meeting.table, step_id=step, dots={group: 2})
    [vote] = [entry for entry in _entries(meeting) if entry.head.kind == "dots.cast/1"]
    erase(meeting, guest)
    carry_out(own_room)
    [empty] = [entry for entry in _entries(meeting) if entry.hash == vote.hash]
    assert empty.body_bytes is None
    assert _guessed(empty.head.body_hash, json.loads(vote.body_bytes or b"")) is None


def _guessed(body_hash: str, planted: dict[str, object], tries: int = 1_000_000) -> str | None:
    """Somebody who knows everything about the vote but its salt."""
    rest = json.dumps(planted, ensure_ascii=False, separators=(",", ":")).encode().partition(b'"salt":"')[2][32:]
    begun = hashlib.sha256
    for n in range(tries):
        if begun(b'{"salt":"%032x' % n + rest).hexdigest() == body_hash:
            return f"{n:032x}"
    return None


def test_with_its_salt_the_same_vote_would_be_found(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    """So the test above looks for the right thing."""
    facilitator = a_facilitator(meeting)
    group = a_cluster(meeting, facilitator, cards=[a_card(meeting, facilitator)])
    meeting.do(CastDots, guest, work_table_id=meeting.table, step_id=a_step_open(meeting, "bollini"), dots={group: 2})
    [vote] = [entry for entry in _entries(meeting) if entry.head.kind == "dots.cast/1"]
    body = vote.body_bytes or b""
    salt = json.loads(body)["salt"]
    planted = body.replace(salt.encode(), b"%032x" % 7)
    assert _guessed(hashlib.sha256(planted).hexdigest(), json.loads(planted), tries=10) == f"{7:032x}"


def test_an_organiser_erases_one_card_on_request(own_room: Room, meeting: Meeting) -> None:
    scribe = a_scribe(meeting)
    card, other = a_card(meeting, scribe, WORDS), a_card(meeting, scribe, "Un parco")
    meeting.do(RedactContribution, scribe, contribution_id=card, text=f"[…] {WORDS}", reason="un nome", replaces=(card,))
    meeting.do(EraseCard, meeting.lead, contribution_id=card)
    carry_out(own_room)
    assert WORDS.encode() not in bodies(meeting)
    assert [shown.id for shown in meeting.ask(the_board, meeting.table).cards] == [other]


@pytest.mark.parametrize("who", [a_scribe, a_facilitator, a_participant])
def test_only_who_organises_erases_somebody_elses_card(own_room: Room, meeting: Meeting, guest: Actor, who: object) -> None:
    card = a_card(meeting, guest, WORDS)
    with pytest.raises(NotAllowed):
        meeting.do(EraseCard, who(meeting), contribution_id=card)  # type: ignore[operator]
    assert WORDS.encode() in bodies(meeting)


def test_nobody_erases_another_persons_words(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    a_card(meeting, guest, WORDS)
    with pytest.raises(NotAllowed):
        meeting.do(EraseOwnWords, a_participant(meeting), participant_id=guest.id)
    with pytest.raises(Refusal):
        meeting.do(EraseOwnWords, meeting.lead, participant_id=guest.id)
    assert WORDS.encode() in bodies(meeting)


def test_erased_twice_says_that_there_is_nothing_left(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    card = a_card(meeting, guest, WORDS)
    erase(meeting, guest)
    carry_out(own_room)
    with pytest.raises(Refusal):
        meeting.do(EraseCard, meeting.lead, contribution_id=card)
    with pytest.raises(NothingToErase):
        erase(meeting, guest)
    assert carry_out(own_room) == 0


def test_a_cut_before_the_bodies_went_is_made_good_at_the_next_start(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    a_card(meeting, guest, WORDS)
    erase(meeting, guest)
    assert own_room.ask(to_drop)
    assert [each.scope for each in own_room.ask(unconfirmed, "laptop")] == [meeting.process_id]
    assert carry_out(own_room) == 1
    assert own_room.ask(to_drop) == []
    assert own_room.ask(unconfirmed, "laptop") == []
    assert own_room.ask(unconfirmed, "centre")


def test_earlier_copies_are_told_of_before_anything_is_confirmed(own_room: Room, meeting: Meeting, guest: Actor) -> None:
    card = a_card(meeting, guest, WORDS)
    erase(meeting, guest)
    told: list[tuple[int, set[str]]] = []

    def retire(erased: object) -> list[CopyOut]:
        waiting = own_room.ask(unconfirmed, "laptop")
        told.append((len(waiting), {each.cause for each in erased}))  # type: ignore[attr-defined]
        return []

    Eraser(own_room.store, own_room.desk, "laptop", retire).run()
    [(waiting, causes)] = told
    assert waiting == 1
    assert card in causes


class TestOnTheDisk:
    @pytest.fixture
    def laptop(self, tmp_path: Path) -> Iterator[Room]:
        room = a_room(tmp_path)
        yield room
        room.close()

    def test_no_byte_of_the_words_is_left_in_any_file(self, laptop: Room, tmp_path: Path) -> None:
        meeting = a_meeting(laptop)
        a_step_open(meeting, "scrivi")
        guest = a_participant(meeting, nickname=NICKNAME)
        scribe = a_scribe(meeting)
        for n in range(40):
            who = guest if n % 10 == 0 else scribe
            a_card(meeting, who, (f"{WORDS} {n} " if who is guest else f"{n} ") + "parole " * 30)
        assert self._found(tmp_path, WORDS, NICKNAME, guest.id) == {WORDS, NICKNAME, guest.id}
        erase(meeting, guest)
        assert carry_out(laptop) == 1
        assert self._found(tmp_path, WORDS, NICKNAME, guest.id) == set()

    def test_a_reader_who_holds_an_old_moment_delays_the_confirmation(self, laptop: Room, tmp_path: Path) -> None:
        meeting = a_meeting(laptop)
        a_step_open(meeting, "scrivi")
        guest = a_participant(meeting)
        a_card(meeting, guest, WORDS)
        with laptop.store.readers.connect() as reader:
            reader.exec_driver_sql("BEGIN")
            reader.exec_driver_sql("SELECT count(*) FROM entry").fetchone()
            erase(meeting, guest)
            eraser = Eraser(laptop.store, laptop.desk, "laptop")
            eraser.stop()  # one look is enough here
            assert eraser.run() == 0
            assert self._found(tmp_path, WORDS) == {WORDS}
            reader.exec_driver_sql("ROLLBACK")
        assert carry_out(laptop) == 1
        assert self._found(tmp_path, WORDS) == set()

    def _found(self, folder: Path, *words: str) -> set[str]:
        data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        return {each for each in words if each.encode() in data}


def _entries(meeting: Meeting) -> list:  # type: ignore[type-arg]
    with meeting.room.store.readers.connect() as connection:
        return list(entries_in_order(connection, meeting.process_id))
