"""Bundles for a stick: what goes in, for whom it is sealed, and what became of one that was brought. Blocks: called apart."""

import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection

from sync import bundle
from sync.bundle import Imported, Manifest, NotABundle
from sync.exchange import Progress, Stopped
from sync.sealing import NotForUs
from sync.signing import public_key_of
from workshop.copies.disk import settle_folder
from workshop.copies.outside import note_made
from workshop.domain.profiles import Profile
from workshop.domain.refusal import NotFound, Refusal, Sort
from workshop.private.copies_out import CopyOut, copies_out
from workshop.private.database import PrivateStore
from workshop.private.peers import the_centre
from workshop.private.settings_kept import keep_setting, setting
from workshop.record.database import Store
from workshop.record.desk import Desk
from workshop.record.log import scopes
from workshop.record.queries.processes import the_process
from workshop.record.signed import certified_keys
from workshop.settings import Folder, device_key
from workshop.web.complete import seed_of
from workshop.web.leaving import leaving, profile_of
from workshop.web.readers import AGREED, the_reader
from workshop.web.signets import log_of

BROUGHT: Final = "bundle_brought"
README: Final = """Tavoli: le voci di un percorso partecipativo, in un file.

{title}
fatto il {made} (ora universale), con Tavoli {program}

Per leggerlo: aprilo con Tavoli («Con una chiavetta», oppure: tavoli bundle import --data CARTELLA FILE).
Due volte è come una. Se il file è tagliato, si legge fino al taglio.

{sealed}
manifest.json dice quante voci ci sono e la loro impronta. record.ndjson.gz è testo compresso con gzip: una riga JSON per ogni voce
("head": che cosa è successo, "body": le parole), poi le firme dei computer. Il formato è scritto nel codice di Tavoli, sync/bundle.py.

----
Tavoli: the entries of a participatory process, in one file. Open it with Tavoli, or read it as it is: JSON lines in gzip, in a plain zip.
"""
SEALED: Final = "È sigillato: lo aprono solo i computer per cui è stato fatto (record.sealed invece di record.ndjson.gz)."
COMPLETE: Final = "È sigillato per chi organizza: si apre solo con la sua chiave, su carta (record.sealed invece di record.ndjson.gz)."
OPEN: Final = "Non è sigillato: chi ha il file lo legge."


class NobodyToSealFor(Refusal):
    """No centre and no other computer is known: only an open bundle could be read by anybody else."""

    sort = Sort.OUT_OF_STEP


class BundleUnreadable(Refusal):
    """Detail: why (magic, manifest, format, ...). Nothing was taken in."""


class BundleOfAnother(Refusal):
    """Its process is none of this computer's. Detail: title."""

    sort = Sort.OUT_OF_STEP


class BundlerIsBusy(Refusal):
    """One at a time."""

    sort = Sort.OUT_OF_STEP


class FileMissing(Refusal):
    """No file was chosen."""


class StickNotWritten(Refusal):
    """Detail: why (what the disk said)."""

    sort = Sort.NO_SPACE


class BundleStopped(Refusal):
    """Somebody here wanted the writing to end: nothing is left of the file."""

    sort = Sort.OUT_OF_STEP


class BundleForOthers(Refusal):
    """Sealed for other computers than this one."""

    sort = Sort.FORBIDDEN


class BundleNeedsKey(Refusal):
    """A complete record: it opens with the organiser's key, and not with the one that was given, if any."""

    sort = Sort.FORBIDDEN


class CompleteIsSealed(Refusal):
    """What single people did never leaves open."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of the last one that was brought here."""

    name: str
    at: str
    title: str
    told: int  # entries that the file says it holds
    read: int
    stored: int
    known: int
    held: int
    refused: int
    why: str = ""  # it ended early


@dataclass(slots=True)
class Bundler:
    """Belongs to one data folder. `place`: room or central."""

    folder: Folder
    store: Store
    private_store: PrivateStore
    desk: Desk
    place: str = "room"
    progress: Progress = field(default_factory=Progress)  # of the bundle that is being written or taken in
    problem: Refusal | None = None  # why the last one was not written or taken in
    _alone: threading.Lock = field(default_factory=threading.Lock)
    _wish: threading.Event = field(default_factory=threading.Event)  # somebody wants it to end

    @property
    def is_under_way(self) -> bool:
        return self._alone.locked()

    def stop(self) -> None:
        """What is being written is dropped, what is being taken in ends at its next batch: what was read stays."""
        if self.is_under_way:
            self._wish.set()

    def write(
        self, file: IO[bytes], name: str, scope: str = "", profile: Profile | None = None, *, is_open: bool = False, place: str = ""
    ) -> Manifest:
        """`scope` may be left out when there is one process; `place`: its folder, "" for a browser's.

        Raises NobodyToSealFor, NotFound, BundlerIsBusy, BundleStopped; a complete one NoReaderYet, ReaderHasChanged, CompleteIsSealed."""
        with self.store.readers.connect() as record, self.private_store.readers.connect() as private:
            chosen, wanted = scope or _only(scopes(record)), profile or profile_of(private)
            readers = self._complete_for(private, is_open) if wanted is Profile.FULL else [] if is_open else self._readers(record, private)
            title = the_process(record, chosen).description.title
        manifest = Manifest(chosen, _now(), 0, "", str(wanted), version("tavoli"), title)
        readme = README.format(title=title, made=manifest.made, program=manifest.program, sealed=_words_for(wanted, is_open))
        log = log_of(self.folder, self.store, self.private_store, self.desk, self.place)
        with self._alone_here():
            written = bundle.export(log, file, manifest, readme, readers, leaving(wanted), self._tell)
        told = CopyOut(sort="bundle", name=name, place=place, at=written.made, scope=chosen, profile=str(wanted))
        note_made(self.desk, replace(told, entries=written.entries, is_sealed=written.is_sealed), overwrites=True)
        return written

    def write_to(self, path: Path, scope: str = "", profile: Profile | None = None, *, is_open: bool = False) -> Manifest:
        """Whole and on the disk under its name, or not there at all. Raises StickNotWritten too."""
        try:
            with _made_whole(path) as file:
                return self.write(file, path.name, scope, profile, is_open=is_open, place=str(path.parent.resolve()))
        except OSError as wrong:
            raise StickNotWritten("place", why=wrong.strerror or "") from wrong

    def quietly(self, job: Callable[[], object]) -> None:
        """What went wrong is kept, for the page."""
        self.problem = None
        try:
            job()
        except Refusal as refusal:
            self.problem = refusal
        except OSError:
            self.problem = BundleUnreadable("bundle", why="read")
        except Exception:
            self.problem = BundleUnreadable("bundle", why="fault")
            raise

    def take_in(self, file: IO[bytes], name: str, key: str = "") -> Brought:
        """`key`: the organiser's, as it stands on paper, for a complete record.

        Raises BundleUnreadable, BundleOfAnother, BundleForOthers, BundleNeedsKey, KeyUnreadable, BundlerIsBusy."""
        seed = seed_of(key) if key.strip() else device_key(self.folder)
        with self._alone_here():
            return self._take_in(file, name, seed)

    def _take_in(self, file: IO[bytes], name: str, seed: bytes) -> Brought:
        log = log_of(self.folder, self.store, self.private_store, self.desk, self.place)
        try:
            told = bundle.take_in(log, file, seed, self._takes(), self._tell)
        except NotABundle as wrong:
            if wrong.why == "scope":
                raise BundleOfAnother("bundle", title=wrong.told) from wrong
            raise BundleUnreadable("bundle", why=wrong.why) from wrong
        except NotForUs as wrong:
            file.seek(0)
            raise (BundleNeedsKey if bundle.look(file).profile == Profile.FULL else BundleForOthers)("bundle") from wrong
        brought = _brought(name, told)
        self._keep(keep_setting, BROUGHT, json.dumps(asdict(brought)))
        return brought

    def _takes(self) -> Callable[[str], bool]:
        """A centre takes every process; a laptop the ones it has, or any while it has none."""
        with self.store.readers.connect() as record:
            here = set(scopes(record))
        return lambda scope: self.place == "central" or not here or scope in here

    def _readers(self, record: Connection, private: Connection) -> list[str]:
        """The centre, and every computer that it certified; ourselves too, so that what we made we can open."""
        centre, own = the_centre(private), public_key_of(device_key(self.folder))
        others = {centre.public_key if centre else "", *certified_keys(record)} - {"", own}
        if not others:
            raise NobodyToSealFor("bundle")
        return [own, *sorted(others)]

    def _complete_for(self, private: Connection, is_open: bool) -> list[str]:
        """Who organises, alone: no computer opens it, the one that wrote it neither."""
        if is_open:
            raise CompleteIsSealed("open")
        own = public_key_of(device_key(self.folder)) if self.place == "central" else ""
        return [the_reader(private, setting(private, AGREED), own).public_key]

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        if self._wish.is_set():
            raise Stopped

    @contextmanager
    def _alone_here(self) -> Iterator[None]:
        if not self._alone.acquire(blocking=False):
            raise BundlerIsBusy("bundle")
        self._wish.clear()
        try:
            yield
        except Stopped as stopped:
            raise BundleStopped("bundle") from stopped
        finally:
            self.progress = Progress()
            self._alone.release()

    def _keep(self, change: Any, *args: object) -> None:
        self.desk.submit(lambda writer: change(writer.private, *args))


def _words_for(profile: Profile, is_open: bool) -> str:
    if profile is Profile.FULL:
        return COMPLETE
    return OPEN if is_open else SEALED


def told_of(manifest: Manifest) -> dict[str, Any]:
    """For the command line."""
    return {"entries": manifest.entries, "digest": manifest.digest, "is_sealed": manifest.is_sealed}


def bundles_made(private: Connection) -> list[CopyOut]:
    """The latest first."""
    return copies_out(private, "bundle")


def last_brought(private: Connection) -> Brought | None:
    kept = setting(private, BROUGHT)
    return Brought(**json.loads(kept)) if kept else None


def name_for(manifest_title: str, now: str) -> str:
    """A file name that every stick takes."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in manifest_title.lower())
    return "-".join(filter(None, [*plain.split("-")[:6], now[:16].replace(":", "").replace("T", "-")])) + ".tavoli"


def _brought(name: str, told: Imported) -> Brought:
    received, manifest = told.received, told.manifest
    counts = (manifest.entries, told.read, received.stored, received.known, received.held, len(received.refused))
    return Brought(name[:200], _now(), manifest.title, *counts, told.why)


def _only(found: list[str]) -> str:
    if len(found) != 1:
        raise NotFound("process")
    return found[0]


@contextmanager
def _made_whole(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.{secrets.token_hex(3)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        settle_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
