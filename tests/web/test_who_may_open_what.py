"""Every address of the program, and who may open it. A route that is not written down here fails; so does one that lets others in.

GET and POST are asked by each sort of person with a real cookie. Whoever may not must read 401 or 403, whatever the form says; whoever
may must read something else (a page, a redirect, or a refusal about the form).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from werkzeug.routing import Rule

from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_meeting,
    a_participant,
    a_photo,
    a_practice,
    a_resource,
    a_sentence,
    a_step_open,
)
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.private.staff import invite, make_lead
from workshop.private.tokens import bearer_of, issue_token
from workshop.settings import open_folder

EVERYBODY: Final = frozenset({"nobody", "participant", "elsewhere", "scribe", "facilitator", "visitor", "lead"})
SEATED: Final = frozenset({"participant", "elsewhere"})  # at any table
HERE: Final = frozenset({"participant"})  # at this table, or the author of this card
TABLE: Final = frozenset({"scribe", "facilitator", "lead"})  # `visitor` facilitates another table
GUIDES: Final = frozenset({"facilitator", "lead"})
WRITES: Final = frozenset({"scribe", "facilitator"})
LEADS: Final = frozenset({"lead"})
NOBODY: Final[frozenset[str]] = frozenset()  # opened with something else than a person's cookie

WHO: Final[dict[str, frozenset[str]]] = {
    "GET account.account": LEADS,
    "POST account.change_passphrase": LEADS,
    "POST account.end_other_sessions": LEADS,
    "POST account.new_recovery_codes": LEADS,
    "GET archive.see_archive": LEADS,
    "GET archive.see_synthesis": LEADS,
    "POST archive.rectify": LEADS,
    "POST board_cards.merge": TABLE,
    "POST board_cards.redact": TABLE,
    "POST board_cards.tell_them_apart": TABLE,
    "POST board_cards.tend": TABLE,
    "POST board_cards.translate": TABLE,
    "POST board_clusters.merge": TABLE,
    "POST board_clusters.order": TABLE,
    "POST board_clusters.title": TABLE,
    "POST board_steps.call_help": TABLE,
    "POST board_steps.count_paper_dots": TABLE,
    "POST board_steps.extend_step": GUIDES,
    "POST board_steps.move_step": GUIDES,
    "POST board_steps.move_table": GUIDES,
    "GET boards.board": TABLE,
    "POST boards.add_cluster": TABLE,
    "POST boards.enter_card": TABLE,
    "POST boards.move_cards": TABLE,
    "POST boards.undo": TABLE,
    "GET central.central": LEADS,
    "POST central.enrol": LEADS,
    "POST central.send": LEADS,
    "POST central.stop": LEADS,
    "GET central_scan.scan": LEADS,
    "POST central_scan.read": LEADS,
    "POST central.bring": LEADS,
    "POST central.choose_by_itself": LEADS,
    "POST central.choose_profile": LEADS,
    "GET central_home.home": EVERYBODY,
    "GET choices.after_a_refusal": SEATED,
    "GET choices.choices": SEATED,
    "POST choices.agree_with_the_others": HERE,
    "POST choices.answer_sentence": HERE,
    "POST choices.cast_dots": HERE,
    "GET copies.choose_copy": LEADS,
    "GET copies.look_at_copy": LEADS,
    "GET copies.restored": EVERYBODY,
    "POST copies.choose_place": LEADS,
    "POST copies.copy": LEADS,
    "POST copies.restore": LEADS,
    "GET complete.complete": LEADS,
    "POST complete.new_key": LEADS,
    "POST complete.open_sealed": LEADS,
    "POST complete.stop_opening": LEADS,
    "GET devices.device_list": LEADS,
    "POST devices.new_code": LEADS,
    "POST devices.revoke": LEADS,
    "POST devices.accept": LEADS,
    "GET devices.how_to_enrol": EVERYBODY,
    "GET erasing.ask_first": SEATED,
    "GET erasing.ask_first_for_a_card": LEADS,
    "GET erasing.erased": EVERYBODY,
    "GET erasing.erasure_list": LEADS,
    "POST erasing.copy_is_gone": LEADS,
    "POST erasing.erase_card": LEADS,
    "POST erasing.erase_for_a_person": LEADS,
    "POST erasing.erase_own_words": EVERYBODY,  # pressed twice, nobody is there any more
    "GET good_practices.practice_page": LEADS,
    "GET good_practices.practices_page": LEADS,
    "GET good_practices.resources": LEADS,
    "POST good_practices.add_practice": LEADS,
    "POST good_practices.change_practice": LEADS,
    "POST good_practices.remove_practice": LEADS,
    "GET invitations.invitations": LEADS,
    "POST invitations.invite_all": LEADS,
    "POST invitations.invite_one": LEADS,
    "POST invitations.send_away": LEADS,
    "GET join.home": EVERYBODY,
    "GET join.join_again": EVERYBODY,
    "GET join.meeting_door": EVERYBODY,
    "GET join.scanned": EVERYBODY,
    "GET join.typed_code": EVERYBODY,
    "GET join.welcome": SEATED,
    "POST join.join": EVERYBODY,
    "POST join.leave": EVERYBODY,
    "GET lead.cockpit": LEADS,
    "GET lead.meetings": LEADS,
    "POST lead.extend_all_tables": LEADS,
    "POST lead.move_all_tables": LEADS,
    "POST lead.move_meeting": LEADS,
    "POST lead.turn_screen": LEADS,
    "GET lead_settings.settings": LEADS,
    "POST lead_settings.choose_address": LEADS,
    "POST lead_settings.keep_wifi": LEADS,
    "GET local.progress": NOBODY,
    "GET local.bundle_progress": NOBODY,
    "POST local.stop_bundle": NOBODY,
    "POST local.stop_sync": NOBODY,
    "POST local.backup": NOBODY,
    "POST local.bundle_in": NOBODY,
    "POST local.bundle_out": NOBODY,
    "POST local.code": NOBODY,
    "POST local.enrol": NOBODY,
    "POST local.open_sealed": NOBODY,
    "POST local.load_demo": NOBODY,
    "POST local.sync": NOBODY,
    "POST local_people.do": NOBODY,
    "GET local_resources.resource_page": LEADS,
    "POST local_resources.add_resource": LEADS,
    "POST local_resources.change_resource": LEADS,
    "POST local_resources.remove_resource": LEADS,
    "GET neighbours.neighbour_list": LEADS,
    "POST neighbours.call": LEADS,
    "POST neighbours.call_off": LEADS,
    "POST neighbours.let_go": LEADS,
    "POST neighbours.stop": LEADS,
    "POST neighbours.same": LEADS,
    "POST neighbours.visit": LEADS,
    "POST neighbours.wait": LEADS,
    "GET organiser_door.enter": EVERYBODY,
    "GET organiser_door.set_up_page": EVERYBODY,
    "GET organiser_door.sign_in_page": EVERYBODY,
    "POST organiser_door.set_up": EVERYBODY,
    "POST organiser_door.sign_in": EVERYBODY,
    "POST organiser_door.sign_out": EVERYBODY,
    "GET organisers.organiser_list": LEADS,
    "POST organisers.end_sessions": LEADS,
    "POST organisers.invite": LEADS,
    "POST organisers.send_away": LEADS,
    "GET lead_passphrase.passphrase_page": LEADS,
    "POST lead_passphrase.make_another": LEADS,
    "GET paper.bulk_entry": TABLE,
    "GET paper.forms": TABLE,
    "GET paper.tent": TABLE,
    "GET phone_cards.after_a_refusal": EVERYBODY,
    "POST phone_cards.add_card": HERE,
    "POST phone_cards.correct_card": HERE,
    "POST phone_cards.take_seat": SEATED,
    "POST phone_cards.withdraw_card": HERE,
    "POST phone_kept.missing": SEATED,
    "GET phone_thread.what_became_of_it": HERE,
    "GET phones.mine": SEATED,
    "GET phones.table": SEATED,
    "GET phones.write": SEATED,
    "DELETE photo_uploads.cancel": TABLE,
    "GET photo_uploads.bytes_held": TABLE,
    "GET photo_uploads.photo_list": TABLE,
    "GET practices_at_table.practices": TABLE,
    "GET photos.image": TABLE,
    "GET photos.see_photo": TABLE,
    "GET photos.small": TABLE,
    "POST photo_uploads.add_photo": TABLE,
    "POST photo_uploads.finish": TABLE,
    "POST photos.remove_photo": TABLE,
    "PUT photo_uploads.add_piece": TABLE,
    "GET read_backs.read_aloud": TABLE,
    "POST read_backs.close_read_back": WRITES,
    "POST read_backs.count_hands": TABLE,
    "POST read_backs.keep_objection": TABLE,
    "POST read_backs.open_read_back": WRITES,
    "POST read_backs.turn_page": TABLE,
    "POST read_backs.validate": GUIDES,
    "GET registrations.registration_list": LEADS,
    "GET registrations.attendance_sheet": LEADS,
    "GET registrations.ask_first": LEADS,
    "GET registrations.registration": LEADS,
    "POST registrations.add": LEADS,
    "POST registrations.add_lines": LEADS,
    "POST registrations.change": LEADS,
    "POST registrations.remove": LEADS,
    "POST registrations.remove_all": LEADS,
    "POST arrivals.mark": LEADS,
    "POST arrivals.bring_again": LEADS,
    "GET rejoin.ask_for_code": EVERYBODY,
    "GET rejoin.privacy": EVERYBODY,
    "POST rejoin.rejoin": EVERYBODY,
    "GET review.every_process": LEADS,
    "GET review.review": LEADS,
    "POST review.merge": LEADS,
    "POST review.settle": LEADS,
    "GET screens.a_screen": EVERYBODY,
    "GET screens.the_screen": EVERYBODY,
    "GET setup.process_list": LEADS,
    "GET setup.process_page": LEADS,
    "POST setup.create_from_preset": LEADS,
    "POST setup.create_process": LEADS,
    "POST setup.describe_process": LEADS,
    "POST setup.load_demo": LEADS,
    "POST setup.move_process": LEADS,
    "POST setup.plan_meeting": LEADS,
    "GET setup_meetings.meeting_page": LEADS,
    "GET setup_meetings.sheet_page": LEADS,
    "POST setup_meetings.limit_step": LEADS,
    "POST setup_meetings.move_meeting": LEADS,
    "POST setup_meetings.prepare_table": LEADS,
    "POST setup_meetings.replan_meeting": LEADS,
    "POST setup_meetings.retheme_table": LEADS,
    "POST setup_meetings.set_running_sheet": LEADS,
    "GET sign_in.enter": EVERYBODY,
    "GET sign_in.invitation": EVERYBODY,
    "GET sign_in.sign_in_page": EVERYBODY,
    "POST sign_in.accept_invitation": EVERYBODY,
    "POST sign_in.sign_in": EVERYBODY,
    "POST sign_in.sign_out": EVERYBODY,
    "GET static": NOBODY,  # Flask's own, out of use: static_files serves
    "GET static_files.favicon": EVERYBODY,
    "GET static_files.file": EVERYBODY,
    "POST sync.digest": NOBODY,
    "POST sync.offered": NOBODY,
    "POST pairing.begin": EVERYBODY,
    "POST pairing.reveal": EVERYBODY,
    "POST pairing.same": EVERYBODY,
    "GET blobs.give": NOBODY,
    "POST blobs.missing": NOBODY,
    "PUT blobs.take": NOBODY,
    "POST sealed.give": NOBODY,
    "POST sealed.lacking": NOBODY,
    "POST sealed.take": NOBODY,
    "POST parcels.give": NOBODY,
    "GET sync.hello": EVERYBODY,
    "POST sync.enrol": EVERYBODY,
    "POST sync.pull": NOBODY,
    "POST sync.push": NOBODY,
    "POST sync.tips": NOBODY,
    "GET sticks.stick": LEADS,
    "POST sticks.bring_a_file": LEADS,
    "POST sticks.bring_in": LEADS,
    "POST sticks.carry_out": LEADS,
    "POST sticks.stop": LEADS,
    "GET syntheses.see_the_draft": TABLE,
    "POST syntheses.add_a_sentence": TABLE,
    "POST syntheses.cite_evidence": TABLE,
    "POST syntheses.declare_no_minority": WRITES,
    "POST syntheses.leave_a_card_out": TABLE,
    "POST syntheses.place_a_sentence": TABLE,
    "POST syntheses.remove_a_sentence": WRITES,
    "POST syntheses.rewrite_a_sentence": TABLE,
    "POST syntheses.tell_a_card": TABLE,
    "GET threads.follow_a_card": TABLE,
    "GET threads.follow_a_group": TABLE,
    "GET threads.follow_a_sentence": TABLE,
}
LAST: Final = {"/seat": 1, "/erase": 2}  # changing seat changes what one may; afterwards nobody is left
UNASKED: Final = frozenset({"GET static"})


@dataclass(slots=True)
class Furnished:
    """One place, everybody in it, and the ids that addresses are made of."""

    building: Building
    people: dict[str, tuple[str, str, str]]  # who -> (cookie, role, id)
    ids: dict[str, str]
    forms: dict[str, dict[str, str]]
    tokens: dict[str, str] = field(default_factory=dict)

    def rules(self) -> list[tuple[str, Rule]]:
        found = [(m, rule) for rule in self.building.app.url_map.iter_rules() for m in (rule.methods or ()) - {"HEAD", "OPTIONS"}]
        return sorted(found, key=lambda each: (LAST.get(each[1].rule, 0), each[1].rule, each[0]))

    def ask(self, who: str, method: str, rule: Rule) -> int:
        adapter = self.building.app.url_map.bind("localhost")
        path = adapter.build(rule.endpoint, {name: self.ids[name] for name in rule.arguments}, method=method)
        origin = {} if path.startswith("/sync/") else {"Origin": "http://localhost"}
        form = {"command_id": new_id(), **self.forms.get(rule.endpoint, {})}
        data = form if method == "POST" and not path.startswith("/sync/") else None
        return int(self._client(who).open(path, method=method, data=data, headers=origin).status_code)

    def _client(self, who: str) -> Any:
        """A browser of its own each time; a token that was signed out is replaced."""
        client, house = self.building.app.test_client(), self.building.house
        if who in self.people:
            cookie, role, subject = self.people[who]
            if not house.ask_private(bearer_of, self.tokens.get(who, "")):
                self.tokens[who] = house.keep_private(issue_token, role, subject, self.ids["meeting_id"])
            client.set_cookie(f"{house.cookie}_{cookie}", self.tokens[who])
        return client


def furnished(folder: Path, place: Any, leader: Role) -> Furnished:
    building = build(open_folder(str(folder)), place, "threading", lambda: {"localhost"})
    house = building.house
    house.address = "127.0.0.1:8080"
    lead = Actor(role=leader, id=house.keep_private(make_lead, leader, "una-frase"))
    maker = Actor(role=Role.LEAD, id=lead.id)
    meeting = a_meeting(Room(house.store, house.private_store, house.desk, FrontDoor(house.desk), maker), tables=2)
    here, there = (a_participant(meeting, table) for table in meeting.tables)
    a_step_open(meeting, "scrivi")
    card = a_card(meeting, here)
    people = {name: ("s", role, _invited(building, meeting, role, table)) for name, role, table in _staff(meeting)}
    facilitator = Actor(role=Role.FACILITATOR, id=people["facilitator"][2], meeting_id=meeting.id, tables=frozenset({meeting.table}))
    cluster = a_cluster(meeting, facilitator, cards=[card])
    sentence = a_sentence(meeting, facilitator, "Servono bagni attrezzati.", evidence=(cluster,))
    people |= {"lead": ("s", leader, lead.id), "participant": ("p", "participant", here.id), "elsewhere": ("p", "participant", there.id)}
    ids = {
        "meeting_id": meeting.id,
        "process_id": meeting.process_id,
        "work_table_id": meeting.table,
        "synthesis_id": meeting.table,
        "step_id": meeting.steps["bollini"],
        "contribution_id": card,
        "pairing_id": "0" * 32,
        "card_id": card,
        "copy_id": new_id(),
        "cluster_id": cluster,
        "sentence_id": sentence,
        "photo_id": a_photo(meeting),
        "good_practice_id": a_practice(meeting),
        "local_resource_id": a_resource(meeting),
        "upload": new_id(),
        "sha256": "ab" * 32,
        "staff_id": _invited(building, meeting, Role.SCRIBE, meeting.table),
        "device_id": new_id(),
        "scope": meeting.process_id,
        "join_code": "AAAA",
        "job": "list",
        "secret": "nobody-knows",
        "name": "icon.svg",
        "act": "noted",
        "thing_id": new_id(),
        "registration_id": new_id(),
    }
    return Furnished(building, people, ids, _forms(meeting, cluster, sentence))


def _staff(meeting: Meeting) -> list[tuple[str, Role, str]]:
    own, other = meeting.tables
    return [("scribe", Role.SCRIBE, own), ("facilitator", Role.FACILITATOR, own), ("visitor", Role.FACILITATOR, other)]


def _invited(building: Building, meeting: Meeting, role: Role, table: str) -> str:
    return str(building.house.keep_private(invite, role, "", meeting.id, frozenset({table})).staff_id)


def _forms(meeting: Meeting, cluster: str, sentence: str) -> dict[str, dict[str, str]]:
    """Where the door reads the form before the rule asks who it is, the form is a good one."""
    step = meeting.steps["scrivi"]
    return {
        "phone_cards.add_card": {"step_id": step, "kind": "need", "text": "Servono fasciatoi"},
        "phone_cards.correct_card": {"text": "Servono più fasciatoi", "replaces": new_id()},
        "phone_cards.take_seat": {"work_table_id": meeting.table},
        "choices.cast_dots": {"step_id": meeting.steps["bollini"], f"dots.{cluster}": "1"},
        "choices.answer_sentence": {"read_back_id": new_id(), "sentence_id": sentence, "answer": "agree"},
        "setup_meetings.limit_step": {"quota": "tante"},  # no number: a good one is, of a live meeting, not of an organiser
        "read_backs.count_hands": {"read_back_id": new_id(), "sentence_id": sentence, "agree": "1", "object": "0"},
        "read_backs.validate": {"read_back_id": new_id(), "favour": "9", "against": "0", "abstain": "0"},
        "choices.agree_with_the_others": {"read_back_id": new_id(), "sentence_ids": sentence},
    }


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    found = furnished(tmp_path_factory.mktemp("room"), "room", Role.LEAD)
    yield found
    found.building.close()


@pytest.fixture(scope="module")
def central(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    found = furnished(tmp_path_factory.mktemp("central"), "central", Role.ORGANISER)
    yield found
    found.building.close()


def wrong(place: Furnished) -> list[str]:
    """Every address that lets somebody in who may not, or keeps somebody out who may."""
    found = []
    for method, rule in place.rules():
        name = f"{method} {rule.endpoint}"
        if name in UNASKED or name not in WHO:
            continue
        for who in sorted(EVERYBODY):
            status = place.ask(who, method, rule)
            may = who in WHO[name]
            if status >= 500 or may == (status in {401, 403}):
                found.append(f"{name} {rule.rule}: {who} read {status}, and {'may' if may else 'may not'}")
    return found


@pytest.mark.parametrize("name", ["room", "central"])
def test_every_address_is_written_down_with_who_may_open_it(name: str, request: pytest.FixtureRequest) -> None:
    place: Furnished = request.getfixturevalue(name)
    assert [key for method, rule in place.rules() if (key := f"{method} {rule.endpoint}") not in WHO] == []


def test_nothing_is_written_down_that_is_not_there(room: Furnished, central: Furnished) -> None:
    there = {f"{method} {rule.endpoint}" for place in (room, central) for method, rule in place.rules()}
    assert sorted(WHO.keys() - there) == []


def test_in_the_room_each_address_opens_for_those_who_may_and_for_nobody_else(room: Furnished) -> None:
    assert "\n".join(wrong(room)) == ""


def test_at_the_centre_each_address_opens_for_those_who_may_and_for_nobody_else(central: Furnished) -> None:
    assert "\n".join(wrong(central)) == ""
