"""Other laptops of the same room: one waits, the other calls it, people compare six words; then both know each other's key.

One pairing at a time, kept in memory only: what was not finished in ten minutes is begun again.
"""

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from sync import transport
from sync.exchange import PeerProblem
from sync.pairing import NotAsPromised, Side, agree, check, commitment, has_agreed, new_nonce, side_of, spoken
from sync.signing import public_key_of
from workshop.domain.refusal import Refusal, Sort
from workshop.web.contacts import failure_of
from workshop.web.spoken import words_for

LASTS: Final = 600.0  # seconds
Keep = Callable[[Side], object]


class NobodyWaits(Refusal):
    """That laptop is not waiting for another one: press there first."""

    sort = Sort.OUT_OF_STEP


class AnotherIsPairing(Refusal):
    """A pairing is going on already."""

    sort = Sort.OUT_OF_STEP


class PairingIsOver(Refusal):
    """It took too long, or was called off: begin again."""

    sort = Sort.OUT_OF_STEP


class PairingBroken(Refusal):
    """What came is not what was promised: somebody may be in between."""


@dataclass(slots=True)
class Pairing:
    """Between `caller` and `called`; `other` is the one that is not here."""

    id: str
    until: float
    commit: str = ""
    caller: Side | None = None
    called: Side | None = None
    is_caller: bool = False
    agreed_here: bool = False
    agreed_there: bool = False

    @property
    def words(self) -> list[str]:
        return words_for(spoken(self.caller, self.called)) if self.caller and self.called else []

    @property
    def other(self) -> Side | None:
        return self.called if self.is_caller else self.caller

    @property
    def is_done(self) -> bool:
        return self.agreed_here and self.agreed_there


@dataclass(slots=True)
class Pairings:
    """`seed`: of this computer's key; `name` and `url`: how it is called and where it is; `keep`: what becomes of a computer that both
    sides have agreed on."""

    seed: bytes
    name: Callable[[], str]
    url: Callable[[], str]
    keep: Keep
    waits_until: float = 0.0
    now: Pairing | None = None
    last: str = ""  # name of the computer that was paired last
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def is_waiting(self) -> bool:
        return time.monotonic() < self.waits_until

    def current(self) -> Pairing | None:
        with self._lock:
            if self.now and self.now.until < time.monotonic():
                self.now = None
            return None if self.now is None or self.now.is_done else self.now

    def wait(self) -> None:
        """The lead of this laptop is ready for another one."""
        self.waits_until, self.last = time.monotonic() + LASTS, ""

    def call_off(self) -> None:
        with self._lock:
            self.waits_until, self.now = 0.0, None

    def call(self, url: str) -> Pairing:
        """Ask the laptop at this address. Blocks. Raises a ContactFailed, NobodyWaits, PairingBroken."""
        with self._lock:
            if self.current():
                raise AnotherIsPairing("url")
            own = self._side()
            begun = self._ask(url, "begin", {"commit": commitment(own)})
            called = _side(begun)
            pairing = Pairing(str(begun.get("id", ""))[:32], time.monotonic() + LASTS, "", own, called, is_caller=True)
            self._ask(url, f"{pairing.id}/reveal", _members(own))
            self.now, self.last = pairing, ""
            return pairing

    def begin(self, commit: str) -> dict[str, str]:
        """Another laptop calls."""
        with self._lock:
            if not self.is_waiting():
                raise NobodyWaits("commit")
            if self.current():
                raise AnotherIsPairing("commit")
            own = self._side()
            self.now = Pairing(secrets.token_hex(16), time.monotonic() + LASTS, commit, called=own)
            return {"id": self.now.id, **_members(own)}

    def reveal(self, pairing_id: str, members: dict[str, Any]) -> None:
        with self._lock:
            pairing = self._the(pairing_id)
            if pairing.caller is None:
                side = _side(members)
                try:
                    check(pairing.commit, side)
                except NotAsPromised as wrong:
                    self.now = None
                    raise PairingBroken("commit") from wrong
                pairing.caller = side

    def same_there(self, pairing_id: str, signature: str) -> str:
        """The caller's people have agreed; our signature if ours have, else ''."""
        with self._lock:
            pairing = self._the(pairing_id)
            caller, called = pairing.caller, pairing.called
            if caller is None or called is None or not has_agreed(caller.key, caller, called, signature):
                raise PairingBroken("signature")
            pairing.agreed_there = True
            told = agree(self.seed, caller, called) if pairing.agreed_here else ""
            self._finish(pairing)
            return told

    def same_here(self) -> None:
        """Our people have agreed."""
        with self._lock:
            pairing = self.current()
            if pairing is None or not pairing.words:
                raise PairingIsOver("words")
            pairing.agreed_here = True
            if not pairing.is_caller:
                self._finish(pairing, keeps=pairing.agreed_there)
        if pairing.is_caller:
            self.ask_again()

    def ask_again(self) -> None:
        """The caller asks whether the others have agreed too. Blocks."""
        with self._lock:
            pairing = self.current()
            if pairing is None or not (pairing.is_caller and pairing.agreed_here and pairing.caller and pairing.called):
                return
            signature = agree(self.seed, pairing.caller, pairing.called)
            told = str(self._ask(pairing.called.url, f"{pairing.id}/same", {"signature": signature}).get("signature", ""))
            if told and not has_agreed(pairing.called.key, pairing.caller, pairing.called, told):
                raise PairingBroken("signature")
            pairing.agreed_there = bool(told)
            self._finish(pairing)

    def _finish(self, pairing: Pairing, *, keeps: bool = True) -> None:
        """The called one stays until the caller has heard of it: what it asks again gets the same answer."""
        if pairing.is_done and keeps and pairing.other:
            self.keep(pairing.other)
            self.last, self.waits_until = pairing.other.name, 0.0
            if pairing.is_caller:
                self.now = None

    def _the(self, pairing_id: str) -> Pairing:
        pairing = self.now
        if pairing is None or pairing.id != pairing_id or pairing.is_caller or pairing.until < time.monotonic():
            raise PairingIsOver("id")
        return pairing

    def _side(self) -> Side:
        return Side(public_key_of(self.seed), new_nonce(), self.name(), self.url())

    def _ask(self, url: str, what: str, told: dict[str, Any]) -> dict[str, Any]:
        try:
            with httpx.Client(trust_env=False) as client:
                peer = transport.HttpPeer(client, url)
                data = peer.call("POST", f"/sync/pair/{what}", json.dumps(told).encode(), "application/json")
            found = json.loads(data)
        except transport.RefusedThere as problem:
            raise REFUSED.get(problem.error, PairingBroken)("url") from problem
        except PeerProblem as problem:
            raise failure_of(problem) from problem
        except ValueError as wrong:
            raise PairingBroken("url") from wrong
        return found if isinstance(found, dict) else {}


REFUSED: Final[dict[str, type[Refusal]]] = {each.__name__: each for each in (NobodyWaits, AnotherIsPairing, PairingIsOver)}


def _side(members: dict[str, Any]) -> Side:
    try:
        return side_of(members)
    except NotAsPromised as wrong:
        raise PairingBroken("side") from wrong


def _members(side: Side) -> dict[str, str]:
    return {"key": side.key, "nonce": side.nonce, "name": side.name, "url": side.url}
