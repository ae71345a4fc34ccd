"""The journeys: real servers, a real browser, people who click."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Crowd

PATIENCE = 20_000  # ms until somebody gives up looking


@pytest.fixture(autouse=True, scope="module")
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def crowd(browser: Any) -> Iterator[Crowd]:
    everybody = Crowd(browser)
    yield everybody
    everybody.goes_home()
