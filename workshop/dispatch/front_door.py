"""The front door: every command goes through here once, whoever sends it: form, outbox, command line, demo."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import Connection

from sync.entry import Entry
from workshop import dispatch as nouns
from workshop.domain.command import Command
from workshop.domain.fact import Fact
from workshop.domain.ids import is_id
from workshop.domain.members import members_of
from workshop.domain.participant import ParticipantJoined
from workshop.domain.people import Actor
from workshop.domain.refusal import IdAlreadyUsed, Malformed, NotFound
from workshop.private import ballot_keys
from workshop.record.codec import Held, Stub, read_fact, read_signed
from workshop.record.desk import Desk
from workshop.record.log import entries_of_cause
from workshop.record.queries.belonging import is_elsewhere
from workshop.record.writer import Job, Receipt, Writer

LISTS: Final = frozenset({"contribution_ids", "evidence", "replaces"})
IDS_MOST: Final = 200


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
        check_shape(command)
        return cast(Receipt, self.desk.submit(job_of(command, actor)))


def check_shape(command: Command) -> None:
    """Ids are ids, and no more of them than a head may hold: what is not would break the batch that it is in."""
    for name, value in _members(command):
        match value:
            case str() if name.endswith("_id") and name != "answer_id" and not (is_id(value) or not value):
                raise Malformed(name)
            case tuple() if name in LISTS and (len(value) > IDS_MOST or not all(map(is_id, value))):
                raise Malformed(name)
    if not (command.command_id and command.process_id):
        raise Malformed("command_id")


def job_of(command: Command, actor: Actor) -> Job:
    """load -> decide -> append -> fold, on the writer's thread, inside its transaction."""
    digest = digest_of(command)

    def job(writer: Writer) -> Receipt:
        writer.lock_scope(command.process_id)
        load = Load(writer.connection, writer.private, actor, writer.wall())
        if seen := entries_of_cause(writer.connection, command.process_id, command.command_id):
            return _first_answer(command, seen, digest, load)
        for name, value in _members(command):
            if is_elsewhere(writer.connection, command.process_id, name, value):
                raise NotFound(name)
        facts = HANDLERS[type(command)](command, load)
        for fact in facts:
            writer.append(command.process_id, fact, command.command_id, actor, digest)
        return Receipt(command.command_id, tuple(facts))

    return job


def digest_of(command: Command) -> str:
    """SHA-256 of the sorted JSON of the command's fields, without who sent it."""
    told = {"command": type(command).__name__, **members_of(command)}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _members(command: Command) -> list[tuple[str, Any]]:
    return [(field.name, getattr(command, field.name)) for field in fields(command)]


def _first_answer(command: Command, seen: list[Entry], digest: str, load: Load) -> Receipt:
    """Same id, same digest, same actor (for a vote: same voter): the first answer again. Anything else is another command.

    Two laptops may have carried it out: the first answer is the one that is shown."""
    facts = [fact for entry in seen if not isinstance(fact := read_fact(entry), Stub | Held) and entry.head.stream == seen[0].head.stream]
    signed = read_signed(seen[0])
    if not facts or signed.digest != digest or not _same_person(facts[0], signed.actor_id, load):
        raise IdAlreadyUsed("command_id")
    return Receipt(command.command_id, tuple(facts), first_time=False)


def _same_person(fact: Fact, actor_id: str, load: Load) -> bool:
    if isinstance(fact, ParticipantJoined) and fact.participant_id == load.actor.id:
        return True  # joining made them somebody: sent again, it comes with their own token
    if type(fact).names_actor:
        return actor_id == load.actor.id
    key = ballot_keys.known_key(load.private, fact.about)
    return key is None or getattr(fact, "voter", "") == ballot_keys.voter(key, load.actor.id)


nouns.every_noun()
