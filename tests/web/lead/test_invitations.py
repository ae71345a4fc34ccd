"""Facilitators and scribes come in by a sheet with a code and a PIN, to their own tables only, until they are sent away."""

import html
import re

import pytest

from tests.web.lead.conftest import Room, Visitor
from workshop.private.guesses import MOST
from workshop.private.staff import staff_of
from workshop.record.queries.tables import tables_of

Sheet = tuple[str, str]  # path, PIN


def sheets(page: str) -> list[Sheet]:
    paths = re.findall(r"<wbr>([\w-]+)</p>", page)
    pins = re.findall(r"<strong>(\w{3}-\w{3})</strong>", page)
    return [(f"/staff/{secret}", pin) for secret, pin in zip(paths, pins, strict=True)]


def invited(room: Room, meeting: str, role: str = "facilitator", number: int = 1, name: str = "") -> Sheet:
    table = room.ask(tables_of, meeting)[number - 1].id
    answer = room.lead.post(f"/lead/meetings/{meeting}/invitations", role=role, tables=table, name=name)
    assert answer.headers["Cache-Control"] == "no-store"
    [sheet] = sheets(answer.text)
    return sheet


def signed_in(room: Room, sheet: Sheet) -> Visitor:
    visitor = room.visitor()
    assert visitor.post(sheet[0], secret=sheet[1]).status_code == 303
    return visitor


def test_an_invitation_leads_to_the_own_table_and_to_no_other(room: Room) -> None:
    meeting = room.live()
    own, other = (table.id for table in room.ask(tables_of, meeting)[:2])
    visitor = room.visitor()
    path, pin = invited(room, meeting)
    assert visitor.get(path).status_code == 200
    assert visitor.post(path, secret=pin).headers["Location"] == f"/tables/{own}"
    assert [visitor.get(f"/tables/{table}").status_code for table in (own, other)] == [200, 403]
    assert visitor.get("/lead").status_code == 403


@pytest.mark.parametrize("change", [str.lower, lambda pin: pin.replace("-", ""), lambda pin: f" {pin} "])
def test_a_pin_may_be_typed_as_people_type(room: Room, change: object) -> None:
    path, pin = invited(room, room.live())
    assert room.visitor().post(path, secret=change(pin)).status_code == 303  # type: ignore[operator]


def test_a_wrong_pin_stays_outside_and_too_many_have_to_wait(room: Room) -> None:
    path, pin = invited(room, room.live())
    visitor = room.visitor()
    assert [visitor.post(path, secret="AAA-AAA").status_code for _ in range(MOST)] == [422] * MOST
    assert visitor.post(path, secret=pin).status_code == 429


def test_an_invitation_that_never_was_is_told_apart_from_a_wrong_pin(room: Room) -> None:
    assert room.visitor().get("/staff/nessuno").status_code == 410
    assert room.visitor().post("/staff/nessuno", secret="AAA-AAA").status_code == 410


def test_sending_somebody_away_cuts_their_token_and_their_invitation_at_once(room: Room) -> None:
    meeting = room.live()
    sheet = invited(room, meeting)
    visitor, table = signed_in(room, sheet), room.ask(tables_of, meeting)[0].id
    [member] = room.ask_private(staff_of, meeting)
    assert room.lead.post(f"/lead/staff/{member.id}/revoke").status_code == 303
    assert visitor.get(f"/tables/{table}").status_code == 401
    assert room.visitor().get(sheet[0]).status_code == 410


def test_sending_somebody_away_closes_the_window_that_is_open(room: Room) -> None:
    meeting = room.live()
    visitor = signed_in(room, invited(room, meeting))
    [member] = room.ask_private(staff_of, meeting)
    name = f"{room.building.house.cookie}_s"
    cookie = f"{name}={visitor.client.get_cookie(name).value}"
    window = room.building.sockets.test_client(room.building.app, headers={"Cookie": cookie, "Origin": "http://localhost"})
    assert window.is_connected()
    room.lead.post(f"/lead/staff/{member.id}/revoke")
    assert not window.is_connected()


def test_the_name_stays_in_the_private_database(room: Room) -> None:
    meeting = room.live()
    invited(room, meeting, name="Ada dei Girasoli")
    assert [member.name for member in room.ask_private(staff_of, meeting)] == ["Ada dei Girasoli"]
    assert b"Ada dei Girasoli" not in (room.building.house.folder.path / "record.db").read_bytes()


def test_every_table_gets_a_sheet_for_each_role_and_all_of_them_work(room: Room) -> None:
    meeting = room.live()
    found = sheets(html.unescape(room.lead.post(f"/lead/meetings/{meeting}/invitations/all").text))
    assert len(found) == 12
    assert sorted((member.role, len(member.tables)) for member in room.ask_private(staff_of, meeting)) == [
        *[("facilitator", 1)] * 6,
        *[("scribe", 1)] * 6,
    ]
    signed_in(room, found[0])
    signed_in(room, found[-1])


@pytest.mark.parametrize("fields", [{"role": "lead"}, {"role": "organiser"}, {"role": ""}, {"role": "facilitator", "tables": "0" * 32}])
def test_nobody_is_invited_to_lead_or_to_a_table_that_is_not_there(room: Room, fields: dict[str, str]) -> None:
    meeting = room.live()
    table = room.ask(tables_of, meeting)[0].id
    answer = room.lead.post(f"/lead/meetings/{meeting}/invitations", **{"tables": table, **fields})
    assert answer.status_code == 422
    assert room.ask_private(staff_of, meeting) == []


def test_a_facilitator_cannot_invite_or_send_away(room: Room) -> None:
    meeting = room.live()
    visitor = signed_in(room, invited(room, meeting))
    [member] = room.ask_private(staff_of, meeting)
    assert visitor.post(f"/lead/meetings/{meeting}/invitations/all").status_code == 403
    assert visitor.post(f"/lead/staff/{member.id}/revoke").status_code == 403


def test_the_lead_cannot_be_sent_away_by_a_guessed_address(room: Room) -> None:
    from workshop.domain.people import Role
    from workshop.private.staff import lead_of

    lead = room.ask_private(lead_of, Role.LEAD)
    assert room.lead.post(f"/lead/staff/{lead.id}/revoke").status_code == 404
    assert room.lead.get("/lead").status_code == 200
