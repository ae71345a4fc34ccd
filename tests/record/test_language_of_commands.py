"""The command line answers in the language of the system, or in the one that is asked for."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.builders import a_meeting, a_room
from workshop.cli import main
from workshop.cli_words import Command, Option


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


def test_help_is_in_the_language_that_is_asked_for_with_every_command_and_option() -> None:
    whole = answer("--lang", "it", "--help")
    for words in ("Uso: ", "Opzioni:", "Comandi:", "Mostra la versione", "Avvia Tavoli e scrivi dove si trova."):
        assert words in whole
    of_one = answer("bundle", "export", "--help", LANG="it_IT.UTF-8")
    assert "Scrivi FILE, intero o niente." in of_one and "Mostra questo" in of_one
    assert "Usage: " in answer("--lang", "en", "--help", LANG="it_IT.UTF-8")


def each_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from each_command(command, (*path, name))


def test_no_command_keeps_its_help_in_a_docstring_that_nobody_translates() -> None:
    for path, command in each_command(main):
        assert isinstance(command, Command) and command.help and not command.callback.__doc__, path
        assert all(isinstance(each, Option) for each in command.params if isinstance(each, click.Option)), path
