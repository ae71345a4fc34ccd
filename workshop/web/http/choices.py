"""Choosing on the phone: dots on groups, and the answer to each sentence that is read back. Nobody sees whose they are."""

import dataclasses

from flask import Blueprint, Response

from workshop.domain.dots import CastDots
from workshop.domain.frozen import Frozen, FrozenSentence
from workshop.domain.step import Step, Verb
from workshop.domain.synthesis import AnswerSentence
from workshop.private.ballot_keys import known_key, voter
from workshop.private.rejoining import masked
from workshop.record.queries.ballots import ballot_of, result_told, results_told
from workshop.record.queries.boards import the_board
from workshop.record.queries.fields import the_last_word
from workshop.record.queries.syntheses import Edition, answers_of, editions_of, latest_confirmed
from workshop.record.queries.tables import the_table
from workshop.record.writer import Receipt
from workshop.web.answers import receipt, words
from workshop.web.doors import read
from workshop.web.here import Here, here, show_phone
from workshop.web.house import house
from workshop.web.identity import participant
from workshop.web.refusal_words import N_
from workshop.web.results import in_places

blueprint = Blueprint("choices", __name__)


@blueprint.get("/choices")
def choices() -> Response:
    """What is asked now: the read-back first, then the vote; else what came out, or nothing yet."""
    at = here()
    if at.table.synthesis == "in_review" and (read_back := _read_back(at)):
        return _read_back_page(at, *read_back)
    vote = at.latest(Verb.VOTE, "open", "paused")
    if vote and not at.is_over and not house().ask(result_told, vote.id, at.table.id):
        return _dots_page(at, vote) if vote.ballot == "dots" else show_phone("phones/vote_aloud.html", at, "choices", vote=vote)
    return _after_page(at)


@blueprint.post("/tables/<work_table_id>/dots")
def cast_dots(work_table_id: str) -> Response:
    table = house().ask(the_table, work_table_id)
    found = house().dispatch(read(CastDots, process_id=table.process_id, work_table_id=table.id), participant())
    return receipt(found, "/choices", words=words(N_("Your choices are in.")))


@blueprint.post("/tables/<work_table_id>/answers")
def answer_sentence(work_table_id: str) -> Response:
    table = house().ask(the_table, work_table_id)
    found = house().dispatch(read(AnswerSentence, process_id=table.process_id, synthesis_id=table.id), participant())
    return receipt(found, "/choices", words=words(N_("Your answer is in.")))


@blueprint.post("/tables/<work_table_id>/answers/others")
def agree_with_the_others(work_table_id: str) -> Response:
    """One tap, one answer for each sentence named in the form: all those that this person had not answered yet."""
    table = house().ask(the_table, work_table_id)
    first = read(_AgreeWithAll, process_id=table.process_id, synthesis_id=table.id)
    found = [house().dispatch(command, participant()) for command in first.each()]
    return receipt(Receipt(first.command_id, (), all(one.first_time for one in found)), "/choices", words=words(N_("Your answers are in.")))


@blueprint.get("/tables/<work_table_id>/dots")
@blueprint.get("/tables/<work_table_id>/answers")
def after_a_refusal(work_table_id: str) -> Response:
    """Where a link on a refused page leads, such as the language."""
    return choices()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _AgreeWithAll(AnswerSentence):
    """The form of 'I agree with all the others'."""

    sentence_ids: tuple[str, ...] = ()
    sentence_id: str = ""
    answer: str = "agree"

    def each(self) -> list[AnswerSentence]:
        """Each answer has an id of its own, the same at each try."""
        return [
            AnswerSentence(
                command_id=masked(self.command_id.encode(), sentence_id),
                process_id=self.process_id,
                synthesis_id=self.synthesis_id,
                read_back_id=self.read_back_id,
                sentence_id=sentence_id,
                answer="agree",
                in_bulk=True,
            )
            for sentence_id in dict.fromkeys(self.sentence_ids)
        ]


def _dots_page(at: Here, vote: Step) -> Response:
    with house().reading() as connection:
        clusters = the_board(connection, at.table.id).clusters
        voted_at, dots = ballot_of(connection, vote.id, _voter(at, vote.id))
        elsewhere = the_table(connection, voted_at) if voted_at and voted_at != at.table.id else None
        told_elsewhere = bool(elsewhere and result_told(connection, vote.id, elsewhere.id))
    here_now = {} if elsewhere else dots
    given = sum(here_now.get(cluster.id, 0) for cluster in clusters)
    return show_phone(
        "phones/dots.html",
        at,
        "choices",
        vote=vote,
        clusters=clusters,
        dots=here_now,
        left=max(0, vote.votes - given),
        has_voted=bool(here_now),
        elsewhere=elsewhere,
        told_elsewhere=told_elsewhere,
    )


def _read_back(at: Here) -> tuple[Edition, Frozen, list[Edition]] | None:
    """The version that is read now, its words, and the versions before it."""
    open_id = house().ask(the_last_word, at.table.id, "synthesis", {})["read_back"]
    editions = house().ask(editions_of, at.table.id)
    now = next((edition for edition in editions if edition.id == open_id), None)
    if now is None or now.frozen is None:
        return None
    return now, now.frozen, [edition for edition in editions if edition.number < now.number]


def _read_back_page(at: Here, edition: Edition, frozen: Frozen, earlier: list[Edition]) -> Response:
    given = house().ask(answers_of, edition.id, _voter(at, edition.id))
    left = [sentence for sentence in frozen.sentences if sentence.id not in given]
    return show_phone(
        "phones/read_back.html",
        at,
        "choices",
        edition=edition,
        sentences=frozen.sentences,
        given=given,
        current=left[0] if left else None,
        remaining=[sentence.id for sentence in left],
        is_again=bool(earlier),
        changed=_changed(frozen.sentences, earlier),
    )


def _changed(sentences: tuple[FrozenSentence, ...], earlier: list[Edition]) -> set[str]:
    """Sentences that do not say what they said when the table last heard them. Whose answers they had, nobody knows any more."""
    before = earlier[0].frozen if earlier else None
    versions = {sentence.version_id for sentence in before.sentences} if before else set()
    return {sentence.id for sentence in sentences if sentence.version_id not in versions} if before else set()


def _after_page(at: Here) -> Response:
    with house().reading() as connection:
        titles = {cluster.id: cluster.title for cluster in the_board(connection, at.table.id).clusters}
        results = [in_places(result, titles) for result in results_told(connection, at.table.id).values()]
        confirmed = latest_confirmed(connection, at.table.id)
    return show_phone("phones/after.html", at, "choices", results=results, confirmed=confirmed)


def _voter(at: Here, ballot_id: str) -> str:
    """This person in this ballot; '' when they never voted, or when the link was cut."""
    key = house().ask_private(known_key, ballot_id)
    return voter(key, at.me.id) if key else ""
