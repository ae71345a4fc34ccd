"""Passphrase and code once more, before what must not be done by whoever finds a window open."""

import time

from flask import request
from sqlalchemy import Connection

from workshop.domain.permissions import Action, permit
from workshop.domain.text import maybe_words
from workshop.private import organisers
from workshop.private.coming_in import Known, NotLetIn, Typed, confirm, fits, knock
from workshop.settings import private_key
from workshop.web.doors import field
from workshop.web.house import house
from workshop.web.identity import staff
from workshop.web.line import neighbourhood


def confirmed() -> organisers.Organiser:
    """Who it is. Raises NotLetIn."""
    permit(staff(), Action.KEEP_ORGANISERS)
    me: organisers.Organiser = house().ask_private(organisers.organiser, staff().id)
    key, now = private_key(house().folder), int(time.time())
    told = {name: maybe_words(field(name), name) for name in ("passphrase", "code")}
    typed = Typed(me.name, told["passphrase"], told["code"], neighbourhood(request.remote_addr or ""))
    known: Known = house().keep_private(knock, key, typed, now)
    house().keep_private(_confirm, key, known, typed, house().desk.apart(fits, known, typed, now))
    return me


def _confirm(connection: Connection, key: bytes, known: Known, typed: Typed, step: int | None) -> None:
    if not confirm(connection, key, known, typed, step):
        raise NotLetIn("code")
