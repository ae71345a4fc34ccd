"""Staff come in: the link printed at start, the passphrase, an invitation with its PIN; and go out."""

import time

from flask import Blueprint, Response, request

from workshop.domain.people import NOBODY, Role
from workshop.domain.refusal import Refusal
from workshop.private.guesses import TooManyGuesses, WrongPassphrase, WrongSecret
from workshop.private.signing_in import sign_in_by_link, sign_in_by_passphrase, sign_in_by_pin
from workshop.private.staff import invited
from workshop.private.tokens import revoke_token
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.doors import field
from workshop.web.homes import home_of
from workshop.web.house import house
from workshop.web.identity import forget_token, language, people_with, remember_token, staff
from workshop.web.wording import describe

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/enter/<secret>")
def enter(secret: str) -> Response:
    """The one-time link. Who is in already just goes on: the browser may open it again from its history."""
    token = house().keep_private(sign_in_by_link, secret, _leader()) if request.method == "GET" else None
    if token:
        return _welcome(token)
    if staff() != NOBODY:
        return back_to(home_of(staff()))
    return show("sign_in/passphrase.html", 410, link_is_void=True, problem=None)


@blueprint.get("/sign-in")
def sign_in_page() -> Response:
    return show("sign_in/passphrase.html", link_is_void=False, problem=None) if staff() == NOBODY else back_to(home_of(staff()))


@blueprint.post("/sign-in")
def sign_in() -> Response:
    return _welcome(house().keep_private(sign_in_by_passphrase, field("secret"), _leader(), _address(), int(time.time())))


@blueprint.get("/staff/<secret>")
def invitation(secret: str) -> Response:
    member = house().ask_private(invited, secret)
    if member is None or member.revoked:
        return show("sign_in/void_invitation.html", 410)
    return show("sign_in/pin.html", secret=secret, member=member, problem=None)


@blueprint.post("/staff/<secret>")
def accept_invitation(secret: str) -> Response:
    member = house().ask_private(invited, secret)
    if member is None or member.revoked:
        return show("sign_in/void_invitation.html", 410)
    return _welcome(house().keep_private(sign_in_by_pin, secret, field("secret"), _address(), int(time.time())))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    if token := request.cookies.get(f"{house().cookie}_s"):
        who = staff().id
        house().keep_private(revoke_token, token)
        house().cut_off(who)
    return forget_token(back_to("/sign-in"), is_staff=True)


@blueprint.errorhandler(WrongPassphrase)
@blueprint.errorhandler(WrongSecret)
@blueprint.errorhandler(TooManyGuesses)
def not_in(refusal: Refusal) -> Response:
    """The same page again with what was wrong; what was typed is not shown."""
    if wants_json():
        return refuse(refusal)
    problem = describe(refusal, language())
    secret = (request.view_args or {}).get("secret")
    status = int(str(problem["status"]))
    if secret:
        answer = show("sign_in/pin.html", status, secret=secret, member=house().ask_private(invited, secret), problem=problem)
    else:
        answer = show("sign_in/passphrase.html", status, link_is_void=False, problem=problem)
    if isinstance(refusal, TooManyGuesses):
        answer.headers["Retry-After"] = str(int(str(refusal.detail["minutes"])) * 60)
    return answer


def _leader() -> Role:
    return Role.LEAD if house().place == "room" else Role.ORGANISER


def _address() -> str:
    return request.remote_addr or ""


def _welcome(token: str) -> Response:
    """To the page of whoever this token is; the cookie goes with the answer."""
    signed_in = people_with(house(), {f"{house().cookie}_s": token}).staff
    return remember_token(back_to(home_of(signed_in)), token, is_staff=True)
