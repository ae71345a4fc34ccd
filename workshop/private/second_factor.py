"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes on paper for the day the phone is lost.

Secrets are locked with a key that does not lie in the database; recovery codes are kept as keyed hashes.
"""

import base64
import hashlib
import hmac
from typing import Final

import pyotp
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Connection, delete, func, insert, select

from workshop.domain.ids import new_code, read_code
from workshop.private.database import recovery_table

PERIOD: Final = 30  # seconds
DRIFT: Final = 1  # periods that a phone's clock may be early or late
RECOVERY_CODES: Final = 10
RECOVERY_LENGTH: Final = 10  # of 25 letters: 46 bits
ISSUER: Final = "Tavoli"
_r: Final = recovery_table.c


def secret_of_link(key: bytes, link_secret: str) -> bytes:
    """The same each time the link is opened, until it is used; nobody without the key can make it."""
    return _derived(key, f"totp:{link_secret}")[:20]


def locked(key: bytes, secret: bytes) -> bytes:
    return bytes(SecretBox(_derived(key, "lock")).encrypt(secret))


def unlocked(key: bytes, box: bytes | None) -> bytes:
    """b"" when there is nothing, or when it was locked with another key."""
    try:
        return bytes(SecretBox(_derived(key, "lock")).decrypt(box)) if box else b""
    except CryptoError:
        return b""


def step_of(secret: bytes, typed: str, now: int, after: int = 0) -> int:
    """The period whose code was typed; 0 when it is none, or not later than `after`: no code is good twice."""
    code, found, totp = "".join(typed.split()), 0, _totp(secret)
    for step in range(now // PERIOD - DRIFT, now // PERIOD + DRIFT + 1):
        fits = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())  # all are compared: time tells nothing
        found = step if fits and step > after else found
    return found


def address_for_the_app(secret: bytes, name: str) -> str:
    """otpauth://…, for the QR."""
    return _totp(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def shown(secret: bytes) -> str:
    """To be typed where no code can be scanned: groups of four letters."""
    letters = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def new_recovery_codes(connection: Connection, key: bytes, staff_id: str) -> list[str]:
    """Ten, told once; the ones before are void."""
    connection.execute(delete(recovery_table).where(_r.staff_id == staff_id))
    codes = [new_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    connection.execute(insert(recovery_table), [{"hash": recovery_hash(key, code), "staff_id": staff_id} for code in codes])
    return codes


def use_recovery_code(connection: Connection, key: bytes, staff_id: str, typed: str) -> bool:
    """True once for each code."""
    chosen = (_r.staff_id == staff_id) & (_r.hash == recovery_hash(key, typed))
    return connection.execute(delete(recovery_table).where(chosen)).rowcount == 1


def recovery_codes_left(connection: Connection, staff_id: str) -> int:
    return connection.execute(select(func.count()).select_from(recovery_table).where(_r.staff_id == staff_id)).scalar_one()


def recovery_hash(key: bytes, typed: str) -> str:
    return hmac.new(_derived(key, "recovery"), read_code(typed).encode(), hashlib.sha256).hexdigest()


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(base64.b32encode(secret).decode(), interval=PERIOD)


def _derived(key: bytes, purpose: str) -> bytes:
    """One key on disk, another for each purpose."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()
