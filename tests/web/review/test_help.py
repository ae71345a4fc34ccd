"""A table calls for help: live on the lead's page, answered by who leads, over when either says so; it survives a restart."""

from typing import Any

from tests.builders import a_facilitator, a_meeting, a_room
from tests.web.review.conftest import Laptops
from workshop.domain.people import Role
from workshop.domain.work_table import CallHelp, HelpCalled
from workshop.record.queries.tables import the_table
from workshop.web.live.audience import Refresh, deliveries
from workshop.web.live.topics import board, cockpit


def test_the_call_of_a_table_is_on_the_leads_page_and_is_answered_there(laptops: Laptops) -> None:
    meeting, lead = laptops.one, laptops.lead
    table, page = f"/tables/{meeting.table}", f"/lead/meetings/{meeting.id}"
    _, token = laptops.here.someone(Role.FACILITATOR)
    facilitator = laptops.here.browser_of(token)
    assert "Call for help" in facilitator.get(table).text
    assert facilitator.post(f"{table}/help", state="asked").headers["Location"] == table
    assert "Help was asked for" in facilitator.get(table).text
    assert "Asks for help since" in lead.get(page).text
    assert lead.post(f"{table}/help", state="coming", back="lead").headers["Location"] == page
    assert "Who leads is coming" in facilitator.get(table).text
    assert facilitator.post(f"{table}/help", state="").status_code == 303
    assert "Call for help" in facilitator.get(table).text
    assert "You said you are coming" not in lead.get(page).text


def test_only_who_leads_can_say_that_they_come_and_only_known_states_are_taken(laptops: Laptops) -> None:
    table = f"/tables/{laptops.one.table}/help"
    _, token = laptops.here.someone(Role.SCRIBE)
    scribe = laptops.here.browser_of(token)
    assert scribe.post(table, state="coming").status_code == 403
    assert scribe.post(table, state="please").status_code == 422
    assert scribe.post(table, state="asked").status_code == 303


def test_boards_and_the_leads_page_hear_of_it() -> None:
    fact = HelpCalled(about="1" * 32, meeting_id="2" * 32, state="asked")
    assert deliveries(fact, "3" * 32) == [Refresh(board(fact.about)), Refresh(cockpit(fact.meeting_id))]


def test_a_call_outlives_a_restart_and_the_last_word_counts(tmp_path: Any) -> None:
    meeting = a_meeting(a_room(tmp_path))
    for state in ("asked", ""):
        meeting.do(CallHelp, a_facilitator(meeting), work_table_id=meeting.table, state=state)
    meeting.do(CallHelp, a_facilitator(meeting), work_table_id=meeting.table, state="asked")
    meeting.room.close()
    again = a_room(tmp_path)
    assert again.ask(the_table, meeting.table).help == "asked"
    again.close()
