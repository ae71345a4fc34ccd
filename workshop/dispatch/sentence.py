"""What the rules of sentences need: the state of the synthesis and what may stand behind a sentence."""

from workshop.dispatch.front_door import Load, handles
from workshop.dispatch.settling import permit_edit
from workshop.domain.fact import Fact
from workshop.domain.permissions import Action, permit
from workshop.domain.sentence import (
    AddSentence,
    CiteEvidence,
    PlaceSentence,
    RemoveSentence,
    RewriteSentence,
    add_sentence,
    cite_evidence,
    place_sentence,
    remove_sentence,
    rewrite_sentence,
)
from workshop.record.queries.boards import clusters_of
from workshop.record.queries.card_facts import cards_here
from workshop.record.queries.syntheses import SentenceShown, sentences_of, state_of, the_sentence
from workshop.record.queries.tables import the_table


@handles(AddSentence)
def _(command: AddSentence, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    the_table(load.connection, command.synthesis_id)
    state = state_of(load.connection, command.synthesis_id)
    last = max((s.position for s in sentences_of(load.connection, command.synthesis_id)), default=0)
    return add_sentence(command, state, _own(load, command.synthesis_id), last)


@handles(RewriteSentence)
def _(command: RewriteSentence, load: Load) -> list[Fact]:
    shown = the_sentence(load.connection, command.sentence_id)
    permit_edit(load, command.may, shown.synthesis_id, shown.id, "wording", command.replaces)
    return rewrite_sentence(command, shown.synthesis_id, shown.section, state_of(load.connection, shown.synthesis_id))


@handles(CiteEvidence)
def _(command: CiteEvidence, load: Load) -> list[Fact]:
    shown, state = _of_ours(load, command.sentence_id, command.may)
    return cite_evidence(command, shown.synthesis_id, state, _own(load, shown.synthesis_id))


@handles(PlaceSentence)
def _(command: PlaceSentence, load: Load) -> list[Fact]:
    shown, state = _of_ours(load, command.sentence_id, command.may)
    return place_sentence(command, shown.synthesis_id, state)


@handles(RemoveSentence)
def _(command: RemoveSentence, load: Load) -> list[Fact]:
    shown, state = _of_ours(load, command.sentence_id, command.may)
    return remove_sentence(command, shown.synthesis_id, state, shown.versions)


def _of_ours(load: Load, sentence_id: str, action: Action) -> tuple[SentenceShown, str]:
    shown = the_sentence(load.connection, sentence_id)
    permit(load.actor, action, shown.synthesis_id)
    return shown, state_of(load.connection, shown.synthesis_id)


def _own(load: Load, work_table_id: str) -> frozenset[str]:
    """Ids of this table's cards (not withdrawn) and clusters."""
    clusters = clusters_of(load.connection, work_table_id)
    return cards_here(load.connection, work_table_id) | {c.id for c in clusters if not c.removed}
