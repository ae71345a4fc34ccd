"""For each address that takes something: who may send there, and a form that is good. A new address without an entry fails a test."""

from dataclasses import dataclass, field
from typing import Any, Final

from tests.attacks.place import PASSPHRASE, Furnished
from workshop.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` as JSON has them; `path`: ids in the address, where not the usual ones; `words`: the field that people write in."""

    who: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    path: dict[str, str] = field(default_factory=dict)
    words: str = ""


# Who reads no field, or acts before any form is looked at: what else comes with it means nothing.
READS_NOTHING: Final = frozenset(
    {
        "account.end_other_sessions",
        "central.send",
        "central.stop",
        "complete.stop_opening",
        "devices.new_code",
        "devices.revoke",
        "devices.accept",
        "copies.copy",
        "invitations.invite_all",
        "invitations.send_away",
        "join.leave",
        "local.backup",
        "local.bundle_in",
        "local.bundle_out",
        "local.stop_bundle",
        "local.stop_sync",
        "local.open_sealed",
        "neighbours.wait",
        "neighbours.same",
        "neighbours.call_off",
        "neighbours.visit",
        "neighbours.let_go",
        "neighbours.stop",
        "sticks.bring_a_file",
        "erasing.copy_is_gone",
        "sticks.stop",
        "central_scan.read",
        "lead_passphrase.make_another",
        "local.code",
        "local.enrol",
        "local.load_demo",
        "local.sync",
        "organiser_door.sign_out",
        "organisers.end_sessions",
        "organisers.send_away",
        "registrations.remove_all",
        "registrations.remove",
        "arrivals.bring_again",
        "setup.load_demo",
        "sign_in.sign_out",
    }
)
# Plain pages whose form is no command: fields they do not know are not looked at.
PLAIN: Final = READS_NOTHING | {
    "account.change_passphrase",
    "account.new_recovery_codes",
    "board_cards.tell_them_apart",
    "complete.new_key",
    "complete.open_sealed",
    "central.bring",
    "central.choose_profile",
    "central.enrol",
    "central.choose_by_itself",
    "erasing.erase_for_a_person",
    "neighbours.call",
    "sticks.carry_out",
    "sticks.bring_in",
    "invitations.invite_one",
    "lead.extend_all_tables",
    "lead.move_all_tables",
    "lead_settings.choose_address",
    "copies.choose_place",
    "phone_kept.missing",
    "copies.restore",
    "lead_settings.keep_wifi",
    "local_people.do",
    "organiser_door.set_up",
    "organiser_door.sign_in",
    "organisers.invite",
    "registrations.add",
    "registrations.add_lines",
    "registrations.change",
    "arrivals.mark",
    "rejoin.rejoin",
    "setup.create_from_preset",
    "sign_in.accept_invitation",
    "sign_in.sign_in",
}
WITH_AN_ID: Final = frozenset(
    {"registrations.add", "lead.extend_all_tables", "lead.move_all_tables", "setup.create_from_preset"}
)  # of the plain ones
BETWEEN_COMPUTERS: Final = ("sync.", "blobs.", "sealed.", "parcels.", "pairing.")  # no people, no forms: tests/sync has theirs
# Where anybody may come: the door itself, and what asks for a secret instead of a cookie.
OPEN: Final = frozenset(
    {
        "erasing.erase_own_words",
        "pairing.begin",
        "pairing.reveal",
        "pairing.same",
        "join.join",
        "join.leave",
        "rejoin.rejoin",
        "sign_in.sign_in",
        "sign_in.accept_invitation",
        "sign_in.sign_out",
        "sync.enrol",
    }
    | {"organiser_door.sign_in", "organiser_door.set_up", "organiser_door.sign_out"}
)


def forms(place: Furnished) -> dict[str, Form]:
    """By endpoint. A fresh form each time: its `command_id` is new."""
    found = {**_of_phones(place), **_of_boards(place), **_of_syntheses(place), **_of_leads(place), **_of_doors(place)}
    return {name: Form(form.who, {**_id_of(name), **form.fields}, form.path, form.words) for name, form in found.items()}


def flat(fields: dict[str, Any]) -> dict[str, Any]:
    """As a plain form sends it: `dots.<id>`, repeated names."""
    sent: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            sent |= {f"{name}.{key}": str(item) for key, item in value.items()}
        else:
            sent[name] = [str(item) for item in value] if isinstance(value, list) else str(value)
    return sent


def _id_of(endpoint: str) -> dict[str, str]:
    return {"command_id": new_id()} if endpoint not in PLAIN or endpoint in WITH_AN_ID else {}


def _of_phones(place: Furnished) -> dict[str, Form]:
    ids, steps = place.ids, place.meeting.steps
    voting, reading = {"work_table_id": ids["voting"]}, {"work_table_id": ids["reading"]}
    of_read_back = {"read_back_id": ids["read_back"]}
    return {
        "phone_cards.add_card": Form(
            "participant", {"step_id": steps["scrivi"], "kind": "need", "text": "Servono fasciatoi", "language": "it"}, words="text"
        ),
        "phone_cards.correct_card": Form(
            "participant", {"text": "Servono più fasciatoi", "replaces": [ids["card"]]}, {"contribution_id": ids["card"]}, "text"
        ),
        "phone_cards.withdraw_card": Form("participant", {}, {"contribution_id": ids["card3"]}),
        "phone_kept.missing": Form("participant", {"ids": [ids["card"]], "people": []}),
        "phone_cards.take_seat": Form("participant", {"work_table_id": ids["there"]}),
        "erasing.erase_own_words": Form("participant", {}),
        "choices.cast_dots": Form("voter", {"step_id": steps["bollini"], "dots": {ids["chosen"]: 1}}, voting),
        "choices.answer_sentence": Form(
            "listener", {**of_read_back, "sentence_id": ids["read"], "answer": "object", "objection": "Manca la sera"}, reading, "objection"
        ),
        "choices.agree_with_the_others": Form("listener", {**of_read_back, "sentence_ids": ids["read"]}, reading),
    }


def _of_boards(place: Furnished) -> dict[str, Form]:
    ids, steps = place.ids, place.meeting.steps
    who, scrivi, bollini = "facilitator", {"step_id": steps["scrivi"]}, {"step_id": steps["bollini"]}
    voting, second = {"work_table_id": ids["voting"]}, {"contribution_id": ids["card2"]}
    return {
        "boards.enter_card": Form(
            who, {"kind": "need", "text": "Servono altalene", "channel": "scribe", "paper_number": "12"}, words="text"
        ),
        "boards.move_cards": Form(who, {"contribution_ids": [ids["card"]], "place": ids["cluster2"], "replaces": []}),
        "boards.add_cluster": Form(who, {"title": "Servono aiuole", "contribution_ids": []}, words="title"),
        "boards.undo": Form(who, {"act_id": ids["act"]}),
        "board_cards.redact": Form(who, {"text": "Servono bagni", "reason": "c'era un nome", "replaces": [ids["card2"]]}, second, "reason"),
        "board_cards.tend": Form(who, {"act": "read"}, second),
        "board_cards.translate": Form(who, {"translation": "We need benches", "replaces": []}, second, "translation"),
        "board_cards.merge": Form(who, {"into_id": ids["card"], "replaces": []}, second),
        "board_cards.tell_them_apart": Form(who, {"other_id": ids["card"]}, second),
        "board_clusters.title": Form(
            who, {"title": "Bagni per tutti", "description": "anche per i padri", "replaces": [ids["cluster"]]}, words="title"
        ),
        "board_clusters.order": Form(who, {"position": 3}),
        "board_clusters.merge": Form(who, {"into_id": ids["cluster2"], "replaces": []}),
        "board_steps.count_paper_dots": Form(who, {**bollini, "dots": {ids["chosen"]: 1}, "ballots": 2}, voting),
        "board_steps.call_help": Form(who, {"state": "asked"}),
        "board_steps.extend_step": Form(who, {**scrivi, "minutes": 5}),
        "board_steps.move_table": Form(who, {"state": "paused", "next": "sure"}),
        "board_steps.move_step": Form(who, {**scrivi, "state": "paused", "reason": "una pausa breve"}, words="reason"),
    }


def _of_syntheses(place: Furnished) -> dict[str, Form]:
    ids, who = place.ids, "facilitator"
    reading, of_read_back = {"work_table_id": ids["reading"]}, {"read_back_id": ids["read_back"], "sentence_id": ids["read"]}
    wording = {"text": "Servono bagni per tutti.", "who": "", "first_step": "", "due": ""}
    rectified = {"sentence_id": ids["confirmed_sentence"], "text": "Servono bagni nuovi.", "reason": "un refuso", "of_number": 1}
    return {
        "syntheses.add_a_sentence": Form(who, {"section": "convergences", **wording, "evidence": [ids["cluster"]]}, words="text"),
        "syntheses.rewrite_a_sentence": Form(who, {**wording, "replaces": [ids["sentence"]]}, words="text"),
        "syntheses.cite_evidence": Form(who, {"evidence_id": ids["card"], "present": True}),
        "syntheses.tell_a_card": Form(who, {"sentence_id": ids["sentence"], "present": True}, {"contribution_id": ids["card2"]}),
        "syntheses.leave_a_card_out": Form(who, {"reason": "non riguarda il tema"}, {"contribution_id": ids["card2"]}, "reason"),
        "syntheses.place_a_sentence": Form(who, {"position": 300}),
        "syntheses.remove_a_sentence": Form(who, {"removed": True}),
        "syntheses.declare_no_minority": Form(who, {"none_expressed": True}),
        "read_backs.open_read_back": Form(who, {}),
        "read_backs.turn_page": Form(who, {"index": 0}, reading),
        "read_backs.count_hands": Form(who, {**of_read_back, "agree": 7, "object": 1}, reading),
        "read_backs.keep_objection": Form(who, {"read_back_id": ids["read_back"], "answer_id": "no-such-answer"}, reading),
        "read_backs.close_read_back": Form(who, {}, reading),
        "read_backs.validate": Form(
            who, {"read_back_id": ids["read_back"], "favour": 1, "against": 0, "abstain": 0, "notes": "con calma"}, reading, "notes"
        ),
        "photos.remove_photo": Form(who, {"reason": "si riconosce qualcuno"}, words="reason"),
        "photo_uploads.add_photo": Form(who, {"caption": "La mappa"}),
        "photo_uploads.finish": Form(who, {"caption": "La mappa"}, words="caption"),
        "archive.rectify": Form("lead", rectified, {"work_table_id": ids["confirmed"]}, "reason"),
    }


def _of_leads(place: Furnished) -> dict[str, Form]:
    ids, steps, who = place.ids, place.meeting.steps, "lead"
    plan = {"title": "Terzo incontro", "date": "2020-11-28", "start": "10:00", "end": "12:00", "place": "Sala grande", "link": ""}
    described = {"title": "Lucca per le famiglie", "aim": "Capire che cosa manca", "contact_email": "famiglia@example.org"}
    theme, later = {"title": "Spazi aperti", "question": "Che cosa serve?", "seats": 10}, {"meeting_id": ids["draft_meeting"]}
    practice = {"title": "Family Share", "place": "Bologna", "what": "Genitori che condividono tempo", "tools": "app\nbanca del tempo"}
    resource = {"title": "Sala della biblioteca", "kind": "space", "offered_by": "Biblioteca", "terms": "fino a 25 persone"}
    return {
        "setup.create_process": Form(who, described, words="aim"),
        "setup.create_from_preset": Form(who, {"preset": "lucca-in-famiglia"}),
        "setup.load_demo": Form(who, {}),
        "setup.describe_process": Form(who, {**described, "replaces": [ids["process_id"]]}, words="aim"),
        "setup.move_process": Form(who, {"state": "running"}),
        "setup.plan_meeting": Form(who, plan, words="title"),
        "good_practices.add_practice": Form(who, practice, words="what"),
        "good_practices.change_practice": Form(who, {**practice, "replaces": [ids["good_practice_id"]]}, words="what"),
        "good_practices.remove_practice": Form(who, {"replaces": [ids["good_practice_id"]]}),
        "local_resources.add_resource": Form(who, resource, words="terms"),
        "local_resources.change_resource": Form(who, {**resource, "replaces": [ids["local_resource_id"]]}, words="terms"),
        "local_resources.remove_resource": Form(who, {"replaces": [ids["local_resource_id"]]}),
        "setup_meetings.replan_meeting": Form(who, {**plan, "reason": "", "replaces": [ids["draft_meeting"]]}, later, "title"),
        "setup_meetings.move_meeting": Form(who, {"state": "announced"}, later),
        "setup_meetings.set_running_sheet": Form(who, {"pack": "world-cafe", "replaces": []}, later),
        "setup_meetings.limit_step": Form(who, {"votes": 4, "per_item": 2}, {"meeting_id": ids["planned_meeting"]}),
        "setup_meetings.prepare_table": Form(who, {**theme, "number": 6}, words="question"),
        "setup_meetings.retheme_table": Form(who, {**theme, "replaces": []}, words="question"),
        "lead.move_meeting": Form(who, {"state": "closed", "reason": "fine"}, words="reason"),
        "lead.turn_screen": Form(who, {"view": "wall", "work_table_id": ids["here"]}),
        "lead.move_all_tables": Form(who, {"step_id": steps["giro"], "state": "open", "reason": "andiamo avanti"}),
        "lead.extend_all_tables": Form(who, {}),
        "lead_settings.choose_address": Form(who, {"address": "203.0.113.9"}),
        "copies.copy": Form(who, {}),
        "copies.choose_place": Form(who, {"place": ""}),
        "copies.restore": Form(who, {"path": "/nowhere"}),
        "review.settle": Form(who, {"thing_id": ids["card2"], "matter": "numbers", "seen": "0" * 16}, {"act": "noted"}),
        "review.merge": Form(
            who, {"text": "Servono bagni", "reason": "due versioni", "replaces": []}, {"name": "text", "thing_id": ids["card2"]}, "reason"
        ),
        "erasing.copy_is_gone": Form(who, {}, {"copy_id": new_id()}),
        "erasing.erase_for_a_person": Form(who, {"code": "AAA AAA"}),
        "erasing.erase_card": Form(who, {}, {"contribution_id": ids["card2"]}),
        "central.choose_by_itself": Form(who, {"by_itself": "1"}),
        "neighbours.wait": Form(who, {}),
        "neighbours.call": Form(who, {"url": "http://127.0.0.1:9"}),
        "neighbours.same": Form(who, {}),
        "neighbours.call_off": Form(who, {}),
        "neighbours.visit": Form(who, {}),
        "neighbours.let_go": Form(who, {}),
        "neighbours.stop": Form(who, {}),
        "sticks.carry_out": Form(who, {"process": ids["process_id"], "place": "", "open": "1"}),
        "sticks.bring_in": Form(who, {"file": "/nowhere.tavoli"}),
        "sticks.bring_a_file": Form(who, {}),
        "sticks.stop": Form(who, {}),
        "registrations.add": Form(who, {"name": "Anna della sala", "contact": "anna@example.org", "needs": "interprete"}),
        "registrations.add_lines": Form(who, {"lines": "Piero dei tavoli; piero@example.org; 1"}),
        "registrations.change": Form(who, {"name": "Ida della sala", "contact": "", "needs": "interprete"}),
        "registrations.remove": Form(who, {}, {"registration_id": ids["registration2"]}),
        "registrations.remove_all": Form(who, {}, {"meeting_id": ids["draft_meeting"]}),
        "arrivals.mark": Form(who, {"came": "1"}),
        "arrivals.bring_again": Form(who, {}),
        "lead_settings.keep_wifi": Form(who, {"wifi_name": "Sala", "wifi_password": "parola"}),
        "invitations.invite_one": Form(who, {"tables": [ids["here"]], "role": "scribe", "name": "Anna della sala"}, words="name"),
        "invitations.invite_all": Form(who, {}),
        "invitations.send_away": Form(who, {}),
        "central.enrol": Form(who, {"url": "http://127.0.0.1:9", "code": "ACDEFGHJKL"}),
        "central.send": Form(who, {}),
        "central.stop": Form(who, {}),
        "central_scan.read": Form(who, {}),
        "central.bring": Form(who, {"scope": ids["here"]}),
        "central.choose_profile": Form(who, {"profile": "syntheses"}),
        "account.change_passphrase": Form(who, {"new": PASSPHRASE, "again": PASSPHRASE, "passphrase": PASSPHRASE, "code": "123456"}),
        "account.new_recovery_codes": Form(who, {"passphrase": PASSPHRASE, "code": "123456"}),
        "account.end_other_sessions": Form(who, {}),
        "lead_passphrase.make_another": Form(who, {}),
        "complete.new_key": Form(who, {"passphrase": PASSPHRASE, "code": "123456"}),
        "complete.open_sealed": Form(who, {"key": "AAAA-BBBB"}),
        "complete.stop_opening": Form(who, {}),
        "organisers.invite": Form(who, {"name": "Piero dei tavoli"}),
        "organisers.end_sessions": Form(who, {}),
        "organisers.send_away": Form(who, {}),
        "devices.new_code": Form(who, {}),
        "devices.revoke": Form(who, {}),
        "devices.accept": Form(who, {}),
    }


def _of_doors(place: Furnished) -> dict[str, Form]:
    """Where somebody comes in, or shows something else than a cookie."""
    ids = place.ids
    joining = {"meeting_id": ids["meeting_id"], "work_table_id": ids["here"], "category": "family", "language": "it"}
    return {
        "join.join": Form("", {**joining, "nickname": "Rondine di mare"}, words="nickname"),
        "join.leave": Form("", {}),
        "rejoin.rejoin": Form("", {"code": "AAA AAA"}),
        "sign_in.sign_in": Form("", {"secret": PASSPHRASE}),
        "organiser_door.sign_in": Form("", {"name": "Marta", "passphrase": PASSPHRASE, "code": "123456"}),
        "organiser_door.set_up": Form("", {"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": "123456"}),
        "organiser_door.sign_out": Form("", {}),
        "local_people.do": Form("", {"name": ""}),
        "sign_in.accept_invitation": Form("", {"secret": "AAA AAA"}),
        "sign_in.sign_out": Form("", {}),
        "local.sync": Form("", {"url": ""}),
        "local.enrol": Form("", {"url": "", "code": ""}),
        "local.code": Form("", {}),
        "local.load_demo": Form("", {}),
        "local.stop_bundle": Form("", {}),
        "local.stop_sync": Form("", {}),
        "local.backup": Form("", {"place": ""}),
        "local.bundle_in": Form("", {"path": "/nowhere"}),
        "local.open_sealed": Form("", {"key": ""}),
        "local.bundle_out": Form("", {"path": "/nowhere", "process": "", "profile": "", "open": ""}),
    }
