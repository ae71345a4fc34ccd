"""The front door: every command goes through here once, whoever sends it: form, outbox, command line, demo."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from sync.entry import Entry
from workshop import dispatch as nouns
from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.ids import is_id
from workshop.domain.people import Actor
from workshop.domain.permissions import permit
from workshop.domain.refusal import IdAlreadyUsed, Malformed
from workshop.private import ballot_keys
from workshop.record.codec import Held, Stub, read_fact, read_signed
from workshop.record.desk import Desk
from workshop.record.log import entries_of_cause
from workshop.record.writer import Job, Receipt, Writer


@dataclass(frozen=True, slots=True)
class Load:
    """What a handler may read while the write transaction is open, and who asks."""

    connection: Connection
    private: Connection
    actor: Actor
    now: str  # wall clock, UTC, ISO to the minute

    def voter(self, ballot_id: str) -> str:
        """This person's voter in the ballot; '' when its key was destroyed."""
        key = ballot_keys.open_key(self.private, ballot_id)
        return ballot_keys.voter(key, self.actor.id) if key else ""


Handler: TypeAlias = Callable[[Any, Load], list[Fact]]
HANDLERS: Final[dict[type[Command], Handler]] = {}


def handles(kind: type[Command]) -> Callable[[Handler], Handler]:
    """Register the handler of a command: it loads what the rule needs, asks for permission, and calls the rule."""

    def keep(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return keep


@dataclass(frozen=True, slots=True)
class FrontDoor:
    desk: Desk

    def __call__(self, command: Command, actor: Actor) -> Receipt:
        """Carry out once; the receipt comes after COMMIT. Raises a Refusal when nothing was changed."""
        if not (is_id(command.command_id) and is_id(command.process_id)):
            raise Malformed("command_id")
        answer = self.desk.submit(job_of(command, actor))
        assert isinstance(answer, Receipt)
        return answer


def job_of(command: Command, actor: Actor) -> Job:
    """load -> decide -> append -> fold, on the writer's thread, inside its transaction."""
    digest = digest_of(command)

    def job(writer: Writer) -> Receipt:
        writer.lock_scope(command.process_id)
        load = Load(writer.connection, writer.private, actor, datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"))
        if seen := entries_of_cause(writer.connection, command.process_id, command.command_id):
            return _first_answer(command, seen, digest, load)
        facts = HANDLERS[type(command)](command, load)
        for fact in facts:
            writer.append(command.process_id, fact, command.command_id, actor, digest)
        return Receipt(command.command_id, tuple(facts))

    return job


def digest_of(command: Command) -> str:
    """SHA-256 of the sorted JSON of the command's fields, without who sent it."""
    told = {"command": type(command).__name__, **asdict(command)}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _first_answer(command: Command, seen: list[Entry], digest: str, load: Load) -> Receipt:
    """Same id, same digest, same actor (for a vote: same voter): the first answer again. Anything else is another command."""
    facts = [fact for fact in map(read_fact, seen) if not isinstance(fact, Stub | Held)]
    signed = read_signed(seen[0])
    if not facts or signed.digest != digest or not _same_person(facts[0], signed.actor_id, load):
        raise IdAlreadyUsed("command_id")
    return Receipt(command.command_id, tuple(facts), first_time=False)


def _same_person(fact: Fact, actor_id: str, load: Load) -> bool:
    if type(fact).names_actor:
        return actor_id == load.actor.id
    key = ballot_keys.known_key(load.private, fact.about)
    return key is None or getattr(fact, "voter", "") == ballot_keys.voter(key, load.actor.id)


nouns.every_noun()

__all__ = ["FrontDoor", "HANDLERS", "Handler", "Load", "digest_of", "handles", "job_of", "permit"]
