"""A good practice: what was done elsewhere and could be done here. Prepared before the day, read at the tables; it names nobody."""

from dataclasses import dataclass
from typing import ClassVar, Final

from workshop.domain.command import Command
from workshop.domain.fact import Edit, Fact
from workshop.domain.permissions import Action
from workshop.domain.refusal import Refusal, Sort
from workshop.domain.text import PARAGRAPH_MOST, TITLE_MOST, maybe_words, within, words

TITLE_OF_PRACTICE_MOST: Final = 160
ACTOR_KIND_MOST: Final = 120
LINE_MOST: Final = 300
TOOLS_MOST: Final = 12


class GoodPracticeIsGone(Refusal):
    """Somebody removed it."""

    sort = Sort.OUT_OF_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPractice:
    """One versions field. `actor_kind`: what sort of body does it, in short words; `source`: where it was read or heard."""

    title: str
    place: str = ""
    actor_kind: str = ""
    what: str = ""
    tools: tuple[str, ...] = ()
    transferable_if: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGoodPractice(Command):
    """`command_id` is the id of the practice. `tools`: one a line, as it is typed."""

    may = Action.KEEP_PRACTICES
    title: str
    place: str = ""
    actor_kind: str = ""
    what: str = ""
    tools: str = ""
    transferable_if: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGoodPractice(AddGoodPractice):
    good_practice_id: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveGoodPractice(Command):
    """Of all versions that were seen: one that was written elsewhere meanwhile stands, and a person decides."""

    may = Action.KEEP_PRACTICES
    good_practice_id: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPracticeAdded(Edit):
    kind: ClassVar[str] = "good_practice.added/1"
    practice: GoodPractice


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPracticeChanged(Edit):
    kind: ClassVar[str] = "good_practice.changed/1"
    practice: GoodPractice


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodPracticeRemoved(Edit):
    kind: ClassVar[str] = "good_practice.removed/1"


def add_good_practice(command: AddGoodPractice) -> list[Fact]:
    return [GoodPracticeAdded(about=command.command_id, practice=_checked(command))]


def change_good_practice(command: ChangeGoodPractice, is_gone: bool) -> list[Fact]:
    if is_gone:
        raise GoodPracticeIsGone("good_practice_id")
    return [GoodPracticeChanged(about=command.good_practice_id, practice=_checked(command), replaces=command.replaces)]


def remove_good_practice(command: RemoveGoodPractice, is_gone: bool) -> list[Fact]:
    if is_gone:
        raise GoodPracticeIsGone("good_practice_id")
    return [GoodPracticeRemoved(about=command.good_practice_id, replaces=command.replaces)]


def _checked(told: AddGoodPractice) -> GoodPractice:
    return GoodPractice(
        title=words(told.title, "title", 3, TITLE_OF_PRACTICE_MOST),
        place=maybe_words(told.place, "place", TITLE_MOST),
        actor_kind=maybe_words(told.actor_kind, "actor_kind", ACTOR_KIND_MOST),
        what=words(told.what, "what", 3, PARAGRAPH_MOST),
        tools=_tools(told.tools),
        transferable_if=maybe_words(told.transferable_if, "transferable_if", LINE_MOST),
        source=maybe_words(told.source, "source", LINE_MOST),
    )


def _tools(typed: str) -> tuple[str, ...]:
    lines = [line for line in maybe_words(typed, "tools", PARAGRAPH_MOST).split("\n") if line.strip()]
    within(len(lines), "tools", 0, TOOLS_MOST)
    return tuple(words(line, "tools", 1, TITLE_MOST) for line in lines)
