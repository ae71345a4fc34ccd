"""The courier carries the room's record to the centre and brings back what is new there; one contact at a time."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
from nacl.signing import SigningKey
from sqlalchemy import Connection

from sync import transport
from sync.exchange import Outcome, PeerProblem, Progress, exchange
from workshop.domain.refusal import Refusal, Sort
from workshop.private import peers
from workshop.private.database import PrivateStore
from workshop.private.settings_kept import setting
from workshop.record import tips
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.log import scopes
from workshop.record.peers import PeerLog
from workshop.settings import Folder, device_key
from workshop.web.contacts import Contact, contact_of, failure_of, keep_contact


class AlreadyUnderWay(Refusal):
    """A contact is going on: look at its progress."""

    sort = Sort.OUT_OF_STEP


class RecordIsEmpty(Refusal):
    """There is nothing to send yet."""

    sort = Sort.OUT_OF_STEP


@dataclass(slots=True)
class Courier:
    """Belongs to one data folder; blocks, so it is called through `desk.apart`."""

    folder: Folder
    store: Store
    private_store: PrivateStore
    desk: Desk
    progress: Progress = field(default_factory=Progress)
    _alone: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_under_way(self) -> bool:
        return self._alone.locked()

    def enrol(self, url: str, code: str) -> peers.Centre:
        """Exchange a one-time code for this computer's token; replaces the centre there was. Raises a ContactFailed."""
        with self._alone_with(url) as peer:
            try:
                peer.hello()  # before the code is used up
                told = peer.enrol(code, self._public_key(), self._own_name())
            except PeerProblem as problem:
                raise failure_of(problem) from problem
            centre = peers.Centre(told["peer_id"], told["name"], transport.origin(url), told["token"])
            self._keep(peers.keep_centre, centre)
            return centre

    def run(self, url: str = "") -> Contact:
        """All scopes, both ways. Raises NoCentre, RecordIsEmpty or AlreadyUnderWay; a failing line is in the answer.

        `url`: the centre that is meant, when somebody names it.
        """
        centre = self._centre(url)
        with self._alone_with(centre.url, centre.token) as peer:
            contact = contact_of(self._all_scopes(peer, centre.id))
        self._keep(keep_contact, contact)
        return contact

    def _centre(self, url: str) -> peers.Centre:
        centre: peers.Centre | None = self._ask(peers.the_centre)
        try:
            if centre and (not url or transport.origin(url) == centre.url):
                return centre
        except transport.CannotReach as problem:
            raise failure_of(problem) from problem
        raise peers.NoCentre("centre")

    def _all_scopes(self, peer: transport.HttpPeer, centre_id: str) -> Outcome:
        log, outcome = PeerLog(self.store, self.desk), Outcome(identical=True)
        self.progress = Progress()
        if not (found := log.scopes()):
            raise RecordIsEmpty("record")
        for scope in found:
            outcome += exchange(log, peer, scope, partial(self._show, self.progress))
            outcome += self._remember(peer, centre_id, scope)
            if outcome.problem:
                break
        return outcome

    def _remember(self, peer: transport.HttpPeer, centre_id: str, scope: str) -> Outcome:
        """What the centre says it has now, for "only on this computer"."""
        try:
            self._keep(peers.remember_seen, centre_id, scope, peer.tips(scope))
        except PeerProblem as problem:
            return Outcome(problem=problem)
        return Outcome(identical=True)

    def _show(self, before: Progress, now: Progress) -> None:
        self.progress = before + now

    @contextlib.contextmanager
    def _alone_with(self, url: str, token: str = "") -> Iterator[transport.HttpPeer]:
        if not self._alone.acquire(blocking=False):
            raise AlreadyUnderWay
        try:
            with _client(url) as client:
                yield transport.HttpPeer(client, url, token)
        except transport.CannotReach as problem:  # the address itself is none
            raise failure_of(problem) from problem
        finally:
            self._alone.release()

    def _public_key(self) -> str:
        return SigningKey(device_key(self.folder)).verify_key.encode().hex()

    def _own_name(self) -> str:
        return self._ask(setting, "name") or f"Tavoli {self._public_key()[:6]}"

    def _ask(self, query: Any, *args: object) -> Any:
        with self.private_store.readers.connect() as connection:
            return query(connection, *args)

    def _keep(self, change: Any, *args: object) -> Any:
        return self.desk.submit(lambda writer: change(writer.private, *args))


def only_here(record: Connection, private: Connection) -> int:
    """How many entries exist only on this computer, as far as it was told: all of them before the first contact."""
    return sum(tips.count_beyond(record, scope, peers.seen(private, scope)) for scope in scopes(record))


def _client(url: str) -> httpx.Client:
    """The proxy of a house network knows the way to the internet, not to a computer beside us."""
    return httpx.Client(trust_env=transport.origin(url).startswith("https://"))
