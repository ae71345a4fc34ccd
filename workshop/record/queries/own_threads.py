"""What became of somebody's own card, as the table told it: drafts belong to who writes them until they are read back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from workshop.domain.cluster import PARKED
from workshop.domain.frozen import FrozenSentence
from workshop.record.queries.archive import Kept
from workshop.record.queries.boards import Cluster
from workshop.record.queries.cards import Card
from workshop.record.queries.syntheses import Edition
from workshop.record.queries.threads import names_of, thread_of_card


@dataclass(frozen=True, slots=True)
class OwnThread:
    """`state` of the synthesis: none, draft, in_review, validated, rectified. `told`: sentences that live on the card or its group."""

    card: Card
    table_number: int
    group: Cluster | None
    times_said: int
    state: str
    edition: Edition | None
    told: tuple[FrozenSentence, ...]
    outcome: dict[str, Any]

    @property
    def is_parked(self) -> bool:
        return self.card.place == PARKED

    @property
    def is_confirmed(self) -> bool:
        return self.state in {"validated", "rectified"}


def own_thread(connection: Connection, contribution_id: str) -> OwnThread:
    thread = thread_of_card(connection, contribution_id)
    kept, card, group = thread.ground.kept, thread.card, thread.group
    edition = _told_in(kept)
    things = {card.id, card.merged_into, *(names_of(group) if group else ())}
    sentences = edition.frozen.sentences if edition and edition.frozen else ()
    return OwnThread(
        card=card,
        table_number=kept.table.number,
        group=group,
        times_said=len(thread.same) + 1,
        state=kept.state,
        edition=edition,
        told=tuple(s for s in sentences if things & set(s.evidence)),
        outcome=kept.outcome,
    )


def _told_in(kept: Kept) -> Edition | None:
    """The confirmed version; while it is read back, what is read."""
    if kept.confirmed or kept.state != "in_review":
        return kept.confirmed
    return next((edition for edition in kept.editions if edition.sort == "read_back"), None)
