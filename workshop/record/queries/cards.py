"""Cards as everybody at a table sees them: current words, place, marks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from workshop.domain.contribution import Kind
from workshop.domain.refusal import NotFound
from workshop.record.queries.fields import Version, home_of, last_words, versions_shown
from workshop.record.rows.contribution import contribution

_c = contribution.c
_CARDS: Final = (
    select(contribution)
    .where(_c.work_table_id.in_(bindparam("tables", expanding=True)))
    .order_by(_c.work_table_id, _c.seq, _c.lamport, _c.hash)
)
_TABLES_OF_CARDS: Final = select(_c.work_table_id).where(_c.id.in_(bindparam("ids", expanding=True))).distinct()
_TABLES_OF_PERSON: Final = select(_c.work_table_id).where(_c.participant_id == bindparam("participant_id")).distinct()
_LETTERS: Final = ("", *"bcdefghijklmnopqrstuvwxyz")


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
    merged_into: str  # the card that stands for this one, chains followed to their end
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
    return _cards(connection, [work_table_id])


def cards_of_participant(connection: Connection, participant_id: str) -> list[Card]:
    """The newest first."""
    tables = connection.execute(_TABLES_OF_PERSON, {"participant_id": participant_id}).scalars().all()
    mine = [card for card in _cards(connection, tables) if card.participant_id == participant_id]
    return sorted(mine, key=lambda card: -card.number)


def the_cards(connection: Connection, ids: Iterable[str]) -> list[Card]:
    """Read with the others of their tables: what is merged into a card, and a number given twice, show on it."""
    wanted = set(ids)
    tables = connection.execute(_TABLES_OF_CARDS, {"ids": list(wanted)}).scalars().all() if wanted else []
    return [card for card in _cards(connection, tables) if card.id in wanted]


def the_card(connection: Connection, contribution_id: str) -> Card:
    found = the_cards(connection, [contribution_id])
    if not found:
        raise NotFound("contribution_id")
    return found[0]


def _cards(connection: Connection, tables: Iterable[str]) -> list[Card]:
    """Of whole tables, by table and number."""
    rows = connection.execute(_CARDS, {"tables": list(tables)}).all()
    ids = [row.id for row in rows]
    versions = versions_shown(connection, ids, "text", "place", "card_merged_into", "translation")
    words = last_words(connection, ids)
    cards = [_card(row, code, versions, words) for row, code in zip(rows, _codes(rows), strict=True)]
    return _with_merged(cards)


def _card(row: Any, code: str, versions: dict[tuple[str, str], list[Version]], words: dict[tuple[str, str], Any]) -> Card:
    texts, places = versions.get((row.id, "text"), []), versions.get((row.id, "place"), [])
    merges, translations = versions.get((row.id, "card_merged_into"), []), versions.get((row.id, "translation"), [])
    withdrawn, redacted = bool(words.get((row.id, "withdrawn"))), bool(words.get((row.id, "redacted")) and _are_others_words(texts))
    return Card(
        id=row.id,
        work_table_id=row.work_table_id or "",
        step_id=row.step_id or "",
        kind=Kind(row.kind) if row.kind else Kind.VIEWPOINT,
        code=code,
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
        hints=tuple(words.get((row.id, "hints"), (row.hints or "").split())),
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


def _are_others_words(texts: list[Version]) -> bool:
    """Who put other words in place of somebody's gave a reason; the author's own words may stand there again."""
    return not texts or texts[0].value is None or bool(texts[0].reason)


def _with_merged(cards: list[Card]) -> list[Card]:
    """Merges followed to their end. A card merged into one that was withdrawn, or that is not here, stands on its own again."""
    there = {card.id for card in cards if card.text is not None}
    into = {card.id: card.merged_into for card in cards if card.merged_into in there}
    homes = {card.id: home_of(card.id, into) for card in cards}
    held: dict[str, list[Card]] = {}
    for card in cards:
        if homes[card.id] != card.id and card.text is not None:
            held.setdefault(homes[card.id], []).append(card)
    return [_at_home(card, homes[card.id], tuple(held.get(card.id, ()))) for card in cards]


def _at_home(card: Card, home: str, merged: tuple[Card, ...]) -> Card:
    merged_into = "" if home == card.id else home
    return card if (merged_into, merged) == (card.merged_into, card.merged) else replace(card, merged_into=merged_into, merged=merged)


def _value(versions: list[Version], otherwise: str) -> str:
    return str(versions[0].value) if versions and versions[0].value is not None else otherwise


def _codes(rows: Iterable[Any]) -> list[str]:
    """Two digits and more, as told to a person; where two laptops gave one number, the later entry has a letter: 47, 47b."""
    given: Counter[tuple[str, int]] = Counter()
    codes = []
    for row in rows:
        place = (row.work_table_id, row.seq)
        codes.append(f"{row.seq or 0:02d}{_LETTERS[min(given[place], 25)]}")
        given[place] += 1
    return codes
