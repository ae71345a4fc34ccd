"""Good practices and local resources through the front door, on both databases: who may, what is shown, and two who change at once."""

from typing import Any

import pytest

from tests.builders import Meeting, Room, a_facilitator, a_meeting, a_participant, a_practice, a_resource, a_scribe, an_organiser
from workshop.domain.good_practice import AddGoodPractice, ChangeGoodPractice, GoodPracticeIsGone, RemoveGoodPractice
from workshop.domain.local_resource import AddLocalResource, ChangeLocalResource, LocalResource, RemoveLocalResource, ResourceKind
from workshop.domain.people import NOBODY
from workshop.domain.refusal import NotAllowed, NotFound, SignInFirst
from workshop.domain.review import KeepVersion
from workshop.record.queries.good_practices import GoodPracticeShown, good_practices_of, the_good_practice
from workshop.record.queries.local_resources import local_resources_of, the_local_resource
from workshop.record.queries.review import the_review

CHANGED = {"title": "Family Share", "what": "Un'altra storia."}
OFFER = LocalResource(title="Sala grande", kind=ResourceKind.SPACE, terms="la sera")


def shown(meeting: Meeting) -> list[str]:
    return [found.practice.title for found in meeting.ask(good_practices_of, meeting.process_id) if found.practice]


def change(meeting: Meeting, practice: str, who: Any = None, **fields: Any) -> str:
    return meeting.do(ChangeGoodPractice, who or meeting.lead, good_practice_id=practice, **{**CHANGED, **fields}).command_id


def the_one(meeting: Meeting, practice: str) -> GoodPracticeShown:
    return meeting.ask(the_good_practice, practice)


def test_practices_stand_in_the_order_in_which_they_were_added(meeting: Meeting) -> None:
    first, second = a_practice(meeting, "Family Share"), a_practice(meeting, "Distretti famiglia")
    change(meeting, first, title="Family Share a Bologna", replaces=(first,))
    assert shown(meeting) == ["Family Share a Bologna", "Distretti famiglia"]
    assert the_one(meeting, second).versions == (second,)


def test_what_was_removed_is_in_no_list_and_is_not_changed_any_more(meeting: Meeting) -> None:
    practice, resource = a_practice(meeting), a_resource(meeting)
    meeting.do(RemoveGoodPractice, meeting.lead, good_practice_id=practice, replaces=(practice,))
    meeting.do(RemoveLocalResource, meeting.lead, local_resource_id=resource, replaces=(resource,))
    assert shown(meeting) == []
    assert meeting.ask(local_resources_of, meeting.process_id) == []
    assert meeting.ask(the_local_resource, resource).is_gone
    with pytest.raises(GoodPracticeIsGone):
        change(meeting, practice)


def test_a_resource_is_changed(meeting: Meeting) -> None:
    resource = a_resource(meeting, terms="la mattina")
    meeting.do(ChangeLocalResource, meeting.lead, local_resource_id=resource, resource=OFFER, replaces=(resource,))
    assert [found.resource for found in meeting.ask(local_resources_of, meeting.process_id)] == [OFFER]


def test_only_who_leads_or_organises_keeps_them(meeting: Meeting) -> None:
    practice, who_may_not = a_practice(meeting), (a_participant(meeting), a_scribe(meeting), a_facilitator(meeting))
    for who in who_may_not:
        with pytest.raises(NotAllowed):
            meeting.do(AddGoodPractice, who, **CHANGED)
        with pytest.raises(NotAllowed):
            change(meeting, practice, who)
        with pytest.raises(NotAllowed):
            meeting.do(AddLocalResource, who, resource=OFFER)
    with pytest.raises(SignInFirst):
        meeting.do(RemoveGoodPractice, NOBODY, good_practice_id=practice)
    change(meeting, practice, an_organiser(), title="Scritta al centro", replaces=(practice,))
    assert shown(meeting) == ["Scritta al centro"]


def test_of_another_process_none_is_touched(room: Room, meeting: Meeting) -> None:
    elsewhere = a_meeting(room)
    practice = a_practice(elsewhere)
    with pytest.raises(NotFound):
        change(meeting, practice)
    assert shown(elsewhere) == ["Family Share"]
    assert shown(meeting) == []


def test_two_changes_at_once_stand_side_by_side_until_a_person_keeps_one(meeting: Meeting) -> None:
    practice = a_practice(meeting)
    one, other = (change(meeting, practice, title=title, replaces=(practice,)) for title in ("Da noi", "Da voi"))
    [matter] = meeting.ask(the_review, meeting.process_id)
    assert (matter.about, matter.matter) == (practice, "siblings:practice")
    told = {"thing_id": practice, "field": "practice", "version_id": one}
    meeting.do(KeepVersion, meeting.lead, **told, replaces=(one, other))
    assert shown(meeting) == ["Da noi"]
    assert meeting.ask(the_review, meeting.process_id) == []


def test_one_that_is_changed_while_it_is_removed_stays_until_a_person_decides(meeting: Meeting) -> None:
    practice = a_practice(meeting)
    changed = change(meeting, practice, title="Ripresa", replaces=(practice,))
    removal = meeting.do(RemoveGoodPractice, meeting.lead, good_practice_id=practice, replaces=(practice,)).command_id
    assert shown(meeting) == ["Ripresa"]
    assert [matter.matter for matter in meeting.ask(the_review, meeting.process_id)] == ["siblings:practice"]
    told = {"thing_id": practice, "field": "practice", "version_id": removal}
    meeting.do(KeepVersion, meeting.lead, **told, replaces=(changed, removal))
    assert shown(meeting) == []
    assert meeting.ask(the_review, meeting.process_id) == []
