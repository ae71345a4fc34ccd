"""Cards at a table: sent by phone, dictated, copied from paper; read aloud, put in other words, withdrawn."""

from collections.abc import Iterable
from typing import Final

from workshop.demo_content.play import AtTable
from workshop.demo_content.story import CardTold
from workshop.domain.contribution import (
    AddContribution,
    Channel,
    EnterContribution,
    Kind,
    RedactContribution,
    TendContribution,
    TranslateContribution,
    WithdrawContribution,
)
from workshop.domain.ids import new_id

COLLECTS: Final = {  # kind -> the step that asks for it
    Kind.VIEWPOINT: "scrivi-1",
    Kind.EXPERIENCE: "scrivi-1",
    Kind.NEED: "scrivi-2",
    Kind.CONCERN: "scrivi-2",
    Kind.PROPOSAL: "proposte",
}


def collect(at: AtTable, cards: Iterable[CardTold]) -> None:
    """In the order of their codes, opening the step that asks for each; a late one comes while the table already reads."""
    for card in cards:
        if card.late:
            at.walk("leggi-1")
            read_aloud(at)
        else:
            at.walk(COLLECTS[card.kind])
        _card(at, card)


def read_aloud(at: AtTable, most: int = 1_000) -> None:
    """Every card not read yet, or the first `most` of them."""
    waiting = [card for card in at.cards if card.code in at.play.cards and card.code not in at.read and not card.withdrawn]
    for card in waiting[:most]:
        _tend(at, card, "read")
        at.read.add(card.code)
        if card.channel is Channel.SCRIBE:
            _tend(at, card, "confirmed")


def _card(at: AtTable, card: CardTold) -> None:
    card_id = new_id()
    if card.channel is Channel.PHONE:
        at.hand.gives(_sent(at, card, card_id), at.play.participant(card.author, card.table))
    else:
        at.hand.gives(_entered(at, card, card_id), at.scribe)
    at.play.cards[card.code] = card_id
    _afterwards(at, card, card_id)


def _sent(at: AtTable, card: CardTold, card_id: str) -> AddContribution:
    return AddContribution(
        command_id=card_id,
        process_id=at.play.process_id,
        work_table_id=at.id,
        step_id=at.play.steps[COLLECTS[card.kind]],
        kind=card.kind,
        text=card.first_text or card.text,
        language=card.language,
    )


def _entered(at: AtTable, card: CardTold, card_id: str) -> EnterContribution:
    return EnterContribution(
        command_id=card_id,
        process_id=at.play.process_id,
        work_table_id=at.id,
        step_id=at.play.steps[COLLECTS[card.kind]],
        kind=card.kind,
        text=card.text,
        channel=card.channel,
        language=card.language,
        translation=card.translation,
        paper_number=card.paper_number,
    )


def _afterwards(at: AtTable, card: CardTold, card_id: str) -> None:
    here = at.play.process_id
    if card.translation and card.channel is Channel.PHONE:
        translate = TranslateContribution(command_id=new_id(), process_id=here, contribution_id=card_id, translation=card.translation)
        at.hand.gives(translate, at.scribe)
    if card.first_text:
        other_words = RedactContribution(
            command_id=new_id(), process_id=here, contribution_id=card_id, text=card.text, reason=card.reason, replaces=(card_id,)
        )
        at.hand.gives(other_words, at.facilitator)
    if card.withdrawn:
        withdraw = WithdrawContribution(command_id=new_id(), process_id=here, contribution_id=card_id)
        at.hand.gives(withdraw, at.play.participant(card.author, card.table))


def _tend(at: AtTable, card: CardTold, act: str) -> None:
    card_id = at.play.cards[card.code]
    tend = TendContribution(command_id=new_id(), process_id=at.play.process_id, contribution_id=card_id, act=act)
    at.hand.gives(tend, at.facilitator)
