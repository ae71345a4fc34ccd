"""An organiser signs in: name, passphrase and a code of the second factor together, one answer for whatever is wrong.

Three moves, so that the slow comparison holds up nobody's writing: `knock` counts the try before anything is compared (tries cannot
race), `fits` compares without a database, `let_in` uses the code up and gives a token.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select, update

from workshop.domain.ids import read_code
from workshop.domain.people import Role
from workshop.domain.refusal import Refusal
from workshop.private import second_factor
from workshop.private.database import account_table
from workshop.private.guesses import check_guesses, forget_guesses, note_guess
from workshop.private.organisers import NAME_MOST, folded
from workshop.private.passphrases import fits as passphrase_fits
from workshop.private.tokens import issue_token

TRIES_OF_ADDRESS: Final = 10  # wrong ones in ten minutes
TRIES_OF_NAME: Final = 20
_a: Final = account_table.c
_NO_SECRET: Final = bytes(20)


class NotLetIn(Refusal):
    """Name, passphrase and code do not fit together, or the code was used already. Which of them is not told."""


@dataclass(frozen=True, slots=True)
class Typed:
    """As it came; `address` is where from."""

    name: str
    passphrase: str = field(repr=False)
    code: str = field(repr=False)
    address: str

    def counters(self, key: bytes) -> dict[str, int]:
        """What is counted, and how much of it is too much: neither names nor addresses stand in the list of guesses."""
        return {_masked(key, f"from:{self.address}"): TRIES_OF_ADDRESS, _masked(key, f"name:{folded(self.name)}"): TRIES_OF_NAME}


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared with; empty when nobody has that name."""

    staff_id: str = ""
    passphrase_hash: str = ""
    totp_secret: bytes = b""
    last_step: int = 0


def knock(connection: Connection, key: bytes, typed: Typed, now: int) -> Known:
    """Counts as a wrong try until `let_in`. Raises TooManyGuesses."""
    for what, most in typed.counters(key).items():
        check_guesses(connection, what, now, most)
    for what in typed.counters(key):
        note_guess(connection, what, now)
    chosen = select(_a.staff_id, _a.passphrase_hash, _a.totp_secret, _a.last_step)
    row = connection.execute(chosen.where(_a.sign_in_name == folded(typed.name[: 2 * NAME_MOST]))).first()
    return Known(row[0], row[1], second_factor.unlocked(key, row[2]), row[3]) if row else Known()


def fits(known: Known, typed: Typed, now: int) -> int | None:
    """The step of the code; 0 for what may be a recovery code, which `let_in` looks up; None when it does not fit."""
    step = second_factor.step_of(known.totp_secret or _NO_SECRET, typed.code, now, known.last_step)
    if not passphrase_fits(known.passphrase_hash, typed.passphrase) or not known.totp_secret:
        return None
    return step or (0 if len(read_code(typed.code)) == second_factor.RECOVERY_LENGTH else None)


def let_in(connection: Connection, key: bytes, known: Known, typed: Typed, step: int | None) -> str:
    """A token, and the code is used up. Raises NotLetIn, also when the same code came twice at once."""
    if not confirm(connection, key, known, typed, step):
        raise NotLetIn("code")
    return issue_token(connection, Role.ORGANISER, known.staff_id)


def confirm(connection: Connection, key: bytes, known: Known, typed: Typed, step: int | None) -> bool:
    """True when all fits: then the code is used up, and the tries are forgotten."""
    if step is None or not _use_up(connection, key, known, typed, step):
        return False
    for what in typed.counters(key):
        forget_guesses(connection, what)
    return True


def _use_up(connection: Connection, key: bytes, known: Known, typed: Typed, step: int) -> bool:
    """Whoever has changed passphrase or phone meanwhile is not let in with the old ones."""
    same = (_a.staff_id == known.staff_id) & (_a.passphrase_hash == known.passphrase_hash)
    if not step:
        is_same = connection.execute(select(_a.staff_id).where(same)).first() is not None
        return is_same and second_factor.use_recovery_code(connection, key, known.staff_id, typed.code)
    return connection.execute(update(account_table).where(same, _a.last_step < step).values(last_step=step)).rowcount == 1


def _masked(key: bytes, text: str) -> str:
    """Told apart, never told."""
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
