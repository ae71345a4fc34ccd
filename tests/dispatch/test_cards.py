"""Cards through the front door: numbers, quota, late cards, corrections, and who may touch whose."""

import pytest

from tests.builders import (
    Meeting,
    Room,
    a_card,
    a_facilitator,
    a_meeting,
    a_participant,
    a_scribe,
    a_step_open,
    an_organiser,
)
from workshop.domain.contribution import (
    AddContribution,
    CannotMergeHere,
    CardIsGone,
    Channel,
    CorrectContribution,
    Kind,
    KindNotAskedFor,
    LeaveOut,
    MergeContribution,
    QuotaUsed,
    RedactContribution,
    TendContribution,
    TranslateContribution,
    WithdrawContribution,
)
from workshop.domain.meeting import MoveMeeting, SetRunningSheet
from workshop.domain.people import NOBODY, Actor
from workshop.domain.refusal import NotAllowed, NotFound, SignInFirst
from workshop.domain.step import StepIsNotFor, StepNotOpenYet
from workshop.record.queries.cards import Card, cards_of_participant, cards_of_table, the_card
from workshop.record.queries.numbers import cards_to_review


@pytest.fixture
def collecting(meeting: Meeting) -> Meeting:
    a_step_open(meeting, "scrivi")
    return meeting


@pytest.fixture
def guest(collecting: Meeting) -> Actor:
    return a_participant(collecting)


def cards(meeting: Meeting, table: str = "") -> list[Card]:
    return meeting.ask(cards_of_table, table or meeting.table)


def test_cards_of_three_channels_stand_side_by_side(collecting: Meeting, guest: Actor) -> None:
    scribe = a_scribe(collecting)
    a_card(collecting, guest, "Dal telefono")
    a_card(collecting, scribe, "A voce", channel=Channel.SCRIBE)
    a_card(collecting, scribe, "Su carta", paper_number="T1-9")
    assert [(card.code, card.number, card.channel, card.text) for card in cards(collecting)] == [
        ("01", 1, "phone", "Dal telefono"),
        ("02", 2, "scribe", "A voce"),
        ("03", 3, "paper", "Su carta"),
    ]


def test_numbers_run_through_the_meeting_and_codes_through_each_table(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    for table in meeting.tables:
        a_step_open(meeting, "scrivi", table)
    for table in (*meeting.tables, meeting.tables[0]):
        a_card(meeting, a_participant(meeting, table))
    assert [(card.code, card.number) for card in cards(meeting)] == [("01", 1), ("02", 3)]
    assert [(card.code, card.number) for card in cards(meeting, meeting.tables[1])] == [("01", 2)]


def test_the_quota_is_for_each_person_and_step_and_a_withdrawn_card_gives_its_place_back(collecting: Meeting, guest: Actor) -> None:
    sent = [a_card(collecting, guest, f"Cartoncino {n}") for n in range(4)]
    with pytest.raises(QuotaUsed) as refused:
        a_card(collecting, guest, "Uno di troppo")
    assert refused.value.detail == {"quota": 4}
    a_card(collecting, a_participant(collecting), "Di un'altra persona")
    collecting.do(WithdrawContribution, guest, contribution_id=sent[0])
    a_card(collecting, guest, "Al suo posto")
    assert len(cards(collecting)) == 6


def test_paper_has_no_quota(collecting: Meeting) -> None:
    scribe = a_scribe(collecting)
    for n in range(6):
        a_card(collecting, scribe, f"Cartoncino {n}")
    assert len(cards(collecting)) == 6


def test_a_card_before_its_step_is_refused_and_after_it_is_kept_late(meeting: Meeting) -> None:
    guest = a_participant(meeting)
    with pytest.raises(StepNotOpenYet):
        a_card(meeting, guest)
    a_step_open(meeting, "scrivi")
    a_card(meeting, guest, "In tempo")
    a_step_open(meeting, "lettura")
    a_card(meeting, guest, "Rimasto nel telefono")
    assert [(card.text, card.late) for card in cards(meeting)] == [("In tempo", False), ("Rimasto nel telefono", True)]


def test_a_card_after_the_meeting_is_late_though_nobody_closed_the_step(collecting: Meeting, guest: Actor) -> None:
    collecting.do(MoveMeeting, collecting.lead, meeting_id=collecting.id, state="closed")
    a_card(collecting, guest, "Dal pullman")
    collecting.do(MoveMeeting, collecting.lead, meeting_id=collecting.id, state="reported")
    a_card(collecting, guest, "Da casa")
    assert [card.late for card in cards(collecting)] == [True, True]


def test_a_card_for_a_running_sheet_that_was_replaced_still_comes_in(collecting: Meeting, guest: Actor) -> None:
    collecting.do(SetRunningSheet, collecting.lead, meeting_id=collecting.id, pack="world-cafe")
    a_card(collecting, guest, "Per il programma di prima")
    assert [card.text for card in cards(collecting)] == ["Per il programma di prima"]


def test_a_card_says_what_the_step_asks_for(collecting: Meeting, guest: Actor) -> None:
    with pytest.raises(KindNotAskedFor) as refused:
        a_card(collecting, guest, kind=Kind.VISION)
    assert refused.value.detail == {"kinds": ("viewpoint", "need", "experience", "concern", "proposal")}
    with pytest.raises(StepIsNotFor):
        a_card(collecting, guest, key="giro")
    with pytest.raises(NotFound):
        collecting.do(AddContribution, guest, work_table_id=collecting.table, step_id="f" * 32, kind=Kind.NEED, text="Per nessun passo")


def test_a_card_is_written_at_ones_own_table_by_somebody(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    for table in meeting.tables:
        a_step_open(meeting, "scrivi", table)
    guest = a_participant(meeting)
    with pytest.raises(NotAllowed):
        a_card(meeting, guest, work_table_id=meeting.tables[1])
    with pytest.raises(NotAllowed):
        a_card(meeting, a_scribe(meeting), work_table_id=meeting.tables[1])
    with pytest.raises(NotAllowed):
        a_card(meeting, an_organiser(), work_table_id=meeting.table)
    with pytest.raises(SignInFirst):
        meeting.do(AddContribution, NOBODY, work_table_id=meeting.table, step_id=meeting.steps["scrivi"], kind=Kind.NEED, text="Di nessuno")
    a_card(meeting, meeting.lead, work_table_id=meeting.tables[1])


def test_a_correction_replaces_what_its_author_saw(collecting: Meeting, guest: Actor) -> None:
    card = a_card(collecting, guest, "Servono fasiatoi")
    collecting.do(CorrectContribution, guest, contribution_id=card, text="Servono fasciatoi", replaces=(card,))
    shown = collecting.ask(the_card, card)
    assert (shown.text, shown.other_texts) == ("Servono fasciatoi", ())


def test_two_corrections_at_once_are_both_kept_until_one_replaces_both(collecting: Meeting, guest: Actor) -> None:
    card = a_card(collecting, guest, "Servono fasiatoi")
    for text in ("Servono fasciatoi", "Servono due fasciatoi"):
        collecting.do(CorrectContribution, guest, contribution_id=card, text=text, replaces=(card,))
    both = collecting.ask(the_card, card)
    assert (both.text, both.other_texts) == ("Servono due fasciatoi", ("Servono fasciatoi",))
    collecting.do(CorrectContribution, guest, contribution_id=card, text="Servono tre fasciatoi", replaces=both.text_versions)
    settled = collecting.ask(the_card, card)
    assert (settled.text, settled.other_texts) == ("Servono tre fasciatoi", ())


def test_a_version_that_names_itself_as_replaced_is_still_shown(collecting: Meeting, guest: Actor) -> None:
    card, version = a_card(collecting, guest, "Servono fasiatoi"), "e" * 31 + "1"
    told = {"contribution_id": card, "text": "Servono fasciatoi", "replaces": (card, version)}
    collecting.do(CorrectContribution, guest, command_id=version, **told)
    assert collecting.ask(the_card, card).text == "Servono fasciatoi"


def test_a_withdrawn_card_leaves_the_table_and_its_code_is_not_given_again(collecting: Meeting, guest: Actor) -> None:
    card = a_card(collecting, guest)
    collecting.do(WithdrawContribution, guest, contribution_id=card)
    a_card(collecting, guest, "Un altro")
    gone, left = cards(collecting)
    assert (gone.withdrawn, gone.text, gone.counts, left.code) == (True, None, False, "02")
    with pytest.raises(CardIsGone):
        collecting.do(CorrectContribution, guest, contribution_id=card, text="Ci ripenso", replaces=(card,))


def test_nobody_corrects_or_withdraws_somebody_elses_card(collecting: Meeting, guest: Actor) -> None:
    card = a_card(collecting, guest)
    for other in (a_participant(collecting), a_facilitator(collecting), collecting.lead):
        with pytest.raises(NotAllowed):
            collecting.do(CorrectContribution, other, contribution_id=card, text="Altre parole", replaces=(card,))
        with pytest.raises(NotAllowed):
            collecting.do(WithdrawContribution, other, contribution_id=card)


def test_a_card_that_looks_personal_waits_for_review(collecting: Meeting, guest: Actor) -> None:
    scribe, card = a_scribe(collecting), a_card(collecting, guest, "Mi chiamo Giulia, anna@example.org")
    a_card(collecting, guest, "Servono fasciatoi")
    waiting = collecting.ask(the_card, card)
    assert (waiting.hints, waiting.is_for_the_room) == (("email", "name"), False)
    assert collecting.ask(cards_to_review, collecting.id) == {collecting.table: 1}
    collecting.do(TendContribution, scribe, contribution_id=card, act="reviewed")
    assert collecting.ask(the_card, card).is_for_the_room
    assert collecting.ask(cards_to_review, collecting.id) == {}


def test_what_is_written_after_a_review_is_reviewed_again(collecting: Meeting, guest: Actor) -> None:
    scribe, card = a_scribe(collecting), a_card(collecting, guest, "Scrivete a anna@example.org")
    collecting.do(TendContribution, scribe, contribution_id=card, act="reviewed")
    collecting.do(CorrectContribution, guest, contribution_id=card, text="Chiamate il 348 123 4567", replaces=(card,))
    assert collecting.ask(the_card, card).hints == ("phone",)
    assert collecting.ask(cards_to_review, collecting.id) == {collecting.table: 1}
    collecting.do(WithdrawContribution, guest, contribution_id=card)
    assert collecting.ask(cards_to_review, collecting.id) == {}


def test_a_redaction_shows_other_words_and_its_reason_and_keeps_the_first(collecting: Meeting, guest: Actor) -> None:
    scribe, card = a_scribe(collecting), a_card(collecting, guest, "La signora Bianchi grida")
    told = {"contribution_id": card, "text": "Una persona grida", "reason": "nome tolto", "replaces": (card,)}
    version = collecting.do(RedactContribution, scribe, **told).command_id
    shown = collecting.ask(the_card, card)
    assert (shown.text, shown.redacted, shown.redact_reason, shown.hints) == ("Una persona grida", True, "nome tolto", ())
    collecting.do(CorrectContribution, guest, contribution_id=card, text="La signora Bianchi urla", replaces=(version,))
    assert collecting.ask(the_card, card).hints == ("name",)


def test_small_acts_of_the_facilitator_show_on_the_card(collecting: Meeting, guest: Actor) -> None:
    facilitator, card = a_facilitator(collecting), a_card(collecting, guest)
    for act in ("read", "confirmed"):
        collecting.do(TendContribution, facilitator, contribution_id=card, act=act)
    collecting.do(TranslateContribution, facilitator, contribution_id=card, translation="We need changing tables")
    collecting.do(LeaveOut, facilitator, contribution_id=card, reason="fuori tema")
    shown = collecting.ask(the_card, card)
    assert (shown.was_read, shown.confirmed, shown.translation, shown.left_out) == (True, True, "We need changing tables", "fuori tema")
    collecting.do(LeaveOut, facilitator, contribution_id=card, reason="")
    assert collecting.ask(the_card, card).left_out == ""


def test_staff_of_another_table_touch_no_card_here(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    a_step_open(meeting, "scrivi")
    card = a_card(meeting, a_participant(meeting))
    stranger = a_facilitator(meeting, meeting.tables[1])
    with pytest.raises(NotAllowed):
        meeting.do(TendContribution, stranger, contribution_id=card, act="read")
    with pytest.raises(NotAllowed):
        meeting.do(RedactContribution, stranger, contribution_id=card, text="Altro testo", reason="prova", replaces=(card,))


def test_a_card_said_twice_keeps_both_texts_and_counts_them(collecting: Meeting, guest: Actor) -> None:
    facilitator = a_facilitator(collecting)
    kept, same = a_card(collecting, guest, "Servono fasciatoi"), a_card(collecting, guest, "Mancano fasciatoi")
    version = collecting.do(MergeContribution, facilitator, contribution_id=same, into_id=kept).command_id
    shown = collecting.ask(the_card, kept)
    assert (shown.times_said, [card.text for card in shown.merged]) == (2, ["Mancano fasciatoi"])
    assert [card.counts for card in cards(collecting)] == [True, False]
    collecting.do(MergeContribution, facilitator, contribution_id=same, into_id="", replaces=(version,))
    assert [card.counts for card in cards(collecting)] == [True, True]


def test_merged_cards_make_no_chain(collecting: Meeting, guest: Actor) -> None:
    facilitator = a_facilitator(collecting)
    one, two, three = (a_card(collecting, guest, f"Cartoncino {n}") for n in range(3))
    collecting.do(MergeContribution, facilitator, contribution_id=two, into_id=one)
    for card, into in ((three, two), (one, three)):
        with pytest.raises(CannotMergeHere):
            collecting.do(MergeContribution, facilitator, contribution_id=card, into_id=into)


def test_a_card_merged_into_a_withdrawn_one_stands_on_its_own_again(collecting: Meeting, guest: Actor) -> None:
    facilitator = a_facilitator(collecting)
    kept, same = a_card(collecting, guest, "Servono fasciatoi"), a_card(collecting, a_participant(collecting), "Mancano fasciatoi")
    collecting.do(MergeContribution, facilitator, contribution_id=same, into_id=kept)
    collecting.do(WithdrawContribution, guest, contribution_id=kept)
    assert [(card.text, card.counts) for card in cards(collecting)] == [(None, False), ("Mancano fasciatoi", True)]


def test_people_see_their_own_cards_the_newest_first(room: Room) -> None:
    meeting = a_meeting(room, tables=2)
    for table in meeting.tables:
        a_step_open(meeting, "scrivi", table)
    guest = a_participant(meeting)
    a_card(meeting, guest, "Il primo")
    a_card(meeting, a_participant(meeting), "Di un'altra persona")
    a_card(meeting, Actor(role=guest.role, id=guest.id, tables=frozenset({meeting.tables[1]})), "Al secondo tavolo")
    mine = meeting.ask(cards_of_participant, guest.id)
    assert [(card.text, card.code) for card in mine] == [("Al secondo tavolo", "01"), ("Il primo", "01")]
