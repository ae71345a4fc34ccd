"""Dots and answers from a phone: secret, changeable until the end, never twice."""

import re
from typing import Any

import pytest

from tests.builders import a_cluster, a_facilitator, a_read_back, a_step_open, move_step
from tests.web.phones.conftest import Phone, RoomWithPhones
from workshop.domain.ids import new_id
from workshop.domain.sentence import RewriteSentence, Wording
from workshop.domain.synthesis import CloseReadBack, OpenReadBack, Validate
from workshop.record.queries.ballots import results_told
from workshop.record.queries.syntheses import answers_to, sentences_of


class Vote:
    """A table with three groups and an open vote."""

    def __init__(self, room: RoomWithPhones) -> None:
        self.room, self.meeting = room, room.meeting
        self.groups = [a_cluster(self.meeting, a_facilitator(self.meeting), title) for title in ("Bagni", "Orari", "Strade")]
        a_step_open(self.meeting, "bollini")

    def cast(self, phone: Phone, *numbers: Any, **fields: Any) -> Any:
        dots = {f"dots.{group}": number for group, number in zip(self.groups, numbers, strict=False)}
        told = {"command_id": new_id(), "step_id": self.meeting.steps["bollini"], **dots, **fields}
        return phone.send(f"/tables/{self.meeting.table}/dots", told)

    def shown(self, phone: Phone) -> list[str]:
        return re.findall(r'name="dots\.\w+" value="(\d+)"', phone.page("/choices"))


class ReadBack:
    """A synthesis that is read back, sentence by sentence."""

    def __init__(self, room: RoomWithPhones) -> None:
        self.room, self.meeting, self.facilitator = room, room.meeting, a_facilitator(room.meeting)
        self.id = a_read_back(self.meeting, self.facilitator)
        self.sentences = [sentence.id for sentence in self.meeting.ask(sentences_of, self.meeting.table)]

    def answer(self, phone: Phone, sentence: int, answer: str, objection: str = "", **fields: Any) -> Any:
        told = {"command_id": new_id(), "read_back_id": self.id, "sentence_id": self.sentences[sentence], "answer": answer}
        return phone.send(f"/tables/{self.meeting.table}/answers", {**told, "objection": objection, **fields})

    def counted(self, sentence: int) -> tuple[int, int, int]:
        given = self.meeting.ask(answers_to, self.id).get(self.sentences[sentence])
        return (given.agree, given.object, given.in_bulk) if given else (0, 0, 0)


@pytest.fixture
def vote(room: RoomWithPhones) -> Vote:
    return Vote(room)


@pytest.fixture
def read_back(room: RoomWithPhones) -> ReadBack:
    return ReadBack(room)


def test_nothing_to_choose_is_a_calm_page(room: RoomWithPhones) -> None:
    assert "Nothing to choose now." in room.someone().page("/choices")


def test_an_open_vote_shows_the_rule_and_ones_own_dots_only(vote: Vote) -> None:
    mine, other = vote.room.someone(), vote.room.someone()
    assert "You have 5 dots. At most 2 on the same group." in mine.page("/choices")
    assert vote.cast(mine, "2", "1", "0").status_code == 201
    assert vote.shown(mine) == ["2", "1", "0"]
    assert vote.shown(other) == ["0", "0", "0"]
    assert "Your choices are in." in mine.page("/choices")


def test_dots_may_be_changed_until_the_vote_closes(vote: Vote) -> None:
    phone = vote.room.someone()
    vote.cast(phone, 2, 2, 1)
    vote.cast(phone, 0, 0, 2)
    assert vote.shown(phone) == ["0", "0", "2"]
    move_step(vote.meeting, "bollini", "closed")
    assert vote.cast(phone, 1).json["error"] == "BallotIsClosed"
    assert "What the dots say" in phone.page("/choices")


def test_a_plain_form_casts_dots_too(vote: Vote) -> None:
    phone = vote.room.someone()
    told = {"command_id": new_id(), "step_id": vote.meeting.steps["bollini"], f"dots__{vote.groups[0]}": "1", f"dots__{vote.groups[1]}": ""}
    assert phone.post(f"/tables/{vote.meeting.table}/dots", **told).headers["Location"] == "/choices"
    assert vote.shown(phone) == ["1", "0", "0"]


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ((3,), "TooManyDots"),
        ((2, 2, 2), "TooManyDots"),
        ((-1,), "TooManyDots"),
        (("due",), "Malformed"),
        (([],), "Malformed"),
        ((1.5,), "Malformed"),
    ],
)
def test_dots_that_do_not_fit_are_refused(vote: Vote, numbers: tuple[Any, ...], error: str) -> None:
    answer = vote.cast(vote.room.someone(), *numbers)
    assert (answer.status_code, answer.json["error"]) == (422, error)


def test_a_group_of_another_table_takes_no_dots(vote: Vote) -> None:
    answer = vote.cast(vote.room.someone(), **{f"dots.{new_id()}": 1})
    assert (answer.status_code, answer.json["error"]) == (422, "NoSuchCluster")


def test_who_may_not_vote_here_is_told_so(vote: Vote) -> None:
    assert vote.cast(vote.room.phone(), 1).status_code == 401
    assert vote.cast(vote.room.someone(vote.meeting.tables[1]), 1).status_code == 403


def test_who_moves_table_takes_the_dots_along(vote: Vote) -> None:
    phone, other = vote.room.someone(), vote.meeting.tables[1]
    vote.cast(phone, 2)
    a_cluster(vote.meeting, a_facilitator(vote.meeting, other), "Altro tavolo", table=other)
    a_step_open(vote.meeting, "bollini", other)
    phone.post("/seat", command_id=new_id(), work_table_id=other)
    assert "Your dots are at table 1." in phone.page("/choices")
    move_step(vote.meeting, "bollini", "closed")
    assert "You have already voted at table 1." in phone.page("/choices")


def test_a_read_back_asks_one_sentence_at_a_time(read_back: ReadBack) -> None:
    phone = read_back.room.someone()
    assert "Sentence 1 of 2" in phone.page("/choices")
    assert read_back.answer(phone, 0, "agree").status_code == 201
    page = phone.page("/choices")
    assert "Sentence 2 of 2" in page
    assert "Already answered" in page
    read_back.answer(phone, 1, "agree")
    assert "You have answered every sentence." in phone.page("/choices")


def test_an_objection_has_words_or_is_said_aloud(read_back: ReadBack) -> None:
    phone, aloud = read_back.room.someone(), read_back.room.someone()
    read_back.answer(phone, 1, "object", "Chi ha un negozio va sentito prima.")
    assert read_back.answer(aloud, 1, "object").status_code == 201
    assert read_back.counted(1) == (0, 2, 0)
    assert "Chi ha un negozio va sentito prima." in phone.page("/choices")
    assert "Chi ha un negozio" not in aloud.page("/choices")


def test_an_answer_may_be_changed(read_back: ReadBack) -> None:
    phone = read_back.room.someone()
    read_back.answer(phone, 0, "object", "No.")
    read_back.answer(phone, 0, "agree")
    assert read_back.counted(0) == (1, 0, 0)


def test_agreeing_with_all_the_others_is_counted_apart(read_back: ReadBack) -> None:
    phone = read_back.room.someone()
    told = {"command_id": new_id(), "read_back_id": read_back.id, "sentence_ids": " ".join(read_back.sentences)}
    path = f"/tables/{read_back.meeting.table}/answers/others"
    assert (phone.send(path, told).status_code, phone.send(path, told).status_code) == (201, 200)
    assert [read_back.counted(n) for n in (0, 1)] == [(1, 0, 1), (1, 0, 1)]


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"answer": "maybe"}, 422, "NotInList"),
        ({"objection": "x" * 281, "answer": "object"}, 422, "TextTooLong"),
        ({"objection": "\x00", "answer": "object"}, 422, "TextUnreadable"),
        ({"sentence_id": "0" * 32}, 409, "SentenceHasChanged"),
        ({"read_back_id": "0" * 32}, 409, "SentenceHasChanged"),
        ({"voter": "0" * 32}, 422, "FieldUnknown"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(read_back: ReadBack, fields: dict[str, Any], status: int, error: str) -> None:
    told = {"answer": "agree", **fields}
    answer = read_back.answer(read_back.room.someone(), 0, **told)
    assert (answer.status_code, answer.json["error"]) == (status, error)


def test_a_changed_sentence_asks_again(read_back: ReadBack) -> None:
    phone, meeting, facilitator = read_back.room.someone(), read_back.meeting, read_back.facilitator
    read_back.answer(phone, 0, "agree")
    meeting.do(CloseReadBack, facilitator, synthesis_id=meeting.table)
    versions = meeting.ask(sentences_of, meeting.table)[0].versions
    told = {"sentence_id": read_back.sentences[0], "wording": Wording(text="Il tavolo ha parlato di tempi."), "replaces": versions}
    meeting.do(RewriteSentence, facilitator, **told)
    meeting.do(OpenReadBack, facilitator, synthesis_id=meeting.table)
    page = phone.page("/choices")
    assert "The sentence has changed: answer again." in page
    assert "Il tavolo ha parlato di tempi." in page
    assert read_back.answer(phone, 0, "agree").json["error"] == "SentenceHasChanged"


def test_after_the_vote_by_hands_everybody_reads_what_was_confirmed(read_back: ReadBack) -> None:
    phone, meeting = read_back.room.someone(), read_back.meeting
    hands = {"favour": 9, "against": 1, "abstain": 0}
    meeting.do(Validate, read_back.facilitator, synthesis_id=meeting.table, read_back_id=read_back.id, **hands)
    page = phone.page("/choices")
    assert "The table has confirmed its synthesis." in page
    assert "9 for, 1 against, 0 abstained" in page


def test_the_record_does_not_say_who_answered(read_back: ReadBack) -> None:
    phone = read_back.room.someone()
    who = read_back.room.actor_of(phone).id
    read_back.answer(phone, 0, "object", "Parole di nessuno.")
    with read_back.room.building.house.reading() as connection:
        bodies = [bytes(body) for body in connection.exec_driver_sql("select body from entry where kind like '%answered%'").scalars()]
    assert bodies
    assert not any(who.encode() in body for body in bodies)


def test_one_person_on_two_phones_has_one_ballot(vote: Vote) -> None:
    """The personal code brings the same person to a second phone: what is cast there takes the place of the first."""
    first, second = vote.room.someone(), vote.room.phone()
    code = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}\b", first.page("/welcome"))
    assert code
    assert second.post("/rejoin", code=code[0]).status_code == 303
    assert [vote.cast(first, 2, 2, 1).status_code, vote.cast(second, 1, 0, 0).status_code] == [201, 201]
    assert (vote.shown(first), vote.shown(second)) == (["1", "0", "0"], ["1", "0", "0"])
    move_step(vote.meeting, "bollini", "closed")
    [told] = vote.meeting.ask(results_told, vote.meeting.table).values()
    assert (told.voters, [told.totals.get(group, 0) for group in vote.groups]) == (1, [1, 0, 0])
