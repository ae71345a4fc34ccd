"""A furnished folder, served by a real process whose log is kept."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.attacks.forms import Form, forms
from tests.attacks.place import a_furnished_place
from tests.support.server import Server, a_server
from workshop.record.database import open_store
from workshop.record.log import count_entries
from workshop.settings import open_folder


@dataclass(slots=True)
class Served:
    """`forms`: by endpoint, as long as each is sent once."""

    server: Server
    log: Path
    cookie: str
    ids: dict[str, str]
    tokens: dict[str, tuple[str, str]]
    forms: dict[str, Form]
    _read: int = 0

    @property
    def url(self) -> str:
        return self.server.url

    def cookies(self, who: str) -> str:
        letter, token = self.tokens[who]
        return f"{self.cookie}_{letter}={token}"

    def client(self, who: str = "", **headers: str) -> httpx.Client:
        """A browser at our own page."""
        cookie = {"Cookie": self.cookies(who)} if who else {}
        told = {"Origin": self.url, "Accept": "application/json", "Accept-Language": "it", **cookie, **headers}
        return httpx.Client(base_url=self.url, headers=told, trust_env=False, timeout=20)

    def entries(self) -> int:
        store = open_store(open_folder(str(self.server.data)).record_url)
        with store.readers.connect() as record:
            found = count_entries(record)
        store.close()
        return found

    def memory(self) -> int:
        """MB that the server holds, from the kernel."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.server.process.pid}/status").read_text())
        assert found
        return int(found[1]) // 1024

    def complaints(self) -> str:
        """What it has logged since somebody last asked."""
        with self.log.open() as lines:
            lines.seek(self._read)
            found = lines.read()
            self._read = lines.tell()
        return found


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    data, log = folder / "data", folder / "log.txt"
    with a_furnished_place(data) as place:
        found = forms(place)
        cookie, ids, tokens = place.building.house.cookie, place.ids, place.tokens
    with a_server(data, errors=log) as server:
        yield Served(server, log, cookie, ids, tokens, found)


def at_once(*jobs: Any) -> None:
    """All of them, each on a thread of its own; waits for all."""
    threads = [threading.Thread(target=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
