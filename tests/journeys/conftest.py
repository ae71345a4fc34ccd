"""The journeys: real servers, a real browser, people who click."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.people import Crowd


@pytest.fixture
def crowd(browser: Any) -> Iterator[Crowd]:
    everybody = Crowd(browser)
    yield everybody
    everybody.goes_home()
