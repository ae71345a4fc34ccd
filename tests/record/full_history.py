"""A day in which everything happens once: at least one fact of every kind. `python -m tests.record.full_history FILE` writes it down."""

import json
import sys
import tempfile
from functools import partial
from pathlib import Path

from sync.entry import Entry
from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_cluster,
    a_facilitator,
    a_meeting,
    a_participant,
    a_photo,
    a_practice,
    a_resource,
    a_room,
    a_scribe,
    a_sentence,
    a_step_open,
    move_step,
)
from workshop.domain.cluster import MergeCluster, MoveCards, OrderCluster, TitleCluster, UndoBoardAct
from workshop.domain.contribution import (
    CorrectContribution,
    LeaveOut,
    MergeContribution,
    RedactContribution,
    TendContribution,
    TranslateContribution,
    WithdrawContribution,
)
from workshop.domain.dots import CastDots, CountPaperDots
from workshop.domain.erasure import ErasureConfirmed, WordsErased
from workshop.domain.fact import Fact
from workshop.domain.good_practice import ChangeGoodPractice, RemoveGoodPractice
from workshop.domain.ids import new_id
from workshop.domain.limits import LimitStep
from workshop.domain.local_resource import ChangeLocalResource, LocalResource, RemoveLocalResource, ResourceKind
from workshop.domain.meeting import MoveMeeting, Plan, ReplanMeeting
from workshop.domain.participant import TakeSeat
from workshop.domain.people import NOBODY, Actor
from workshop.domain.photo import RemovePhoto
from workshop.domain.process import DescribeProcess, Description
from workshop.domain.review import NoteDifference
from workshop.domain.screen import TurnScreen
from workshop.domain.sentence import CiteEvidence, PlaceSentence, RemoveSentence, RewriteSentence, Section, Wording
from workshop.domain.step import ExtendStep
from workshop.domain.synthesis import (
    AnswerSentence,
    CountHands,
    DeclareNoMinority,
    KeepObjection,
    OpenReadBack,
    Rectify,
    TurnPage,
    Validate,
)
from workshop.domain.work_table import CallHelp, MoveTable, RethemeTable, Theme
from workshop.record.desk import DirectDesk
from workshop.record.log import entries_in_order
from workshop.record.queries.syntheses import answers_to, sentences_of
from workshop.record.writer import Writer


def a_full_history(room: Room) -> Meeting:
    meeting = a_meeting(room, tables=2)
    facilitator, guest = a_facilitator(meeting), a_participant(meeting, category="family")
    _arrange(meeting)
    _prepare(meeting)
    cards = _collect(meeting, guest)
    cluster = _arrange_board(meeting, facilitator, cards)
    _vote(meeting, guest, cluster)
    _write(meeting, facilitator, cards, cluster)
    _confirm(meeting, facilitator, guest)
    _erase(meeting)
    meeting.do(NoteDifference, meeting.lead, thing_id=meeting.table, matter="double:codes", seen="0" * 16)
    meeting.do(MoveTable, facilitator, work_table_id=meeting.table, state="closed")
    meeting.do(MoveMeeting, meeting.lead, meeting_id=meeting.id, state="closed")
    return meeting


def entries_of(meeting: Meeting) -> list[Entry]:
    with meeting.room.store.readers.connect() as connection:
        return list(entries_in_order(connection, meeting.process_id))


def _erase(meeting: Meeting) -> None:
    """Of an entry that is not here: every body stays, so that every kind has one."""
    erased = WordsErased(about=new_id(), entries=("0" * 64,), cards=1, asked_by="organiser")
    for fact in (erased, ErasureConfirmed(about=erased.about, place="3f9a1c0b7d2e")):
        meeting.room.desk.submit(partial(_append, meeting.process_id, fact))


def _append(scope: str, fact: Fact, writer: Writer) -> None:
    writer.append(scope, fact, new_id(), NOBODY)


def _arrange(meeting: Meeting) -> None:
    lead, table = meeting.lead, meeting.table
    described = Description(title="Lucca In famiglia", subtitle="Percorso partecipativo", contact_email="famiglia@example.org")
    meeting.do(DescribeProcess, lead, description=described)
    plan = Plan(title="Laboratorio", date="2020-10-24", start="10:00", end="17:00", place="San Micheletto")
    meeting.do(ReplanMeeting, lead, meeting_id=meeting.id, plan=plan, reason="sala più grande")
    meeting.do(RethemeTable, lead, work_table_id=table, theme=Theme(title="Spazi per le famiglie", question="Che cosa serve?"))
    meeting.do(TurnScreen, lead, meeting_id=meeting.id, view="wall", work_table_id=table)
    kept, shows_people = a_photo(meeting, data=b"kept"), a_photo(meeting, data=b"shows people")
    assert kept != shows_people
    meeting.do(RemovePhoto, lead, photo_id=shows_people, reason="si riconosce una persona")
    meeting.do(LimitStep, lead, meeting_id=meeting.id, step_id=meeting.steps["bollini"], votes=4, per_item=3)
    meeting.do(CallHelp, lead, work_table_id=table, state="coming")
    mover = a_participant(meeting)
    meeting.do(TakeSeat, mover, participant_id=mover.id, work_table_id=meeting.tables[1])


def _prepare(meeting: Meeting) -> None:
    """What the tables find: one of each that is changed, one of each that is removed."""
    lead, practice, unfit = meeting.lead, a_practice(meeting), a_practice(meeting, "Da un altro percorso")
    told = {"title": "Family Share", "what": "Genitori che si organizzano.", "tools": "banca del tempo", "source": "Webinar"}
    meeting.do(ChangeGoodPractice, lead, good_practice_id=practice, **told, replaces=(practice,))
    meeting.do(RemoveGoodPractice, lead, good_practice_id=unfit, replaces=(unfit,))
    resource, withdrawn = a_resource(meeting), a_resource(meeting, "Un prestito", ResourceKind.MONEY)
    offered = LocalResource(title="Sala della biblioteca", kind=ResourceKind.SPACE, offered_by="Biblioteca", terms="fino a 25 persone")
    meeting.do(ChangeLocalResource, lead, local_resource_id=resource, resource=offered, replaces=(resource,))
    meeting.do(RemoveLocalResource, lead, local_resource_id=withdrawn, replaces=(withdrawn,))


def _collect(meeting: Meeting, guest: Actor) -> list[str]:
    scribe, step = a_scribe(meeting), a_step_open(meeting, "scrivi")
    meeting.do(ExtendStep, meeting.lead, meeting_id=meeting.id, work_table_id=meeting.table, step_id=step, minutes=5)
    kept = a_card(meeting, guest, "Servono fasciatoi nei bagni")
    same = a_card(meeting, scribe, "Mancano fasciatoi", paper_number="T1-2", translation="Changing tables are missing")
    named = a_card(meeting, guest, "La signora Bianchi è gentile")
    gone = a_card(meeting, guest, "Questo no")
    meeting.do(CorrectContribution, guest, contribution_id=kept, text="Servono fasciatoi in tutti i bagni", replaces=(kept,))
    meeting.do(RedactContribution, scribe, contribution_id=named, text="Una persona è gentile", reason="nome tolto", replaces=(named,))
    meeting.do(WithdrawContribution, guest, contribution_id=gone)
    meeting.do(TendContribution, scribe, contribution_id=kept, act="read")
    meeting.do(TranslateContribution, scribe, contribution_id=kept, translation="Changing tables in every toilet")
    meeting.do(MergeContribution, scribe, contribution_id=same, into_id=kept)
    meeting.do(LeaveOut, scribe, contribution_id=named, reason="non riguarda il tema")
    return [kept, same, named]


def _arrange_board(meeting: Meeting, who: Actor, cards: list[str]) -> str:
    cluster, other = a_cluster(meeting, who, "Bagni", cards[:1]), a_cluster(meeting, who, "Altro")
    meeting.do(TitleCluster, who, cluster_id=cluster, title="Servono bagni per tutti", replaces=(cluster,))
    meeting.do(OrderCluster, who, cluster_id=other, position=50)
    meeting.do(MergeCluster, who, cluster_id=other, into_id=cluster)
    meeting.do(MoveCards, who, work_table_id=meeting.table, contribution_ids=tuple(cards[2:]), place="parked")
    mistake = a_cluster(meeting, who, "Per sbaglio")
    meeting.do(UndoBoardAct, who, work_table_id=meeting.table, act_id=mistake)
    return cluster


def _vote(meeting: Meeting, guest: Actor, cluster: str) -> None:
    step = a_step_open(meeting, "bollini")
    meeting.do(CastDots, guest, work_table_id=meeting.table, step_id=step, dots={cluster: 2})
    told = {"work_table_id": meeting.table, "step_id": step, "dots": {cluster: 3}, "ballots": 2}
    meeting.do(CountPaperDots, a_scribe(meeting), **told)
    move_step(meeting, "bollini", "closed")


def _write(meeting: Meeting, who: Actor, cards: list[str], cluster: str) -> None:
    a_sentence(meeting, who, "Il tavolo ha parlato di spazi.", Section.FRAME, evidence=(cluster,))
    shared = a_sentence(meeting, who, "Servono bagni.", evidence=(cluster,))
    spare = a_sentence(meeting, who, "Una frase di troppo")
    wording = Wording(text="Servono bagni attrezzati.")
    meeting.do(RewriteSentence, who, sentence_id=shared, wording=wording, replaces=(shared,))
    meeting.do(CiteEvidence, who, sentence_id=shared, evidence_id=cards[0])
    meeting.do(PlaceSentence, who, sentence_id=shared, position=150)
    meeting.do(RemoveSentence, who, sentence_id=spare)
    meeting.do(DeclareNoMinority, who, synthesis_id=meeting.table)


def _confirm(meeting: Meeting, who: Actor, guest: Actor) -> None:
    at = {"synthesis_id": meeting.table}
    first = meeting.do(OpenReadBack, who, **at).command_id
    frame, shared = (s.id for s in meeting.ask(sentences_of, meeting.table) if not s.removed)
    meeting.do(TurnPage, who, **at, index=1)
    meeting.do(CountHands, who, **at, read_back_id=first, sentence_id=frame, agree=9, object=0)
    told = {"read_back_id": first, "sentence_id": shared, "answer": "object", "objection": "Gli orari non vanno"}
    meeting.do(AnswerSentence, guest, **at, **told)
    [(objection, _)] = meeting.ask(answers_to, first)[shared].objections
    meeting.do(KeepObjection, who, **at, read_back_id=first, answer_id=objection)
    again = meeting.do(OpenReadBack, who, **at).command_id
    meeting.do(Validate, who, **at, read_back_id=again, favour=9, against=1, abstain=0, notes="una astensione a voce")
    number = 2
    wording = Wording(text="Servono bagni attrezzati e puliti.")
    meeting.do(Rectify, meeting.lead, **at, sentence_id=shared, wording=wording, reason="parola mancante", of_number=number)


def main(path: str) -> None:
    room = a_room(Path(tempfile.mkdtemp()), desk=DirectDesk)
    with Path(path).open("x", encoding="utf-8") as lines:
        for entry in entries_of(a_full_history(room)):
            body = (entry.body_bytes or b"").decode()
            lines.write(json.dumps({"head": entry.head_bytes.decode(), "body": body}, ensure_ascii=False) + "\n")
    room.close()


if __name__ == "__main__":
    main(sys.argv[1])
