"""Facts: what happened. The record keeps them for ever; rows are folded from them.

`about` and `replaces` go into the head of the entry, which outlives an erasure, so they never point at a person's words.
Everything else goes into the body. See docs/ARCHITECTURE.md for the path a fact takes.
"""

from dataclasses import dataclass
from typing import ClassVar

FACTS: dict[str, type["Fact"]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of all facts. `kind` is noun.verb/version; a new optional field keeps the number."""

    kind: ClassVar[str] = ""
    names_actor: ClassVar[bool] = True  # a vote's body names no actor, only the voter
    about: str

    def __init_subclass__(cls, **kwargs: object) -> None:
        super(Fact, cls).__init_subclass__(**kwargs)
        if cls.kind:
            FACTS[cls.kind] = cls


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Fact):
    """A new version of words: replaces all versions the person saw. Its version id is the id of the command."""

    replaces: tuple[str, ...] = ()
