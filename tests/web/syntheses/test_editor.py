"""Writing the synthesis over plain HTTP, without JavaScript."""

import re

from tests.builders import a_participant, a_sentence
from tests.web.syntheses.place import Place
from tests.web.syntheses.scene import a_reading, a_scene, a_written_synthesis
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.domain.sentence import Section
from workshop.record.queries.cards import the_card
from workshop.record.queries.syntheses import the_draft, the_sentence


def test_an_empty_synthesis_says_what_each_section_asks(place: Place) -> None:
    _, token = place.someone(Role.SCRIBE)
    page = place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis").text
    assert [name in page for name in ("The frame is missing", "A convergence is missing", "Different positions: missing")] == [True] * 3
    assert page.count("Still empty") == 5


def test_a_sentence_is_added_and_opens_for_its_cards(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    scene, browser, table = a_scene(place, facilitator), place.browser_of(token), place.meeting.table
    added = browser.post(f"/tables/{table}/sentences", section="convergences", text="Servono bagni 🚻 per tutti")
    assert added.status_code == 303
    sentence = re.search(r"edit=(\w{32})", added.headers["Location"])
    assert sentence is not None
    browser.post(f"/sentences/{sentence[1]}/evidence", evidence_id=scene.cards[0])
    browser.post(f"/sentences/{sentence[1]}/evidence", evidence_id=scene.groups[1])
    assert set(place.room.ask(the_sentence, sentence[1]).evidence) == {scene.cards[0], scene.groups[1]}
    browser.post(f"/sentences/{sentence[1]}/evidence", evidence_id=scene.cards[0], present="0")
    assert place.room.ask(the_sentence, sentence[1]).evidence == (scene.groups[1],)


def test_a_card_of_another_table_cannot_stand_behind_a_sentence(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    sentence = a_sentence(place.meeting, facilitator, "Una frase")
    refused = place.browser_of(token).post(f"/sentences/{sentence}/evidence", evidence_id=new_id())
    assert (refused.status_code, "not of this table" in refused.text) == (422, True)


def test_nobody_in_particular_is_asked_to_sign_in(place: Place) -> None:
    browser, table = place.browser_of(), place.meeting.table
    answers = [browser.get(f"/tables/{table}/synthesis"), browser.post(f"/tables/{table}/sentences", section="frame", text="Ciao a tutti")]
    assert [answer.status_code for answer in answers] == [401, 401]


def test_the_scribe_of_another_table_may_not_write_here(place: Place) -> None:
    _, token = place.someone(Role.SCRIBE, place.meeting.tables[1])
    browser, table = place.browser_of(token), place.meeting.table
    assert browser.get(f"/tables/{table}/synthesis").status_code == 403
    assert browser.post(f"/tables/{table}/sentences", section="frame", text="Ciao a tutti").status_code == 403


def test_the_lead_reads_along_and_does_not_write(place: Place) -> None:
    _, token = place.someone(Role.LEAD)
    browser, table = place.browser_of(token), place.meeting.table
    page = browser.get(f"/tables/{table}/synthesis").text
    assert ("You can read along" in page, "<textarea" in page) == (True, False)
    assert browser.post(f"/tables/{table}/sentences", section="frame", text="Ciao a tutti").status_code == 403


def test_a_refused_sentence_keeps_its_words_in_the_box(place: Place) -> None:
    _, token = place.someone(Role.FACILITATOR)
    long = "parole " * 80
    refused = place.browser_of(token).post(f"/tables/{place.meeting.table}/sentences", section="frame", text=long)
    assert (refused.status_code, long.strip() in refused.text) == (422, True)


def test_an_unknown_section_is_refused(place: Place) -> None:
    _, token = place.someone(Role.FACILITATOR)
    refused = place.browser_of(token).post(f"/tables/{place.meeting.table}/sentences", section="gossip", text="Ciao a tutti")
    assert refused.status_code == 422


def test_a_frozen_synthesis_takes_no_words(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    scene = a_scene(place, facilitator)
    ids, _ = a_reading(place, scene)
    version = place.room.ask(the_sentence, ids[0]).version_id
    refused = place.browser_of(token).post(f"/sentences/{ids[0]}/words", text="Parole nuove di zecca", replaces=version)
    assert (refused.status_code, "Parole nuove di zecca" in refused.text) == (409, True)


def test_the_read_back_is_refused_with_what_is_missing(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    a_scene(place, facilitator)
    refused = place.browser_of(token).post(f"/tables/{place.meeting.table}/read-back")
    assert refused.status_code == 409
    assert "Still missing" in refused.text


def test_a_card_is_left_out_with_a_reason_and_taken_up_again(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    scene, browser = a_scene(place, facilitator), place.browser_of(token)
    browser.post(f"/cards/{scene.cards[0]}/left-out", reason="Ne parla già il tavolo 2")
    assert place.room.ask(the_card, scene.cards[0]).left_out == "Ne parla già il tavolo 2"
    assert "Ne parla già il tavolo 2" in browser.get(f"/tables/{place.meeting.table}/synthesis").text
    browser.post(f"/cards/{scene.cards[0]}/left-out", reason="")
    assert place.room.ask(the_card, scene.cards[0]).left_out == ""


def test_a_card_is_added_to_a_sentence_from_the_list_of_untold_cards(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    scene, browser = a_scene(place, facilitator), place.browser_of(token)
    sentence = a_sentence(place.meeting, facilitator, "Una frase")
    page = browser.get(f"/tables/{place.meeting.table}/synthesis?card={scene.cards[0]}").text
    assert f'action="/cards/{scene.cards[0]}/told"' in page
    assert browser.post(f"/cards/{scene.cards[0]}/told", sentence_id=sentence).status_code == 303
    assert place.room.ask(the_sentence, sentence).evidence == (scene.cards[0],)


def test_two_writers_leave_two_wordings_and_one_choice_settles_them(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    _, other = place.someone(Role.SCRIBE)
    sentence = a_sentence(place.meeting, facilitator, "La prima frase")
    seen = place.room.ask(the_sentence, sentence).version_id
    place.browser_of(token).post(f"/sentences/{sentence}/words", text="La frase di chi facilita", replaces=seen)
    place.browser_of(other).post(f"/sentences/{sentence}/words", text="La frase di chi scrive", replaces=seen)
    shown = place.room.ask(the_sentence, sentence)
    assert {shown.wording.text, shown.siblings[0][1].text} == {"La frase di chi facilita", "La frase di chi scrive"}
    page = place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis").text
    assert "has 2 wordings" in page
    place.browser_of(token).post(f"/sentences/{sentence}/words", text="La frase di tutti", replaces=" ".join(shown.versions))
    settled = place.room.ask(the_sentence, sentence)
    assert (settled.wording.text, settled.siblings) == ("La frase di tutti", ())


def test_words_that_did_not_change_make_no_new_version(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    sentence = a_sentence(place.meeting, facilitator, "Una frase che resta")
    seen = place.room.ask(the_sentence, sentence).version_id
    done = place.browser_of(token).post(f"/sentences/{sentence}/words", text="Una frase che resta", replaces=seen, next="done")
    assert (done.status_code, "edit=" in done.headers["Location"]) == (303, False)
    assert place.room.ask(the_sentence, sentence).version_id == seen


def test_sentences_change_places_as_often_as_one_likes(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    browser, table = place.browser_of(token), place.meeting.table
    first, second, third = (a_sentence(place.meeting, facilitator, f"Frase numero {n}") for n in "123")
    for _ in range(6):
        page = browser.get(f"/tables/{table}/synthesis?edit={third}").text
        up = re.search(rf'id="up-{third}".*?name="position" value="(\d+)"', page, re.S)
        moved = re.search(rf'action="/sentences/(\w+)/position" id="up-{third}"', page)
        if up and moved:
            browser.post(f"/sentences/{moved[1]}/position", position=up[1])
    order = [s.id for s in place.room.ask(the_draft, table).of(Section.CONVERGENCES)]
    assert order == [third, first, second]


def test_a_sentence_taken_out_can_be_put_back(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    browser = place.browser_of(token)
    sentence = a_sentence(place.meeting, facilitator, "Una frase da togliere")
    browser.post(f"/sentences/{sentence}/removed", removed="1")
    assert place.room.ask(the_draft, place.meeting.table).sentences == ()
    browser.post(f"/sentences/{sentence}/removed", removed="0")
    assert [s.id for s in place.room.ask(the_draft, place.meeting.table).sentences] == [sentence]


def test_the_only_concern_of_a_group_is_a_voice_not_to_lose(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    a_scene(place, facilitator)
    page = place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis").text
    assert "is the only card of its kind" in page


def test_ties_are_shown_as_ties(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    a_scene(place, facilitator)
    page = place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis").text
    assert page.count(">tied<") == 2


def test_three_hundred_cards_stay_a_page_of_reasonable_weight(place: Place) -> None:
    from tests.builders import a_card

    facilitator, token = place.someone(Role.FACILITATOR)
    a_scene(place, facilitator)
    for n in range(300):
        a_card(place.meeting, facilitator, f"Carta {n} " + "precipitevolissimevolmente" * 3, key="scrivi")
    sentence = a_sentence(place.meeting, facilitator, "Una frase")
    page = place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis?edit={sentence}")
    assert (page.status_code, len(page.data) < 900_000) == (200, True)


def test_a_participant_is_not_staff(place: Place) -> None:
    who = a_participant(place.meeting)
    assert who.is_staff is False
    assert place.browser_of().get(f"/tables/{place.meeting.table}/read-back").status_code == 401


def test_a_written_synthesis_is_ready(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    a_written_synthesis(place, a_scene(place, facilitator))
    assert "Ready to be read aloud." in place.browser_of(token).get(f"/tables/{place.meeting.table}/synthesis").text
