"""Who does what the command line asks of a record: the server that runs on the folder, or we ourselves."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import click
import httpx
from sqlalchemy.exc import DatabaseError

from workshop.cli_words import _, language
from workshop.domain.profiles import Profile
from workshop.domain.refusal import Refusal
from workshop.private import peers
from workshop.private.database import open_private
from workshop.record import rows
from workshop.record.database import Store, StoreIsUnsafe, WrittenByNewer, one_at_a_time, open_store
from workshop.record.desk import DirectDesk
from workshop.record.fold import prepare
from workshop.record.writer import Writer
from workshop.settings import Folder, FolderIsServed, device_name, open_folder
from workshop.web.bundling import Bundler, told_of
from workshop.web.complete import open_with
from workshop.web.contacts import Contact
from workshop.web.courier import Courier
from workshop.web.signets import log_of
from workshop.web.wording import describe


class Keeper(Protocol):
    """Who does it: the server that runs on the folder, or we ourselves."""

    def sync(self, url: str) -> Contact: ...

    def progress(self) -> dict[str, int]: ...

    def enrol(self, url: str, code: str) -> dict[str, Any]: ...

    def code(self) -> dict[str, Any]: ...

    def bundle_out(self, path: str, process: str, profile: str, is_open: bool) -> dict[str, Any]: ...

    def bundle_in(self, path: str, key: str) -> dict[str, Any]: ...

    def open_sealed(self, key: str) -> dict[str, Any]: ...

    def bundle_progress(self) -> dict[str, int]: ...

    def stop(self) -> None:
        """What is under way ends at its next batch."""


class Running:
    """The server that runs on this folder, asked with the key in its lock file."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"X-Local-Key": key, "Accept": "application/json"}, trust_env=False, timeout=None)  # noqa: S113

    def sync(self, url: str) -> Contact:
        return Contact(**self._ask("POST", "/lead/sync", {"url": url}))

    def progress(self) -> dict[str, int]:
        return self._ask("GET", "/lead/sync")

    def enrol(self, url: str, code: str) -> dict[str, Any]:
        return self._ask("POST", "/lead/enrol", {"url": url, "code": code})

    def code(self) -> dict[str, Any]:
        return self._ask("POST", "/lead/code")

    def bundle_out(self, path: str, process: str, profile: str, is_open: bool) -> dict[str, Any]:
        told = {"path": path, "process": process, "profile": profile, "open": "1" if is_open else ""}
        return self._ask("POST", f"/lead/bundle/out?lang={language()}", told)

    def bundle_in(self, path: str, key: str) -> dict[str, Any]:
        return self._ask("POST", f"/lead/bundle/in?lang={language()}", {"path": path, "key": key})

    def open_sealed(self, key: str) -> dict[str, Any]:
        return self._ask("POST", f"/lead/sealed/open?lang={language()}", {"key": key})

    def bundle_progress(self) -> dict[str, int]:
        return self._ask("GET", "/lead/bundle")

    def stop(self) -> None:
        for what in ("sync", "bundle"):
            self._ask("POST", f"/lead/{what}/stop")

    def backup(self, place: str) -> str:
        """Where the copy is."""
        return str(self._ask("POST", f"/lead/backup?lang={language()}", {"place": place})["path"])

    def demo(self) -> bool:
        """True when it was loaded now."""
        return bool(self._ask("POST", f"/lead/demo?lang={language()}")["loaded"])

    def people(self, job: str, name: str) -> dict[str, Any]:
        return self._ask("POST", f"/lead/people/{job}?lang={language()}", {"name": name})

    def _ask(self, method: str, path: str, told: dict[str, str] | None = None) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, json=told)
            found: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as wrong:
            raise click.ClickException(_("The running Tavoli did not answer (%(why)s).", why=type(wrong).__name__)) from wrong
        if answer.is_error:
            raise click.ClickException(f"{found.get('title', answer.status_code)} {found.get('detail', '')}".strip())
        return found


class Ourselves:
    """Nobody serves the folder."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._bundler = Bundler(courier.folder, courier.store, courier.private_store, courier.desk, self._place())

    def sync(self, url: str) -> Contact:
        return self._courier.run(url)

    def progress(self) -> dict[str, int]:
        return asdict(self._courier.progress)

    def enrol(self, url: str, code: str) -> dict[str, Any]:
        return {"name": self._courier.enrol(url, code).name}

    def code(self) -> dict[str, Any]:
        made = self._courier.desk.submit(lambda writer: peers.make_code(writer.private, int(time.time())))
        return {"code": made, "minutes": peers.CODE_LASTS // 60}

    def bundle_out(self, path: str, process: str, profile: str, is_open: bool) -> dict[str, Any]:
        return told_of(self._bundler.write_to(Path(path), process, Profile(profile) if profile else None, is_open=is_open))

    def bundle_in(self, path: str, key: str) -> dict[str, Any]:
        with Path(path).open("rb") as file:
            return asdict(self._bundler.take_in(file, Path(path).name, key))

    def open_sealed(self, key: str) -> dict[str, Any]:
        here = self._courier
        return asdict(open_with(log_of(here.folder, here.store, here.private_store, here.desk, self._place()), key))

    def bundle_progress(self) -> dict[str, int]:
        return asdict(self._bundler.progress)

    def stop(self) -> None:
        self._courier.stop()
        self._bundler.stop()

    def _place(self) -> str:
        return "central" if self._courier.folder.place in {"central", "trial"} else "room"


@contextlib.contextmanager
def keeper_of(data: str | None) -> Iterator[Keeper]:
    """Refusals become one line in words."""
    folder = open_folder(data)
    served = folder.serving()
    try:
        if served and served.get("url"):
            yield Running(str(served["url"]), str(served.get("key", "")))
        else:
            with alone(folder), _courier_of(folder) as courier:
                yield Ourselves(courier)
    except Refusal as refusal:
        raise click.ClickException(_words(refusal)) from refusal


@contextlib.contextmanager
def _courier_of(folder: Folder) -> Iterator[Courier]:
    rows.every_noun()
    with store_of(folder) as store, contextlib.closing(open_private(folder.private_url)) as private_store:
        with store.writer.begin() as connection:
            one_at_a_time(connection)
            prepare(connection)
        with contextlib.closing(DirectDesk(Writer(store, private_store, "tavoli", device_name(folder)), lambda _news: None)) as desk:
            yield Courier(folder, store, private_store, desk)


@contextlib.contextmanager
def store_of(folder: Folder) -> Iterator[Store]:
    try:
        with contextlib.closing(open_store(folder.record_url)) as store:
            yield store
    except WrittenByNewer as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except (DatabaseError, StoreIsUnsafe) as wrong:
        raise click.ClickException(_("The record cannot be opened: %(why)s", why=getattr(wrong, "orig", wrong))) from wrong


@contextlib.contextmanager
def kept_store_of(folder: Folder) -> Iterator[Store]:
    """The store of a record that is there: looking at one must not make one."""
    if folder.record_url.startswith("sqlite") and not (folder.path / "record.db").exists():
        raise click.ClickException(_("There is no record in %(path)s", path=folder.path))
    with store_of(folder) as store:
        yield store


@contextlib.contextmanager
def alone(folder: Folder) -> Iterator[None]:
    try:
        with folder.served_at(""):
            yield
    except FolderIsServed as served:
        raise click.ClickException(
            _("Tavoli is running on this folder (%(where)s): stop it first.", where=served.url or folder.path)
        ) from served


def why_not(contact: Contact) -> str:
    if contact.failure:
        return _words(contact.failure)
    if contact.refused:
        entry_hash, why = contact.refused[0]
        return _("%(n)s refused, the first is %(which)s (%(why)s)", n=len(contact.refused), which=entry_hash, why=why)
    return _("people are still writing, sync again")


def _words(refusal: Refusal) -> str:
    told = describe(refusal, language())
    return f"{told['title']} {told['detail']}"
