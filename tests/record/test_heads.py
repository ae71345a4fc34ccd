"""What outlives an erasure tells nothing about a person."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from sync.entry import Entry, read_entry
from tests.builders import Room, a_room
from tests.record.full_history import a_full_history, entries_of
from workshop.record.desk import DirectDesk
from workshop.record.fold import rebuild, rows_digest
from workshop.record.log import entry_table
from workshop.record.queries.cards import cards_of_table

ABOUT_PEOPLE = {"participant_id", "voter"}
HEADS = text("SELECT head FROM entry ORDER BY lamport, hash")
WORDS = {"text", "objection", "title", "reason", "notes", "translation", "description", "question", "place"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    running = a_room(tmp_path, desk=DirectDesk)
    yield running
    running.close()


def values(body: Any, names: set[str]) -> Iterator[str]:
    """Every text under one of these names, however deep."""
    match body:
        case dict():
            for name, value in body.items():
                if name in names and isinstance(value, str) and value:
                    yield value
                yield from values(value, names)
        case list():
            for value in body:
                yield from values(value, names)
        case _:
            return


def bodies(entries: list[Entry]) -> list[Any]:
    return [json.loads(entry.body_bytes or b"{}") for entry in entries]


def test_no_head_names_a_person_or_has_a_word_that_somebody_wrote(room: Room) -> None:
    entries = entries_of(a_full_history(room))
    told = bodies(entries)
    people = {actor["id"] for body in told if (actor := body.get("actor"))} | {v for body in told for v in values(body, ABOUT_PEOPLE)}
    written = {word for body in told for word in values(body, WORDS) if len(word) > 4 and not word.isalnum()}
    assert len(people - {""}) >= 6
    assert len(written) >= 20
    heads = b"\n".join(entry.head_bytes for entry in entries).decode()
    assert {secret for secret in (people - {""}) | written if secret in heads} == set()


def test_two_heads_of_one_person_have_nothing_in_common_that_others_have_not(room: Room) -> None:
    """Of the cards of one person, the heads differ in all that is their own: id, cause, body hash."""
    meeting = a_full_history(room)
    cards = [entry.head for entry in entries_of(meeting) if entry.head.kind == "contribution.added/1"]
    for part in ("about", "cause", "body_hash"):
        assert len({getattr(head, part) for head in cards}) == len(cards)


def test_the_moment_in_a_head_is_cut_to_the_minute(room: Room) -> None:
    walls = {entry.head.wall for entry in entries_of(a_full_history(room))}
    assert all(wall.endswith("Z") and len(wall) == len("2020-10-24T08:30Z") for wall in walls)


def test_what_is_erased_is_a_stub_and_its_words_are_nowhere(own_room: Room) -> None:
    meeting = a_full_history(own_room)
    card = next(c for c in meeting.ask(cards_of_table, meeting.table) if c.text == "Servono fasciatoi in tutti i bagni")
    with own_room.store.writer.begin() as connection:
        connection.execute(update(entry_table).where(entry_table.c.about == card.id).values(body=None))
        before = list(connection.execute(HEADS))
        rebuild(connection)
        erased = rows_digest(connection)
        rebuild(connection)
        assert rows_digest(connection) == erased
        assert list(connection.execute(HEADS)) == before
        kept = [
            str(tuple(row))
            for table in ("version", "contribution", "last_word")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert not [row for row in kept if "fasciatoi in tutti" in row]
    assert card.id not in {left.id for left in meeting.ask(cards_of_table, meeting.table)}
    assert all(read_entry(entry.head_bytes, None).hash == entry.hash for entry in entries_of(meeting))
