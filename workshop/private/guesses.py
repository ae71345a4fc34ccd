"""Wrong guesses of PINs, passphrases and codes: after too many, wait. Counted per secret and per device address."""

from typing import Final

from sqlalchemy import Connection, delete, insert, select

from workshop.domain.refusal import Refusal, Sort
from workshop.private.database import guess_table

MOST: Final = 5
WINDOW: Final = 600  # seconds


class TooManyGuesses(Refusal):
    """Detail: minutes to wait."""

    sort = Sort.TOO_OFTEN


class WrongSecret(Refusal):
    """The PIN or code is not the right one. Detail: left (tries)."""


class WrongPassphrase(Refusal):
    """Detail: left (tries)."""


def check_guesses(connection: Connection, what: str, now: int, most: int = MOST) -> None:
    """Refuse when `what` (for example `pin:<staff id>`) was guessed wrong too often in the last ten minutes."""
    count, since = _noted(connection, what)
    if abs(now - since) < WINDOW and count >= most:
        raise TooManyGuesses(minutes=max(1, (WINDOW - abs(now - since)) // 60 + 1))


def note_guess(connection: Connection, what: str, now: int) -> int:
    """A wrong guess; the window starts at the first of them. How many there are now."""
    count, since = _noted(connection, what)
    if abs(now - since) >= WINDOW:
        count, since = 0, now
    forget_guesses(connection, what)
    connection.execute(insert(guess_table), {"what": what, "count": count + 1, "since": since})
    return count + 1


def forget_guesses(connection: Connection, what: str) -> None:
    connection.execute(delete(guess_table).where(guess_table.c.what == what))


def _noted(connection: Connection, what: str) -> tuple[int, int]:
    row = connection.execute(select(guess_table.c.count, guess_table.c.since).where(guess_table.c.what == what)).first()
    return (row[0], row[1]) if row else (0, 0)
