"""The archive and its threads: who may see, what is shown, corrections with a reason, steps in both directions."""

import re
from pathlib import Path

from sqlalchemy import update

from tests.web.syntheses.place import Place, a_place
from tests.web.syntheses.scene import a_scene, a_written_synthesis
from tests.web.syntheses.test_read_back import a_reading_with_answers, validate
from workshop.domain.people import Role
from workshop.record.queries.syntheses import latest_confirmed
from workshop.record.rows.synthesis import edition


def test_the_archive_is_for_who_leads_and_organises(place: Place) -> None:
    _, facilitator = place.someone(Role.FACILITATOR)
    _, lead = place.someone(Role.LEAD)
    _, organiser = place.someone(Role.ORGANISER)
    answers = [place.browser_of(token).get("/archive").status_code for token in ("", facilitator, lead, organiser)]
    assert answers == [401, 403, 200, 200]


def test_the_archive_says_how_each_synthesis_stands(place: Place) -> None:
    _, _, read_back, token = a_reading_with_answers(place)
    _, lead = place.someone(Role.LEAD)
    browser = place.browser_of(lead)
    assert ("Being read back" in browser.get("/archive").text, "Not begun" in browser.get("/archive").text) == (True, True)
    validate(place, token, read_back)
    page = browser.get("/archive").text
    assert ("Validated" in page, "9 yes, 1 no, 0 abstained" in page) == (True, True)


def test_the_centre_shows_the_archive_too(tmp_path: Path) -> None:
    centre = a_place(tmp_path, "central")
    _, organiser = centre.someone(Role.ORGANISER)
    assert "Central archive" in centre.browser_of(organiser).get("/archive").text
    centre.close()


def test_a_correction_needs_a_reason_and_becomes_a_version_with_a_badge(place: Place) -> None:
    _, ids, read_back, token = a_reading_with_answers(place)
    validate(place, token, read_back)
    _, lead = place.someone(Role.LEAD)
    browser, table = place.browser_of(lead), place.meeting.table
    told = {"sentence_id": ids[0], "of_number": "1", "text": "Il tavolo ha messo insieme ostacoli e bisogni molto concreti."}
    assert browser.post(f"/tables/{table}/rectify", **told, reason=" ").status_code == 422
    before = place.room.ask(latest_confirmed, table)
    assert browser.post(f"/tables/{table}/rectify", **told, reason="Mancava una parola").status_code == 303
    page = browser.get(f"/archive/syntheses/{table}").text
    assert ("Rectified after validation" in page, "Mancava una parola" in page, "<ins>" in page, "<del>" in page) == (True,) * 4
    after = place.room.ask(latest_confirmed, table)
    assert before is not None and after is not None and (after.number, after.fingerprint != before.fingerprint) == (2, True)
    assert before.fingerprint[:4] in page


def test_a_facilitator_does_not_rectify(place: Place) -> None:
    _, ids, read_back, token = a_reading_with_answers(place)
    validate(place, token, read_back)
    told = {"sentence_id": ids[0], "of_number": "1", "text": "Parole cambiate", "reason": "Perché sì"}
    assert place.browser_of(token).post(f"/tables/{place.meeting.table}/rectify", **told).status_code == 403


def test_a_version_whose_words_did_not_come_says_so(place: Place) -> None:
    _, _, read_back, token = a_reading_with_answers(place)
    validate(place, token, read_back)
    _, lead = place.someone(Role.LEAD)

    def withhold(writer: object) -> None:
        writer.connection.execute(update(edition).values(frozen=None, about_it=None, fingerprint=None))  # type: ignore[attr-defined]

    place.building.house.desk.submit(withhold)  # type: ignore[arg-type]
    page = place.browser_of(lead).get(f"/archive/syntheses/{place.meeting.table}")
    assert (page.status_code, "are not in this record" in page.text) == (200, True)


def test_a_thread_is_walked_from_the_card_to_the_sentence_and_back(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    scene = a_scene(place, facilitator)
    ids = a_written_synthesis(place, scene)
    browser = place.browser_of(token)
    card = browser.get(f"/threads/cards/{scene.cards[0]}").text
    assert (f"/threads/groups/{scene.groups[0]}" in card, f"/threads/sentences/{ids[0]}" in card) == (True, True)
    group = browser.get(f"/threads/groups/{scene.groups[0]}").text
    assert (f"/threads/cards/{scene.cards[0]}" in group, f"/threads/sentences/{ids[0]}" in group) == (True, True)
    sentence = browser.get(f"/threads/sentences/{ids[0]}").text
    assert (f"/threads/groups/{scene.groups[0]}" in sentence, f"/threads/sentences/{ids[1]}" in sentence) == (True, True)
    assert "No commitment yet" in card


def test_a_thread_never_names_who_wrote(place: Place) -> None:
    facilitator, token = place.someone(Role.FACILITATOR)
    scene = a_scene(place, facilitator)
    page = place.browser_of(token).get(f"/threads/cards/{scene.cards[6]}").text
    assert (scene.people[0].id in page, 'lang="ar"' in page) == (False, True)


def test_a_thread_tells_the_version_and_the_hands(place: Place) -> None:
    scene, _, read_back, token = a_reading_with_answers(place)
    validate(place, token, read_back)
    page = place.browser_of(token).get(f"/threads/cards/{scene.cards[3]}").text
    assert re.search(r"version 1, 9 yes, 1 no, 0 abstained", page)


def test_threads_of_another_table_and_unknown_ones_are_refused(place: Place) -> None:
    facilitator, _ = place.someone(Role.FACILITATOR)
    scene = a_scene(place, facilitator)
    _, other = place.someone(Role.SCRIBE, place.meeting.tables[1])
    _, lead = place.someone(Role.LEAD)
    assert place.browser_of(other).get(f"/threads/cards/{scene.cards[0]}").status_code == 403
    assert place.browser_of().get(f"/threads/cards/{scene.cards[0]}").status_code == 401
    assert place.browser_of(lead).get(f"/threads/cards/{'0' * 32}").status_code == 404
