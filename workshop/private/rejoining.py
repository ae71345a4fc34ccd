"""The personal code brings the same person back on another phone or address. Wrong codes are counted per device and in all.

One job on the writer's thread: look at the tries, compare, note or give a token; so tries cannot race.
"""

import hashlib
import hmac
from typing import Final

from sqlalchemy import Connection

from workshop.domain.ids import read_code
from workshop.domain.people import Role
from workshop.private.guesses import WrongSecret, check_guesses, note_guess
from workshop.private.people import Person, person_with_code
from workshop.private.tokens import issue_token

MOST_FROM_ONE: Final = 10  # several phones may share one address
MOST_IN_ALL: Final = 200  # in ten minutes, of 244 million codes


def rejoin_with_code(connection: Connection, typed: str, device: str, now: int) -> str:
    """A new token for the person of this code; the earlier ones stay good. Raises WrongSecret, TooManyGuesses."""
    person = person_of_code(connection, typed, device, now)
    return issue_token(connection, Role.PARTICIPANT, person.participant_id, person.meeting_id)


def person_of_code(connection: Connection, typed: str, device: str, now: int) -> Person:
    """Whose code it is; wrong ones are counted. Raises WrongSecret, TooManyGuesses."""
    check_guesses(connection, f"code:{device}", now, MOST_FROM_ONE)
    check_guesses(connection, "code:*", now, MOST_IN_ALL)
    person = person_with_code(connection, read_code(typed))
    if person is None:
        note_guess(connection, f"code:{device}", now)
        note_guess(connection, "code:*", now)
        raise WrongSecret("code")
    return person


def masked(secret: bytes, text: str) -> str:
    """Told apart, never told: 32 hex characters that nobody without the device's key can make."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]
