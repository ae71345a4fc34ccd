"""The longest cards, titles and sentences that the rules let in, long words and Arabic among them."""

from tests.builders import (
    Meeting,
    a_card,
    a_cluster,
    a_facilitator,
    a_sentence,
    a_step_open,
    move_step,
)
from workshop.domain.contribution import CARD_MOST, Channel, TendContribution
from workshop.domain.dots import CountPaperDots
from workshop.domain.sentence import Section
from workshop.domain.synthesis import DeclareNoMinority, OpenReadBack, Validate
from workshop.domain.text import TITLE_MOST
from workshop.domain.work_table import RethemeTable, Theme

LONG = "precipitevolissimevolmente donaudampfschifffahrtsgesellschaft "
ARABIC = "أحتاج إلى من يشرح لي استمارات المدرسة بلغة بسيطة " * 5


def fill(meeting: Meeting) -> None:
    """At the first table all is done; at the second a sentence of the greatest length is being read."""
    who = a_facilitator(meeting)
    theme = Theme(title=("Conciliazione " + LONG)[:TITLE_MOST], question=(LONG * 5)[:300])
    meeting.do(RethemeTable, meeting.lead, work_table_id=meeting.table, theme=theme)
    cards = _cards(meeting)
    clusters = _dots(meeting, cards)
    a_step_open(meeting, "sintesi")
    for section in Section:
        for _ in range(3):
            a_sentence(meeting, who, (LONG * 9)[:500], section, evidence=clusters)
    reading = meeting.do(OpenReadBack, who, synthesis_id=meeting.table).command_id
    meeting.do(Validate, who, synthesis_id=meeting.table, read_back_id=reading, favour=9, against=1, abstain=0)
    _read_back(meeting)


def _cards(meeting: Meeting) -> list[str]:
    who = a_facilitator(meeting)
    a_step_open(meeting, "scrivi")
    texts = [(LONG * 6)[:CARD_MOST], "A" * CARD_MOST, ("Senza autobus la sera i ragazzi restano a casa. " * 7)[:CARD_MOST]] * 3
    cards = [a_card(meeting, who, text, channel=Channel.SCRIBE) for text in texts]
    foreign = {"language": "ar", "translation": (LONG * 6)[:CARD_MOST]}
    cards.append(a_card(meeting, who, ARABIC[:CARD_MOST].strip(), channel=Channel.SCRIBE, **foreign))
    for card in cards:
        meeting.do(TendContribution, who, contribution_id=card, act="read")
    return cards


def _dots(meeting: Meeting, cards: list[str]) -> list[str]:
    who = a_facilitator(meeting)
    a_step_open(meeting, "nuvole")
    clusters = [a_cluster(meeting, who, (LONG * 2)[:TITLE_MOST], [card]) for card in cards]
    step = a_step_open(meeting, "bollini")
    dots = {cluster: 2 + n // 2 for n, cluster in enumerate(clusters)}
    meeting.do(CountPaperDots, who, work_table_id=meeting.table, step_id=step, dots=dots, ballots=12)
    move_step(meeting, "bollini", "closed", reason="basta così")
    return clusters


def _read_back(meeting: Meeting) -> None:
    table = meeting.tables[1]
    who = a_facilitator(meeting, table)
    a_step_open(meeting, "scrivi", table)
    cluster = a_cluster(meeting, who, cards=[a_card(meeting, who, work_table_id=table)], table=table)
    for section in (Section.FRAME, Section.CONVERGENCES):
        a_sentence(meeting, who, (LONG * 9)[:500], section, evidence=(cluster,), synthesis_id=table)
    meeting.do(DeclareNoMinority, who, synthesis_id=table)
    meeting.do(OpenReadBack, who, synthesis_id=table)
