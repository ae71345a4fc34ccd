"""In the room: a new passphrase for who leads, shown once. Also for who came in by the link because the old one is lost."""

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.private.staff import change_passphrase, new_passphrase
from workshop.private.tokens import hashed
from workshop.web.answers import show
from workshop.web.house import house
from workshop.web.identity import staff, staff_token

blueprint = Blueprint("lead_passphrase", __name__)


@blueprint.get("/lead/passphrase")
def passphrase_page() -> Response:
    permit(staff(), Action.RUN_MEETING)
    return show("lead/passphrase.html", passphrase="")


@blueprint.post("/lead/passphrase")
def make_another() -> Response:
    """The answer itself shows it. Windows opened with the old one are out, this one stays."""
    permit(staff(), Action.RUN_MEETING)
    made = new_passphrase()
    house().keep_private(change_passphrase, staff().id, made, hashed(staff_token()))
    house().cut_off(staff().id)
    answer = show("lead/passphrase.html", passphrase=made)
    answer.headers["Cache-Control"] = "no-store"
    return answer
