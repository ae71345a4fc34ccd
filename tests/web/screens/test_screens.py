"""The room's screen shows what the whole room may see, and nothing else."""

import re

import pytest

from tests.builders import (
    a_card,
    a_cluster,
    a_confirmed_synthesis,
    a_participant,
    a_read_back,
    a_sentence,
    a_step_open,
    move_step,
)
from tests.web.screens.conftest import Place
from workshop.domain.contribution import (
    Kind,
    MergeContribution,
    RedactContribution,
    TendContribution,
    TranslateContribution,
    WithdrawContribution,
)
from workshop.domain.dots import CastDots, CountPaperDots
from workshop.domain.meeting import MoveMeeting
from workshop.domain.people import Actor
from workshop.domain.sentence import Section
from workshop.domain.step import ExtendStep
from workshop.domain.synthesis import AnswerSentence, CountHands, Rectify, Wording
from workshop.private.settings_kept import keep_setting
from workshop.web.wifi import wifi_payload


def test_nobody_signs_in_to_look_at_the_screen(place: Place) -> None:
    assert place.get().status_code == 200
    assert place.get("/screen/" + "0" * 32).status_code == 404


def test_the_short_address_leads_to_the_meeting_that_is_on(place: Place) -> None:
    assert place.get("/screen").headers["Location"] == f"/screen/{place.meeting.id}"
    place.meeting.do(MoveMeeting, place.meeting.lead, meeting_id=place.meeting.id, state="closed")
    assert "No meeting is open now." in place.get("/screen").text


def test_the_entrance_says_the_wifi_and_the_page_in_clear(place: Place) -> None:
    for key, value in (("wifi_name", "Tavoli & Lucca"), ("wifi_password", "noci-mura-24")):
        place.building.house.keep_private(keep_setting, key, value)
    page = place.sees("entrance")
    assert "Tavoli &amp; Lucca" in page
    assert "noci-mura-24" in page
    assert "192.168.8.10:8080" in page
    assert page.count("<svg viewBox") >= 2
    assert "Two steps" in page


def test_without_a_known_wifi_there_is_one_step(place: Place) -> None:
    page = place.sees("entrance")
    assert "One step" in page
    assert "WIFI" not in page
    assert "192.168.8.10:8080" in page


def test_marks_in_the_wifi_are_escaped() -> None:
    assert wifi_payload('a;b,c:d"e\\f', "p;w") == 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:p\\;w;;'
    assert wifi_payload("Sala", "") == "WIFI:T:nopass;S:Sala;;"


def test_the_wall_shows_only_what_was_read_aloud_and_looked_at(place: Place) -> None:
    who, meeting = place.facilitator, place.meeting
    author = a_participant(meeting, nickname="Papavero")
    a_step_open(meeting, "scrivi")
    read = _read(place, who, a_card(meeting, author, "LETTA ad alta voce"))
    a_card(meeting, who, "NON LETTA da nessuno")
    _read(place, who, a_card(meeting, who, "DA RIVEDERE: scrivi a rosa@example.org"))
    gone = _read(place, who, a_card(meeting, author, "RITIRATA da chi la scrisse"))
    meeting.do(WithdrawContribution, author, contribution_id=gone)
    merged = _read(place, who, a_card(meeting, who, "UNITA a un'altra"))
    meeting.do(MergeContribution, who, contribution_id=merged, into_id=read)
    page = place.sees("wall")
    assert "LETTA ad alta voce" in page
    assert "said 2 times" in page
    for canary in ("NON LETTA", "DA RIVEDERE", "rosa@example.org", "RITIRATA", "UNITA", "Papavero"):
        assert canary not in page


def test_after_other_words_were_agreed_the_first_ones_are_nowhere(place: Place) -> None:
    who, meeting = place.facilitator, place.meeting
    a_step_open(meeting, "scrivi")
    card = _read(place, who, a_card(meeting, who, "PRIMA VERSIONE che fa riconoscere"))
    told = {"contribution_id": card, "text": "Parole nuove", "reason": "riconoscibile", "replaces": (card,)}
    meeting.do(RedactContribution, who, **told)
    page = place.sees("wall")
    assert "Parole nuove" in page
    assert "PRIMA VERSIONE" not in page
    assert "riconoscibile" not in page


def test_a_step_that_reveals_live_hangs_its_cards_at_once_but_not_those_to_review(lucca: Place) -> None:
    who = lucca.facilitator
    a_step_open(lucca.meeting, "proposte")
    a_card(lucca.meeting, who, "SUBITO alla parete", key="proposte", kind=Kind.PROPOSAL)
    a_card(lucca.meeting, who, "DA RIVEDERE: chiama il 347 1234567", key="proposte", kind=Kind.PROPOSAL)
    page = lucca.sees("wall")
    assert "SUBITO alla parete" in page
    assert "DA RIVEDERE" not in page


def test_a_translation_comes_first_and_the_words_as_said_below(place: Place) -> None:
    who, meeting = place.facilitator, place.meeting
    a_step_open(meeting, "scrivi")
    card = _read(place, who, a_card(meeting, who, "أحتاج إلى من يشرح لي", language="ar"))
    meeting.do(TranslateContribution, who, contribution_id=card, translation="Ho bisogno che mi spieghi")
    page = place.sees("wall")
    assert page.index("Ho bisogno che mi spieghi") < page.index("أحتاج")
    assert re.search(r'<p class="words orig" lang="ar" dir="auto">أحتاج', page)


def test_of_an_open_ballot_only_the_number_of_ballots_is_seen(place: Place) -> None:
    cluster = _vote(place, 4)
    for page in (place.sees("dots", place.meeting.table), place.sees("dots")):
        assert "4 ballots" in page or re.search(r"data-announce>4<", page)
        assert "7 dots" not in page
        assert cluster not in page
        assert "Servono bagni per tutti" not in page


def test_a_closed_ballot_is_seen_with_ties_as_ties(place: Place) -> None:
    _vote(place, 4)
    move_step(place.meeting, "bollini", "closed", reason="basta")
    page = place.sees("dots", place.meeting.table)
    assert page.count("a tie") == 2
    assert page.count("7 dots") == 2
    ranks = re.findall(r'<span class="num">(\d)\.</span> <span>([^<]+)<', page)
    assert ranks == [("1", "Servono bagni per tutti"), ("1", "Spazi al chiuso"), ("3", "Orari della città")]
    assert "each, a tie" in place.sees("dots")


def test_the_clock_says_what_the_step_asks_with_its_numbers(lucca: Place) -> None:
    step = a_step_open(lucca.meeting, "scrivi-1")
    told = {"meeting_id": lucca.meeting.id, "work_table_id": lucca.meeting.table, "step_id": step}
    before = _ends(lucca.sees("clock", lucca.meeting.table))
    lucca.meeting.do(ExtendStep, lucca.meeting.lead, **told, minutes=5)
    page = lucca.sees("clock", lucca.meeting.table)
    assert "Che cosa serve alle famiglie? Write up to 2 cards" in page
    assert _ends(page) == before + 300


def test_tables_at_different_steps_are_shown_each_with_its_time(lucca: Place) -> None:
    a_step_open(lucca.meeting, "scrivi-1")
    a_step_open(lucca.meeting, "bollini", lucca.meeting.tables[1])
    page = lucca.sees("clock")
    assert "Where the tables are" in page
    assert "Points of view and experiences" in page
    assert "The dots" in page


def test_tables_at_the_same_step_share_one_clock_and_their_questions_stand_beside(lucca: Place) -> None:
    for table in lucca.meeting.tables:
        a_step_open(lucca.meeting, "scrivi-1", table)
    page = lucca.sees("clock")
    assert page.count("data-clock") == 1
    assert page.count("Che cosa serve alle famiglie?") == 2


def test_before_anything_begins_the_clock_says_when(place: Place) -> None:
    page = place.sees("clock")
    assert "We start soon" in page
    assert "10:00" in page


def test_a_read_back_shows_the_sentence_and_numbers_but_no_objection(place: Place) -> None:
    meeting, who, phone = place.meeting, place.facilitator, a_participant(place.meeting)
    reading = a_read_back(meeting, who)
    sentence = _first_sentence(place)
    told = {"synthesis_id": meeting.table, "read_back_id": reading, "sentence_id": sentence}
    meeting.do(AnswerSentence, phone, **told, answer="object", objection="PAROLE MIE contro")
    meeting.do(CountHands, who, **told, agree=6, object=0)
    page = place.sees("synthesis", meeting.table)
    assert "Il tavolo ha parlato di spazi." in page
    assert re.search(r"I agree <strong class=\"num\">6<", page)
    assert re.search(r"in it <strong class=\"num\">1<", page)
    assert "PAROLE MIE" not in page
    assert "PAROLE MIE" not in place.sees("synthesis")


def test_a_draft_is_not_shown_to_the_room(place: Place) -> None:
    a_sentence(place.meeting, place.facilitator, "BOZZA non ancora letta")
    assert "BOZZA" not in place.sees("synthesis", place.meeting.table)
    assert "BOZZA" not in place.sees("synthesis")


def test_a_confirmed_synthesis_is_shown_with_its_fingerprint_and_a_correction_with_its_reason(place: Place) -> None:
    meeting = place.meeting
    a_confirmed_synthesis(meeting, place.facilitator)
    page = place.sees("synthesis", meeting.table)
    assert "yes 9, no 1, abstained 0" in page
    assert "None was expressed." in page
    assert re.search(r"Version 1, fingerprint [0-9a-f]{4}-[0-9a-f]{4}", page)
    told = {"sentence_id": _first_sentence(place), "wording": Wording(text="Parole corrette"), "reason": "mancava", "of_number": 1}
    meeting.do(Rectify, meeting.lead, synthesis_id=meeting.table, **told)
    page = place.sees("synthesis", meeting.table)
    assert "Parole corrette" in page
    assert "Corrected: mancava" in page
    assert "Version 2" in page


def test_the_neutral_screen_says_when_a_pause_ends_and_nothing_of_the_tables(lucca: Place) -> None:
    assert "We go on in a moment." in lucca.sees("neutral")
    for table in lucca.meeting.tables:
        a_step_open(lucca.meeting, "caffe", table)
    page = lucca.sees("neutral")
    assert "Coffee break" in page
    assert re.search(r'<p class="huge">\d\d:\d\d</p>', page)
    assert "Tavolo 1" not in page


@pytest.mark.parametrize("view", ["entrance", "wall", "clock", "dots", "synthesis", "neutral"])
def test_a_meeting_without_tables_has_every_view(place: Place, view: str) -> None:
    empty = _without_tables(place)
    assert empty.sees(view)


def _without_tables(place: Place) -> Place:
    from tests.builders import a_meeting

    return Place(place.building, a_meeting(place.meeting.room, tables=0))


def _read(place: Place, who: Actor, card: str) -> str:
    place.meeting.do(TendContribution, who, contribution_id=card, act="read")
    return card


def _vote(place: Place, ballots: int) -> str:
    """Two clusters have 7 dots each, one has 2; the first one's id."""
    meeting, who = place.meeting, place.facilitator
    a_step_open(meeting, "nuvole")
    clusters = [a_cluster(meeting, who, title) for title in ("Servono bagni per tutti", "Spazi al chiuso", "Orari della città")]
    step = a_step_open(meeting, "bollini")
    phone = a_participant(meeting)
    meeting.do(CastDots, phone, work_table_id=meeting.table, step_id=step, dots={clusters[0]: 2, clusters[1]: 2})
    paper = {clusters[0]: 5, clusters[1]: 5, clusters[2]: 2}
    meeting.do(CountPaperDots, who, work_table_id=meeting.table, step_id=step, dots=paper, ballots=ballots - 1)
    return clusters[0]


def _ends(page: str) -> int:
    found = re.search(r'data-ends="(\d+)"', page)
    assert found
    return int(found.group(1))


def _first_sentence(place: Place) -> str:
    from workshop.record.queries.syntheses import sentences_of

    return next(s.id for s in place.meeting.ask(sentences_of, place.meeting.table) if s.section is Section.FRAME)
