"""Everything the writers of a synthesis have before them: the draft, what may stand behind it, what is still in the way."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from workshop.domain.frozen import Priority
from workshop.domain.sentence import Section
from workshop.domain.synthesis import still_missing
from workshop.record.queries.boards import Board, the_board
from workshop.record.queries.evidence import Exhibit, cited, exhibits_of
from workshop.record.queries.syntheses import Draft, SentenceShown, the_draft
from workshop.record.queries.tables import TableShown
from workshop.record.queries.voices import Voice, voices_of
from workshop.record.rows.fields import version


@dataclass(frozen=True, slots=True)
class Place:
    """A move of one sentence: which one is placed, and where."""

    sentence_id: str
    position: int


@dataclass(frozen=True, slots=True)
class WritingDesk:
    """`missing`: name of a check -> how many are in the way; `numbers`: sentence id -> its number; `saved`: UTC time of the last words."""

    draft: Draft
    board: Board
    exhibits: dict[str, Exhibit]
    voices: list[Voice]
    missing: dict[str, int]
    numbers: dict[str, int]
    saved: str

    def behind(self, sentence: SentenceShown) -> list[Exhibit]:
        return cited(self.exhibits, sentence.evidence)

    @property
    def bare(self) -> list[SentenceShown]:
        """Sentences with no card behind; a minority position needs none."""
        return [s for s in self.draft.sentences if not s.evidence and s.section is not Section.MINORITY]

    def up(self, sentence: SentenceShown) -> Place | None:
        among = self.draft.of(sentence.section)
        at = among.index(sentence)
        return _swap(among, at - 1) if at > 0 else None

    def down(self, sentence: SentenceShown) -> Place | None:
        among = self.draft.of(sentence.section)
        at = among.index(sentence)
        return _swap(among, at) if at < len(among) - 1 else None


def the_writing_desk(connection: Connection, table: TableShown) -> WritingDesk:
    draft, board = the_draft(connection, table.id), the_board(connection, table.id)
    return WritingDesk(
        draft=draft,
        board=board,
        exhibits=exhibits_of(connection, board, table),
        voices=voices_of(connection, draft, board),
        missing=still_missing(draft.facts()),
        numbers={s.id: number for number, s in enumerate(draft.sentences, start=1)},
        saved=_last_written(connection, [s.id for s in draft.sentences]),
    )


def ranked(priorities: tuple[Priority, ...]) -> list[tuple[int, bool, Priority]]:
    """(place, tied, priority): a tie is shown as a tie, and the place after it is left empty."""
    dots = [p.dots for p in priorities]
    return [(dots.index(p.dots) + 1, dots.count(p.dots) > 1, p) for p in priorities]


def _swap(among: tuple[SentenceShown, ...], at: int) -> Place:
    """The sentence at `at` and the one after it change places: one of the two goes where there is room between numbers."""
    first, second = among[at], among[at + 1]
    before = among[at - 1].position if at else 0
    after = among[at + 2].position if at + 2 < len(among) else second.position + 200
    if first.position - before > 1:
        return Place(second.id, (before + first.position) // 2)
    return Place(first.id, (second.position + after) // 2)


def _last_written(connection: Connection, ids: list[str]) -> str:
    v = version.c
    chosen = select(v.wall).where(v.thing_id.in_(ids), v.field == "wording").order_by(v.lamport.desc(), v.hash.desc()).limit(1)
    return connection.execute(chosen).scalar() or ""
