"""Presets: a process that can be started from, with its meetings, running sheets and tables, and without a single card."""

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict

from workshop.domain.command import Command
from workshop.domain.meeting import Plan, PlanMeeting, SetRunningSheet
from workshop.domain.process import CreateProcess, Description
from workshop.domain.refusal import NotFound
from workshop.domain.work_table import PrepareTable, Theme

LIBRARY: Final = files("workshop.presets")


class PresetMeeting(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pack: str
    plan: Plan
    tables: tuple[Theme, ...] = ()


class Preset(BaseModel):
    model_config = ConfigDict(extra="forbid")
    description: Description
    meetings: tuple[PresetMeeting, ...]


def preset_names() -> list[str]:
    return sorted(path.name[:-5] for path in LIBRARY.iterdir() if path.name.endswith(".toml"))


@cache
def preset(name: str) -> Preset:
    """Raises NotFound for an unknown name."""
    if name not in preset_names():
        raise NotFound("preset")
    return Preset.model_validate(tomllib.loads((LIBRARY / f"{name}.toml").read_text(encoding="utf-8")))


def commands_of(name: str, process_id: str) -> Iterator[Command]:
    """What makes the process, in order. Ids follow from the process's, so the same form sent twice makes one process."""
    found = preset(name)
    yield CreateProcess(command_id=process_id, process_id=process_id, description=found.description)
    for position, meeting in enumerate(found.meetings, start=1):
        meeting_id = follows_from(process_id, f"meeting {position}")
        yield PlanMeeting(command_id=meeting_id, process_id=process_id, plan=meeting.plan, position=position)
        sheet_id = follows_from(meeting_id, "sheet")
        yield SetRunningSheet(command_id=sheet_id, process_id=process_id, meeting_id=meeting_id, pack=meeting.pack)
        for number, theme in enumerate(meeting.tables, start=1):
            table_id = follows_from(meeting_id, f"table {number}")
            yield PrepareTable(command_id=table_id, process_id=process_id, meeting_id=meeting_id, number=number, theme=theme)


def follows_from(id_: str, name: str) -> str:
    """An id that is always the same for the same two: one act of a person may be many commands, and still be done once."""
    return hashlib.sha256(f"{id_} {name}".encode()).hexdigest()[:32]
