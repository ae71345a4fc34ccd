"""The lead sends the room's record to the centre: connect with a one-time code, send, look how far it is."""

import contextlib
import threading
from typing import Any

from flask import Blueprint, Response

from workshop.domain.permissions import Action, permit
from workshop.domain.profiles import Profile
from workshop.domain.refusal import NotInList, Refusal
from workshop.private.peers import NoCentre
from workshop.private.settings_kept import keep_setting
from workshop.web.answers import back_to, show
from workshop.web.central_link import the_link
from workshop.web.courier import AlreadyUnderWay, Courier
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.http.local import courier
from workshop.web.identity import language, staff
from workshop.web.leaving import PROFILE
from workshop.web.readers import agree
from workshop.web.rounds import SETTING
from workshop.web.wording import describe

blueprint = Blueprint("central", __name__)


@blueprint.get("/lead/central")
def central() -> Response:
    permit(staff(), Action.SYNC)
    link, here = the_link(), courier()
    failure, names_failure = (_described(each) for each in ((link.last.failure, link.last.names_failure) if link.last else (None, None)))
    told: dict[str, Any] = {"failure": failure, "names_failure": names_failure}
    return show("lead/central.html", link=link, progress=here.progress, is_under_way=here.is_under_way, **told)


@blueprint.post("/lead/central")
def send() -> Response:
    """Goes on by itself: the page asks how far it is, and the room goes on working meanwhile."""
    permit(staff(), Action.SYNC)
    return _start()


@blueprint.post("/lead/central/stop")
def stop() -> Response:
    permit(staff(), Action.SYNC)
    courier().stop()
    return back_to("/lead/central")


@blueprint.post("/lead/central/bring")
def bring() -> Response:
    """The prepared process comes here: running sheet, tables, what else was written at the centre."""
    permit(staff(), Action.SYNC)
    chosen, offered = field("scope"), [scope for scope, _ in the_link().offered]
    if chosen not in offered:
        raise NotInList("scope", choices=tuple(offered))
    return _start(frozenset({chosen}))


@blueprint.post("/lead/central/profile")
def choose_profile() -> Response:
    """A wider one sends what stayed here until now, at the next contact; a narrower one takes nothing back."""
    permit(staff(), Action.SYNC)
    chosen = field("profile")
    if chosen not in list(Profile):
        raise NotInList("profile", choices=tuple(Profile))
    if chosen == Profile.FULL:
        house().keep_private(agree, field("reader", "-"))  # the one whose fingerprint the page has shown
    house().keep_private(keep_setting, PROFILE, chosen)
    return back_to("/lead/central")


@blueprint.post("/lead/central/by-itself")
def choose_by_itself() -> Response:
    permit(staff(), Action.SYNC)
    house().keep_private(keep_setting, SETTING, "yes" if field("by_itself") == "1" else "no")
    return back_to("/lead/central")


@blueprint.post("/lead/central/enrol")
def enrol() -> Response:
    permit(staff(), Action.SYNC)
    house().desk.apart(courier().enrol, field("url"), field("code"))
    return back_to("/lead/central")


def _described(failure: Refusal | None) -> dict[str, object] | None:
    return describe(failure, language()) if failure else None


def _start(bring: frozenset[str] = frozenset()) -> Response:
    if the_link().centre is None:
        raise NoCentre("centre")
    if courier().is_under_way:
        raise AlreadyUnderWay
    threading.Thread(target=_send, args=(courier(), bring), daemon=True).start()
    return back_to("/lead/central")


def _send(here: Courier, bring: frozenset[str]) -> None:
    """What went wrong is kept as the last contact, for the page."""
    with contextlib.suppress(Refusal):
        here.run(bring=bring)
