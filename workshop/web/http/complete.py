"""Complete records, at the centre: the key that an organiser makes and keeps on paper, and opening what was sealed for it."""

from flask import Blueprint, Response, request

from sync.signing import public_key_of
from workshop.domain.people import Role
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import Refusal
from workshop.record.sealed import Opened
from workshop.settings import device_key
from workshop.web.answers import refuse, show, wants_json
from workshop.web.complete import fingerprints_here, make_key, open_with
from workshop.web.confirmed import confirmed
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import language, staff
from workshop.web.readers import announced
from workshop.web.signets import log_of_house
from workshop.web.wording import describe

blueprint = Blueprint("complete", __name__)


@blueprint.get("/complete")
def complete() -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    return _page()


@blueprint.post("/complete/key")
def new_key() -> Response:
    """The answer itself shows it: nobody can show it again. At a trial nobody has an account to confirm with."""
    permit(staff(), Action.KEEP_ORGANISERS)
    if not house().is_trial:
        confirmed()
    key, fingerprint = make_key(house())
    return _not_kept(show("organisers/reader_key.html", key=key, fingerprint=fingerprint))


@blueprint.post("/complete/open")
def open_sealed() -> Response:
    """With a key that is used now and forgotten."""
    permit(staff(), Action.KEEP_ORGANISERS)
    return _page(told=house().desk.apart(open_with, log_of_house(house()), field("key")))


@blueprint.errorhandler(Refusal)
def not_done(refusal: Refusal) -> Response:
    """The page again with what was wrong; what was typed is not shown."""
    shown_again = request.method == "POST" and staff().role is Role.ORGANISER and not wants_json()
    return _page(describe(refusal, language())) if shown_again else refuse(refusal)


def _page(problem: dict[str, object] | None = None, told: Opened | None = None) -> Response:
    reader = house().ask_private(announced, public_key_of(device_key(house().folder)))
    status = int(str(problem["status"])) if problem else 200
    here = house().ask(fingerprints_here)
    return _not_kept(show("organisers/complete.html", status, reader=reader, sealed=here, told=told, wrong=problem))


def _not_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
