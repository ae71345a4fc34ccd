"""The record travels: pushing 20,000 entries to a real centre over loopback, tips, a contact with nothing to do, a bundle."""

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from bench.room import Prepared, Preparing, prepare_room
from sync.bundle import Manifest, export, take_in
from sync.signing import public_key_of
from tests.support import postgres
from tests.support.server import a_server
from workshop.private.database import open_private
from workshop.private.settings_kept import keep_setting
from workshop.record.database import open_store
from workshop.record.desk import DirectDesk
from workshop.record.fold import prepare
from workshop.record.peers import PeerLog
from workshop.record.signed import Signet
from workshop.record.writer import Writer
from workshop.settings import device_key, open_folder
from workshop.web.courier import Courier
from workshop.web.leaving import PROFILE

STREAMS = 40
MORANGO = {  # not run here: it needs a Django project of its own
    "push_rows_per_s": 320,
    "empty_sync_s": 3.5,
    "told": "Morango 0.8.15, 5,000 rows, SQLite both ends, chunks of 500, another day and machine: quoted from research notes",
}


def measure_travel(entries: int = 20_000) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "laptop"
        folder.mkdir()
        room = _written(folder, entries)
        found: dict[str, Any] = {"entries": 0, "morango_quoted": MORANGO}
        with _laptop(folder) as courier:
            log = PeerLog(courier.store, courier.desk, Signet(device_key(courier.folder)))
            found["entries"] = log.digest(room.process_id).entries
            found["tips_ms"] = _median_ms(lambda: log.tips(room.process_id))
            found["streams"] = len(log.tips(room.process_id).streams)
            found |= _bundle(log, room, Path(name))
            for target in ("sqlite", "postgresql"):
                found[target] = _push(courier, Path(name) / target, target, found["entries"])
        return {"travel": found}


def _written(folder: Path, entries: int) -> Prepared:
    """That many cards in 40 streams: as many runs of the program."""
    room = prepare_room(folder, 12)
    for _ in range(STREAMS):
        at = Preparing(folder)
        at.cards(room, room.tables[0], entries // STREAMS)
        at.close()
    return room


@contextmanager
def _laptop(folder: Path) -> Iterator[Courier]:
    kept = open_folder(str(folder))
    with ExitStack() as stack:
        store = stack.enter_context(closing(open_store(kept.record_url)))
        private_store = stack.enter_context(closing(open_private(kept.private_url)))
        desk = stack.enter_context(closing(DirectDesk(Writer(store, private_store), lambda _news: None)))
        desk.submit(lambda writer: keep_setting(writer.private, PROFILE, "contributions"))
        yield Courier(kept, store, private_store, desk)


def _push(courier: Courier, folder: Path, target: str, entries: int) -> dict[str, Any]:
    """Signatures and rights are checked: the laptop is enrolled, and every batch is signed."""
    with ExitStack() as stack:
        environment = {}
        if target == "postgresql":
            running = stack.enter_context(postgres.cluster())
            environment = {"DATABASE_URL": stack.enter_context(postgres.fresh_database(running))}
        centre = stack.enter_context(a_server(folder, "--central", "--try", environment=environment))
        command = [sys.executable, "-m", "workshop.cli", "code", "--data", str(folder)]
        code = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()[0]
        courier.enrol(centre.url, code)
        began = time.perf_counter()
        contact = courier.run()
        seconds = time.perf_counter() - began
        if not contact.identical or contact.sent < entries:
            raise RuntimeError(f"{target}: {contact}")
        return {"push_s": round(seconds, 2), "entries_per_s": round(contact.sent / seconds), "no_op_ms": _median_ms(courier.run)}


def _bundle(log: PeerLog, room: Prepared, folder: Path) -> dict[str, Any]:
    file = io.BytesIO()
    began = time.perf_counter()
    told = export(log, file, Manifest(room.process_id, "2026-11-22T10:00Z", 0, ""), "")
    written = time.perf_counter() - began
    (folder / "empty").mkdir()
    empty = open_folder(str(folder / "empty"))
    with closing(open_store(empty.record_url)) as store, closing(open_private(empty.private_url)) as private_store:
        with store.writer.begin() as connection:
            prepare(connection)
        with closing(DirectDesk(Writer(store, private_store), lambda _news: None)) as desk:
            seed = device_key(empty)
            trusting = Signet(seed, paired=frozenset({public_key_of(log.signet.seed)} if log.signet else ()))
            file.seek(0)
            began = time.perf_counter()
            brought = take_in(PeerLog(store, desk, trusting), file, seed, lambda _scope: True)
            read = time.perf_counter() - began
    if not brought.is_whole or brought.received.held or brought.read != told.entries:
        raise RuntimeError(str(brought))
    return {"bundle_bytes": file.getbuffer().nbytes, "bundle_export_s": round(written, 2), "bundle_import_s": round(read, 2)}


def _median_ms(call: Callable[[], object], times: int = 15) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(taken), 1)
