"""Which bodies leave the laptop: all heads travel, the profile decides about the words, and a wider one sends them later."""

from collections.abc import Callable

import pytest

from sync.entry import Entry
from sync.exchange import exchange
from sync.log import EVERYTHING, Load
from tests.builders import Meeting, a_card, a_meeting, a_participant, a_step_open
from tests.sync.conftest import Place
from tests.sync.streams import Beside, a_stream, all_of, new_id, raws
from workshop.domain.fact import FACTS
from workshop.domain.profiles import OF_SINGLE_PEOPLE, OF_THE_CARDS, OF_THE_TABLE, TRAVELS, Profile, Sent, sent_of
from workshop.record.fold import rows_digest
from workshop.record.peers import PeerLog
from workshop.record.queries.cards import cards_of_table
from workshop.record.verify import verify

WORDS = "Servono fasciatoi"


@pytest.fixture(params=["sqlite", "postgresql"])
def centre(request: pytest.FixtureRequest, a_place: Callable[[str], Place]) -> Place:
    return a_place(request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


@pytest.fixture
def meeting(a_place: Callable[[str], Place]) -> Meeting:
    made = a_meeting(a_place("").room)
    a_step_open(made, "scrivi")
    a_card(made, a_participant(made), WORDS)
    return made


def log_of(meeting: Meeting) -> PeerLog:
    return PeerLog(meeting.room.store, meeting.room.desk)


def sent(meeting: Meeting, centre: Place, profile: Profile) -> Sent:
    outcome = exchange(log_of(meeting), Beside(centre.log), meeting.process_id, load=Load(TRAVELS[profile]))
    assert outcome.identical
    return sent_of(outcome.bodies)


def bodies_at(place: Place, meeting: Meeting) -> dict[str, bool]:
    """Kinds at the centre, and whether their bodies are there."""
    return {entry.head.kind: entry.body_bytes is not None for entry in all_of(place.log, meeting.process_id)}


def heads(log: PeerLog, scope: str) -> list[bytes]:
    return [entry.head_bytes for entry in all_of(log, scope)]


def test_every_kind_of_fact_stands_in_exactly_one_list() -> None:
    """A new kind: decide whose words its body holds, and write it into workshop/domain/profiles.py."""
    assert sorted((*OF_THE_TABLE, *OF_THE_CARDS, *OF_SINGLE_PEOPLE)) == sorted(FACTS)


def test_what_single_people_did_never_travels_as_it_is() -> None:
    assert {"dots.cast/1", "participant.joined/1", "seat.taken/1", "synthesis.sentence_answered/1"} <= OF_SINGLE_PEOPLE
    assert all(not kinds & OF_SINGLE_PEOPLE for kinds in TRAVELS.values())


def test_all_heads_travel_and_only_the_bodies_of_the_profile(meeting: Meeting, centre: Place) -> None:
    sent(meeting, centre, Profile.SYNTHESES)
    assert heads(centre.log, meeting.process_id) == heads(log_of(meeting), meeting.process_id)
    assert all(is_there == (kind in OF_THE_TABLE) for kind, is_there in bodies_at(centre, meeting).items())
    assert WORDS.encode() not in b"".join(entry.body_bytes or b"" for entry in all_of(centre.log, meeting.process_id))
    assert verify(centre.room.store).is_good


def test_no_body_of_the_syntheses_names_a_participant(meeting: Meeting, centre: Place) -> None:
    who = a_participant(meeting)
    a_card(meeting, who, WORDS)
    sent(meeting, centre, Profile.SYNTHESES)
    assert who.id.encode() not in b"".join(entry.body_bytes or b"" for entry in all_of(centre.log, meeting.process_id))


def test_a_wider_profile_sends_the_bodies_at_the_next_contact(meeting: Meeting, centre: Place) -> None:
    assert sent(meeting, centre, Profile.SYNTHESES).cards == 0
    assert centre.room.ask(cards_of_table, meeting.table) == []
    assert sent(meeting, centre, Profile.CONTRIBUTIONS).cards == 1
    assert [card.text for card in centre.room.ask(cards_of_table, meeting.table)] == [WORDS]
    assert bodies_at(centre, meeting)["participant.joined/1"] is False
    assert verify(centre.room.store).is_good


def test_a_narrower_profile_takes_nothing_back_and_sends_no_more(meeting: Meeting, centre: Place) -> None:
    sent(meeting, centre, Profile.CONTRIBUTIONS)
    a_card(meeting, a_participant(meeting), "Altre parole")
    assert sent(meeting, centre, Profile.SYNTHESES) == Sent()
    assert [card.text for card in centre.room.ask(cards_of_table, meeting.table)] == [WORDS]


def test_profiles_in_any_order_end_in_the_same_rows(meeting: Meeting, centre: Place, a_place: Callable[[str], Place]) -> None:
    at_once = a_place("")
    sent(meeting, at_once, Profile.CONTRIBUTIONS)
    sent(meeting, centre, Profile.SYNTHESES)
    sent(meeting, centre, Profile.CONTRIBUTIONS)
    assert centre.room.ask(rows_digest) == at_once.room.ask(rows_digest)


def test_nothing_to_send_names_no_withheld_body(meeting: Meeting, centre: Place) -> None:
    """Else every contact would carry a hash for each card that stays on purpose."""
    sent(meeting, centre, Profile.SYNTHESES)
    load = Load(TRAVELS[Profile.SYNTHESES])
    assert centre.log.tips(meeting.process_id, load).withheld == frozenset()
    assert centre.log.tips(meeting.process_id).withheld != frozenset()


def test_a_missing_body_that_should_travel_is_not_called_identical(meeting: Meeting, centre: Place) -> None:
    entries = all_of(log_of(meeting), meeting.process_id)
    centre.log.receive(meeting.process_id, [raw._replace(body=None) for raw in raws(entries)])
    load = Load(TRAVELS[Profile.SYNTHESES])
    assert centre.log.digest(meeting.process_id, load) != log_of(meeting).digest(meeting.process_id, load)
    assert centre.log.digest(meeting.process_id, Load(frozenset())) == log_of(meeting).digest(meeting.process_id, Load(frozenset()))


def test_kinds_that_nobody_named_stay(a_place: Callable[[str], Place]) -> None:
    here, there, scope = a_place(""), a_place(""), new_id()
    stream: list[Entry] = a_stream(scope, 3)
    here.log.receive(scope, raws(stream))
    exchange(here.log, Beside(there.log), scope, load=Load(TRAVELS[Profile.CONTRIBUTIONS]))
    assert [entry.body_bytes for entry in all_of(there.log, scope)] == [None] * 3
    exchange(here.log, Beside(there.log), scope, load=EVERYTHING)
    assert all_of(there.log, scope) == stream


def test_a_receipt_speaks_of_things_that_people_know() -> None:
    bodies = {"synthesis.validated/1": 6, "cluster.added/1": 18, "sentence.added/1": 40, "step.moved/1": 90}
    assert sent_of(bodies) == Sent(syntheses=6, groups=18, sentences=40)
    assert sent_of({"dots.cast/1": 2}).personal == 2
