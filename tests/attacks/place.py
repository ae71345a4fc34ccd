"""A furnished place to attack: every sort of person at the door, things of every noun, and a way to see that nothing changed."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import func, select
from werkzeug.routing import Rule

from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_confirmed_synthesis,
    a_meeting,
    a_participant,
    a_photo,
    a_practice,
    a_read_back,
    a_resource,
    a_sentence,
    a_step_open,
)
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.cluster import MoveCards
from workshop.domain.ids import new_id
from workshop.domain.meeting import Plan, PlanMeeting, SetRunningSheet
from workshop.domain.people import Actor, Role
from workshop.domain.registration import Registration
from workshop.private.database import PRIVATE, ballot_key_table, guess_table, visit_table
from workshop.private.registrations import add
from workshop.private.staff import invite, make_lead
from workshop.private.tokens import issue_token
from workshop.record.log import entry_table
from workshop.record.queries.processes import the_meeting
from workshop.record.queries.syntheses import sentences_of
from workshop.settings import open_folder

OURS: Final = {"Origin": "http://localhost"}
ITALIAN: Final = {**OURS, "Accept-Language": "it"}
JSON: Final = {**ITALIAN, "Accept": "application/json"}
TABLES: Final = ("here", "there", "voting", "reading", "confirmed")
PASSPHRASE: Final = "acqua-faro-melo-neve-vigna"


@dataclass(slots=True)
class Furnished:
    """`ids`: what addresses and forms are made of. `tokens`: who -> (cookie letter, token)."""

    building: Building
    meeting: Meeting
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    invitation: str = ""

    def browser(self, who: str = "") -> Any:
        """A fresh one, with this person's cookie; "" is nobody."""
        client = self.building.app.test_client()
        if who:
            letter, token = self.tokens[who]
            client.set_cookie(f"{self.building.house.cookie}_{letter}", token)
        return client

    def rules(self, method: str) -> list[Rule]:
        found = [rule for rule in self.building.app.url_map.iter_rules() if method in (rule.methods or ())]
        return sorted(found, key=lambda rule: rule.rule)

    def path(self, rule: Rule, **other: str) -> str:
        values = {name: other.get(name, self.ids.get(name, "")) for name in rule.arguments}
        return str(
            self.building.app.url_map.bind("localhost").build(rule.endpoint, values, method="POST" if "POST" in rule.methods else "GET")
        )

    def state(self) -> tuple[int, str]:
        """Entries in the record, and a digest of the private database; apart from wrong guesses, which are to be counted, the key of a
        ballot, which a first vote makes even when the vote itself is refused, and when an organiser was last seen."""
        house, marks = self.building.house, hashlib.sha256()
        with house.reading() as record, house.reading_private() as private:
            for table in PRIVATE.sorted_tables:
                if table not in (guess_table, ballot_key_table):
                    told = select(*(column for column in table.c if column is not visit_table.c.seen))
                    marks.update(repr(sorted(map(repr, private.execute(told)))).encode())
            return int(record.execute(select(func.count()).select_from(entry_table)).scalar_one()), marks.hexdigest()

    def entries(self) -> int:
        return self.state()[0]


@contextmanager
def a_furnished_place(folder: Path, place: Literal["room", "central"] = "room") -> Iterator[Furnished]:
    building = build(open_folder(str(folder)), place, "threading", lambda: {"localhost"})
    house = building.house
    house.address = "127.0.0.1:8080"
    lead = Actor(role=Role.LEAD, id=house.keep_private(make_lead, "lead" if place == "room" else "organiser", PASSPHRASE))
    room = Room(house.store, house.private_store, house.desk, FrontDoor(house.desk), lead)
    found = Furnished(building, a_meeting(room, tables=len(TABLES)))
    _people(found, lead, "lead" if place == "room" else "organiser")
    _things(found)
    yield found
    building.close()


def _people(found: Furnished, lead: Actor, leader: str) -> None:
    meeting, tables = found.meeting, dict(zip(TABLES, found.meeting.tables, strict=True))
    found.ids |= tables
    for who, where in {"participant": "here", "elsewhere": "there", "voter": "voting", "listener": "reading"}.items():
        _seat(found, who, "p", a_participant(meeting, tables[where]))
    own = frozenset(tables.values()) - {tables["there"]}
    for who, role, where in (
        ("facilitator", Role.FACILITATOR, own),
        ("scribe", Role.SCRIBE, own),
        ("other_scribe", Role.SCRIBE, frozenset({tables["there"]})),
    ):
        invited = found.building.house.keep_private(invite, role, "", meeting.id, where)
        found.invitation = invited.secret
        _seat(found, who, "s", Actor(role=role, id=invited.staff_id, meeting_id=meeting.id, tables=where))
    _seat(found, "lead", "s", lead, leader)
    found.ids["staff_id"] = str(found.building.house.keep_private(invite, Role.SCRIBE, "", meeting.id, own).staff_id)


def _seat(found: Furnished, who: str, letter: str, actor: Actor, role: str = "") -> None:
    found.tokens[who] = (letter, found.building.house.keep_private(issue_token, role or actor.role, actor.id, actor.meeting_id))
    found.actors[who] = actor


def _things(found: Furnished) -> None:
    """Cards and groups at the first table, a vote at the third, a read-back at the fourth, a confirmed synthesis at the fifth."""
    meeting, ids, staff = found.meeting, found.ids, found.actors["facilitator"]
    a_step_open(meeting, "scrivi")
    for name in ("card", "card2", "card3"):
        ids[name] = a_card(meeting, found.actors["participant"])
    ids["cluster"] = a_cluster(meeting, staff, cards=[ids["card"]], table=ids["here"])
    ids["cluster2"] = a_cluster(meeting, staff, "Serve l'autobus", table=ids["here"])
    told = {"work_table_id": ids["here"], "contribution_ids": (ids["card2"],), "place": ids["cluster2"]}
    ids["act"] = meeting.do(MoveCards, staff, **told, replaces=(ids["card2"],)).command_id
    ids["sentence"] = a_sentence(meeting, staff, "Servono bagni attrezzati.", synthesis_id=ids["here"], evidence=(ids["cluster"],))
    ids["chosen"] = a_cluster(meeting, staff, "Servono panchine", table=ids["voting"])
    a_step_open(meeting, "bollini", ids["voting"])
    _read(found)
    ids["draft_meeting"] = new_id()
    plan = Plan(title="Secondo incontro", date="2020-11-21", start="10:00", place="San Micheletto")
    meeting.do(PlanMeeting, meeting.lead, command_id=ids["draft_meeting"], plan=plan)
    ids["planned_meeting"] = meeting.do(PlanMeeting, meeting.lead, plan=plan, position=3).command_id
    meeting.do(SetRunningSheet, meeting.lead, meeting_id=ids["planned_meeting"], pack="tavoli-metaplan")
    ids["step_id"] = next(step.id for step in meeting.ask(the_meeting, ids["planned_meeting"]).steps if step.ballot == "dots")
    ids |= {
        "meeting_id": meeting.id,
        "process_id": meeting.process_id,
        "scope": meeting.process_id,
        "work_table_id": ids["here"],
        "synthesis_id": ids["confirmed"],
        "contribution_id": ids["card"],
        "card_id": ids["card"],
        "cluster_id": ids["cluster"],
        "sentence_id": ids["sentence"],
        "photo_id": a_photo(meeting, table=ids["here"]),
        "good_practice_id": a_practice(meeting),
        "local_resource_id": a_resource(meeting),
        "upload": new_id(),
        **{name: _registered(found, name) for name in ("registration_id", "registration2")},
        "sha256": "ab" * 32,
        "device_id": new_id(),
        "secret": found.invitation,
        "join_code": "AAAA",
        "job": "list",
        "name": "icon.svg",
    }


def _registered(found: Furnished, name: str) -> str:
    who = Registration(id=new_id(), process_id=found.meeting.process_id, meeting_id=found.meeting.id, name=f"Canarina {name}")
    return str(found.building.house.keep_private(add, who).id)


def _read(found: Furnished) -> None:
    meeting, ids = found.meeting, found.ids
    reader, closer = (_facilitating(ids[table], meeting) for table in ("reading", "confirmed"))
    ids["read_back"] = a_read_back(meeting, reader)
    ids["read"] = meeting.ask(sentences_of, ids["reading"])[0].id
    a_confirmed_synthesis(meeting, closer)
    ids["confirmed_sentence"] = meeting.ask(sentences_of, ids["confirmed"])[0].id


def _facilitating(table: str, meeting: Meeting) -> Actor:
    return Actor(role=Role.FACILITATOR, id=new_id(), meeting_id=meeting.id, tables=frozenset({table}))
