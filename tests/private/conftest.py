"""A private database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from workshop.private.database import PrivateStore, open_private


@pytest.fixture
def private(tmp_path: Path) -> Iterator[PrivateStore]:
    store = open_private(f"sqlite:///{tmp_path}/private.db")
    yield store
    store.close()


@pytest.fixture
def connection(private: PrivateStore) -> Iterator[Connection]:
    with private.writer.begin() as writing:
        yield writing
