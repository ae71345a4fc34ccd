"""Complete records, at the centre: the key that an organiser makes and keeps on paper, and opening what was sealed for it."""

from typing import Final, cast

from flask import Blueprint, Response, current_app, request

from sync.signing import public_key_of
from workshop.domain.people import Role
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import Refusal
from workshop.record.sealed import Opened
from workshop.settings import device_key
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.complete import Opener, fingerprints_here, make_key
from workshop.web.confirmed import confirmed
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import language, staff
from workshop.web.readers import announced
from workshop.web.signets import log_of_house
from workshop.web.wording import describe

blueprint = Blueprint("complete", __name__)
AT_ONCE: Final = 1.0  # seconds that the page waits before it shows how far it is


@blueprint.get("/complete")
def complete() -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    return _page(told=None if opener().is_under_way else opener().take_told())


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
    """With a key that is used now and forgotten. What takes longer goes on by itself, and the page looks how far it is."""
    permit(staff(), Action.KEEP_ORGANISERS)
    opening = house().desk.apart(opener().begin, log_of_house(house()), field("key"))
    house().desk.apart(opening.join, AT_ONCE)
    if opener().is_under_way:
        return back_to("/complete")
    told = opener().take_told()
    if isinstance(told, Refusal):
        raise told
    return _page(told=told)


@blueprint.post("/complete/stop")
def stop_opening() -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    opener().stop()
    return back_to("/complete")


def opener() -> Opener:
    """The one of this house."""
    return cast("Opener", current_app.extensions.setdefault("opener", Opener()))


@blueprint.errorhandler(Refusal)
def not_done(refusal: Refusal) -> Response:
    """The page again with what was wrong; what was typed is not shown."""
    shown_again = request.method == "POST" and staff().role is Role.ORGANISER and not wants_json()
    return _page(describe(refusal, language())) if shown_again else refuse(refusal)


def _page(problem: dict[str, object] | None = None, told: Opened | Refusal | None = None) -> Response:
    """`told`: what an opening came to. Why it ended early stands where its progress stood: that is all the page fetches."""
    reader = house().ask_private(announced, public_key_of(device_key(house().folder)))
    status = int(str(problem["status"])) if problem else 200
    ended, opened = (describe(told, language()), None) if isinstance(told, Refusal) else (None, told)
    going = {"is_under_way": opener().is_under_way, "progress": opener().progress, "ended": ended, "told": opened}
    here = house().ask(fingerprints_here)
    return _not_kept(show("organisers/complete.html", status, reader=reader, sealed=here, wrong=problem, **going))


def _not_kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
