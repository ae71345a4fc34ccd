"""Phones refill a restored room: which of the acts that a phone still holds are not here, and which of their authors nobody here knows."""

from flask import Blueprint, Response, jsonify

from workshop.copies.erasures import erasures_in
from workshop.copies.restoring import BACKUPS
from workshop.domain.ids import is_id
from workshop.domain.refusal import Malformed, SignInFirst
from workshop.record.queries.missing import causes_here, people_here
from workshop.record.queries.processes import the_meeting
from workshop.web.house import house
from workshop.web.identity import participant
from workshop.web.sent import sent

blueprint = Blueprint("phone_kept", __name__)
MOST = 250


@blueprint.post("/cards/missing")
def missing() -> Response:
    """By the names of the acts, which only who sent them knows. What was erased on request is not asked for again."""
    if not participant().id:
        raise SignInFirst
    ids, people = _ids("ids"), _ids("people")
    with house().reading() as connection:
        scope = the_meeting(connection, participant().meeting_id).process_id
        here, known = causes_here(connection, scope, ids), people_here(connection, people)
    erased = ids & {each.cause for each in erasures_in(house().folder.path / BACKUPS)}
    return jsonify(missing=sorted(ids - here - erased), strangers=sorted(people - known), erased=sorted(erased))


def _ids(name: str) -> set[str]:
    """A list in JSON, or repeated fields of a form."""
    found = sent().get(name, [])
    if not isinstance(found, list) or len(found) > MOST or not all(isinstance(each, str) and is_id(each) for each in found):
        raise Malformed(name)
    return set(found)
