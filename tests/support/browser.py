"""The system's Chromium, driven by playwright. Nothing is downloaded, and nothing but the pages under test is asked for."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.missing import CHROMIUM, Missing

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_A_MAC = ("/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE = 30_000  # ms until somebody gives up looking: test machines are shared and noisy
expect.set_options(timeout=PATIENCE)


@contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium. Give each person their own `new_context()`: cookies and storage are apart."""
    program = find_chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield running
        finally:
            running.close()


def find_chromium(names: Iterable[str] | None = None) -> str:
    """The program named in TAVOLI_CHROMIUM, else the one on the path."""
    for name in _candidates() if names is None else names:
        if program := shutil.which(name):
            return program
    raise Missing(CHROMIUM)


def _candidates() -> Iterator[str]:
    if named := os.environ.get("TAVOLI_CHROMIUM"):
        yield named
    yield from PROGRAMS
    yield from ON_A_MAC
