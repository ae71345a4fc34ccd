"""A real Tavoli in its own process, on a free port of 127.0.0.1."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class Server:
    """`entry`: the one-time link to the lead's page, or to a trial's; `passphrase`: only after a first start."""

    process: subprocess.Popen[str]
    url: str
    entry: str
    passphrase: str
    data: Path

    def kill(self) -> None:
        """kill -9: no goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


def start_server(
    data: Path,
    *options: str,
    port: int = 0,
    environment: dict[str, str] | None = None,
    errors: Path | None = None,
    through: tuple[str, ...] = (),
) -> Server:
    """Started and ready: the lines it prints have been read. `errors`: a file for what it logs. `through`: a command that starts it."""
    command = [*through, sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", str(port), "--data", str(data), *options]
    env = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
    with errors.open("w") if errors else contextlib.nullcontext() as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=env, encoding="utf-8")
    told = ""
    assert process.stdout is not None
    for line in process.stdout:
        told += line
        if "Ctrl+C" in line:
            break
    entry = re.search(r"(http://127\.0\.0\.1:\d+)(/enter/\S+)?", told)  # a central record with real organisers prints no link
    if not entry or "Ctrl+C" not in told:
        process.kill()
        raise AssertionError(f"the server did not start:\n{told}")
    secret = re.search(r"passphrase[^:]*:\s*(\S+)", told)
    return Server(process, entry.group(1), entry.group(0) if entry.group(2) else "", secret.group(1) if secret else "", data)


@contextlib.contextmanager
def a_server(
    data: Path,
    *options: str,
    port: int = 0,
    environment: dict[str, str] | None = None,
    errors: Path | None = None,
    through: tuple[str, ...] = (),
) -> Iterator[Server]:
    server = start_server(data, *options, port=port, environment=environment, errors=errors, through=through)
    try:
        yield server
    finally:
        server.stop()
