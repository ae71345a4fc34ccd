"""What the machine did not decide, for who leads or organises: one list for a process, the same in the room and at the centre."""

from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from workshop.domain.cluster import TitleCluster
from workshop.domain.command import Command
from workshop.domain.contribution import RedactContribution, TranslateContribution
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import NotFound
from workshop.domain.review import AdoptRival, BringBack, DropReference, KeepBoth, KeepVersion, NoteDifference
from workshop.domain.sentence import RewriteSentence
from workshop.domain.work_table import RethemeTable
from workshop.record.queries.processes import processes, the_process
from workshop.web import review_words
from workshop.web.answers import back_to, show
from workshop.web.doors import field, read
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.review_shown import how_many, review_page

blueprint = Blueprint("review", __name__, url_prefix="/review")
SETTLING: Final[dict[str, type[Command]]] = {
    "keep": KeepVersion,
    "both": KeepBoth,
    "adopt": AdoptRival,
    "back": BringBack,
    "drop": DropReference,
    "noted": NoteDifference,
}
MERGING: Final[dict[str, tuple[type[Command], str]]] = {  # field -> the edit that replaces all its versions, and how it names the thing
    "text": (RedactContribution, "contribution_id"),
    "translation": (TranslateContribution, "contribution_id"),
    "title": (TitleCluster, "cluster_id"),
    "wording": (RewriteSentence, "sentence_id"),
    "theme": (RethemeTable, "work_table_id"),
}


@blueprint.get("")
def every_process() -> Response:
    """Of one process at once; of several, each with its number."""
    permit(staff(), Action.SETTLE)
    found = house().ask(processes)
    if len(found) == 1:
        return back_to(f"/review/{found[0].id}")
    return show("review/processes.html", processes=[(process, how_many(process.id)) for process in found])


@blueprint.get("/<process_id>")
def review(process_id: str) -> Response:
    permit(staff(), Action.SETTLE)
    topic = f"review:{process_id}"
    version = house().versions(topic)
    process, page = house().ask(the_process, process_id), review_page(process_id, _number(), request.args.get("at", ""))
    told: dict[str, Any] = {"process": process, "page": page, "said": review_words, "in_room": house().place == "room"}
    return show("review/review.html", topic=topic, version=version, **told)


@blueprint.post("/<process_id>/<act>")
def settle(process_id: str, act: str) -> Response:
    """Keep one, keep both, bring back, or note that it stays: each is a command of its own."""
    permit(staff(), Action.SETTLE)
    if act not in SETTLING:
        raise NotFound("act")
    house().dispatch(read(SETTLING[act], process_id=process_id), staff())
    return _on(process_id)


@blueprint.post("/<process_id>/words/<name>/<thing_id>")
def merge(process_id: str, name: str, thing_id: str) -> Response:
    """New words in place of all versions: the edit that is made anywhere else, by whoever settles."""
    permit(staff(), Action.SETTLE)
    if name not in MERGING:
        raise NotFound("name")
    kind, names_thing = MERGING[name]
    house().dispatch(read(kind, process_id=process_id, **{names_thing: thing_id}), staff())
    return _on(process_id)


def _on(process_id: str) -> Response:
    """To the row after the one that was settled: `next` says which, on which part of the list."""
    number, _, key = field("next").partition(" ")
    return back_to(f"/review/{process_id}?{urlencode({'page': number or 1, 'at': key or 'next'})}")


def _number() -> int:
    told = request.args.get("page", "1")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 1
