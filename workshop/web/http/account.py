"""One's own account at the central record: open sessions, another passphrase, fresh recovery codes."""

import time

from flask import Blueprint, Response, request

from workshop.domain.people import Role
from workshop.domain.permissions import Action, permit
from workshop.domain.refusal import Refusal
from workshop.private import organisers, second_factor, visits
from workshop.private.passphrases import hash_of
from workshop.private.tokens import hashed
from workshop.settings import private_key
from workshop.web.answers import back_to, refuse, show, wants_json
from workshop.web.confirmed import confirmed
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import language, staff, staff_token
from workshop.web.organisers_shown import shown
from workshop.web.wording import describe

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
def account() -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    return _page()


@blueprint.post("/account/sessions/end")
def end_other_sessions() -> Response:
    permit(staff(), Action.KEEP_ORGANISERS)
    house().keep_private(visits.end_all, staff().id, hashed(staff_token()))
    house().cut_off(staff().id)
    return back_to("/account")


@blueprint.post("/account/passphrase")
def change_passphrase() -> Response:
    """With the old one and a code; all other sessions end."""
    me = confirmed()
    kept = house().desk.apart(hash_of, field("new"), field("again"), me.name)
    house().keep_private(organisers.change_passphrase, me.id, kept, hashed(staff_token()))
    house().cut_off(me.id)
    return back_to("/account")


@blueprint.post("/account/recovery")
def new_recovery_codes() -> Response:
    """The answer itself shows them; the ones before are void."""
    me = confirmed()
    codes = house().keep_private(second_factor.new_recovery_codes, private_key(house().folder), me.id)
    answer = show("organisers/recovery.html", codes=codes, home="/account")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.errorhandler(Refusal)
def not_done(refusal: Refusal) -> Response:
    """The page again with what was wrong; what was typed is not shown. At a trial nobody has an account."""
    has_page = staff().role is Role.ORGANISER and not isinstance(refusal, organisers.NoSuchOrganiser)
    shown_again = request.method == "POST" and has_page and not wants_json()
    return _page(describe(refusal, language())) if shown_again else refuse(refusal)


def _page(problem: dict[str, object] | None = None) -> Response:
    whose = house().ask_private(organisers.organiser, staff().id)
    with house().reading_private() as private:
        me = next(each for each in shown(private, int(time.time())) if each.id == whose.id)
        left = second_factor.recovery_codes_left(private, whose.id)
    status = int(str(problem["status"])) if problem else 200
    return show("organisers/account.html", status, me=me, left=left, here=hashed(staff_token()), wrong=problem)
