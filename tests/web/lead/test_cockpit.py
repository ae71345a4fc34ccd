"""On the day: all tables at once, the screen, the doors, and what the lead has to know."""

from typing import Any

import pytest

from tests.web.lead.conftest import Room
from workshop.domain.ids import new_id
from workshop.domain.meeting import SetRunningSheet
from workshop.domain.people import Actor, Role
from workshop.domain.step import MoveStep
from workshop.domain.work_table import MoveTable
from workshop.record.log import count_entries
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.tables import tables_of

LEAD = Actor(role=Role.LEAD, id=new_id())


def do(room: Room, meeting: str, wish: Any, **fields: Any) -> None:
    process_id = room.ask(the_meeting, meeting).process_id
    room.building.house.dispatch(wish(command_id=new_id(), process_id=process_id, **fields), LEAD)


def steps(room: Room, meeting: str) -> dict[str, str]:
    return {step.key: step.id for step in room.ask(the_meeting, meeting).steps}


def states(room: Room, meeting: str, step_id: str) -> list[str]:
    return [table.steps.get(step_id, "planned") for table in room.ask(tables_of, meeting)]


def test_a_step_opens_at_all_tables_with_one_act(room: Room) -> None:
    meeting = room.live()
    step = steps(room, meeting)["benvenuto"]
    assert room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=step).status_code == 303
    assert states(room, meeting, step) == ["open"] * 6
    assert "Tavoli 1, 2, 3, 4, 5, 6" in room.lead.get(f"/lead/meetings/{meeting}").text


def test_the_same_form_sent_twice_opens_the_step_once(room: Room) -> None:
    meeting = room.live()
    fields = {"command_id": new_id(), "step_id": steps(room, meeting)["benvenuto"]}
    room.lead.post(f"/lead/meetings/{meeting}/steps", **fields)
    entries = room.ask(count_entries)
    assert room.lead.post(f"/lead/meetings/{meeting}/steps", **fields).status_code == 303
    assert room.ask(count_entries) == entries


def a_table_that_did_it_already(room: Room, meeting: str) -> str:
    """Table 3 has closed the step, so that opening it again needs a reason."""
    step, table = steps(room, meeting)["benvenuto"], room.ask(tables_of, meeting)[2].id
    for state in ("open", "closed"):
        do(room, meeting, MoveStep, meeting_id=meeting, work_table_id=table, step_id=step, state=state)
    return step


def test_a_table_that_does_not_follow_is_named_with_its_reason_and_the_others_go_on(room: Room) -> None:
    meeting = room.live()
    step = a_table_that_did_it_already(room, meeting)
    answer = room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=step)
    assert answer.status_code == 409
    assert "1 tavolo non ha seguito" in answer.text
    assert ">Tavolo 3</a>" in answer.text
    assert states(room, meeting, step) == ["open", "open", "closed", "open", "open", "open"]


def test_in_a_window_with_scripts_the_same_is_told_beside_the_form(room: Room) -> None:
    meeting = room.live()
    answer = room.lead.post(f"/lead/meetings/{meeting}/steps", htmx=True, step_id=a_table_that_did_it_already(room, meeting))
    assert (answer.status_code, "data-problem" in answer.text, "<html" in answer.text) == (409, True, False)


def test_with_a_reason_it_opens_there_too(room: Room) -> None:
    meeting = room.live()
    step = a_table_that_did_it_already(room, meeting)
    assert room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=step, reason="si riprende").status_code == 303
    assert states(room, meeting, step) == ["open"] * 6


def test_a_closed_table_is_left_alone(room: Room) -> None:
    meeting = room.live()
    table = room.ask(tables_of, meeting)[0].id
    for state in ("open", "closed"):
        do(room, meeting, MoveTable, work_table_id=table, state=state)
    step = steps(room, meeting)["benvenuto"]
    assert room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=step).status_code == 303
    assert states(room, meeting, step) == ["planned", *["open"] * 5]


def test_a_step_that_is_not_on_the_sheet_is_refused_at_every_table(room: Room) -> None:
    meeting = room.live()
    answer = room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=new_id())
    assert (answer.status_code, "6 tavoli" in answer.text) == (409, True)


def test_five_minutes_more_reach_only_the_tables_where_something_is_open(room: Room) -> None:
    meeting = room.live()
    step, tables = steps(room, meeting)["benvenuto"], room.ask(tables_of, meeting)
    for table in tables[:2]:
        do(room, meeting, MoveStep, meeting_id=meeting, work_table_id=table.id, step_id=step, state="open")
    assert room.lead.post(f"/lead/meetings/{meeting}/extend").status_code == 303
    assert [table.minutes_more for table in room.ask(tables_of, meeting)] == [{step: 5}, {step: 5}, {}, {}, {}, {}]


def test_the_screen_is_turned_and_its_button_stays_pressed(room: Room) -> None:
    meeting = room.live()
    table = room.ask(tables_of, meeting)[1].id
    assert room.lead.post(f"/lead/meetings/{meeting}/screen", view="dots", work_table_id=table).status_code == 303
    assert room.ask(the_meeting, meeting).screen == {"view": "dots", "work_table_id": table}
    page = room.lead.get(f"/lead/meetings/{meeting}").text
    assert 'value="dots" aria-pressed="true"' in page
    assert room.lead.post(f"/lead/meetings/{meeting}/screen", view="spotlight").status_code == 422


def test_a_move_that_is_not_allowed_is_refused_and_the_page_says_from_where(room: Room) -> None:
    meeting = room.live()
    answer = room.lead.post(f"/lead/meetings/{meeting}/state", state="announced")
    assert (answer.status_code, room.ask(the_meeting, meeting).state) == (409, "live")


@pytest.mark.parametrize("state", ["draft", "live", "closed"])
def test_the_cockpit_opens_in_every_state_also_without_tables_and_method(room: Room, state: str) -> None:
    if state == "draft":
        process = room.lead.post("/setup/processes", title="Piano del verde").headers["Location"]
        meeting = room.lead.post(f"{process}/meetings", title="Un incontro").headers["Location"].rpartition("/")[2]
    else:
        meeting = room.live()
    if state == "closed":
        room.lead.post(f"/lead/meetings/{meeting}/state", state="closed")
    for language in ("it", "en"):
        assert room.lead.get(f"/lead/meetings/{meeting}?lang={language}").status_code == 200


def test_the_page_listens_to_its_meeting(room: Room) -> None:
    meeting = room.live()
    page = room.lead.get(f"/lead/meetings/{meeting}").text
    assert f'data-topic="cockpit:{meeting}" data-version="{room.building.announcer.run}:' in page


def test_a_new_method_in_the_middle_of_the_day_does_not_break_the_page(room: Room) -> None:
    meeting = room.live()
    room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=steps(room, meeting)["benvenuto"])
    do(room, meeting, SetRunningSheet, meeting_id=meeting, pack="world-cafe", replaces=room.ask(the_meeting, meeting).sheet_versions)
    assert room.lead.get(f"/lead/meetings/{meeting}").status_code == 200


def test_what_exists_only_here_is_counted_from_the_first_entry_on(room: Room) -> None:
    meeting = room.live()
    entries = room.ask(count_entries)
    assert f"{entries} elementi esistono solo su questo computer" in room.lead.get(f"/lead/meetings/{meeting}").text


def test_when_the_printed_address_is_lost_the_cockpit_says_so(room: Room) -> None:
    meeting = room.live()
    warning = "questo computer non è più lì"
    assert warning not in room.lead.get(f"/lead/meetings/{meeting}").text
    room.building.house.address = "203.0.113.9:8080"
    assert warning in room.lead.get(f"/lead/meetings/{meeting}").text
    room.building.house.address = "127.0.0.1:9999"  # started again on another port: the codes say 8080
    assert "127.0.0.1:8080" in room.lead.get(f"/lead/meetings/{meeting}").text


def test_only_an_address_of_this_computer_can_be_chosen(room: Room) -> None:
    assert room.lead.post("/lead/settings/address", address="203.0.113.9").status_code == 422
    assert room.building.house.address == "127.0.0.1:8080"


def test_the_wi_fi_is_kept_for_the_codes(room: Room) -> None:
    from workshop.private.settings_kept import setting

    assert room.lead.post("/lead/settings/wifi", wifi_name='Sala; "blu"', wifi_password="pane, olio").status_code == 303
    assert [room.ask_private(setting, name) for name in ("wifi_name", "wifi_password")] == ['Sala; "blu"', "pane, olio"]
    assert "pane, olio" in room.lead.get("/lead/settings").text
    assert room.lead.post("/lead/settings/wifi", wifi_name="x" * 33).status_code == 422
