"""Threads: from a card to what became of it, from a sentence to the cards behind it. Each step is a page, each page links both ways."""

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.record.queries.boards import the_cluster
from workshop.record.queries.cards import the_card
from workshop.record.queries.syntheses import the_sentence
from workshop.record.queries.threads import thread_of_card, thread_of_group, thread_of_sentence
from workshop.web.answers import show
from workshop.web.house import house
from workshop.web.identity import staff

blueprint = Blueprint("threads", __name__)


@blueprint.get("/threads/cards/<card_id>")
def follow_a_card(card_id: str) -> Response:
    permit(staff(), Action.SEE_BOARD)
    card = house().ask(the_card, card_id)
    topic, version = _heard_at(card.work_table_id)
    return show("threads/card.html", topic=topic, version=version, thread=house().ask(thread_of_card, card_id), leads=staff().leads)


@blueprint.get("/threads/groups/<cluster_id>")
def follow_a_group(cluster_id: str) -> Response:
    permit(staff(), Action.SEE_BOARD)
    table_id = house().ask(the_cluster, cluster_id).work_table_id
    topic, version = _heard_at(table_id)
    thread = house().ask(thread_of_group, table_id, cluster_id)
    return show("threads/group.html", topic=topic, version=version, thread=thread, leads=staff().leads)


@blueprint.get("/threads/sentences/<sentence_id>")
def follow_a_sentence(sentence_id: str) -> Response:
    permit(staff(), Action.SEE_BOARD)
    table_id = house().ask(the_sentence, sentence_id).synthesis_id
    topic, version = _heard_at(table_id)
    thread = house().ask(thread_of_sentence, sentence_id)
    return show("threads/sentence.html", topic=topic, version=version, thread=thread, leads=staff().leads)


def _heard_at(work_table_id: str) -> tuple[str, str]:
    """The topic of a thread and its version, read before the rows."""
    permit(staff(), Action.SEE_BOARD, work_table_id)
    topic = f"synthesis:{work_table_id}"
    return topic, house().versions(topic)
