"""The day at one table, as far as it has come: each of the six stops somewhere else, so that every page has something to show."""

from itertools import takewhile

from workshop.demo_content import boards, cards, syntheses
from workshop.demo_content.play import AtTable, Hand
from workshop.demo_content.story import TableTold
from workshop.domain.contribution import Kind


def live(hand: Hand, told: TableTold) -> None:
    """Morning for all; then as far as the table's stage says."""
    at = AtTable(hand, told)
    collects_still = told.stage == "raccolta"
    _morning(at, collects_still)
    if told.stage == "voto":
        return
    at.walk("minoranza", "chiudi-mattina", "pranzo", "riprendi", "collega")
    if collects_still:
        _collect_the_rest(at)
    else:
        _afternoon(at)


def _morning(at: AtTable, proposals_come_later: bool) -> None:
    at.walk("benvenuto", "cinque-esperienze", "regole", "come-si-partecipa", "ai-tavoli", "giro")
    first = takewhile(lambda card: card.kind is not Kind.PROPOSAL, at.cards) if proposals_come_later else at.cards
    cards.collect(at, first)
    at.walk("leggi-2")
    cards.read_aloud(at)
    boards.put_together(at)
    boards.vote(at)


def _collect_the_rest(at: AtTable) -> None:
    """Proposals come in and lie in no cluster yet; one of them was read aloud, the others wait."""
    cards.collect(at, [card for card in at.cards if card.code not in at.play.cards])
    at.walk("proposte")
    cards.read_aloud(at, most=1)


def _afternoon(at: AtTable) -> None:
    sentences = syntheses.write(at)
    if at.told.stage == "scrittura":
        return
    if at.told.stage == "rilettura":
        syntheses.begin_reading(at, sentences)
        return
    syntheses.validate(at, syntheses.read_back(at, sentences))
    if at.told.stage == "rettificata":
        syntheses.correct(at, sentences)
