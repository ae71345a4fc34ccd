"""What the rules of the synthesis need: the draft as it stands, the read-back that is open, this person's voter."""

from workshop.dispatch.front_door import Load, handles
from workshop.domain.fact import Fact
from workshop.domain.frozen import Frozen
from workshop.domain.outcome import check_in_whose_place
from workshop.domain.permissions import permit
from workshop.domain.refusal import NotFound
from workshop.domain.synthesis import (
    AnswerSentence,
    CloseReadBack,
    CountHands,
    DeclareNoMinority,
    KeepObjection,
    NoReadBackOpen,
    OpenReadBack,
    Rectify,
    TurnPage,
    Validate,
    answer_sentence,
    close_read_back,
    count_hands,
    declare_no_minority,
    keep_objection,
    open_read_back,
    rectify,
    turn_page,
    validate,
)
from workshop.private.ballot_keys import destroy_key, open_key
from workshop.private.staff import has_facilitator
from workshop.record.queries.syntheses import (
    Edition,
    latest_confirmed,
    objection_words,
    sentences_of,
    state_of,
    the_draft,
    the_edition,
    where_it_stands,
)
from workshop.record.queries.tables import the_table


@handles(DeclareNoMinority)
def _(command: DeclareNoMinority, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    return declare_no_minority(command, state_of(load.connection, command.synthesis_id))


@handles(OpenReadBack)
def _(command: OpenReadBack, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    the_table(load.connection, command.synthesis_id)
    facts = open_read_back(command, the_draft(load.connection, command.synthesis_id).facts())
    open_key(load.private, command.command_id)  # as for dots: at the latest now
    return facts


@handles(TurnPage)
def _(command: TurnPage, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    _, frozen = _open(load, command.synthesis_id)
    return turn_page(command, frozen)


@handles(AnswerSentence)
def _(command: AnswerSentence, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    open_id, frozen = _open(load, command.synthesis_id)
    voter = load.voter(open_id) if open_id else ""
    if not voter:
        raise NoReadBackOpen("sentence_id")
    return answer_sentence(command, open_id, frozen, voter)


@handles(CountHands)
def _(command: CountHands, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    return count_hands(command, *_open(load, command.synthesis_id))


@handles(KeepObjection)
def _(command: KeepObjection, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    state, open_id = where_it_stands(load.connection, command.synthesis_id)
    edition = the_edition(load.connection, command.read_back_id)
    if edition is None or edition.synthesis_id != command.synthesis_id:
        raise NotFound("read_back_id")
    sentence_id, words = objection_words(load.connection, command.read_back_id, command.answer_id)
    evidence = next((s.evidence for s in edition.frozen.sentences if s.id == sentence_id), ()) if edition.frozen else ()
    sentences = [s for s in sentences_of(load.connection, command.synthesis_id) if not s.removed]
    last, kept = max((s.position for s in sentences), default=0), any(s.from_answer == command.answer_id for s in sentences)
    facts = keep_objection(command, state, open_id, words, evidence, last, kept)
    destroy_key(load.private, command.read_back_id)
    return facts


@handles(CloseReadBack)
def _(command: CloseReadBack, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    open_id, _ = _open(load, command.synthesis_id)
    facts = close_read_back(command, open_id)
    destroy_key(load.private, open_id)
    return facts


@handles(Validate)
def _(command: Validate, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    check_in_whose_place(command, load.actor.leads, has_facilitator(load.private, command.synthesis_id))
    state = state_of(load.connection, command.synthesis_id)
    open_id, frozen = _open(load, command.synthesis_id)
    edition = the_edition(load.connection, open_id)
    uncovered = the_draft(load.connection, command.synthesis_id).facts().uncovered
    facts = validate(command, state, open_id, edition.number if edition else 0, frozen, uncovered)
    destroy_key(load.private, open_id)
    return facts


@handles(Rectify)
def _(command: Rectify, load: Load) -> list[Fact]:
    permit(load.actor, command.may, command.synthesis_id)
    latest: Edition | None = latest_confirmed(load.connection, command.synthesis_id)
    state = state_of(load.connection, command.synthesis_id)
    return rectify(command, state, latest.number if latest else 0, latest.frozen if latest else None)


def _open(load: Load, synthesis_id: str) -> tuple[str, Frozen | None]:
    """(id, words) of the read-back that is open now; ('', None) without one."""
    _, read_back_id = where_it_stands(load.connection, synthesis_id)
    edition = the_edition(load.connection, read_back_id) if read_back_id else None
    return (edition.id, edition.frozen) if edition else ("", None)
