"""Who is asking: opaque tokens in cookies, looked up in the private database at every request and every socket event.

One browser may be two people's: the lead's laptop may also show a phone page. So participants and staff have a cookie each.
"""

import time
from dataclasses import dataclass
from typing import Final, cast

from flask import Response, g, has_request_context, request
from sqlalchemy import Connection

from workshop.domain.people import NOBODY, Actor, Role
from workshop.private import visits
from workshop.private.staff import staff_member
from workshop.private.tokens import Bearer, bearer_of, hashed
from workshop.record.queries.tables import table_of_participant
from workshop.web.house import House, house
from workshop.web.wording import LANGUAGES, best_language

YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class People:
    """Who this browser may act as."""

    participant: Actor
    staff: Actor


def people() -> People:
    """Looked up once per request; sockets look up again for every event."""
    if has_request_context() and "people" in g:
        return g.people  # type: ignore[no-any-return]
    found = people_with(house(), dict(request.cookies))
    if has_request_context():
        g.people = found
        _note_visit(found.staff)
    return found


def people_with(home: House, cookies: dict[str, str]) -> People:
    return People(_participant(home, cookies.get(f"{home.cookie}_p", "")), _staff(home, cookies.get(f"{home.cookie}_s", "")))


def participant() -> Actor:
    return people().participant


def staff() -> Actor:
    return people().staff


def language() -> str:
    """Asked in the address, kept in a cookie, else what the browser prefers; Italian first."""
    if "language" not in g:
        g.language = best_language(request.args.get("lang"), request.cookies.get("lang"), request.headers.get("Accept-Language", ""))
    return cast("str", g.language)


def remember_token(response: Response, token: str, *, is_staff: bool) -> Response:
    return _set(response, f"{house().cookie}_{'s' if is_staff else 'p'}", token)


def forget_token(response: Response, *, is_staff: bool) -> Response:
    response.delete_cookie(f"{house().cookie}_{'s' if is_staff else 'p'}", secure=_is_secure(), httponly=True, samesite="Lax")
    return response


def staff_token() -> str:
    """ "" when there is none."""
    return request.cookies.get(f"{house().cookie}_s", "")


def remember_language(response: Response) -> Response:
    asked = request.args.get("lang", "")
    return _set(response, "lang", asked) if asked in LANGUAGES and asked != request.cookies.get("lang") else response


def _set(response: Response, name: str, value: str) -> Response:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=_is_secure())
    return response


def _is_secure() -> bool:
    """The guard has settled it: only the central record is reached over https."""
    return house().place == "central" and request.is_secure


def _participant(home: House, token: str) -> Actor:
    bearer = _bearer(home, token)
    if bearer is None or bearer.role != Role.PARTICIPANT:
        return NOBODY
    table = home.ask(table_of_participant, bearer.subject_id)
    return Actor(role=Role.PARTICIPANT, id=bearer.subject_id, meeting_id=bearer.meeting_id, tables=frozenset({table} if table else ()))


def _staff(home: House, token: str) -> Actor:
    bearer = _bearer(home, token)
    if bearer is None or bearer.role == Role.PARTICIPANT:
        return NOBODY
    with home.reading_private() as connection:
        if bearer.role == Role.ORGANISER and not _is_open(connection, token):
            return NOBODY
        return _member(connection, bearer)


def _is_open(connection: Connection, token: str) -> bool:
    """A session at the central record ends by itself."""
    found = visits.visit(connection, hashed(token))
    return found is not None and found.goes_on(int(time.time()))


def _note_visit(who: Actor) -> None:
    if who.role is not Role.ORGANISER:
        return
    now, token = int(time.time()), hashed(staff_token())
    found = house().ask_private(visits.visit, token)
    if found and abs(now - found.seen) > visits.NOTED_EVERY:
        house().keep_private(visits.note, token, now)


def _member(connection: Connection, bearer: Bearer) -> Actor:
    member = staff_member(connection, bearer.subject_id)
    if member is None or member.revoked:
        return NOBODY
    return Actor(role=Role(member.role), id=member.id, meeting_id=member.meeting_id, tables=member.tables)


def _bearer(home: House, token: str) -> Bearer | None:
    return home.ask_private(bearer_of, token) if token else None
