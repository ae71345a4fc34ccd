"""What the command line asks the running server about people: organisers, the lead's passphrase. Known by the key in the lock file."""

import time

from flask import Blueprint, Response, jsonify

from workshop.private.front_desk import job_named
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.http.local import only_from_here

blueprint = Blueprint("local_people", __name__, url_prefix="/lead/people")
blueprint.before_request(only_from_here)


@blueprint.post("/<job>")
def do(job: str) -> Response:
    """Who was sent away, or has a new passphrase, loses their open windows too."""
    told = house().keep_private(job_named(job), field("name"), int(time.time()))
    if "id" in told:
        house().cut_off(told["id"])
    return jsonify(told)
