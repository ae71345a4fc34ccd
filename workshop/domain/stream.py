"""A stream: the entries of one run of one device. Its first entry says which program opened it."""

from dataclasses import dataclass
from typing import ClassVar

from workshop.domain.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOpened(Fact):
    kind: ClassVar[str] = "stream.opened/1"
    names_actor: ClassVar[bool] = False
    device: str = ""
    program: str = ""
