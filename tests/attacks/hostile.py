"""A furnished place where every text of every noun was written by somebody who wishes ill, through the front door."""

from itertools import count

from tests.attacks.place import TABLES, Furnished
from tests.attacks.vectors import VECTORS, medley
from tests.builders import a_participant
from workshop.domain.cluster import AddCluster, TitleCluster
from workshop.domain.contribution import (
    AddContribution,
    Channel,
    EnterContribution,
    Kind,
    LeaveOut,
    RedactContribution,
    TendContribution,
    TranslateContribution,
)
from workshop.domain.good_practice import ChangeGoodPractice
from workshop.domain.ids import new_id
from workshop.domain.local_resource import ChangeLocalResource, LocalResource, ResourceKind
from workshop.domain.meeting import Plan, ReplanMeeting
from workshop.domain.people import Actor, Role
from workshop.domain.process import DescribeProcess, Description
from workshop.domain.registration import Registration
from workshop.domain.sentence import AddSentence, RewriteSentence, Section, Wording
from workshop.domain.step import ExtendStep
from workshop.domain.synthesis import AnswerSentence, CloseReadBack, OpenReadBack, Rectify
from workshop.domain.work_table import RethemeTable, Theme
from workshop.private.registrations import add
from workshop.private.settings_kept import keep_setting
from workshop.private.staff import invite
from workshop.record.queries.processes import the_meeting, the_process
from workshop.record.queries.syntheses import sentences_of
from workshop.record.queries.tables import the_table

_turn = count()


def words(most: int) -> str:
    return medley(next(_turn) * 5, most)


def spoil(place: Furnished) -> list[str]:
    """The ids of the cards, one for each vector."""
    _of_the_process(place)
    guest = _of_people(place)
    cards = _of_cards(place, guest)
    _of_boards(place, cards)
    _of_syntheses(place, cards)
    return cards


def _of_the_process(place: Furnished) -> None:
    meeting, lead = place.meeting, place.actors["lead"]
    described = Description(
        title=words(160),
        subtitle=words(300),
        aim=words(2_000),
        territory=words(80),
        promoters=words(300),
        contact_email="javascript:alert(1)//@evil.example",
        contact_phone='"><img src=x onerror=alert(1)>058344',
    )
    meeting.do(DescribeProcess, lead, description=described, replaces=meeting.ask(the_process, meeting.process_id).versions)
    meeting.do(DescribeProcess, lead, description=described, replaces=("f" * 32,))  # a rival version, to be reviewed
    for meeting_id in (meeting.id, place.ids["draft_meeting"]):
        plan = Plan(title=words(200), date="2020-10-24", start="10:00", place=words(200), link="javascript:alert(document.domain)")
        seen = meeting.ask(the_meeting, meeting_id).versions
        meeting.do(ReplanMeeting, lead, meeting_id=meeting_id, plan=plan, reason=words(300), replaces=seen)
    told = {"title": words(160), "place": words(80), "actor_kind": words(120), "what": words(2_000), "source": words(300)}
    told |= {"tools": "\n".join(words(80).replace("\n", " ") for _ in range(3)), "transferable_if": words(300)}
    practice = {"good_practice_id": place.ids["good_practice_id"], "replaces": ("f" * 32,)}  # a second version, to be reviewed
    meeting.do(ChangeGoodPractice, lead, **practice, **told)
    offer = LocalResource(title=words(160), kind=ResourceKind.TIME, offered_by=words(160), terms=words(300))
    meeting.do(ChangeLocalResource, lead, local_resource_id=place.ids["local_resource_id"], resource=offer, replaces=("f" * 32,))
    for name in TABLES:
        table = meeting.ask(the_table, place.ids[name])
        theme = Theme(title=words(80), question=words(300))
        meeting.do(RethemeTable, lead, work_table_id=table.id, theme=theme, replaces=table.versions)


def _of_people(place: Furnished) -> Actor:
    """Somebody who came in at the first table."""
    house, meeting = place.building.house, place.meeting
    guests = []
    for n, nickname in enumerate(("<svg onload=alert(1)>", '"><script>alert(2)//', "{{7*7}}\u202e", "' autofocus onfocus='a")):
        guests.append(a_participant(meeting, place.ids[TABLES[n]], nickname=nickname, language="ar"))
        who = {"process_id": meeting.process_id, "meeting_id": meeting.id, "work_table_id": place.ids["here"]}
        house.keep_private(add, Registration(id=new_id(), **who, name=words(60), needs=words(60)))
        house.keep_private(invite, Role.SCRIBE, words(80), meeting.id, frozenset({place.ids["here"]}))
    for setting, most in {"wifi_name": 32, "wifi_password": 63, "name": 80}.items():
        house.keep_private(keep_setting, setting, words(most))
    return guests[0]


def _of_cards(place: Furnished, guest: Actor) -> list[str]:
    meeting, staff = place.meeting, place.actors["facilitator"]
    told = {"work_table_id": place.ids["here"], "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "channel": Channel.PAPER}
    cards = []
    for n, vector in enumerate(VECTORS):
        more = {"translation": VECTORS[n - 1], "language": "ar", "paper_number": "<b onx=1>"} if n % 7 == 0 else {}
        cards.append(meeting.do(EnterContribution, staff, **told, text=vector, **more).command_id)
    own = {"work_table_id": place.ids["here"], "step_id": meeting.steps["scrivi"], "kind": Kind.NEED, "text": words(280)}
    meeting.do(AddContribution, guest, **own)
    meeting.do(RedactContribution, staff, contribution_id=cards[-1], text=words(280), reason=words(200), replaces=(cards[-1],))
    meeting.do(TranslateContribution, staff, contribution_id=cards[-2], translation=words(280))
    for card in cards[::3]:
        meeting.do(TendContribution, staff, contribution_id=card, act="read")
    return cards


def _of_boards(place: Furnished, cards: list[str]) -> None:
    meeting, staff, ids = place.meeting, place.actors["facilitator"], place.ids
    for n in range(4):
        title = VECTORS[n * 11][:80]
        made = meeting.do(AddCluster, staff, work_table_id=ids["here"], title=title, contribution_ids=(cards[n],), replaces=(cards[n],))
        for _ in range(1 + n % 2):  # two at once: siblings
            titled = {"cluster_id": made.command_id, "title": words(80), "description": words(300), "replaces": (made.command_id,)}
            meeting.do(TitleCluster, staff, **titled)
    meeting.do(AddCluster, staff, work_table_id=ids["voting"], title=words(80))
    step = meeting.steps["scrivi"]
    meeting.do(ExtendStep, staff, meeting_id=meeting.id, work_table_id=ids["here"], step_id=step, minutes=5)


def _of_syntheses(place: Furnished, cards: list[str]) -> None:
    meeting, staff, ids = place.meeting, place.actors["facilitator"], place.ids
    meeting.do(LeaveOut, staff, contribution_id=cards[5], reason=words(200))
    meeting.do(CloseReadBack, staff, synthesis_id=ids["reading"])
    for table in ("here", "reading"):
        for section in Section:
            wording = Wording(text=words(500), who=words(300), first_step=words(300), due=words(80))
            evidence = tuple(cards[:3]) if table == "here" else ()
            said = {"synthesis_id": ids[table], "section": section, "wording": wording, "evidence": evidence}
            added = meeting.do(AddSentence, staff, **said).command_id
            if table == "here":
                for _ in range(2):  # two wordings side by side
                    rewritten = {"sentence_id": added, "wording": Wording(text=words(500)), "replaces": (added,)}
                    meeting.do(RewriteSentence, staff, **rewritten)
    ids["read_back"] = meeting.do(OpenReadBack, staff, synthesis_id=ids["reading"]).command_id
    asked = {"synthesis_id": ids["reading"], "read_back_id": ids["read_back"]}
    read = meeting.ask(sentences_of, ids["reading"])[-1].id
    meeting.do(AnswerSentence, place.actors["listener"], **asked, sentence_id=read, answer="object", objection=words(280))
    corrected = {"synthesis_id": ids["confirmed"], "sentence_id": ids["confirmed_sentence"], "of_number": 1}
    meeting.do(Rectify, meeting.lead, **corrected, wording=Wording(text=words(500)), reason=words(300))


def notes(ids: dict[str, str]) -> dict[str, str]:
    """The form that confirms what was read, with notes."""
    asked = {"command_id": new_id(), "read_back_id": ids["read_back"], "favour": "9", "against": "1", "abstain": "0"}
    return {**asked, "notes": words(500)}
