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
    row = connection.execute(select(guess_table.c.count, guess_table.c.since).where(guess_table.c.what == what)).first()
    if row and abs(now - row.since) < WINDOW and row.count >= most:
        raise TooManyGuesses(minutes=max(1, (WINDOW - abs(now - row.since)) // 60 + 1))


def note_guess(connection: Connection, what: str, now: int) -> None:
    """A wrong guess; the window starts at the first of them."""
    row = connection.execute(select(guess_table.c.count, guess_table.c.since).where(guess_table.c.what == what)).first()
    fresh = row is None or abs(now - row.since) >= WINDOW
    count, since = (1, now) if fresh else (row.count + 1, row.since)  # type: ignore[union-attr]
    forget_guesses(connection, what)
    connection.execute(insert(guess_table), {"what": what, "count": count, "since": since})


def forget_guesses(connection: Connection, what: str) -> None:
    connection.execute(delete(guess_table).where(guess_table.c.what == what))
