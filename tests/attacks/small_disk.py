"""A server whose data folder is a disk of a few megabytes, in a mount namespace of its own: it goes away with the process."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support import server as real
from tests.support.missing import SMALL_DISK, Missing

PAGE = 65_536


class SmallDisk:
    """`seen`: the folder as the server sees it, from here."""

    def __init__(self, server: real.Server, folder: Path) -> None:
        self.server, self.seen = server, Path(f"/proc/{server.process.pid}/root{folder}")

    @property
    def _ballast(self) -> Path:
        return self.seen / "ballast"

    def fill(self) -> None:
        """Until nothing more fits."""
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            for size in (PAGE, 4_096, 1):
                with contextlib.suppress(OSError):
                    while ballast.write(b"\0" * size) == size:
                        continue

    def free(self) -> None:
        self._ballast.unlink()

    def left(self) -> int:
        found = os.statvfs(self.seen)
        return found.f_bavail * found.f_frsize


@contextlib.contextmanager
def a_small_disk(folder: Path, filled: Path, megabytes: int, errors: Path) -> Iterator[SmallDisk]:
    """`filled` is copied onto it first."""
    folder.mkdir()
    mount = f'mount -t tmpfs -o size={megabytes}m,mode=700 tmpfs "{folder}" && cp -a "{filled}/." "{folder}" && exec "$@"'
    through = ("unshare", *_as_root(), "--mount", "sh", "-c", mount, "sh")
    with real.a_server(folder, errors=errors, through=through) as server:
        yield SmallDisk(server, folder)


def _as_root() -> list[str]:
    """Root here, or root in a user namespace of our own where the system lets us."""
    alone = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    program = shutil.which("unshare")
    if not program or subprocess.run([program, *alone, "--mount", "true"], capture_output=True, check=False).returncode:
        raise Missing(SMALL_DISK)
    return alone
