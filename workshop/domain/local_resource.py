"""A local resource: a room, hours, a skill, goods, money or support that somebody of the place offers, and on which terms."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Refusal, Sort
from workshop.domain.text import maybe_words, words

TITLE_OF_RESOURCE_MOST: Final = 160
TERMS_MOST: Final = 300


class ResourceKind(StrEnum):
    SPACE = "space"
    TIME = "time"
    SKILL = "skill"
    GOODS = "goods"
    MONEY = "money"
    SUPPORT = "support"


class LocalResourceIsGone(Refusal):
    """Somebody removed it."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResource:
    """One versions field. `offered_by`: a body, an association, a business; never a person by name."""

    title: str
    kind: ResourceKind
    offered_by: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLocalResource(Command):
    """`command_id` is the id of the resource."""

    may = Action.KEEP_PRACTICES
    resource: LocalResource


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLocalResource(Command):
    may = Action.KEEP_PRACTICES
    local_resource_id: str
    resource: LocalResource
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLocalResource(Command):
    """Of all versions that were seen: one that was written elsewhere meanwhile stands, and a person decides."""

    may = Action.KEEP_PRACTICES
    local_resource_id: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResourceAdded(Edit):
    kind: ClassVar[str] = "local_resource.added/1"
    resource: LocalResource


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResourceChanged(Edit):
    kind: ClassVar[str] = "local_resource.changed/1"
    resource: LocalResource


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResourceRemoved(Edit):
    kind: ClassVar[str] = "local_resource.removed/1"


def add_local_resource(command: AddLocalResource) -> list[Fact]:
    return [LocalResourceAdded(about=command.command_id, resource=_checked(command.resource))]


def change_local_resource(command: ChangeLocalResource, is_gone: bool) -> list[Fact]:
    if is_gone:
        raise LocalResourceIsGone("local_resource_id")
    return [LocalResourceChanged(about=command.local_resource_id, resource=_checked(command.resource), replaces=command.replaces)]


def remove_local_resource(command: RemoveLocalResource, is_gone: bool) -> list[Fact]:
    if is_gone:
        raise LocalResourceIsGone("local_resource_id")
    return [LocalResourceRemoved(about=command.local_resource_id, replaces=command.replaces)]


def _checked(told: LocalResource) -> LocalResource:
    return LocalResource(
        title=words(told.title, "title", 3, TITLE_OF_RESOURCE_MOST),
        kind=told.kind,
        offered_by=maybe_words(told.offered_by, "offered_by", TITLE_OF_RESOURCE_MOST),
        terms=maybe_words(told.terms, "terms", TERMS_MOST),
    )
