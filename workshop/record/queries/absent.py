"""Cards of which only the head is here: their words stayed in the room, or were erased. A head names no table; what cites them does."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Select, func, select

from workshop.record.rows.contribution import contribution
from workshop.record.rows.erasure import erased
from workshop.record.rows.sentence import evidence, sentence

STAYED: Final = "stayed"
ERASED: Final = "erased"

_c = contribution.c
_IS_ERASED: Final = select(erased.c.entry_hash).where(erased.c.entry_hash == _c.hash).exists()


def absent_behind(connection: Connection, synthesis_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Synthesis id -> card id -> "stayed" or "erased", of cards that a sentence there cites or has cited."""
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(_cited(synthesis_ids)):
        found.setdefault(row.synthesis_id, {})[row.id] = ERASED if row.is_erased else STAYED
    return found


def cards_that_stayed(connection: Connection, process_id: str) -> int:
    """Of a whole process, without those that were erased."""
    counted = select(func.count()).select_from(contribution).where(_c.process_id == process_id, _c.stub.is_(True), ~_IS_ERASED)
    return int(connection.execute(counted).scalar_one())


def _cited(synthesis_ids: Sequence[str]) -> Select[tuple[str, str, bool]]:
    return (
        select(sentence.c.synthesis_id, _c.id, _IS_ERASED.label("is_erased"))
        .select_from(evidence)
        .join(sentence, sentence.c.id == evidence.c.sentence_id)
        .join(contribution, _c.id == evidence.c.evidence_id)
        .where(sentence.c.synthesis_id.in_(synthesis_ids), _c.stub.is_(True))
        .distinct()
    )
