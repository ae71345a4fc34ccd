"""A participatory process (percorso): the scope that everything else belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final
from zoneinfo import available_timezones

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Malformed, MoveNotAllowed, NotInList, Refusal, Sort
from workshop.domain.states import MOVES, Noun
from workshop.domain.text import PARAGRAPH_MOST, TITLE_MOST, is_dialled, is_mailbox, maybe_words, words

LICENCES: Final = ("CC-BY-4.0", "IODL-2.0", "CC0-1.0")
UNDER_WAY: Final = frozenset({"open", "ready", "live", "closed", "reported"})  # meetings that people come or came to
PUBLIC: Final = frozenset({"published", "running", "restitution"})
LANGUAGES: Final = ("it", "en", "ro", "sq", "ar", "uk")


class ContactMissing(Refusal):
    """Publishing needs an e-mail address or a telephone number where people can ask."""

    sort = Sort.OUT_OF_STEP


class ContactUnusable(Refusal):
    """An e-mail address has one @ with something on both sides; a telephone number has at least six digits. Field: which one."""


class ProcessNotPublic(Refusal):
    """Nobody is invited to a meeting of a process that is not published, or not any more. Detail: state."""

    sort = Sort.OUT_OF_STEP


class NoMeetingYet(Refusal):
    """A process is under way when people have met, or may come in to meet."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a process says of itself; one versions field."""

    title: str
    subtitle: str = ""
    aim: str = ""
    territory: str = ""
    promoters: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    licence: str = "CC-BY-4.0"
    languages: tuple[str, ...] = ("it", "en")
    time_zone: str = "Europe/Rome"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProcess(Command):
    """A lead or organiser starts a process; its id is the scope. `command_id` is that id."""

    may = Action.ARRANGE_PROCESS
    description: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeProcess(Command):
    may = Action.ARRANGE_PROCESS
    description: Description
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveProcess(Command):
    """Publish, start, close: see states.MOVES."""

    may = Action.ARRANGE_PROCESS
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCreated(Edit):
    kind: ClassVar[str] = "process.created/1"
    description: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDescribed(Edit):
    kind: ClassVar[str] = "process.described/1"
    description: Description


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMoved(Fact):
    kind: ClassVar[str] = "process.moved/1"
    state: str


def create_process(command: CreateProcess) -> list[Fact]:
    if command.command_id != command.process_id:
        raise Malformed("process_id")
    return [ProcessCreated(about=command.process_id, description=_checked(command.description))]


def describe_process(command: DescribeProcess, state: str) -> list[Fact]:
    description = _checked(command.description)
    if state not in {"draft", "cancelled"}:
        require_contact(description)
    return [ProcessDescribed(about=command.process_id, description=description, replaces=command.replaces)]


def moves_from(state: str, stood: str) -> frozenset[str]:
    """`stood`: the state it was suspended from, the only one that it comes back to."""
    return frozenset({stood}) if state == "suspended" else MOVES[Noun.PROCESS].get(state, frozenset())


def move_process(command: MoveProcess, state: str, stood: str, description: Description, meetings: frozenset[str]) -> list[Fact]:
    """`stood`: see `moves_from`. `meetings`: states that its meetings are in."""
    if command.state not in moves_from(state, stood):
        raise MoveNotAllowed("state", noun=Noun.PROCESS, before=state, after=command.state)
    if command.state == "running" and not meetings & UNDER_WAY:
        raise NoMeetingYet("state")
    if command.state in PUBLIC:
        require_contact(description)
    return [ProcessMoved(about=command.process_id, state=command.state)]


def require_public(state: str, description: Description) -> None:
    """Before people are invited: the process is published and says whom they can ask."""
    if state not in PUBLIC:
        raise ProcessNotPublic("state", state=state)
    require_contact(description)


def require_contact(description: Description) -> None:
    """What stood there before anybody looked at it does not count."""
    if not (is_mailbox(description.contact_email) or is_dialled(description.contact_phone)):
        raise ContactMissing("contact_email")


def _checked(description: Description) -> Description:
    if description.licence not in LICENCES:
        raise NotInList("licence", choices=LICENCES)
    if not set(description.languages) <= set(LANGUAGES):
        raise NotInList("languages", choices=LANGUAGES)
    return Description(
        title=words(description.title, "title", 3, TITLE_MOST * 2),
        subtitle=maybe_words(description.subtitle, "subtitle", 300),
        aim=maybe_words(description.aim, "aim", PARAGRAPH_MOST),
        territory=maybe_words(description.territory, "territory", TITLE_MOST),
        promoters=maybe_words(description.promoters, "promoters", 300),
        contact_email=_contact(description.contact_email, "contact_email", 120, is_mailbox),
        contact_phone=_contact(description.contact_phone, "contact_phone", 40, is_dialled),
        licence=description.licence,
        languages=description.languages or ("it",),
        time_zone=_time_zone(description.time_zone),
    )


def _contact(text: str, field: str, most: int, is_one: Callable[[str], bool]) -> str:
    kept = maybe_words(text, field, most)
    if kept and not is_one(kept):
        raise ContactUnusable(field)
    return kept


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise NotInList("time_zone", choices=("Europe/Rome", "UTC"))
    return name
