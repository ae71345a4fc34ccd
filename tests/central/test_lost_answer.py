"""The line to PostgreSQL is cut when it has committed and before it could say so: what is written next forks no stream."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from tests.support.postgres import Cluster, fresh_database
from workshop.domain.ids import new_id
from workshop.domain.people import NOBODY
from workshop.domain.stream import StreamOpened
from workshop.private.database import open_private
from workshop.record.database import DatabaseIsAway, open_store
from workshop.record.fold import prepare
from workshop.record.log import entry_table
from workshop.record.writer import Job, Writer

SOCKET = ".s.PGSQL.5432"


class CuttingLine:
    """Between the program and PostgreSQL. `cuts`: at the next COMMIT, which goes through, the answer does not."""

    def __init__(self, here: Path, there: Path) -> None:
        self.cuts, self._there = False, there
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(here / SOCKET))
        self._listening.listen()
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self._there / SOCKET))
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, target, source is near), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_ours: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if is_ours and self.cuts and b"COMMIT\x00" in data:
                    self.cuts = False
                    source.shutdown(socket.SHUT_RDWR)  # nothing more comes back
                    target.sendall(data)
                    return
                target.sendall(data)


@contextmanager
def a_cutting_line(cluster: Cluster, folder: Path) -> Iterator[CuttingLine]:
    line = CuttingLine(folder, cluster.sockets)
    yield line
    line.close()


@pytest.fixture
def short_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The path of a socket has at most 107 characters."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="tavoli-") as folder:
        yield Path(folder)


def test_an_answer_that_was_lost_at_the_commit_forks_no_stream(postgres_cluster: Cluster, short_folder: Path) -> None:
    scope = new_id()
    with fresh_database(postgres_cluster) as url, a_cutting_line(postgres_cluster, short_folder) as line:
        through = make_url(url).update_query_dict({"host": str(short_folder)}).render_as_string(hide_password=False)
        store, private = open_store(through), open_private(f"sqlite:///{short_folder}/private.db")
        with store.writer.begin() as connection:
            prepare(connection)
        writer = Writer(store, private)
        assert writer.write([an_entry(scope)]) == [None]
        line.cuts = True
        [answer] = writer.write([an_entry(scope)])
        assert (type(answer), line.cuts) == (DatabaseIsAway, False)
        assert writer.write([an_entry(scope)]) == [None]
        e = entry_table.c
        with store.readers.connect() as record:
            places = Counter((row.stream, row.n) for row in record.execute(select(e.stream, e.n).where(e.scope == scope)))
        writer.close()
        store.close()
        private.close()
    assert max(places.values()) == 1
    assert len(places) == 5  # the lost one was kept: two streams that were opened, three entries


def an_entry(scope: str) -> Job:
    return lambda writer: writer.append(scope, StreamOpened(about=new_id(), device="", program=""), new_id(), NOBODY) and None
