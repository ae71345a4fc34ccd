"""Cards as everybody at a table sees them: current words, place, marks; and what rules ask about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, func, select

from workshop.domain.contribution import CardFacts, Kind
from workshop.domain.refusal import NotFound
from workshop.record.queries.fields import Version, last_words, versions_shown
from workshop.record.rows.contribution import contribution


@dataclass(frozen=True, slots=True)
class Card:
    """`text` is None when it was withdrawn, withheld or erased. `*_versions` go back with an edit; more than one text = siblings."""

    id: str
    work_table_id: str
    step_id: str
    kind: Kind
    code: str  # "03": with the table's number it reads T4-03
    number: int
    seq: int
    text: str | None
    language: str
    translation: str
    channel: str
    late: bool
    withdrawn: bool
    redacted: bool
    redact_reason: str
    hints: tuple[str, ...]  # what still asks for review
    confirmed: bool
    was_read: bool
    place: str  # cluster id, "parked" or ""
    merged_into: str
    left_out: str
    participant_id: str
    paper_number: str
    wall: str
    text_versions: tuple[str, ...]
    place_versions: tuple[str, ...]
    merge_versions: tuple[str, ...]
    translation_versions: tuple[str, ...]
    other_texts: tuple[str, ...] = ()
    other_places: tuple[str, ...] = ()
    merged: tuple["Card", ...] = field(default=())  # cards that say the same, merged into this one

    @property
    def times_said(self) -> int:
        return 1 + len(self.merged)

    @property
    def needs_review(self) -> bool:
        return bool(self.hints) and not self.withdrawn

    @property
    def is_for_the_room(self) -> bool:
        """The room's screen and the table's phones show only cards that need no review."""
        return not self.withdrawn and not self.needs_review and self.text is not None

    @property
    def counts(self) -> bool:
        """It stands on the board on its own: not withdrawn, not merged into another."""
        return not self.withdrawn and not self.merged_into and self.text is not None


def cards_of_table(connection: Connection, work_table_id: str) -> list[Card]:
    """All cards of a table in the order they were numbered."""
    chosen = select(contribution).where(contribution.c.work_table_id == work_table_id)
    return _cards(connection, connection.execute(chosen.order_by(contribution.c.seq, contribution.c.hash)).all())


def cards_of_participant(connection: Connection, participant_id: str) -> list[Card]:
    """The newest first."""
    chosen = select(contribution).where(contribution.c.participant_id == participant_id)
    return _cards(connection, connection.execute(chosen.order_by(contribution.c.number.desc())).all())


def the_cards(connection: Connection, ids: Iterable[str]) -> list[Card]:
    chosen = select(contribution).where(contribution.c.id.in_(list(ids)))
    return _cards(connection, connection.execute(chosen.order_by(contribution.c.seq)).all())


def the_card(connection: Connection, contribution_id: str) -> Card:
    found = the_cards(connection, [contribution_id])
    if not found:
        raise NotFound("contribution_id")
    return found[0]


def card_facts(connection: Connection, contribution_id: str) -> CardFacts:
    card = the_card(connection, contribution_id)
    return CardFacts(
        id=card.id,
        work_table_id=card.work_table_id,
        participant_id=card.participant_id,
        withdrawn=card.withdrawn,
        merged_into=card.merged_into,
    )


def cards_used(connection: Connection, participant_id: str, step_id: str) -> int:
    """Cards this person has sent in this step; withdrawn ones give their place back."""
    c = contribution.c
    ids = list(connection.execute(select(c.id).where(c.participant_id == participant_id, c.step_id == step_id)).scalars())
    withdrawn = {thing for (thing, key) in last_words(connection, ids) if key == "withdrawn"}
    return len(ids) - len(withdrawn)


def next_numbers(connection: Connection, meeting_id: str, work_table_id: str) -> tuple[int, int]:
    """(number in the meeting, number at the table) for the next card."""
    c = contribution.c
    number = connection.execute(select(func.max(c.number)).where(c.meeting_id == meeting_id)).scalar() or 0
    seq = connection.execute(select(func.max(c.seq)).where(c.work_table_id == work_table_id)).scalar() or 0
    return number + 1, seq + 1


def _cards(connection: Connection, rows: Iterable[Any]) -> list[Card]:
    rows = list(rows)
    ids = [row.id for row in rows]
    versions = versions_shown(connection, ids, "text", "place", "card_merged_into", "translation")
    words = last_words(connection, ids)
    repeated = _repeated(row.seq for row in rows)
    cards = [_card(row, versions, words, repeated) for row in rows]
    return [_with_merged(card, cards) for card in cards]


def _card(row: Any, versions: dict[tuple[str, str], list[Version]], words: dict[tuple[str, str], Any], repeated: set[int]) -> Card:
    texts, places = versions.get((row.id, "text"), []), versions.get((row.id, "place"), [])
    merges, translations = versions.get((row.id, "card_merged_into"), []), versions.get((row.id, "translation"), [])
    withdrawn, redacted = bool(words.get((row.id, "withdrawn"))), bool(words.get((row.id, "redacted")))
    hints = words.get((row.id, "hints"), (row.hints or "").split())
    return Card(
        id=row.id,
        work_table_id=row.work_table_id or "",
        step_id=row.step_id or "",
        kind=Kind(row.kind) if row.kind else Kind.VIEWPOINT,
        code=_code(row, repeated),
        number=row.number or 0,
        seq=row.seq or 0,
        text=texts[0].value if texts and not withdrawn else None,
        language=row.language or "it",
        translation=_value(translations, "") if not withdrawn else "",
        channel=row.channel or "phone",
        late=bool(row.late),
        withdrawn=withdrawn,
        redacted=redacted,
        redact_reason=texts[0].reason if texts and redacted else "",
        hints=() if words.get((row.id, "reviewed")) or redacted else tuple(hints),
        confirmed=bool(words.get((row.id, "confirmed"))),
        was_read=bool(words.get((row.id, "read"))),
        place=_value(places, ""),
        merged_into=_value(merges, ""),
        left_out=words.get((row.id, "left_out"), ""),
        participant_id=row.participant_id or "",
        paper_number=row.paper_number or "",
        wall=row.wall or "",
        text_versions=tuple(version.id for version in texts),
        place_versions=tuple(version.id for version in places),
        merge_versions=tuple(version.id for version in merges),
        translation_versions=tuple(version.id for version in translations),
        other_texts=tuple(str(version.value) for version in texts[1:] if version.value is not None and not withdrawn),
        other_places=tuple(str(version.value) for version in places[1:] if version.value != _value(places, "")),
    )


def _with_merged(card: Card, cards: list[Card]) -> Card:
    merged = tuple(other for other in cards if other.merged_into == card.id and other.id != card.id and not other.withdrawn)
    return replace(card, merged=merged) if merged else card


def _value(versions: list[Version], otherwise: str) -> str:
    return str(versions[0].value) if versions and versions[0].value is not None else otherwise


def _repeated(numbers: Iterable[int | None]) -> set[int]:
    """Numbers that two laptops gave, each telling it to a person."""
    seen: set[int] = set()
    return {number for number in numbers if number and (number in seen or seen.add(number))}


def _code(row: Any, repeated: set[int]) -> str:
    """Decided once and told to a person; a number that two laptops gave is told apart by a letter of its own id."""
    letter = "abcdefghjkmnpqrstuvwxyz"[int(row.id[:4], 16) % 23] if row.seq in repeated else ""
    return f"{row.seq or 0:02d}{letter}"
