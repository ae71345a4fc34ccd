"""What two laptops did apart is found on both databases: all of it, nothing else, and the same on every computer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.builders import Meeting, a_card, a_cluster, a_room, a_sentence
from tests.record.played import Day, moves
from workshop.domain.cluster import MoveCards
from workshop.domain.contribution import CorrectContribution
from workshop.domain.ids import new_id
from workshop.domain.review import KeepVersion, NoteDifference, seen_of
from workshop.domain.sentence import RewriteSentence, Wording
from workshop.record.desk import DirectDesk
from workshop.record.fold import rebuild
from workshop.record.queries.cards import cards_of_table
from workshop.record.queries.doubles import doubles_in
from workshop.record.queries.fields import versions_shown
from workshop.record.queries.review import Matter, the_review
from workshop.record.queries.siblings import Siblings, siblings_in
from workshop.record.queries.subjects import subjects
from workshop.record.rows.fields import version


@pytest.fixture
def centre_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def day(tmp_path: Path, centre_url: str) -> Iterator[Day]:
    """Two laptops on SQLite and a centre on PostgreSQL."""
    made = []
    for name, url in (("one", ""), ("other", ""), ("centre", centre_url)):
        (tmp_path / name).mkdir()
        made.append(a_room(tmp_path / name, url, DirectDesk))
    yield Day(made)
    for room in made:
        room.close()


def found(meeting: Meeting) -> list[tuple[str, str, str]]:
    return [(m.about, m.matter, m.seen) for m in meeting.ask(the_review, meeting.process_id)]


def everything_apart(day: Day) -> tuple[str, str]:
    """A sentence and a card that both laptops know, edited and moved on each."""
    one, other = day.meetings[:2]
    card = a_card(one, day.people[0])
    sentence = a_sentence(one, day.staff, "Servono bagni.", evidence=(card,))
    day.exchange()
    for meeting, text in ((one, "Servono bagni puliti"), (other, "Servono bagni per tutti")):
        group = a_cluster(meeting, day.staff, text)
        told = {"work_table_id": meeting.table, "contribution_ids": (card,), "place": group}
        meeting.do(MoveCards, day.staff, **told)
        meeting.do(CorrectContribution, day.people[0], contribution_id=card, text=text, replaces=(card,))
        words = Wording(text=text)
        meeting.do(RewriteSentence, day.staff, sentence_id=sentence, wording=words, replaces=(sentence,))
        a_card(meeting, day.staff, f"{text}, dettato")
    day.exchange()
    return card, sentence


def test_what_two_laptops_did_apart_is_one_list_on_both_laptops_and_at_the_centre(day: Day) -> None:
    card, sentence = everything_apart(day)
    lists = [found(meeting) for meeting in day.meetings]
    assert lists[0] == lists[1] == lists[2]
    assert {(about, matter) for about, matter, _ in lists[0]} == {
        (card, "siblings:text"),
        (card, "siblings:place"),
        (sentence, "siblings:wording"),
        (day.meetings[0].table, "double:codes"),
        (day.meetings[0].id, "double:numbers"),
    }


def test_settled_in_one_place_it_is_settled_in_all(day: Day) -> None:
    everything_apart(day)
    one = day.meetings[0]
    for matter in one.ask(the_review, one.process_id):
        settle(one, matter)
    day.exchange()
    assert [found(meeting) for meeting in day.meetings] == [[], [], []]


def settle(meeting: Meeting, matter: Matter) -> None:
    if isinstance(matter.found, Siblings):
        told = {"thing_id": matter.about, "field": matter.found.field, "version_id": matter.found.ids[0]}
        meeting.do(KeepVersion, meeting.lead, **told, replaces=matter.found.ids)
    else:
        meeting.do(NoteDifference, meeting.lead, thing_id=matter.about, matter=matter.matter, seen=matter.seen)


def test_both_laptops_settle_one_matter_differently_and_it_comes_back_once(day: Day) -> None:
    card, _ = everything_apart(day)
    for n, meeting in enumerate(day.meetings[:2]):
        [texts] = [s for s in meeting.ask(siblings_in, meeting.process_id) if s.field == "text"]
        kept = sorted(texts.ids)[n]
        meeting.do(KeepVersion, meeting.lead, thing_id=card, field="text", version_id=kept, replaces=texts.ids)
    day.exchange()
    again = [s for s in day.meetings[2].ask(siblings_in, day.meetings[2].process_id) if s.field == "text"]
    assert [len(s.versions) for s in again] == [2]


def test_a_number_given_once_more_after_it_was_noted_is_to_be_looked_at_again(day: Day) -> None:
    everything_apart(day)
    one, other = day.meetings[:2]
    [codes] = [d for d in one.ask(doubles_in, one.process_id) if d.sort == "codes"]
    one.do(NoteDifference, one.lead, thing_id=codes.place_id, matter="double:codes", seen=codes.seen)
    assert "double:codes" not in {matter for _, matter, _ in found(one)}
    for meeting in (one, other):
        a_card(meeting, day.staff, "Ancora una")
    day.exchange()
    assert "double:codes" in {matter for _, matter, _ in found(one)}


def test_what_is_found_is_the_same_after_a_rebuild(day: Day) -> None:
    everything_apart(day)
    before = [found(meeting) for meeting in day.meetings]
    for meeting in day.meetings:
        with meeting.room.store.writer.begin() as connection:
            rebuild(connection)
    assert [found(meeting) for meeting in day.meetings] == before


def test_a_record_of_two_processes_lists_only_its_own(day: Day, tmp_path: Path) -> None:
    everything_apart(day)
    (tmp_path / "apart").mkdir()
    another = Day([a_room(tmp_path / "apart", desk=DirectDesk), day.meetings[2].room])
    everything_apart(another)
    mine, theirs = ({about for about, _, _ in found(meeting)} for meeting in (day.meetings[2], another.meetings[1]))
    assert mine
    assert theirs
    assert not mine & theirs
    another.meetings[0].room.close()


@pytest.fixture(scope="module")
def two_laptops(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Day]:
    def make() -> Day:
        return Day([a_room(tmp_path_factory.mktemp(name), desk=DirectDesk) for name in ("one", "other")])

    return make


def really_apart(meeting: Meeting) -> set[tuple[str, str]]:
    """Every field of every thing with two different versions that nothing replaces, found the slow way."""
    things = meeting.ask(lambda record: record.execute(select(version.c.thing_id).distinct()).scalars().all())
    shown = meeting.ask(versions_shown, things)
    return {key for key, versions in shown.items() if any(v.value != versions[0].value for v in versions)}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(played=st.data())
def test_whatever_two_laptops_do_every_field_that_stands_twice_is_listed_and_no_other(two_laptops: Any, played: Any) -> None:
    day = two_laptops()
    day.play(played.draw(moves(2)))
    day.exchange()
    for meeting in day.meetings:
        listed = {(s.thing_id, s.field) for s in meeting.ask(siblings_in, meeting.process_id)}
        assert listed == really_apart(meeting)
    for meeting in day.meetings:
        meeting.room.close()


def test_things_are_called_as_their_pages_call_them(day: Day) -> None:
    card, sentence = everything_apart(day)
    one = day.meetings[0]
    named = one.ask(subjects, [card, sentence, one.table, one.id, one.process_id, new_id()])
    codes = {c.id: f"T1-{c.code}" for c in one.ask(cards_of_table, one.table)}
    assert named[card].code == codes[card]
    assert {one.ask(subjects, [c])[c].code for c in codes} == set(codes.values())
    assert [named[i].sort for i in (card, sentence, one.table, one.id, one.process_id)] == [
        "card",
        "sentence",
        "table",
        "meeting",
        "process",
    ]
    assert len(named) == 5


def test_what_was_seen_has_a_short_name_that_changes_with_it() -> None:
    assert seen_of(["a", "b"]) == seen_of(["b", "a"]) != seen_of(["a"])


def test_an_edit_that_did_not_see_what_was_added_stands_beside_it(day: Day) -> None:
    """A page from before the words came: even on one laptop."""
    one = day.meetings[0]
    a_sentence(one, day.staff, "Un’altra.")
    sentence = a_sentence(one, day.staff, "Servono bagni.")
    one.do(RewriteSentence, day.staff, sentence_id=sentence, wording=Wording(text="Senza averla vista"), replaces=())
    assert [(about, matter) for about, matter, _ in found(one)] == [(sentence, "siblings:wording")]
