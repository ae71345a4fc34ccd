"""The machinery the other tests stand on stands itself."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, text

from tests.support import accessibility, postgres
from tests.support import browser as chromium
from tests.support.missing import Missing


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with closing(browser.new_context()) as context:
        yield context.new_page()


def test_postgres_gives_each_test_an_empty_database_that_reaches_the_disk(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(text("show fsync")) == "on"
        assert connection.scalar(text("show server_encoding")) == "UTF8"
        assert connection.scalar(text("select count(*) from pg_tables where schemaname = 'public'")) == 0
    engine.dispose()


def test_a_machine_without_postgres_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="apt install postgresql"):
        postgres.find_programs([tmp_path])


def test_a_machine_without_chromium_is_told_what_to_install() -> None:
    with pytest.raises(Missing, match="apt install chromium"):
        chromium.find_chromium(["no-such-browser"])


def test_the_accessibility_check_sees_a_button_without_a_name(page: Page) -> None:
    page.set_content("<html lang=en><title>A page</title><main><h1>Title</h1><button></button></main></html>")
    assert accessibility.violations(page) == ["button-name: button: Buttons must have discernible text"]


def test_the_accessibility_check_passes_a_plain_page(page: Page) -> None:
    page.set_content("<html lang=en><title>A page</title><main><h1>Title</h1><button>Send</button></main></html>")
    assert accessibility.violations(page) == []
