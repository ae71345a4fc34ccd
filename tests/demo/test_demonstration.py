"""The demonstration goes through the front door and stands where every page has something to show."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.demo.conftest import Demonstration
from workshop.demo import load_if_empty, load_into_folder
from workshop.demo_content.boards import shared_out
from workshop.private.database import person_table
from workshop.record.fold import rebuild, rows_digest
from workshop.record.log import entry_table
from workshop.record.queries.ballots import count_ballots, results_told
from workshop.record.queries.good_practices import good_practices_of
from workshop.record.queries.local_resources import local_resources_of
from workshop.record.queries.read_backs import the_read_back
from workshop.record.queries.syntheses import editions_of, state_of, the_draft
from workshop.record.queries.tables import people_at
from workshop.settings import FolderIsServed, open_folder


def test_loading_it_twice_changes_nothing(demonstration: Demonstration) -> None:
    def entries() -> int:
        return demonstration.room.ask(lambda connection: connection.execute(select(func.count()).select_from(entry_table)).scalar_one())

    before = entries()
    assert not load_if_empty(demonstration.room.desk)
    assert entries() == before


def test_rows_equal_a_rebuild(demonstration: Demonstration) -> None:
    with demonstration.room.store.writer.begin() as connection:
        before = rows_digest(connection)
        rebuild(connection)
        assert rows_digest(connection) == before


def test_there_are_three_meetings_and_the_third_was_moved(demonstration: Demonstration) -> None:
    assert [(m.plan.format, m.state) for m in demonstration.meetings] == [
        ("webinar", "reported"),
        ("laboratory", "live"),
        ("network_launch", "announced"),
    ]
    assert demonstration.meetings[2].plan.date == "2020-11-14"
    assert demonstration.meetings[2].plan.mode == "online"


def test_five_good_practices_and_eight_resources_are_those_of_the_story(demonstration: Demonstration) -> None:
    process_id = demonstration.laboratory.process_id
    practices = demonstration.room.ask(good_practices_of, process_id)
    resources = demonstration.room.ask(local_resources_of, process_id)
    assert tuple(shown.practice for shown in practices) == demonstration.story.practices
    assert tuple(shown.resource for shown in resources) == demonstration.story.resources
    assert (len(practices), len(resources)) == (5, 8)


def test_fifty_eight_people_sit_at_six_tables_and_one_of_them_changed(demonstration: Demonstration) -> None:
    seated = demonstration.room.ask(people_at, demonstration.laboratory.id)
    assert {number: seated[table.id] for number, table in demonstration.tables.items()} == {1: 10, 2: 10, 3: 9, 4: 10, 5: 9, 6: 10}


def test_every_card_has_the_code_the_kind_and_the_channel_of_the_story(demonstration: Demonstration) -> None:
    found = {code: (card.kind, card.channel, card.language, card.paper_number) for code, card in demonstration.cards().items()}
    assert found == {card.code: (card.kind, card.channel, card.language, card.paper_number) for card in demonstration.story.cards}
    assert len(found) == 76


def test_every_card_has_its_words_but_the_one_that_was_withdrawn(demonstration: Demonstration) -> None:
    told = {card.code: (None, "") if card.withdrawn else (card.text, card.translation) for card in demonstration.story.cards}
    assert {code: (card.text, card.translation) for code, card in demonstration.cards().items()} == told


def test_the_cards_that_are_cases_are_what_they_should_be(demonstration: Demonstration) -> None:
    cards = demonstration.cards()
    assert [code for code, card in cards.items() if card.late] == ["T1-07"]
    assert [code for code, card in cards.items() if card.redacted] == ["T2-13"]
    assert [code for code, card in cards.items() if card.withdrawn] == ["T6-13"]
    assert [code for code, card in cards.items() if card.place == "parked"] == ["T5-13"]
    assert cards["T4-13"].merged_into == cards["T4-03"].id
    assert cards["T3-05"].confirmed
    assert [code for code, card in cards.items() if not card.was_read] == ["T6-11", "T6-12", "T6-13"]


def test_totals_of_dots_are_those_of_the_story(demonstration: Demonstration) -> None:
    for number, table in demonstration.tables.items():
        if number == 5:
            continue
        [result] = demonstration.room.ask(results_told, table.id).values()
        titles = {cluster.id: cluster.title for cluster in demonstration.board(number).clusters}
        assert {titles[c]: dots for c, dots in result.totals.items()} == _told(demonstration, number)


def test_the_fifth_table_still_votes_and_nothing_of_it_is_told(demonstration: Demonstration) -> None:
    table = demonstration.tables[5]
    step = next(step.id for step in demonstration.laboratory.steps if step.key == "bollini")
    assert demonstration.room.ask(results_told, table.id) == {}
    counted = demonstration.room.ask(count_ballots, step, table.id)
    titles = {cluster.id: cluster.title for cluster in demonstration.board(5).clusters}
    assert {titles[c]: dots for c, dots in counted.totals.items()} == _told(demonstration, 5)


def test_each_table_has_come_to_another_point_of_the_day(demonstration: Demonstration) -> None:
    steps = {number: demonstration.step(number) for number in demonstration.tables}
    assert steps == {1: "portavoce", 2: "portavoce", 3: "rilettura", 4: "sintesi", 5: "bollini", 6: "proposte"}
    states = {number: demonstration.room.ask(state_of, table.id) for number, table in demonstration.tables.items()}
    assert states == {1: "validated", 2: "validated", 3: "in_review", 4: "draft", 5: "draft", 6: "draft"}


def test_the_second_table_corrected_its_synthesis(demonstration: Demonstration) -> None:
    editions = demonstration.room.ask(editions_of, demonstration.tables[2].id)
    assert [(edition.sort, edition.number) for edition in editions] == [("rectified", 2), ("validated", 1), ("read_back", 1)]


def test_at_the_third_table_one_sentence_has_an_objection(demonstration: Demonstration) -> None:
    reading = demonstration.room.ask(the_read_back, demonstration.tables[3])
    assert reading.index == 2
    assert [(heard.agree, heard.objections) for heard in reading.sentences[:4]] == [(8, 0), (5, 1), (3, 0), (0, 0)]


def test_at_the_fourth_table_a_sentence_is_bare_and_a_card_is_told_by_none(demonstration: Demonstration) -> None:
    draft = demonstration.room.ask(the_draft, demonstration.tables[4].id)
    assert [sentence.wording.text for sentence in draft.sentences if not sentence.evidence] == [
        "Partire da prove reversibili con una verifica a data fissa."
    ]
    assert [card.code for card in draft.uncovered] == ["07"]


def test_at_the_sixth_table_proposals_lie_in_no_cluster(demonstration: Demonstration) -> None:
    assert [card.code for card in demonstration.board(6).orphans] == ["10", "11", "12"]


def test_nothing_personal_is_in_the_record(demonstration: Demonstration) -> None:
    people = demonstration.room.ask_private(lambda c: c.execute(select(person_table.c.code, person_table.c.nickname)).all())
    secrets = {word.encode() for person in people for word in person if word}
    assert len(secrets) > 58
    bodies = demonstration.room.ask(lambda c: c.execute(select(entry_table.c.head, entry_table.c.body)).all())
    assert [word for row in bodies for word in secrets if word in bytes(row.head) + bytes(row.body)] == []


def test_every_ballot_keeps_the_rule() -> None:
    ballots = shared_out({"a": 21, "b": 18, "c": 14}, 11)
    assert len(ballots) == 11
    assert all(ballot.total() <= 5 and max(ballot.values()) <= 2 for ballot in ballots)
    assert {key: sum(ballot[key] for ballot in ballots) for key in "abc"} == {"a": 21, "b": 18, "c": 14}


def test_the_command_line_loads_it_into_a_folder_once(tmp_path: Path) -> None:
    assert "6 tavoli, 58 persone, 76 carte" in load_into_folder(str(tmp_path))
    assert "Nothing was loaded" in load_into_folder(str(tmp_path))


def test_the_command_line_leaves_a_folder_alone_that_is_served(tmp_path: Path) -> None:
    with open_folder(str(tmp_path)).served_at("http://127.0.0.1:8080"), pytest.raises(FolderIsServed, match="8080"):
        load_into_folder(str(tmp_path))
    assert not (tmp_path / "record.db").exists()


def _told(demonstration: Demonstration, number: int) -> dict[str, int]:
    return {cluster.title: cluster.dots for cluster in demonstration.story.clusters if cluster.table == number}
