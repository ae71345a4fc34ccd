"""Two furnished places for the attacks in this process: a room and a centre. Attacks change nothing, so they are shared."""

from collections.abc import Iterator

import pytest

from tests.attacks.place import Furnished, a_furnished_place


@pytest.fixture(scope="package")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with a_furnished_place(tmp_path_factory.mktemp("room")) as place:
        yield place


@pytest.fixture(scope="package")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with a_furnished_place(tmp_path_factory.mktemp("centre"), "central") as place:
        yield place
