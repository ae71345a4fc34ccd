"""The peer in the same run: a bare socket.io server from npm. Node comes with a development package, its packages with the build."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE.parent / "build" / "npm" / "node_modules"


def node() -> str:
    """The machine's node, else the one inside the browser driver's wheel."""
    if found := shutil.which("node"):
        return found
    from playwright._impl._driver import compute_driver_executable  # noqa: PLC0415

    return str(compute_driver_executable()[0])


@contextlib.contextmanager
def npm_server() -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """(port, process) of the bare server."""
    if not (MODULES / "socket.io").is_dir():
        raise SystemExit("The peer's packages are missing: run `make dev` with the network once.")
    env = {**os.environ, "NODE_PATH": str(MODULES)}
    process = subprocess.Popen([node(), str(HERE / "npm_server.js")], stdout=subprocess.PIPE, text=True, env=env)
    try:
        assert process.stdout
        yield int(process.stdout.readline()), process
    finally:
        process.terminate()
        process.wait(10)
