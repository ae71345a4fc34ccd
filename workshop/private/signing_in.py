"""Ways in for staff: the link printed at start, the passphrase, an invitation with its PIN. Wrong tries are counted per device address.

Each function is one job on the writer's thread: look at the tries, compare, note or forget, give a token; so tries cannot race.
"""

import hashlib
import secrets
from typing import Final

from sqlalchemy import Connection

from workshop.domain.ids import read_code
from workshop.domain.people import Role
from workshop.domain.refusal import Refusal
from workshop.private.guesses import MOST, WrongPassphrase, WrongSecret, check_guesses, forget_guesses, note_guess
from workshop.private.settings_kept import keep_setting, setting
from workshop.private.staff import StaffMember, invited, knows_secret, lead_of
from workshop.private.tokens import hashed, issue_token

PRINTED: Final = "one_time_link"


def keep_one_time_link(connection: Connection, name: str = PRINTED) -> str:
    """A fresh secret; the one of the start before is void. `name`: another link than the printed one."""
    secret = secrets.token_urlsafe(24)
    keep_setting(connection, name, hashed(secret))
    return secret


def sign_in_by_link(connection: Connection, secret: str, role: Role, name: str = PRINTED) -> str | None:
    """The token of whoever leads here, once; then the link is void."""
    kept, member = setting(connection, name), lead_of(connection, role)
    if not kept or member is None or not secrets.compare_digest(kept, hashed(secret)):
        return None
    keep_setting(connection, name, "")
    return issue_token(connection, member.role, member.id)


def sign_in_by_passphrase(connection: Connection, typed: str, role: Role, address: str, now: int) -> str:
    """Capitals, spaces and dashes do not matter: it is said aloud and copied by hand."""
    spoken = "-".join(typed.lower().replace("-", " ").split())
    return _sign_in(connection, lead_of(connection, role), spoken, f"passphrase:{_short(address)}", now, WrongPassphrase)


def sign_in_by_pin(connection: Connection, secret: str, typed: str, address: str, now: int) -> str:
    member = invited(connection, secret)
    what = f"pin:{member.id if member else ''}:{_short(address)}"
    return _sign_in(connection, None if member and member.revoked else member, read_code(typed), what, now, WrongSecret)


def _sign_in(connection: Connection, member: StaffMember | None, typed: str, what: str, now: int, wrong: type[Refusal]) -> str:
    check_guesses(connection, what, now)
    if member is None or not knows_secret(connection, member.id, typed):
        raise wrong("secret", left=max(0, MOST - note_guess(connection, what, now)))
    forget_guesses(connection, what)
    return issue_token(connection, member.role, member.id, member.meeting_id)


def _short(address: str) -> str:
    """Devices are told apart without keeping their addresses."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
