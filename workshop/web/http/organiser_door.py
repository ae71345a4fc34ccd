"""Organisers come in at the central record: name, passphrase and code; the one-time link that sets them; and they go out."""

import time
from dataclasses import dataclass

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from workshop.domain.people import NOBODY, Role
from workshop.domain.refusal import Refusal
from workshop.domain.text import maybe_words
from workshop.private import organisers, second_factor
from workshop.private.coming_in import Known, NotLetIn, Typed, fits, knock, let_in
from workshop.private.guesses import TooManyGuesses
from workshop.private.passphrases import hash_of
from workshop.private.signing_in import sign_in_by_link
from workshop.private.tokens import issue_token, revoke_token
from workshop.settings import private_key
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.doors import field
from workshop.web.homes import home_of
from workshop.web.house import house
from workshop.web.identity import forget_token, language, remember_token, staff, staff_token
from workshop.web.line import neighbourhood
from workshop.web.wording import describe

blueprint = Blueprint("organiser_door", __name__)


class CodeDoesNotFit(Refusal):
    """The first code of a new second factor: perhaps the phone's clock is wrong."""


@dataclass(frozen=True, slots=True)
class _SetUp:
    """What comes out of a set-up: shown once."""

    token: str
    codes: list[str]


@blueprint.get("/sign-in")
def sign_in_page() -> Response:
    return _door() if staff() == NOBODY else back_to(home_of(staff()))


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """The slow comparison runs apart, between two jobs of the writer."""
    key, now = private_key(house().folder), int(time.time())
    typed = Typed(
        maybe_words(field("name"), "name"),
        maybe_words(field("passphrase"), "passphrase"),
        maybe_words(field("code"), "code"),
        neighbourhood(request.remote_addr or ""),
    )
    known: Known = house().keep_private(knock, key, typed, now)
    token = house().keep_private(let_in, key, known, typed, house().desk.apart(fits, known, typed, now))
    return remember_token(back_to("/archive"), token, is_staff=True)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    if token := staff_token():
        who = staff().id
        house().keep_private(revoke_token, token)
        house().cut_off(who)
    return forget_token(back_to("/sign-in"), is_staff=True)


@blueprint.get("/enter/<secret>")
def enter(secret: str) -> Response:
    """Only where a central record is tried out: the link that the terminal printed."""
    may = house().is_trial and request.method == "GET"
    token = house().keep_private(sign_in_by_link, secret, Role.ORGANISER) if may else None
    if token:
        return remember_token(back_to("/archive"), token, is_staff=True)
    return back_to("/archive") if staff() != NOBODY else show("organisers/void_link.html", 410)


@blueprint.get("/set-up/<secret>")
def set_up_page(secret: str) -> Response:
    whose = house().ask_private(organisers.whose_link, secret, int(time.time()))
    return _set_up_form(secret, whose)


@blueprint.post("/set-up/<secret>")
def set_up(secret: str) -> Response:
    """The answer itself shows the recovery codes: only their hashes are kept."""
    key, now = private_key(house().folder), int(time.time())
    whose = house().ask_private(organisers.whose_link, secret, now)
    kept = house().desk.apart(hash_of, field("passphrase"), field("again"), whose.name)
    factor = second_factor.secret_of_link(key, secret)
    step = second_factor.step_of(factor, maybe_words(field("code"), "code"), now)
    if not step:
        raise CodeDoesNotFit("code")
    made: _SetUp = house().keep_private(_keep, key, secret, kept, second_factor.locked(key, factor), step)
    house().cut_off(whose.id)
    return remember_token(_once(show("organisers/recovery.html", codes=made.codes, home="/archive")), made.token, is_staff=True)


@blueprint.errorhandler(NotLetIn)
@blueprint.errorhandler(TooManyGuesses)
def not_in(refusal: Refusal) -> Response:
    """The same page again; passphrase and code are not shown."""
    answer = refuse(refusal) if wants_json() else _door(describe(refusal, language()))
    if isinstance(refusal, TooManyGuesses):
        answer.headers["Retry-After"] = str(int(str(refusal.detail["minutes"])) * 60)
    return answer


@blueprint.errorhandler(Refusal)
def not_set_up(refusal: Refusal) -> Response:
    """The form of the link again, which is still good, with what was wrong."""
    if request.endpoint != "organiser_door.set_up" or wants_json():
        return refuse(refusal)
    secret = str((request.view_args or {})["secret"])
    whose = house().ask_private(organisers.whose_link, secret, int(time.time()))
    return _set_up_form(secret, whose, describe(refusal, language()))


@blueprint.errorhandler(organisers.LinkIsVoid)
def void_link(refusal: Refusal) -> Response:
    return refuse(refusal) if wants_json() else show("organisers/void_link.html", 410)


def _door(problem: dict[str, object] | None = None) -> Response:
    return show("organisers/sign_in.html", int(str(problem["status"])) if problem else 200, problem=problem, name=field("name"))


def _set_up_form(secret: str, whose: organisers.Organiser, problem: dict[str, object] | None = None) -> Response:
    factor = second_factor.secret_of_link(private_key(house().folder), secret)
    address = second_factor.address_for_the_app(factor, whose.name)
    told = {"secret": secret, "whose": whose, "address": address, "letters": second_factor.shown(factor), "problem": problem}
    return _once(show("organisers/set_up.html", int(str(problem["status"])) if problem else 200, **told))


def _keep(connection: Connection, key: bytes, secret: str, kept: str, box: bytes, step: int) -> _SetUp:
    whose = organisers.use_link(connection, secret, int(time.time()))
    organisers.set_up(connection, whose.id, kept, box, step)
    codes = second_factor.new_recovery_codes(connection, key, whose.id)
    return _SetUp(issue_token(connection, Role.ORGANISER, whose.id), codes)


def _once(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
