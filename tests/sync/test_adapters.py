"""The record is a log that peers can meet, on both databases."""

from collections.abc import Callable

import pytest

from sync.log import Log
from tests.sync.acceptance import LogAcceptance
from tests.sync.conftest import Place


class TestTheRecordOnSqlite(LogAcceptance):
    @pytest.fixture
    def log(self, a_place: Callable[[str], Place]) -> Log:
        return a_place("").log

    @pytest.fixture
    def other_log(self, a_place: Callable[[str], Place]) -> Log:
        return a_place("").log


class TestTheRecordOnPostgres(LogAcceptance):
    @pytest.fixture
    def log(self, a_place: Callable[[str], Place], postgres_url: str) -> Log:
        return a_place(postgres_url).log

    @pytest.fixture
    def other_log(self, a_place: Callable[[str], Place]) -> Log:
        return a_place("").log
