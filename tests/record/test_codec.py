"""Facts to bytes and back: nothing is lost on the way, and what cannot be read is held with a reason."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from sync.entry import Entry, Head, read_entry, seal
from tests.builders import Meeting, a_card, a_meeting, a_participant, a_room, a_step_open
from tests.record.full_history import a_full_history, entries_of
from tests.sync.histories import facts
from workshop.domain.contribution import ContributionAdded
from workshop.domain.dots import DotsCast
from workshop.domain.fact import FACTS, Edit, Fact
from workshop.domain.people import Actor, Role
from workshop.domain.synthesis import SentenceAnswered
from workshop.record import rows
from workshop.record.codec import UPCASTS, Held, Stub, read_fact, read_signed, replaces_of, write_body
from workshop.record.desk import DirectDesk
from workshop.record.fold import FOLDS

GOLDEN = Path(__file__).parent / "golden"
LEAD = Actor(role=Role.LEAD, id="a" * 32)
ABOUT = "3" * 32


def an_entry(body: bytes, kind: str = "screen.turned/1", wall: str = "2020-10-24T08:30Z", replaces: tuple[str, ...] = ()) -> Entry:
    head = Head(
        scope="1" * 32,
        stream="2" * 32,
        n=1,
        prev="",
        lamport=1,
        kind=kind,
        about=ABOUT,
        replaces=replaces,
        cause="5" * 32,
        wall=wall,
        body_hash="",
    )
    return seal(head, body)


def sealed(fact: Fact, actor: Actor = LEAD) -> Entry:
    return an_entry(write_body(fact, actor, "d" * 64), type(fact).kind, replaces=replaces_of(fact))


def golden_lines() -> list[tuple[str, bytes, bytes]]:
    """(kind, head, body) of every entry ever written down as an example."""
    found = []
    for path in sorted(GOLDEN.glob("*.ndjson")):
        for line in path.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            found.append((json.loads(told["head"])["kind"], told["head"].encode(), told["body"].encode()))
    return found


def as_json(value: object) -> Any:
    return json.loads(json.dumps(value))


@given(fact=facts)
def test_any_fact_survives_being_written_and_read(fact: Fact) -> None:
    assume("\\u0000" not in json.dumps(dataclasses.asdict(fact)))
    fact = dataclasses.replace(fact, about=ABOUT, **({"replaces": ("4" * 32,)} if replaces_of(fact) else {}))
    assert read_fact(sealed(fact)) == fact


def test_every_kind_of_fact_has_a_fold_and_a_golden_example() -> None:
    rows.every_noun()
    assert set(FOLDS) == set(FACTS.values())
    assert {kind for kind, _, _ in golden_lines()} >= set(FACTS)


@pytest.mark.parametrize(("kind", "head", "body"), golden_lines())
def test_a_golden_entry_is_still_read_as_it_was_written(kind: str, head: bytes, body: bytes) -> None:
    """Bytes never change: a new optional field may be added to a fact, none may go or be renamed without an upcast."""
    entry = read_entry(head, body)
    fact = read_fact(entry)
    assert type(fact) is FACTS[UPCASTS.get(kind, (kind, None))[0]]
    told = {name: value for name, value in json.loads(body).items() if name not in {"salt", "actor", "digest"}}
    assert {name: value for name, value in as_json(dataclasses.asdict(fact)).items() if name in told} == told
    assert entry.head.about == fact.about
    assert entry.head.replaces == replaces_of(fact)


def test_the_examples_have_an_edit_with_and_one_without_versions() -> None:
    replaced = {len(json.loads(head)["replaces"]) for kind, head, _ in golden_lines() if issubclass(FACTS[kind], Edit)}
    assert replaced >= {0, 1}


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_a_known_kind_without_its_body_is_a_stub(kind: str) -> None:
    whole = an_entry(b'{"salt":"0"}', kind)
    assert read_fact(read_entry(whole.head_bytes, None)) == Stub(FACTS[kind])


GOOD = '{"salt":"00","view":"wall","work_table_id":""}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "unreadable_body"),
        (b"\xff", "unreadable_body"),
        (b"[]", "unreadable_body"),
        (b'{"view":"wall"}', "unreadable_body"),
        (b"[" * 5_000, "unreadable_body"),
        (GOOD.replace("wall", "a\\u0000b").encode(), "unreadable_body"),
        (GOOD.replace("wall", "\\ud800").encode(), "unreadable_body"),
        (GOOD.replace('"wall"', "1.5").encode(), "unreadable_body"),
        (GOOD.replace('"wall"', "NaN").encode(), "unreadable_body"),
        (GOOD.replace('"wall"', str(2**53 + 1)).encode(), "unreadable_body"),
        (GOOD.replace('"wall"', '{"a\\u0000b":1}').encode(), "unreadable_body"),
        (GOOD.replace('"wall"', "7").encode(), "invalid_body"),
        (GOOD.replace('"view"', '"sight"').encode(), "invalid_body"),
    ],
)
def test_a_body_that_cannot_be_read_is_held_with_its_reason(body: bytes, reason: str) -> None:
    held = read_fact(an_entry(body))
    assert isinstance(held, Held)
    assert held.reason == reason


def test_a_kind_or_a_moment_that_nobody_knows_is_held() -> None:
    assert read_fact(an_entry(GOOD.encode(), "future.thing/1")) == Held("unknown_kind")
    assert read_fact(an_entry(GOOD.encode(), "screen.turned/2")) == Held("unknown_kind")
    assert read_fact(an_entry(GOOD.encode(), wall="2020-02-31T08:30Z")) == Held("invalid_wall")


def test_a_field_that_this_program_does_not_know_is_passed_over() -> None:
    newer = GOOD.replace("}", ',"colour":"green","nested":{"deep":[1,2]}}').encode()
    assert read_fact(an_entry(newer)) == read_fact(an_entry(GOOD.encode()))


@pytest.mark.parametrize("actor", [None, "me", [], {"role": 7}, {}])
def test_whoever_a_foreign_body_says_it_is_from_breaks_nothing(actor: object) -> None:
    signed = read_signed(an_entry(json.dumps({"salt": "00", "actor": actor, "digest": None}).encode()))
    assert signed.actor_id == ""


def test_an_old_kind_is_read_as_todays() -> None:
    UPCASTS["screen.shown/1"] = ("screen.turned/1", lambda body: {"view": body["what"]})
    try:
        old = an_entry(b'{"salt":"00","what":"clock"}', "screen.shown/1")
        assert read_fact(old) == FACTS["screen.turned/1"](about=ABOUT, view="clock")  # type: ignore[call-arg]
        assert read_fact(read_entry(old.head_bytes, None)) == Stub(FACTS["screen.turned/1"])
    finally:
        del UPCASTS["screen.shown/1"]


def test_the_salt_comes_first_and_is_never_the_same(tmp_path: Path) -> None:
    room = a_room(tmp_path, desk=DirectDesk)
    bodies = [entry.body_bytes or b"" for entry in entries_of(a_full_history(room))]
    salts = [re.match(rb'\{"salt":"([0-9a-f]{32})",', body) for body in bodies]
    assert all(salts)
    assert len({salt[1] for salt in salts if salt}) == len(bodies)
    room.close()


def test_a_vote_names_no_actor(tmp_path: Path) -> None:
    room = a_room(tmp_path, desk=DirectDesk)
    votes = [entry for entry in entries_of(a_full_history(room)) if isinstance(read_fact(entry), DotsCast | SentenceAnswered)]
    assert len(votes) == 2
    assert ["actor" in json.loads(vote.body_bytes or b"") for vote in votes] == [False, False]
    room.close()


def test_a_card_says_who_sent_it_in_its_body_only(tmp_path: Path) -> None:
    room = a_room(tmp_path, desk=DirectDesk)
    meeting = a_meeting(room)
    who = a_card_by(meeting)
    [card] = [entry for entry in entries_of(meeting) if isinstance(read_fact(entry), ContributionAdded)]
    assert read_signed(card).actor_id == who.id
    assert who.id.encode() not in card.head_bytes
    room.close()


def a_card_by(meeting: Meeting) -> Actor:
    a_step_open(meeting, "scrivi")
    who = a_participant(meeting)
    a_card(meeting, who)
    return who
