"""A room full of phones for the benchmark: a real data folder prepared through the front door, served by a real process."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from sync.entry import sha256
from workshop.dispatch.front_door import FrontDoor, job_of
from workshop.domain.contribution import Channel, EnterContribution, Kind
from workshop.domain.ids import new_id
from workshop.domain.meeting import MoveMeeting, Plan, PlanMeeting, SetRunningSheet
from workshop.domain.participant import Join, ParticipantJoined
from workshop.domain.people import NOBODY, Actor, Role
from workshop.domain.process import CreateProcess, Description, MoveProcess
from workshop.domain.step import MoveStep
from workshop.domain.work_table import PrepareTable, Theme
from workshop.private.database import open_private
from workshop.private.tokens import issue_token
from workshop.record import rows
from workshop.record.database import open_store
from workshop.record.desk import DirectDesk
from workshop.record.fold import prepare
from workshop.record.queries.processes import the_meeting
from workshop.record.writer import Receipt, Writer
from workshop.settings import device_key, open_folder

rows.every_noun()
SEATS = 12
LEAD = Actor(role=Role.LEAD, id=new_id())


@dataclass
class Prepared:
    """`phones`: what the load generator needs of each."""

    data: Path
    process_id: str
    meeting_id: str
    step_id: str
    tables: list[str]
    phones: list[dict[str, str]]


class Preparing:
    """The folder opened without a server: commands through the front door, on this thread."""

    def __init__(self, data: Path) -> None:
        self.data, folder = data, open_folder(str(data))
        self.store, self.private = open_store(folder.record_url), open_private(folder.private_url)
        with self.store.writer.begin() as connection:
            prepare(connection)
        self.writer = Writer(self.store, self.private)
        self.desk = DirectDesk(self.writer, lambda _news: None)
        self.door = FrontDoor(self.desk)
        self.cookie = f"tavoli_{sha256(device_key(folder))[:8]}_p"

    def close(self) -> None:
        self.desk.close()
        self.store.close()
        self.private.close()

    def cards(self, room: Prepared, work_table_id: str, count: int) -> None:
        """Paper cards at one table, in batches as a busy writer would."""
        scribe = Actor(role=Role.SCRIBE, id=new_id(), tables=frozenset({work_table_id}))
        jobs = [job_of(_paper(room, work_table_id, i), scribe) for i in range(count)]
        for start in range(0, count, 200):
            for answer in self.writer.write(jobs[start : start + 200]):
                assert isinstance(answer, Receipt), answer
        self.writer.take_committed()


def prepare_room(data: Path, phones: int) -> Prepared:
    """A live meeting with tables of 12, one open collecting step without quota, and everybody seated with a token."""
    at = Preparing(data)
    try:
        return _furnish(at, phones)
    finally:
        at.close()


@contextlib.contextmanager
def served(data: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """(port, process) of a real server on the folder."""
    command = [sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        yield _port(process), process
    finally:
        process.terminate()
        process.wait(20)


def rss_mb(process: subprocess.Popen[str]) -> float:
    """Resident memory of the server, from the kernel."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
    return round(int(found.group(1)) / 1024, 1) if found else 0.0


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    port = 0
    for line in process.stdout:
        if found := re.search(r"127\.0\.0\.1:(\d+)/enter", line):
            port = int(found.group(1))
        if "Ctrl+C" in line:
            return port
    raise RuntimeError("the server did not start")


def _furnish(at: Preparing, phones: int) -> Prepared:
    process_id, meeting_id = new_id(), new_id()

    def do(kind: Any, **values: Any) -> Receipt:
        return at.door(kind(**{"command_id": new_id(), "process_id": process_id, **values}), LEAD)

    do(CreateProcess, command_id=process_id, description=Description(title="Prova di carico", contact_email="prova@example.org"))
    do(MoveProcess, state="published")
    do(PlanMeeting, command_id=meeting_id, plan=Plan(title="Incontro di prova", date="2026-11-22", start="10:00", place="Sala"))
    do(SetRunningSheet, meeting_id=meeting_id, pack="webinar-qa")
    for state in ("announced", "open", "ready", "live"):
        do(MoveMeeting, meeting_id=meeting_id, state=state)
    with at.store.readers.connect() as reader:
        step_id = next(step.id for step in the_meeting(reader, meeting_id).steps if step.do == "collect")
    tables = [new_id() for _ in range(-(-phones // SEATS) or 1)]
    for number, table in enumerate(tables, 1):
        do(
            PrepareTable,
            command_id=table,
            meeting_id=meeting_id,
            number=number,
            theme=Theme(title=f"Tavolo {number}", question="Che cosa?"),
        )
        do(MoveStep, meeting_id=meeting_id, work_table_id=table, step_id=step_id, state="open")
    room = Prepared(at.data, process_id, meeting_id, step_id, tables, [])
    room.phones.extend(_seat(at, room, tables[i // SEATS]) for i in range(phones))
    return room


def _seat(at: Preparing, room: Prepared, table: str) -> dict[str, str]:
    command = Join(command_id=new_id(), process_id=room.process_id, meeting_id=room.meeting_id, work_table_id=table)
    participant_id = next(f.participant_id for f in at.door(command, NOBODY).facts if isinstance(f, ParticipantJoined))

    def token(writer: Writer) -> str:
        private: Connection = writer.private
        return issue_token(private, Role.PARTICIPANT, participant_id, room.meeting_id)

    return {"cookie": f"{at.cookie}={at.desk.submit(token)}", "table": table, "step": room.step_id}


def _paper(room: Prepared, work_table_id: str, i: int) -> EnterContribution:
    return EnterContribution(
        command_id=new_id(),
        process_id=room.process_id,
        work_table_id=work_table_id,
        step_id=room.step_id,
        kind=Kind.QUESTION,
        text=f"Domanda numero {i}: chi apre il cortile il sabato mattina?",
        channel=Channel.PAPER,
    )
