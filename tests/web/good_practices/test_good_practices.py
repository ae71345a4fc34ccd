"""Good practices and local resources are prepared in Setup, in the room and at the centre alike, and read at the tables."""

import re
from typing import Any

import pytest

from tests.web.lead.conftest import Room
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.private.staff import invite
from workshop.private.tokens import issue_token
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.local_resources import local_resources_of
from workshop.record.queries.tables import tables_of

PRACTICE = {
    "title": "Family Share",
    "place": "Bologna",
    "actor_kind": "rete di famiglie",
    "what": "Genitori che si organizzano per condividere tempo e cura dei figli.",
    "tools": "banca del tempo\r\napp",
    "transferable_if": "c'è un gruppo promotore",
    "source": "Webinar del 9 ottobre",
}
RESOURCE = {"title": "Sala al piano terra", "kind": "space", "offered_by": "Biblioteca di quartiere", "terms": "fino a 25 persone"}


@pytest.fixture(params=["room", "central"])
def place(request: pytest.FixtureRequest) -> Room:
    """The lead in the room, the organiser at the centre."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def add(place: Room, process_id: str, **fields: Any) -> str:
    told = {"command_id": new_id(), **PRACTICE, **fields}
    assert place.lead.post(f"/setup/processes/{process_id}/practices", **told).status_code == 303
    return str(told["command_id"])


def offer(place: Room, process_id: str, **fields: Any) -> str:
    told = {"command_id": new_id(), **RESOURCE, **fields}
    assert place.lead.post(f"/setup/processes/{process_id}/resources", **told).status_code == 303
    return str(told["command_id"])


def seen(page: str) -> str:
    found = re.search(r'name="replaces" value="([0-9a-f ]+)"', page)
    assert found
    return found.group(1)


def at_a_table(room: Room, meeting_id: str, role: Role) -> tuple[Any, str]:
    """A browser of somebody who serves the first table, and that table."""
    table, house = room.ask(tables_of, meeting_id)[0].id, room.building.house
    invited = house.keep_private(invite, role, "", meeting_id, frozenset({table}))
    somebody = room.visitor()
    somebody.client.set_cookie(f"{house.cookie}_s", house.keep_private(issue_token, role, invited.staff_id, meeting_id))
    return somebody, table


def test_a_process_without_any_says_what_belongs_here(place: Room) -> None:
    process_id, _ = place.from_preset()
    page = place.lead.get(f"/setup/processes/{process_id}/practices").text
    assert "Ancora nessuna buona pratica." in page
    assert "Ancora nessuna risorsa del territorio." in page
    assert page.count("Niente nomi di persone") == 2
    assert f'href="/setup/processes/{process_id}/practices"' in place.lead.get(f"/setup/processes/{process_id}").text


def test_a_practice_is_added_changed_and_removed(place: Room) -> None:
    process_id, _ = place.from_preset()
    practice = add(place, process_id)
    listed = place.lead.get(f"/setup/processes/{process_id}/practices").text
    assert [words for words in ("Family Share", "Bologna", "banca del tempo", "Webinar del 9 ottobre") if words not in listed] == []
    assert "Buone pratiche: 1. Risorse del territorio: 0." in place.lead.get(f"/setup/processes/{process_id}").text
    page = place.lead.get(f"/setup/practices/{practice}").text
    assert "banca del tempo\napp</textarea>" in page
    changed = {**PRACTICE, "title": "Family Share a Bologna", "replaces": seen(page)}
    assert place.lead.post(f"/setup/practices/{practice}", **changed).status_code == 303
    page = place.lead.get(f"/setup/practices/{practice}").text
    assert "Family Share a Bologna" in page
    assert place.lead.post(f"/setup/practices/{practice}/remove", replaces=seen(page)).status_code == 303
    assert place.ask(good_practices_of, process_id) == []
    assert place.lead.get(f"/setup/practices/{practice}").status_code == 409


def test_a_resource_is_added_changed_and_removed(place: Room) -> None:
    process_id, _ = place.from_preset()
    resource = offer(place, process_id)
    listed = place.lead.get(f"/setup/processes/{process_id}/practices").text
    assert [words for words in ("Sala al piano terra", "Spazio", "Biblioteca di quartiere", "fino a 25") if words not in listed] == []
    page = place.lead.get(f"/setup/resources/{resource}").text
    assert place.lead.post(f"/setup/resources/{resource}", **{**RESOURCE, "kind": "time", "replaces": seen(page)}).status_code == 303
    page = place.lead.get(f"/setup/resources/{resource}").text
    assert '<option value="time" selected>' in page
    assert place.lead.post(f"/setup/resources/{resource}/remove", replaces=seen(page)).status_code == 303
    assert place.ask(local_resources_of, process_id) == []
    assert place.lead.get(f"/setup/resources/{resource}").status_code == 409


@pytest.mark.parametrize(
    ("where", "told", "said"),
    [
        ("practices", {**PRACTICE, "title": "ab"}, "almeno 3"),
        ("practices", {**PRACTICE, "what": ""}, "Scrivi almeno 3"),
        ("practices", {**PRACTICE, "tools": "\n".join("abcdefghijklm")}, "Va da 0 a 12."),
        ("resources", {**RESOURCE, "terms": "a" * 301}, "al massimo 300"),
    ],
)
def test_what_is_refused_says_why_and_gives_the_words_back(place: Room, where: str, told: dict[str, str], said: str) -> None:
    process_id, _ = place.from_preset()
    answer = place.lead.post(f"/setup/processes/{process_id}/{where}", **told)
    assert answer.status_code in {413, 422}
    assert said in answer.text
    assert told["title"] in answer.text
    assert place.lead.get(f"/setup/processes/{process_id}/{where}").status_code == 200  # where a link of the refused page leads
    assert place.ask(good_practices_of, process_id) == []


def test_a_sort_of_resource_that_does_not_exist_is_refused(place: Room) -> None:
    process_id, _ = place.from_preset()
    assert place.lead.post(f"/setup/processes/{process_id}/resources", **{**RESOURCE, "kind": "voodoo"}).status_code == 422
    assert place.ask(local_resources_of, process_id) == []


def test_two_changes_at_once_are_told_on_the_page_and_stand_to_review(place: Room) -> None:
    process_id, _ = place.from_preset()
    practice = add(place, process_id)
    for title in ("Da noi", "Da voi"):
        place.lead.post(f"/setup/practices/{practice}", **{**PRACTICE, "title": title, "replaces": practice})
    page = place.lead.get(f"/setup/practices/{practice}").text
    assert "È stata modificata in due posti nello stesso momento." in page
    review = place.lead.get(f"/review/{process_id}").text
    assert "Una buona pratica è raccontata in due modi" in review
    assert f'href="/setup/practices/{practice}"' in review
    place.lead.post(f"/setup/practices/{practice}", **{**PRACTICE, "title": "Di tutti", "replaces": seen(page)})
    assert "Una buona pratica" not in place.lead.get(f"/review/{process_id}").text


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SCRIBE])
def test_who_serves_a_table_reads_them_and_changes_nothing(room: Room, role: Role) -> None:
    meeting = room.live()
    [process_id] = set(re.findall(r"/setup/processes/([0-9a-f]{32})", room.lead.get(f"/setup/meetings/{meeting}").text))
    add(room, process_id)
    offer(room, process_id)
    somebody, table = at_a_table(room, meeting, role)
    assert f'href="/tables/{table}/practices"' in somebody.get(f"/tables/{table}").text
    page = somebody.get(f"/tables/{table}/practices").text
    assert [words for words in ("Family Share", "Sala al piano terra", "fino a 25 persone") if words not in page] == []
    assert "<form" not in page
    assert somebody.get(f"/setup/processes/{process_id}/practices").status_code == 403
    assert somebody.post(f"/setup/processes/{process_id}/practices", **PRACTICE).status_code == 403
    assert room.visitor().get(f"/tables/{table}/practices").status_code == 401


def test_a_table_without_any_says_who_adds_them(room: Room) -> None:
    somebody, table = at_a_table(room, room.live(), Role.FACILITATOR)
    assert "Le aggiunge chi conduce, in Preparazione." in somebody.get(f"/tables/{table}/practices").text


def test_forty_of_them_are_all_listed(room: Room) -> None:
    process_id, _ = room.from_preset()
    for n in range(40):
        add(room, process_id, title=f"Pratica numero {n}")
    page = room.lead.get(f"/setup/processes/{process_id}/practices").text
    assert [n for n in range(40) if f"Pratica numero {n}<" not in page] == []
