"""What every test may ask for. What a machine lacks makes a test fail with one line, never be skipped."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, TypeVar

import pytest
from hypothesis import settings

from tests.support import browser as chromium
from tests.support import postgres
from tests.support.missing import Missing

Thing = TypeVar("Thing")

os.environ["LC_ALL"] = "C.UTF-8"  # the command line answers in English, whatever the developer's own language

settings.register_profile("tavoli", deadline=None, print_blob=True)
settings.load_profile("tavoli")


LONG: Final = ("journeys", "faults", "sync", "central", "copies", "attacks")  # folders whose files take longest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that nobody waits for it alone at the end when several run at once."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(LONG)))


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """One PostgreSQL server for the whole run."""
    with _or_fail(postgres.cluster()) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: postgres.Cluster) -> Iterator[str]:
    """The SQLAlchemy address of a fresh database, dropped after the test."""
    with postgres.fresh_database(postgres_cluster) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the whole run; a test opens a `new_context()` for each person."""
    with _or_fail(chromium.browser()) as running:
        yield running


@contextmanager
def _or_fail(needed: AbstractContextManager[Thing]) -> Iterator[Thing]:
    try:
        with needed as thing:
            yield thing
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)
