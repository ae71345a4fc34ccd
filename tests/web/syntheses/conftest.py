"""A place of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.syntheses.place import Place, a_place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    running = a_place(tmp_path)
    yield running
    running.close()
