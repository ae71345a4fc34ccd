"""Reading aloud with three voters, the objection that becomes a sentence, the validation that does not change any more."""

import re

from tests.builders import a_card
from tests.web.syntheses.place import Place
from tests.web.syntheses.scene import Scene, a_reading, a_scene
from workshop.domain.people import Actor, Role
from workshop.domain.sentence import Section
from workshop.domain.synthesis import AnswerSentence
from workshop.record.queries.syntheses import latest_confirmed, the_draft


def answer(place: Place, who: Actor, read_back: str, sentence: str, told: str = "agree", words: str = "", bulk: bool = False) -> None:
    table = place.meeting.table
    asked = {"synthesis_id": table, "read_back_id": read_back, "sentence_id": sentence}
    place.meeting.do(AnswerSentence, who, **asked, answer=told, objection=words, in_bulk=bulk)


def a_reading_with_answers(place: Place) -> tuple[Scene, list[str], str, str]:
    """(scene, sentences, read-back, token of the facilitator): two agree, one of them in bulk, one objects in words."""
    facilitator, token = place.someone(Role.FACILITATOR)
    scene = a_scene(place, facilitator)
    ids, read_back = a_reading(place, scene)
    first, second, third = scene.people
    answer(place, first, read_back, ids[0])
    answer(place, second, read_back, ids[0], bulk=True)
    answer(place, third, read_back, ids[0], "object", "Chi ha un negozio va sentito prima.")
    return scene, ids, read_back, token


def validate(place: Place, token: str, read_back: str, **more: str) -> int:
    told = {"read_back_id": read_back, "favour": "9", "against": "1", "abstain": "0", "next": "counted", **more}
    return place.browser_of(token).post(f"/tables/{place.meeting.table}/read-back/validate", **told).status_code


def test_answers_are_counted_apart_and_objections_have_no_name(place: Place) -> None:
    scene, _, _, token = a_reading_with_answers(place)
    page = place.browser_of(token).get(f"/tables/{place.meeting.table}/read-back").text
    assert all(words in page for words in ("2 agree", "1 of them agreed", "1 objection", "Chi ha un negozio va sentito prima."))
    assert [who.id in page for who in scene.people] == [False] * 3


def test_raised_hands_count_with_the_phones(place: Place) -> None:
    _, ids, read_back, token = a_reading_with_answers(place)
    browser, table = place.browser_of(token), place.meeting.table
    browser.post(f"/tables/{table}/read-back/hands", read_back_id=read_back, sentence_id=ids[0], agree="4", object="1")
    page = browser.get(f"/tables/{table}/read-back").text
    assert ("6 agree" in page, "2 objections" in page) == (True, True)


def test_the_page_turns_and_stops_at_the_ends(place: Place) -> None:
    _, ids, _, token = a_reading_with_answers(place)
    browser, table = place.browser_of(token), place.meeting.table
    browser.post(f"/tables/{table}/read-back/page", index="1")
    assert "Sentence 2 of 3" in browser.get(f"/tables/{table}/read-back").text
    assert browser.post(f"/tables/{table}/read-back/page", index=str(len(ids))).status_code == 422


def test_an_objection_becomes_a_minority_sentence_with_one_tap(place: Place) -> None:
    _, _, read_back, token = a_reading_with_answers(place)
    browser, table = place.browser_of(token), place.meeting.table
    found = re.search(r'name="answer_id" value="(\w+)"', browser.get(f"/tables/{table}/read-back").text)
    assert found is not None
    kept = browser.post(f"/tables/{table}/read-back/objection", read_back_id=read_back, answer_id=found[1])
    draft = place.room.ask(the_draft, table)
    assert (kept.status_code, draft.state) == (303, "draft")
    assert [(s.wording.text, s.from_answer) for s in draft.of(Section.MINORITY)] == [("Chi ha un negozio va sentito prima.", found[1])]
    assert "kept nowhere yet" not in browser.get(f"/tables/{table}/synthesis").text


def test_an_objection_that_was_not_kept_stays_a_voice_not_to_lose(place: Place) -> None:
    _, ids, _, token = a_reading_with_answers(place)
    browser, table = place.browser_of(token), place.meeting.table
    closed = browser.post(f"/tables/{table}/read-back/close", next=ids[0])
    assert closed.headers["Location"].endswith(f"?edit={ids[0]}#s-{ids[0]}")
    assert "kept nowhere yet" in browser.get(f"/tables/{table}/synthesis").text


def test_more_hands_than_people_are_asked_about_once_and_not_refused(place: Place) -> None:
    _, _, read_back, token = a_reading_with_answers(place)
    browser, table = place.browser_of(token), place.meeting.table
    told = {"read_back_id": read_back, "favour": "9", "against": "1", "abstain": "0", "notes": "Con chi non ha il telefono"}
    asked = browser.post(f"/tables/{table}/read-back/validate", **told)
    again = browser.get(asked.headers["Location"]).text
    assert ("10 hands, but 3 people" in again, "Con chi non ha il telefono" in again) == (True, True)
    assert place.room.ask(the_draft, table).state == "in_review"
    assert validate(place, token, read_back) == 303
    assert place.room.ask(the_draft, table).state == "validated"


def test_a_scribe_does_not_validate(place: Place) -> None:
    _, _, read_back, _ = a_reading_with_answers(place)
    _, scribe = place.someone(Role.SCRIBE)
    assert validate(place, scribe, read_back) == 403


def test_a_validated_synthesis_is_immutable_and_its_fingerprint_stays(place: Place) -> None:
    _, ids, read_back, token = a_reading_with_answers(place)
    browser, table = place.browser_of(token), place.meeting.table
    validate(place, token, read_back)
    confirmed = place.room.ask(latest_confirmed, table)
    assert confirmed is not None and confirmed.frozen is not None
    assert confirmed.fingerprint == confirmed.frozen.fingerprint()
    refused = [
        browser.post(f"/sentences/{ids[0]}/words", text="Altre parole", replaces=ids[0]),
        browser.post(f"/tables/{table}/sentences", section="frame", text="Altre parole"),
        browser.post(f"/tables/{table}/read-back"),
    ]
    assert [answer.status_code for answer in refused] == [409, 409, 409]
    after = place.room.ask(latest_confirmed, table)
    assert after is not None and after.fingerprint == confirmed.fingerprint
    page = browser.get(f"/tables/{table}/read-back").text
    short = f"{confirmed.fingerprint[:4]}-{confirmed.fingerprint[4:8]}"
    assert (short in page, confirmed.fingerprint in page, "9 yes, 1 no, 0 abstained" in page) == (True, True, True)


def test_the_editor_sends_writers_to_the_read_back_while_it_is_open(place: Place) -> None:
    _, _, _, token = a_reading_with_answers(place)
    moved = place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis")
    assert moved.headers["Location"] == f"/tables/{place.meeting.table}/read-back"


def test_a_late_card_is_seen_on_the_read_back_and_left_out_there_before_validating(place: Place) -> None:
    scene, _, read_back, token = a_reading_with_answers(place)
    browser, here = place.browser_of(token), f"/tables/{place.meeting.table}/read-back"
    assert "Every card has its place." in browser.get(here).text
    late = a_card(place.meeting, scene.people[0], "Mancano le strade")
    page = browser.get(here).text
    assert all(words in page for words in ("Mancano le strade", "1 card that no sentence tells", f"/cards/{late}/left-out"))
    assert "Add to a sentence" not in page
    refused = browser.post(f"{here}/validate", read_back_id=read_back, favour="9", against="1", abstain="0", next="counted", notes="Detto")
    assert (refused.status_code, "Detto" in refused.text) == (409, True)
    browser.post(f"/cards/{late}/left-out", reason="arrivata dopo la rilettura", back="")
    assert "arrivata dopo la rilettura" in browser.get(here).text
    assert validate(place, token, read_back) == 303
    assert place.room.ask(the_draft, place.meeting.table).state == "validated"


def test_who_leads_validates_only_by_saying_that_the_facilitator_is_away_and_it_stays_written(place: Place) -> None:
    _, _, read_back, _ = a_reading_with_answers(place)
    lead = place.someone(Role.LEAD)[1]
    browser, here = place.browser_of(lead), f"/tables/{place.meeting.table}/read-back"
    assert "The facilitator of this table is away" in browser.get(here).text
    assert (validate(place, lead, read_back), place.room.ask(the_draft, place.meeting.table).state) == (422, "in_review")
    assert validate(place, lead, read_back, facilitator_away="1") == 303
    assert "Recorded by whoever leads: the facilitator was away." in browser.get(here).text
