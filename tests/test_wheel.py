"""The wheel is whole: built without npm from the browser files that are there, it serves pages and assets from a folder of its own."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.server import Server, a_server

ROOT = Path(__file__).parents[1]
ASSETS = ("css/phone.css", "js/desk.js", "icon.svg", "vendor/htmx.min.js", "vendor/font/titillium-400.woff2")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `pip install .` makes it; a PATH without node shows that none is asked for."""
    folder = tmp_path_factory.mktemp("wheel")
    environment = {name: value for name, value in os.environ.items() if name != "TAVOLI_DEV"} | {"PATH": "/nowhere"}
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "-q",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    made = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert made.returncode == 0, made.stderr
    return next(folder.glob("tavoli-*.whl"))


@pytest.fixture(scope="module")
def served(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """What is in the wheel and nothing of this checkout: started from an empty folder, found before the editable install."""
    unpacked, elsewhere = tmp_path_factory.mktemp("unpacked"), tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(wheel) as whole:
        whole.extractall(unpacked)
    with a_server(
        elsewhere / "data",
        "--host",
        "127.0.0.1",
        environment={"PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"},
        through=("env", "-C", str(elsewhere)),
    ) as server:
        assert (unpacked / "workshop" / "app.py").exists()
        yield server


def _files(folder: str) -> set[str]:
    """In this checkout, as they should be named in the wheel."""
    found = (file for file in (ROOT / folder).rglob("*") if file.is_file())
    return {f"workshop/{file.relative_to(ROOT).as_posix()}" for file in found}


@pytest.mark.parametrize("folder", ["templates", "translations", "static", "workshop/methods/library"])
def test_the_wheel_holds_pages_words_and_browser_files(wheel: Path, folder: str) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = _files(folder) if not folder.startswith("workshop/") else {f"{folder}/{file.name}" for file in (ROOT / folder).iterdir()}
    assert wanted - held == set()


def test_the_wheel_holds_no_tests_and_nothing_that_was_built(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"workshop", "sync"}


def test_the_wheel_serves_a_page_in_italian_and_its_scripts(served: Server) -> None:
    with httpx.Client(base_url=served.url, headers={"Accept-Language": "it", "Accept": "text/html"}, trust_env=False) as browser:
        page = browser.get("/")
        assert (page.status_code, 'lang="it"' in page.text) == (200, True)
        page = browser.get("/sign-in")
        assert (page.status_code, "Entra" in page.text) == (200, True)
        assert [browser.get(f"/static/{name}").status_code for name in ASSETS] == [200] * len(ASSETS)
