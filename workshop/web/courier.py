"""The courier carries the room's record to the centre and brings back what is new there; one contact at a time."""

import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, Final, TypeAlias

import httpx
from sqlalchemy import Connection

from sync import transport, wire
from sync.calling import Caller
from sync.exchange import Outcome, PeerProblem, Progress, Stopped, exchange
from sync.log import Tips
from sync.signing import Certificate, Notice, public_key_of, read_notice
from workshop.domain.profiles import Profile
from workshop.domain.refusal import Refusal, Sort
from workshop.private import peers
from workshop.private.database import PrivateStore
from workshop.private.holders import note_holder
from workshop.private.settings_kept import keep_setting, setting
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.log import scopes
from workshop.record.peers import PeerLog
from workshop.record.writer import Received, Writer
from workshop.settings import Folder, device_key
from workshop.web.contacts import Contact, ContactWasStopped, contact_of, failure_of, keep_contact, keep_contact_with
from workshop.web.leaving import brought, load_of, profile_of
from workshop.web.links import read_link
from workshop.web.parcel_courier import fetch_registrations
from workshop.web.photo_courier import carry_photos, told_of
from workshop.web.readers import agreed, keep_announced
from workshop.web.sealed_courier import carry_sealed
from workshop.web.signets import log_of

CERTIFICATE: Final = "certificate"
OFFERED: Final = "offered"  # [(scope, title)]: what the centre had for this computer at the last contact


class AlreadyUnderWay(Refusal):
    """A contact is going on: look at its progress."""

    sort = Sort.OUT_OF_STEP


class RecordIsEmpty(Refusal):
    """There is nothing to send yet."""

    sort = Sort.OUT_OF_STEP


Whom: TypeAlias = "peers.Centre | peers.Neighbour"


@dataclass(slots=True)
class Courier:
    """Belongs to one data folder; blocks, so it is called through `desk.apart`."""

    folder: Folder
    store: Store
    private_store: PrivateStore
    desk: Desk
    progress: Progress = field(default_factory=Progress)
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _wish: threading.Event = field(default_factory=threading.Event)  # somebody wants this contact to end

    @property
    def is_under_way(self) -> bool:
        return self._alone.locked()

    @property
    def was_stopped(self) -> bool:
        """By somebody here, and no contact has begun since."""
        return self._wish.is_set()

    def stop(self) -> None:
        """The contact under way ends at its next batch; what has arrived stays."""
        if self.is_under_way:
            self._wish.set()

    def enrol(self, url: str, code: str) -> peers.Centre:
        """Exchange a one-time code for this computer's certificate; replaces the centre there was. Raises a ContactFailed.

        `url`: an address, or the whole link that the centre shows, which brings code and fingerprint with it."""
        link = read_link(url, code)
        with self._alone_with(link.origin) as peer:
            try:
                told = peer.enrol(link.code, self._public_key(), self._own_name(), link.known_by)
            except PeerProblem as problem:
                raise failure_of(problem) from problem
            centre = peers.Centre(told["peer_id"], told["name"], transport.origin(link.origin), told["public_key"])
            self._keep(peers.keep_centre, centre)
            self._keep(keep_setting, CERTIFICATE, json.dumps(wire.notice_to_json(told["certificate"])))
            self._log().hear([told["certificate"]])  # a stick carries it too, before any contact
        with contextlib.suppress(PeerProblem), self._alone_with(centre.url, centre.public_key) as peer:
            self._offered(peer)
        return centre

    def run(self, url: str = "", bring: frozenset[str] = frozenset()) -> Contact:
        """All scopes, both ways. Raises NoCentre, RecordIsEmpty or AlreadyUnderWay; a failing line is in the answer.

        `url`: the centre that is meant, when somebody names it. `bring`: processes to bring here that are only at the centre yet; a
        computer that was enrolled for some brings these, and one without any record all that are offered to it.
        """
        centre = self._centre(url)
        with self._alone_with(centre.url, centre.public_key) as peer:
            contact = self._with_registrations(contact_of(self._all_scopes(peer, centre, bring)), peer, centre)
            contact = self._with_photos(contact, peer)
        self.desk.submit(lambda writer: _keep_and_tell(writer, contact))
        return contact

    def visit(self, neighbour: peers.Neighbour) -> Contact:
        """Exchange with a paired laptop what each lacks: cards too, nothing of single people. Raises AlreadyUnderWay."""
        log, outcome = self._log(), Outcome(identical=True)
        with self._alone_with(neighbour.url, neighbour.public_key) as peer:
            self.progress = Progress()
            try:
                met = {*log.scopes(), *(scope for scope, _ in peer.offered())}
            except PeerProblem as problem:
                met, outcome = set(), Outcome(problem=problem)
            for scope in sorted(met):
                outcome += self._meet(log, peer, neighbour, scope, Profile.CONTRIBUTIONS)
                if outcome.problem:
                    break
        contact = contact_of(outcome)
        self._keep(keep_contact_with, neighbour.id, contact)
        return contact

    def _centre(self, url: str) -> peers.Centre:
        centre: peers.Centre | None = self._ask(peers.the_centre)
        try:
            if centre and (not url or transport.origin(url) == centre.url):
                return centre
        except transport.CannotReach as problem:
            raise failure_of(problem) from problem
        raise peers.NoCentre("centre")

    def _all_scopes(self, peer: transport.HttpPeer, centre: peers.Centre, bring: frozenset[str]) -> Outcome:
        log, outcome = self._log(), Outcome(identical=True)
        self.progress = Progress()
        log.hear(filter(None, [self._certificate()]))
        profile, here = self._ask(profile_of), log.scopes()
        try:
            there = self._offered(peer)
        except transport.NotEnrolled:
            there = frozenset()  # shut out: it is given nothing, and may still bring what it has
        except PeerProblem as problem:
            return Outcome(problem=problem)
        told = self._ask(enrolled_as)
        wanted = there if (told and told.scopes is not None) or not here else bring & there
        if not (here or wanted):
            raise RecordIsEmpty("record")
        for scope in (*filter(self._ask(may_go), here), *sorted(wanted - {*here})):
            outcome += self._meet(log, peer, centre, scope, profile, self._ask(agreed))
            if outcome.problem and not isinstance(outcome.problem, transport.NotEnrolled):
                break
        return outcome

    def _meet(self, log: PeerLog, peer: transport.HttpPeer, whom: Whom, scope: str, profile: Profile, reader: str = "") -> Outcome:
        sort = "centre" if isinstance(whom, peers.Centre) else "computer"
        self._keep(note_holder, whom.public_key, scope, sort, whom.name)
        load, show = load_of(profile, reader), partial(self._show, self.progress)
        plain = exchange(log, peer, scope, show, load)
        met, are_sealed_there = carry_sealed(log, peer, scope, load, plain, show)
        carried = Profile.CONTRIBUTIONS if load.sealed and not are_sealed_there else profile
        return met + self._remember(peer, whom.id, scope, carried, plain)

    def _with_registrations(self, contact: Contact, peer: transport.HttpPeer, centre: peers.Centre) -> Contact:
        """After the entries; a parcel that does not come through leaves the contact, and the names that are here, as they were."""
        if contact.problem:
            return contact
        caller, scopes = Caller(device_key(self.folder), centre.public_key), filter(self._ask(may_go), self._log().scopes())
        return replace(contact, registrations=fetch_registrations(self.desk, peer, caller, scopes))

    def _with_photos(self, contact: Contact, peer: transport.HttpPeer) -> Contact:
        """After everything else, and never in its way: a photo that does not come through leaves the contact as it was."""
        if contact.problem:
            return contact
        scopes, load = filter(self._ask(may_go), self._log().scopes()), load_of(self._ask(profile_of))
        carried = carry_photos(self.folder.path, self.store, peer, scopes, load, partial(self._show, self.progress))
        told = replace(contact, photos=told_of(carried))
        return replace(told, problem=ContactWasStopped.__name__) if isinstance(carried.problem, Stopped) else told

    def _log(self) -> PeerLog:
        return log_of(self.folder, self.store, self.private_store, self.desk)

    def _certificate(self) -> Notice | None:
        told: Notice | None = self._ask(certificate)
        return told

    def _offered(self, peer: transport.HttpPeer) -> frozenset[str]:
        """What may be brought here, and for whom sealed bodies are sealed; kept for the page."""
        found, reader = peer.offers()
        self._keep(keep_setting, OFFERED, json.dumps(found))
        if reader and (centre := self._ask(peers.the_centre)):
            self._keep(keep_announced, reader, centre.public_key)
        return frozenset(scope for scope, _ in found)

    def _remember(self, peer: transport.HttpPeer, peer_id: str, scope: str, profile: Profile, outcome: Outcome) -> Outcome:
        """What the other side has now, for "only on this computer"."""
        try:
            has = outcome.both or peer.tips(scope, load_of(profile))
        except PeerProblem as problem:
            return Outcome(problem=problem)
        before = self._ask(peers.seen_by_each, scope).get(peer_id, peers.Seen(Tips())).carried
        self._keep(peers.remember_seen, peer_id, scope, has)
        self._keep(peers.remember_carried, peer_id, scope, brought(before, profile, outcome))
        return Outcome(identical=True)

    def _show(self, before: Progress, now: Progress) -> None:
        self.progress = before + now
        if self._wish.is_set():
            raise Stopped

    @contextlib.contextmanager
    def _alone_with(self, url: str, public_key: str = "") -> Iterator[transport.HttpPeer]:
        if not self._alone.acquire(blocking=False):
            raise AlreadyUnderWay
        self._wish.clear()
        try:
            with _client(url) as client:
                yield transport.HttpPeer(client, url, Caller(device_key(self.folder), public_key) if public_key else None)
        except transport.CannotReach as problem:  # the address itself is none
            raise failure_of(problem) from problem
        finally:
            self._alone.release()

    def _public_key(self) -> str:
        return public_key_of(device_key(self.folder))

    def _own_name(self) -> str:
        return self._ask(setting, "name") or f"Tavoli {self._public_key()[:6]}"

    def _ask(self, query: Any, *args: object) -> Any:
        with self.private_store.readers.connect() as connection:
            return query(connection, *args)

    def _keep(self, change: Any, *args: object) -> Any:
        return self.desk.submit(lambda writer: change(writer.private, *args))


def _keep_and_tell(writer: Writer, contact: Contact) -> None:
    """The lead's pages show at once what is still only here."""
    keep_contact(writer.private, contact)
    for scope in scopes(writer.connection):
        writer.announce(Received(scope))


def certificate(private: Connection) -> Notice | None:
    """What the centre said of this computer when it enrolled it."""
    kept = setting(private, CERTIFICATE)
    return wire.notice_of(json.loads(kept)) if kept else None


def enrolled_as(private: Connection) -> Certificate | None:
    """What this computer's centre certified it for."""
    notice, centre = certificate(private), peers.the_centre(private)
    told = read_notice(notice, centre.public_key) if notice and centre else None
    return told if isinstance(told, Certificate) else None


def may_go(private: Connection) -> Callable[[str], bool]:
    """Whether a process goes to the centre from here: those that it did not enrol this computer for stay."""
    told = enrolled_as(private)
    return told.covers if told else lambda _scope: True


def _client(url: str) -> httpx.Client:
    """The proxy of a house network knows the way to the internet, not to a computer beside us."""
    return httpx.Client(trust_env=transport.origin(url).startswith("https://"), verify=_authorities())


@cache
def _authorities() -> ssl.SSLContext:
    """Whom the system trusts, read once: it takes longer than a contact with nothing to say."""
    return httpx.create_ssl_context()
