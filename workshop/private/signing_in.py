"""Ways in for staff: the link printed at start, the passphrase, an invitation with its PIN. Wrong tries are counted per device address.

Each function is one job on the writer's thread: look at the tries, compare, note or forget, give a token; so tries cannot race.
"""

import hashlib
import secrets

from sqlalchemy import Connection

from workshop.domain.ids import read_code
from workshop.domain.people import Role
from workshop.domain.refusal import Refusal
from workshop.private.guesses import MOST, WrongPassphrase, WrongSecret, check_guesses, forget_guesses, note_guess
from workshop.private.settings_kept import keep_setting, setting
from workshop.private.staff import invited, knows_secret, lead_of, staff_member
from workshop.private.tokens import hashed, issue_token


def keep_one_time_link(connection: Connection) -> str:
    """A fresh secret; the one of the start before is void."""
    secret = secrets.token_urlsafe(24)
    keep_setting(connection, "one_time_link", hashed(secret))
    return secret


def sign_in_by_link(connection: Connection, secret: str, role: Role) -> str | None:
    """The token of whoever leads here, once; then the link is void."""
    kept, member = setting(connection, "one_time_link"), lead_of(connection, role)
    if not kept or member is None or not secrets.compare_digest(kept, hashed(secret)):
        return None
    keep_setting(connection, "one_time_link", "")
    return issue_token(connection, member.role, member.id)


def sign_in_by_passphrase(connection: Connection, typed: str, role: Role, address: str, now: int) -> str:
    """Capitals, spaces and dashes do not matter: it is said aloud and copied by hand."""
    member = lead_of(connection, role)
    spoken = "-".join(typed.lower().replace("-", " ").split())
    return _sign_in(connection, member.id if member else "", spoken, f"passphrase:{_short(address)}", now, WrongPassphrase)


def sign_in_by_pin(connection: Connection, secret: str, typed: str, address: str, now: int) -> str:
    member = invited(connection, secret)
    staff_id = member.id if member and not member.revoked else ""
    return _sign_in(connection, staff_id, read_code(typed), f"pin:{staff_id}:{_short(address)}", now, WrongSecret)


def _sign_in(connection: Connection, staff_id: str, typed: str, what: str, now: int, wrong: type[Refusal]) -> str:
    check_guesses(connection, what, now)
    if not (staff_id and knows_secret(connection, staff_id, typed)):
        raise wrong("secret", left=max(0, MOST - note_guess(connection, what, now)))
    forget_guesses(connection, what)
    member = staff_member(connection, staff_id)
    assert member is not None
    return issue_token(connection, member.role, member.id, member.meeting_id)


def _short(address: str) -> str:
    """Devices are told apart without keeping their addresses."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
