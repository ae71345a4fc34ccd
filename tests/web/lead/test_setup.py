"""Before the day: a process from the example or blank, its description, meetings, method, tables."""

import re

import pytest

from tests.web.lead.conftest import LUCCA, Room
from workshop.domain.ids import new_id
from workshop.methods.packs import pack_names
from workshop.presets import preset, preset_names
from workshop.record.log import count_entries
from workshop.record.queries.fields import history
from workshop.record.queries.processes import meetings_of, processes, the_meeting, the_process
from workshop.record.queries.tables import tables_of

DESCRIBED = {
    "title": "Lucca In… famiglia",
    "subtitle": "",
    "aim": "Una rete",
    "territory": "Piana di Lucca",
    "promoters": "Comune",
    "contact_email": "percorso@example.org",
    "contact_phone": "",
    "licence": "CC-BY-4.0",
    "time_zone": "Europe/Rome",
    "languages": ["it", "ar"],
}
PLAN = {
    "title": "Avvio della rete",
    "format": "network_launch",
    "mode": "online",
    "date": "",
    "start": "",
    "end": "",
    "place": "",
    "link": "",
}


def test_an_empty_program_offers_the_example_and_a_blank_page(room: Room) -> None:
    page = room.lead.get("/setup").text
    assert "Parti da questo esempio" in page
    assert "Inizia da zero" in page
    assert room.lead.get("/lead").status_code == 200


def test_the_example_is_three_meetings_and_six_tables_without_a_card(room: Room) -> None:
    process_id, meetings = room.from_preset()
    found = [room.ask(the_meeting, each) for each in meetings]
    assert [(m.plan.format, m.plan.date, m.plan.start, bool(m.steps)) for m in found] == [
        ("webinar", "2020-10-09", "17:00", True),
        ("laboratory", "2020-10-24", "10:00", True),
        ("network_launch", "", "", True),
    ]
    assert [len(room.ask(tables_of, each)) for each in meetings] == [0, 6, 0]
    assert all(table.theme.question for table in room.ask(tables_of, meetings[1]))
    assert room.ask(the_process, process_id).state == "draft"


def test_the_example_sent_twice_is_one_process(room: Room) -> None:
    process_id, _ = room.from_preset()
    entries = room.ask(count_entries)
    assert room.lead.post("/setup/presets", command_id=process_id, preset=LUCCA).status_code == 303
    assert room.ask(count_entries) == entries


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_names_methods_that_exist(name: str) -> None:
    assert {meeting.pack for meeting in preset(name).meetings} <= set(pack_names())


def test_an_unknown_preset_makes_nothing(room: Room) -> None:
    assert room.lead.post("/setup/presets", preset="../../etc").status_code == 404
    assert room.ask(processes) == []


def test_a_blank_process_needs_only_a_title(room: Room) -> None:
    answer = room.lead.post("/setup/processes", title="Piano del verde")
    assert room.lead.get(answer.headers["Location"]).status_code == 200
    assert [process.description.title for process in room.ask(processes)] == ["Piano del verde"]


@pytest.mark.parametrize(("title", "status"), [("", 422), ("ab", 422), ("x" * 161, 422), ("con \x00 dentro", 422), ("x" * 160, 303)])
def test_a_title_that_cannot_be_kept_is_refused_with_the_words_still_there(room: Room, title: str, status: int) -> None:
    answer = room.lead.post("/setup/processes", title=title)
    assert answer.status_code == status
    assert status == 303 or 'name="title"' in answer.text


def test_publishing_without_a_contact_is_refused_and_with_one_it_works(room: Room) -> None:
    process_id, _ = room.from_preset()
    refused = room.lead.post(f"/setup/processes/{process_id}/state", state="published")
    assert (refused.status_code, room.ask(the_process, process_id).state) == (409, "draft")
    assert "contatto" in refused.text.lower() or "contact" in refused.text.lower()
    seen = room.ask(the_process, process_id)
    assert room.lead.post(f"/setup/processes/{process_id}", replaces=" ".join(seen.versions), **DESCRIBED).status_code == 303
    assert room.lead.post(f"/setup/processes/{process_id}/state", state="published").status_code == 303
    shown = room.ask(the_process, process_id)
    assert (shown.state, shown.description.languages, shown.siblings) == ("published", ("it", "ar"), ())


def test_a_suspended_process_offers_the_way_back_to_where_it_stood_and_no_other(room: Room) -> None:
    process_id, _ = room.from_preset()
    move = f"/setup/processes/{process_id}/state"
    assert room.lead.post(move, state="suspended").status_code == 303
    page = room.lead.get(f"/setup/processes/{process_id}").text
    assert ("Riprendi il percorso" in page, 'value="draft"' in page, 'value="published"' in page) == (True, True, False)
    refused = room.lead.post(move, state="closed")
    assert (refused.status_code, "Da qui non si può." in refused.text) == (409, True)
    assert room.lead.post(move, state="draft").status_code == 303
    assert room.ask(the_process, process_id).state == "draft"


def test_nobody_is_invited_to_a_meeting_of_a_draft(room: Room) -> None:
    _, meetings = room.from_preset()
    refused = room.lead.post(f"/setup/meetings/{meetings[1]}/state", state="announced")
    assert (refused.status_code, "Il percorso non è pubblicato." in refused.text) == (409, True)
    assert room.ask(the_meeting, meetings[1]).state == "draft"


def test_a_contact_that_reaches_nobody_is_refused_with_its_field(room: Room) -> None:
    process_id, _ = room.from_preset()
    seen = " ".join(room.ask(the_process, process_id).versions)
    refused = room.lead.post(f"/setup/processes/{process_id}", replaces=seen, **{**DESCRIBED, "contact_email": "x"})
    assert (refused.status_code, "Così non si raggiunge nessuno." in refused.text) == (422, True)
    assert room.ask(the_process, process_id).description.contact_email == ""


def test_two_descriptions_written_at_once_are_both_shown_until_one_settles_them(room: Room) -> None:
    process_id, _ = room.from_preset()
    seen = " ".join(room.ask(the_process, process_id).versions)
    for aim in ("Uno scopo", "Un altro scopo"):
        room.lead.post(f"/setup/processes/{process_id}", replaces=seen, **{**DESCRIBED, "aim": aim})
    page = room.lead.get(f"/setup/processes/{process_id}").text
    assert ("Uno scopo" in page, "Un altro scopo" in page, "in due posti" in page) == (True, True, True)
    both = " ".join(room.ask(the_process, process_id).versions)
    room.lead.post(f"/setup/processes/{process_id}", replaces=both, **{**DESCRIBED, "aim": "Insieme"})
    assert "in due posti" not in room.lead.get(f"/setup/processes/{process_id}").text


def test_a_meeting_may_have_no_date_and_no_place_yet(room: Room) -> None:
    process_id, _ = room.from_preset()
    answer = room.lead.post(f"/setup/processes/{process_id}/meetings", title="Un altro incontro", format="laboratory")
    page = room.lead.get(answer.headers["Location"])
    assert page.status_code == 200
    assert [meeting.position for meeting in room.ask(meetings_of, process_id)] == [1, 2, 3, 4]
    assert "data da decidere" in room.lead.get(f"/setup/processes/{process_id}").text


def test_moving_an_announced_meeting_needs_a_reason_and_its_history_is_shown(room: Room) -> None:
    _, meetings = room.published()
    path = f"/setup/meetings/{meetings[2]}"
    assert room.lead.post(f"{path}/state", state="announced").status_code == 303
    told = {**PLAN, "date": "2020-11-14", "start": "10:00", "link": "https://example.org"}
    seen = " ".join(room.ask(the_meeting, meetings[2]).versions)
    assert room.lead.post(path, replaces=seen, reason="", **told).status_code == 422
    assert room.lead.post(path, replaces=seen, reason="Rinvio e passaggio a distanza", **told).status_code == 303
    assert [(c.value["date"], c.reason) for c in room.ask(history, meetings[2], "plan")] == [
        ("2020-11-14", "Rinvio e passaggio a distanza"),
        ("", ""),
    ]
    assert "Rinvio e passaggio a distanza" in room.lead.get(path).text


def test_the_history_of_a_plan_says_what_each_change_changed(room: Room) -> None:
    _, meetings = room.from_preset()
    path = f"/setup/meetings/{meetings[2]}"
    first = {**PLAN, "date": "2020-11-14", "start": "10:00", "end": "12:30"}
    for told in (first, {**first, "end": "13:00", "format": "convention", "mode": "hybrid"}):
        assert room.lead.post(path, replaces=" ".join(room.ask(the_meeting, meetings[2]).versions), **told).status_code == 303
    page = room.lead.get(path).text
    latest = page.split("<details><summary>")[-1].split("<li>")[1]
    assert re.findall(r"<p>([^<]+: da «[^<]+)</p>", latest) == [
        "Formato: da «Avvio della rete» a «Convegno»",
        "Come ci si incontra: da «A distanza» a «In entrambi i modi»",
        "Fine: da «12:30» a «13:00»",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"end": "09:00", "start": "10:00"},
        {"date": "30/02/2020"},
        {"start": "25:99"},
        {"format": "festa"},
        {"mode": "telepathy"},
        {"title": ""},
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_nothing_changes(room: Room, fields: dict[str, str]) -> None:
    _, meetings = room.from_preset()
    before = room.ask(the_meeting, meetings[2])
    assert room.lead.post(f"/setup/meetings/{meetings[2]}", **{**PLAN, **fields}).status_code == 422
    assert room.ask(the_meeting, meetings[2]) == before


@pytest.mark.parametrize("state", ["live", "closed", "reported", "postponed", "draft", "nonsense", ""])
def test_a_move_that_a_draft_meeting_does_not_have_is_refused(room: Room, state: str) -> None:
    _, meetings = room.from_preset()
    assert room.lead.post(f"/setup/meetings/{meetings[1]}/state", state=state).status_code == 409
    assert room.ask(the_meeting, meetings[1]).state == "draft"


def test_the_doors_of_a_meeting_without_date_and_place_do_not_open(room: Room) -> None:
    _, meetings = room.published()
    room.lead.post(f"/setup/meetings/{meetings[2]}/state", state="announced")
    assert room.lead.post(f"/setup/meetings/{meetings[2]}/state", state="open").status_code == 409


def test_only_the_moves_that_are_allowed_have_a_button(room: Room) -> None:
    _, meetings = room.from_preset()
    page = room.lead.get(f"/setup/meetings/{meetings[1]}").text
    assert ('value="announced"' in page, 'value="live"' in page) == (True, False)


def test_a_method_is_chosen_with_its_steps_in_sight(room: Room) -> None:
    _, meetings = room.from_preset()
    page = room.lead.get(f"/setup/meetings/{meetings[1]}/sheet").text
    assert ("World Café" in page, "In uso" in page) == (True, True)
    seen = " ".join(room.ask(the_meeting, meetings[1]).sheet_versions)
    assert room.lead.post(f"/setup/meetings/{meetings[1]}/sheet", pack="world-cafe", replaces=seen).status_code == 303
    assert room.ask(the_meeting, meetings[1]).pack == "world-cafe"
    assert room.lead.post(f"/setup/meetings/{meetings[1]}/sheet", pack="nessuno").status_code == 404


def test_cards_and_dots_per_person_are_set_on_the_page_of_the_sheet_until_the_step_opens(room: Room) -> None:
    meeting = room.live()
    steps = {step.do: step for step in room.ask(the_meeting, meeting).steps if step.quota or step.ballot == "dots"}
    collects, votes = steps["collect"], steps["vote"]
    path = f"/setup/meetings/{meeting}"
    assert room.lead.post(f"{path}/steps/{collects.id}", quota="1").status_code == 303
    assert room.lead.post(f"{path}/steps/{votes.id}", votes="3", per_item="3").status_code == 303
    refused = room.lead.post(f"{path}/steps/{votes.id}", votes="3", per_item="4")
    assert (refused.status_code, "Va da 1 a 3." in refused.text) == (422, True)
    told = {step.id: (step.quota, step.votes, step.per_item) for step in room.ask(the_meeting, meeting).steps}
    assert (told[collects.id], told[votes.id]) == ((1, 0, 0), (0, 3, 3))
    room.lead.post(f"/lead/meetings/{meeting}/steps", step_id=collects.id, reason="si comincia")
    page = room.lead.get(f"{path}/sheet").text
    assert ("1 carta a testa." in page, f'id="votes-{votes.id}"' in page, f'id="quota-{collects.id}"' in page) == (True, True, False)
    assert room.lead.post(f"{path}/steps/{collects.id}", quota="9").status_code == 409


def test_tables_are_added_and_changed(room: Room) -> None:
    _, meetings = room.from_preset()
    path = f"/setup/meetings/{meetings[1]}"
    assert room.lead.post(f"{path}/tables", number="7", seats="10", title="Verde e gioco", question="Dove si gioca?").status_code == 303
    table = room.ask(tables_of, meetings[1])[6]
    assert (table.number, table.theme.title, table.theme.seats, len(table.join_code)) == (7, "Verde e gioco", 10, 4)
    change = {"title": "Verde", "question": "", "seats": "8", "replaces": " ".join(table.versions)}
    assert room.lead.post(f"/setup/tables/{table.id}", **change).status_code == 303
    assert room.ask(tables_of, meetings[1])[6].theme.seats == 8
    assert table.join_code in room.lead.get(path).text


@pytest.mark.parametrize("fields", [{"seats": "1"}, {"seats": "15"}, {"seats": "dieci"}, {"number": "0"}, {"title": ""}, {"extra": "x"}])
def test_a_table_that_cannot_be_is_refused(room: Room, fields: dict[str, str]) -> None:
    _, meetings = room.from_preset()
    told = {"number": "7", "seats": "10", "title": "Verde e gioco", **fields}
    assert room.lead.post(f"/setup/meetings/{meetings[1]}/tables", **told).status_code == 422
    assert len(room.ask(tables_of, meetings[1])) == 6


def test_two_tables_of_one_meeting_do_not_have_one_number(room: Room) -> None:
    _, meetings = room.from_preset()
    path = f"/setup/meetings/{meetings[1]}"
    refused = room.lead.post(f"{path}/tables", number="1", seats="10", title="Verde e gioco")
    assert (refused.status_code, "Il prossimo libero è 7" in refused.text, "Verde e gioco" in refused.text) == (409, True, True)
    assert re.search(r'<input[^>]*name="number"[^>]*value="7"', room.lead.get(path).text)
    assert room.lead.post(f"/setup/meetings/{meetings[0]}/tables", number="1", seats="10", title="Verde e gioco").status_code == 303


def test_a_table_sent_twice_is_one_table(room: Room) -> None:
    _, meetings = room.from_preset()
    told = {"command_id": new_id(), "number": "7", "seats": "10", "title": "Verde e gioco"}
    answers = [room.lead.post(f"/setup/meetings/{meetings[1]}/tables", **told).status_code for _ in range(2)]
    assert (answers, [table.number for table in room.ask(tables_of, meetings[1])]) == ([303, 303], [1, 2, 3, 4, 5, 6, 7])


@pytest.mark.parametrize("path", ["/setup/processes/{}", "/setup/meetings/{}", "/setup/meetings/{}/sheet", "/lead/meetings/{}"])
def test_what_is_not_there_is_a_page_that_says_so(room: Room, path: str) -> None:
    for thing in (new_id(), "x", "0" * 300):
        assert room.lead.get(path.format(thing)).status_code == 404


def test_the_organiser_prepares_at_the_central_record_too(central: Room) -> None:
    process_id, meetings = central.published()
    assert len(meetings) == 3
    assert central.lead.post(f"/setup/meetings/{meetings[0]}/state", state="announced").status_code == 303
    assert "/invitations" not in central.lead.get(f"/setup/meetings/{meetings[1]}").text
    assert central.ask(the_process, process_id).state == "published"
