"""Rules of processes, meetings, tables, the screen, and of people who come in."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from workshop.domain import meeting as m
from workshop.domain import participant as p
from workshop.domain import process as pr
from workshop.domain import screen as s
from workshop.domain import work_table as w
from workshop.domain.refusal import (
    Malformed,
    MoveNotAllowed,
    NotInList,
    NumberOutOfRange,
    ReasonMissing,
    Refusal,
    TextTooLong,
    TextTooShort,
)
from workshop.domain.step import TableIsClosed

ID, OTHER, TABLE = ("1" * 32, "2" * 32, "3" * 32)
DESCRIPTION = pr.Description(title="Lucca In famiglia", contact_email="famiglia@example.org")
PLAN = m.Plan(title="Laboratorio", date="2020-10-24", start="10:00", end="17:00", place="Casermetta")


def command(kind: type[Any], **fields: Any) -> Any:
    return kind(**{"command_id": ID, "process_id": ID, **fields})


def test_a_process_has_the_id_of_the_command_that_made_it() -> None:
    [fact] = pr.create_process(command(pr.CreateProcess, description=DESCRIPTION))
    assert fact == pr.ProcessCreated(about=ID, description=DESCRIPTION)
    with pytest.raises(Malformed):
        pr.create_process(command(pr.CreateProcess, process_id=OTHER, description=DESCRIPTION))


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": "x"}, TextTooShort),
        ({"subtitle": "x" * 301}, TextTooLong),
        ({"licence": "all mine"}, NotInList),
        ({"languages": ("it", "tlh")}, NotInList),
        ({"time_zone": "Europe/Atlantis"}, NotInList),
        ({"contact_email": "x"}, pr.ContactUnusable),
        ({"contact_email": "chi@"}, pr.ContactUnusable),
        ({"contact_email": "una@due@tre"}, pr.ContactUnusable),
        ({"contact_phone": "12 345"}, pr.ContactUnusable),
        ({"contact_phone": "chiedi a Rosa"}, pr.ContactUnusable),
    ],
)
def test_a_description_that_cannot_be_kept_is_refused(wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        pr.describe_process(command(pr.DescribeProcess, description=replace(DESCRIPTION, **wrong)), "draft")


def test_without_languages_a_process_speaks_italian() -> None:
    [fact] = pr.describe_process(command(pr.DescribeProcess, description=replace(DESCRIPTION, languages=())), "draft")
    assert isinstance(fact, pr.ProcessDescribed)
    assert fact.description.languages == ("it",)


def test_publishing_needs_somebody_to_ask() -> None:
    silent = replace(DESCRIPTION, contact_email="")
    move = command(pr.MoveProcess, state="published")
    with pytest.raises(pr.ContactMissing):
        pr.move_process(move, "draft", "draft", silent, frozenset())
    assert pr.move_process(move, "draft", "draft", replace(silent, contact_phone="0583 4422"), frozenset()) == [
        pr.ProcessMoved(about=ID, state="published")
    ]


def test_what_is_public_keeps_its_contact() -> None:
    silent = command(pr.DescribeProcess, description=replace(DESCRIPTION, contact_email=""))
    assert pr.describe_process(silent, "draft")
    with pytest.raises(pr.ContactMissing):
        pr.describe_process(silent, "running")


def test_a_process_moves_only_as_its_states_allow() -> None:
    with pytest.raises(MoveNotAllowed):
        pr.move_process(command(pr.MoveProcess, state="archived"), "draft", "draft", DESCRIPTION, frozenset())


def test_a_suspended_process_comes_back_to_where_it_stood_and_nowhere_else() -> None:
    [fact] = pr.move_process(command(pr.MoveProcess, state="running"), "suspended", "running", DESCRIPTION, frozenset({"live"}))
    assert fact == pr.ProcessMoved(about=ID, state="running")
    for state in ("draft", "published", "restitution", "closed", "archived", "cancelled", "suspended"):
        with pytest.raises(MoveNotAllowed):
            pr.move_process(command(pr.MoveProcess, state=state), "suspended", "running", DESCRIPTION, frozenset({"live"}))


def test_suspended_on_one_computer_while_it_was_archived_on_another_it_is_no_dead_end() -> None:
    assert pr.moves_from("suspended", "archived") == {"archived"}
    [fact] = pr.move_process(command(pr.MoveProcess, state="archived"), "suspended", "archived", DESCRIPTION, frozenset())
    assert fact == pr.ProcessMoved(about=ID, state="archived")


def test_a_process_is_under_way_when_people_meet() -> None:
    move = command(pr.MoveProcess, state="running")
    for states in ((), ("draft",), ("announced", "postponed", "cancelled")):
        with pytest.raises(pr.NoMeetingYet):
            pr.move_process(move, "published", "published", DESCRIPTION, frozenset(states))
    for state in ("open", "ready", "live", "closed", "reported"):
        assert pr.move_process(move, "published", "published", DESCRIPTION, frozenset({"draft", state}))


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": ""}, Refusal),
        ({"format": "party"}, NotInList),
        ({"mode": "telepathy"}, NotInList),
        ({"date": "24/10/2020"}, Malformed),
        ({"date": "2020-02-30"}, Malformed),
        ({"start": "10 circa"}, Malformed),
        ({"start": "25:00"}, Malformed),
        ({"end": "10:00"}, m.EndsBeforeStart),
        ({"place": "x" * 201}, TextTooLong),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        m.plan_meeting(command(m.PlanMeeting, plan=replace(PLAN, **wrong)))


def test_a_plan_may_leave_everything_but_its_title_to_be_decided() -> None:
    [fact] = m.plan_meeting(command(m.PlanMeeting, plan=m.Plan(title="Laboratorio"), position=2))
    assert fact == m.MeetingPlanned(about=ID, plan=m.Plan(title="Laboratorio"), position=2)


@pytest.mark.parametrize(("typed", "kept"), [("10:30", "10:30"), ("10.30", "10:30"), ("9:05", "09:05"), ("23:59", "23:59")])
def test_an_hour_is_read_as_people_write_it(typed: str, kept: str) -> None:
    [fact] = m.plan_meeting(command(m.PlanMeeting, plan=m.Plan(title="Laboratorio", start=typed)))
    assert isinstance(fact, m.MeetingPlanned)
    assert fact.plan.start == kept


def test_a_position_out_of_bounds_is_refused() -> None:
    with pytest.raises(NumberOutOfRange):
        m.plan_meeting(command(m.PlanMeeting, plan=PLAN, position=2**31))


def test_after_the_announcement_a_change_has_a_reason() -> None:
    change = command(m.ReplanMeeting, meeting_id=ID, plan=PLAN, replaces=(OTHER,))
    assert m.replan_meeting(change, "draft")
    with pytest.raises(ReasonMissing):
        m.replan_meeting(change, "announced")
    [fact] = m.replan_meeting(replace(change, reason="sala chiusa"), "announced")
    assert fact == m.MeetingReplanned(about=ID, plan=PLAN, reason="sala chiusa", replaces=(OTHER,))


@pytest.mark.parametrize("gap", [{"date": ""}, {"start": "", "end": ""}, {"place": ""}])
def test_doors_open_only_when_people_know_when_and_where(gap: dict[str, str]) -> None:
    doors = command(m.MoveMeeting, meeting_id=ID, state="open")
    with pytest.raises(m.DateMissing):
        m.move_meeting(doors, "announced", replace(PLAN, **gap), "published", DESCRIPTION)
    assert m.move_meeting(doors, "announced", replace(PLAN, place="", link="https://example.org/stanza"), "published", DESCRIPTION)


@pytest.mark.parametrize(("before", "after"), [("draft", "announced"), ("announced", "open")])
def test_people_are_invited_only_to_a_public_process_that_says_whom_to_ask(before: str, after: str) -> None:
    move = command(m.MoveMeeting, meeting_id=ID, state=after)
    for state in ("draft", "suspended", "closed", "archived", "cancelled"):
        with pytest.raises(pr.ProcessNotPublic) as refused:
            m.move_meeting(move, before, PLAN, state, DESCRIPTION)
        assert refused.value.detail == {"state": state}
    with pytest.raises(pr.ContactMissing):
        m.move_meeting(move, before, PLAN, "published", replace(DESCRIPTION, contact_email="x"))  # as it could be written once
    for state in ("published", "running", "restitution"):
        assert m.move_meeting(move, before, PLAN, state, DESCRIPTION)


def test_what_is_under_way_goes_on_whatever_becomes_of_the_process() -> None:
    for before, after in (("open", "ready"), ("ready", "live"), ("live", "closed"), ("announced", "cancelled")):
        assert m.move_meeting(command(m.MoveMeeting, meeting_id=ID, state=after), before, PLAN, "suspended", pr.Description(title="Senza"))


def test_a_meeting_moves_only_as_its_states_allow() -> None:
    with pytest.raises(MoveNotAllowed):
        m.move_meeting(command(m.MoveMeeting, meeting_id=ID, state="live"), "draft", PLAN, "published", DESCRIPTION)


@pytest.mark.parametrize(
    ("number", "theme", "refusal"),
    [
        (0, {}, NumberOutOfRange),
        (100, {}, NumberOutOfRange),
        (1, {"title": ""}, Refusal),
        (1, {"question": "x" * 301}, TextTooLong),
        (1, {"seats": 1}, NumberOutOfRange),
        (1, {"seats": 15}, NumberOutOfRange),
    ],
)
def test_a_table_that_cannot_be_prepared(number: int, theme: dict[str, Any], refusal: type[Refusal]) -> None:
    told = w.Theme(**{"title": "Spazi", **theme})
    with pytest.raises(refusal):
        w.prepare_table(command(w.PrepareTable, meeting_id=OTHER, number=number, theme=told), "QF7K")


def test_a_table_keeps_the_code_it_was_given() -> None:
    theme = w.Theme(title="Spazi", question="Quali?", seats=8)
    [fact] = w.prepare_table(command(w.PrepareTable, meeting_id=OTHER, number=4, theme=theme), "QF7K")
    assert fact == w.TablePrepared(about=ID, meeting_id=OTHER, number=4, join_code="QF7K", theme=theme)


def test_a_number_of_another_table_is_refused_and_the_next_free_one_is_told() -> None:
    wish = command(w.PrepareTable, meeting_id=OTHER, number=1, theme=w.Theme(title="Spazi"))
    with pytest.raises(w.NumberTaken) as refused:
        w.prepare_table(wish, "QF7K", frozenset({1, 2}))
    assert (refused.value.field, refused.value.detail) == ("number", {"number": 1, "free": 3})
    assert w.prepare_table(wish, "QF7K", frozenset({2}))


@pytest.mark.parametrize(("taken", "free"), [((), 1), ((1, 2), 3), ((2,), 3), ((1, 99), 2), (range(1, 100), 0)])
def test_the_number_proposed_is_the_one_after_the_last(taken: Iterable[int], free: int) -> None:
    assert w.next_number(taken) == free


def test_a_new_theme_replaces_every_version_seen() -> None:
    theme = w.Theme(title="Spazi aperti")
    [fact] = w.retheme_table(command(w.RethemeTable, work_table_id=TABLE, theme=theme, replaces=(OTHER,)))
    assert fact == w.TableRethemed(about=TABLE, theme=theme, replaces=(OTHER,))


def test_a_table_that_ended_does_not_begin_again() -> None:
    assert w.move_table(command(w.MoveTable, work_table_id=TABLE, state="closed"), ID, "open", "draft")
    for ended in ("closed", "merged"):
        with pytest.raises(MoveNotAllowed):
            w.move_table(command(w.MoveTable, work_table_id=TABLE, state="open"), ID, ended, "draft")


def merged(into: w.WhereTo | None, state: str = "merged") -> list[Any]:
    wish = command(w.MoveTable, work_table_id=TABLE, state=state, into_id=into.id if into else "")
    return list(w.move_table(wish, ID, "open", "draft", into))


def test_a_merged_table_says_where_its_people_go() -> None:
    there = w.WhereTo(id=OTHER, meeting_id=ID, state="collecting")
    assert merged(there) == [w.TableMoved(about=TABLE, meeting_id=ID, state="merged", into_id=OTHER)]


def test_a_table_is_merged_only_into_another_one_of_its_meeting_that_goes_on() -> None:
    there = w.WhereTo(id=OTHER, meeting_id=ID, state="collecting")
    for wrong in (
        None,
        replace(there, id=TABLE),
        replace(there, meeting_id=OTHER),
        replace(there, state="closed"),
        replace(there, state="merged"),
    ):
        with pytest.raises(w.CannotMergeTables):
            merged(wrong)
    with pytest.raises(w.CannotMergeTables):
        merged(there, state="paused")


def test_nobody_calls_a_table_validated_that_did_not_read_back() -> None:
    for state in ("open", "collecting", "clustering", "prioritising", "writing"):
        with pytest.raises(MoveNotAllowed):
            w.move_table(command(w.MoveTable, work_table_id=TABLE, state="validated"), ID, state, "validated")
    for state in ("validating", "paused"):
        for synthesis in ("draft", "in_review"):
            with pytest.raises(MoveNotAllowed):
                w.move_table(command(w.MoveTable, work_table_id=TABLE, state="validated"), ID, state, synthesis)
    assert w.move_table(command(w.MoveTable, work_table_id=TABLE, state="validated"), ID, "paused", "validated")


def seat(taken: int = 0, meeting: str = "live", table: str = "open") -> p.SeatFacts:
    return p.SeatFacts(meeting_id=OTHER, meeting_state=meeting, table_state=table, seats=12, taken=taken)


def come_in(state: str = "live", taken: int = 0, table: str = "open", **fields: Any) -> list[Any]:
    wish = command(p.Join, meeting_id=OTHER, work_table_id=TABLE, **fields)
    return list(p.join(wish, "4" * 32, seat(taken, state, table), 31))


def test_who_comes_in_is_a_number_and_a_seat_and_no_name() -> None:
    assert come_in(category="family", language="uk-UA", nickname="Nonna Pina") == [
        p.ParticipantJoined(about=OTHER, participant_id="4" * 32, number=31, category="family", language="uk"),
        p.SeatTaken(about=TABLE, participant_id="4" * 32, meeting_id=OTHER),
    ]


@pytest.mark.parametrize("state", ["draft", "announced", "closed", "reported", "postponed", "cancelled"])
def test_nobody_comes_in_while_the_doors_are_closed(state: str) -> None:
    with pytest.raises(p.MeetingNotOpen) as refused:
        come_in(state)
    assert refused.value.detail == {"state": state}


@pytest.mark.parametrize("state", ["open", "ready", "live"])
def test_people_come_in_while_the_doors_are_open(state: str) -> None:
    assert len(come_in(state)) == 2


@pytest.mark.parametrize(
    ("taken", "fields", "refusal"),
    [
        (12, {}, p.TableIsFull),
        (0, {"category": "queen"}, NotInList),
        (0, {"nickname": "x" * 25}, TextTooLong),
        (0, {"language": "\0"}, Malformed),
    ],
)
def test_who_cannot_come_in_is_told_why(taken: int, fields: dict[str, str], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        come_in(taken=taken, **fields)


def test_a_participant_changes_table_while_there_are_seats() -> None:
    move = command(p.TakeSeat, participant_id=OTHER, work_table_id=TABLE)
    assert p.take_seat(move, seat(11), "5" * 32) == [
        p.SeatTaken(about=TABLE, participant_id=OTHER, meeting_id=OTHER, left_table_id="5" * 32)
    ]
    assert p.take_seat(move, seat(12), TABLE) == []
    with pytest.raises(p.TableIsFull) as refused:
        p.take_seat(move, seat(12), "5" * 32)
    assert refused.value.detail == {"seats": 12}


def test_nobody_sits_down_at_a_table_that_has_ended_or_when_the_meeting_is_over() -> None:
    move = command(p.TakeSeat, participant_id=OTHER, work_table_id=TABLE)
    for ended in ("closed", "merged"):
        with pytest.raises(TableIsClosed):
            come_in(table=ended)
        with pytest.raises(TableIsClosed):
            p.take_seat(move, seat(table=ended), "5" * 32)
    for over in ("closed", "reported"):
        with pytest.raises(p.MeetingNotOpen):
            p.take_seat(move, seat(meeting=over), "5" * 32)
    assert p.take_seat(move, seat(meeting="closed", table="closed"), TABLE) == []


@pytest.mark.parametrize("view", s.VIEWS)
def test_the_screen_turns_to_a_view_it_has(view: str) -> None:
    assert s.turn_screen(command(s.TurnScreen, meeting_id=ID, view=view)) == [s.ScreenTurned(about=ID, view=view)]
    with pytest.raises(NotInList):
        s.turn_screen(command(s.TurnScreen, meeting_id=ID, view="football"))
