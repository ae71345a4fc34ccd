"""The command line answers in the language of the system, or in the one that is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import a_meeting, a_room


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("folder")
    room = a_room(made)
    a_meeting(room)
    room.close()
    return made


def answer(*words: str, **environment: str) -> str:
    told = {name: value for name, value in os.environ.items() if name not in {"LC_ALL", "LC_MESSAGES", "LANG"}}
    command = [sys.executable, "-m", "workshop.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=told | environment, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("options", "environment", "italian"),
    [
        ((), {}, False),
        ((), {"LANG": "it_IT.UTF-8"}, True),
        ((), {"LANG": "it_IT.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        (("--lang", "it"), {"LANG": "C"}, True),
        (("--lang", "en"), {"LANG": "it_IT.UTF-8"}, False),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_systems(
    folder: Path, options: tuple[str, ...], environment: dict[str, str], italian: bool
) -> None:
    told = answer(*options, "verify", "--data", str(folder), **environment)
    assert ("tutte come furono scritte" if italian else "every one as it was written") in told


def test_a_refusal_of_the_command_line_is_in_italian_too(tmp_path: Path) -> None:
    assert f"In {tmp_path} non ci sono dati di Tavoli" in answer("verify", "--data", str(tmp_path), LANG="it_IT.UTF-8")


def test_what_programs_read_is_the_same_in_every_language(folder: Path) -> None:
    english, italian = (answer("--lang", each, "verify", "--json", "--data", str(folder)) for each in ("en", "it"))
    assert english == italian
