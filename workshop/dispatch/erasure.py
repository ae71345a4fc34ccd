"""What erasing needs: every entry that carries the person's words. The person's code and nickname go with them."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.erasure import EraseCard, EraseOwnWords, erase_card, erase_own_words
from workshop.domain.fact import Fact
from workshop.domain.permissions import permit
from workshop.private import ballot_keys
from workshop.private.people import forget
from workshop.record.erasing import words_of_card, words_of_person
from workshop.record.queries.card_facts import card_facts


@handles(EraseOwnWords)
def _(command: EraseOwnWords, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    voters = [ballot_keys.voter(key, load.actor.id) for key in ballot_keys.open_keys(load.private)]
    entries, cards = words_of_person(load.connection, command.process_id, [load.actor.id, *voters])
    facts = erase_own_words(command, load.actor.id, tuple(entries), cards)
    forget(load.private, load.actor.id)
    return facts


@handles(EraseCard)
def _(command: EraseCard, load: Load) -> list[Fact]:
    permit(load.actor, command.may)
    card_facts(load.connection, command.contribution_id)  # raises when there is no such card
    return erase_card(command, tuple(words_of_card(load.connection, command.process_id, command.contribution_id)))
