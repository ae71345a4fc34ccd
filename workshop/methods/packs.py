"""Load a method pack and copy its steps for a meeting. A pack may be written in English or in Italian."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workshop.domain.contribution import Kind
from workshop.domain.ids import new_id
from workshop.domain.refusal import NotFound, Refusal
from workshop.domain.step import Step, Verb
from workshop.methods.italian import in_english

LIBRARY: Final = files("workshop.methods") / "library"
VOTES: Final = {"dots": 5, "rank": 5, "approve": 3, "fist": 1, "consent": 1}  # per person, when a pack does not say
MOST_ON_ONE_CLUSTER: Final = 2


class PackIsBroken(Refusal):
    """The file is not a method pack. Detail: where."""


class Words(BaseModel):
    model_config = ConfigDict(extra="allow")
    title: str = ""
    say: str = ""
    guide: str = ""
    name: str = ""
    about: str = ""
    when: str = ""
    materials: str = ""


class PackStep(BaseModel):
    """One [[step]] block; properties this version does not run yet are kept in the file and passed over."""

    model_config = ConfigDict(extra="ignore")
    id: str
    do: Verb
    minutes: int = Field(ge=0, le=600)
    at: str = ""
    where: str = ""
    kinds: tuple[Kind, ...] = ()
    quota: int = 3
    ballot: str = ""
    votes: int = 0
    per_item: int = 0
    reveal: str = "on_close"
    document: str = ""
    sections: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    it: Words = Words()
    en: Words = Words()


class Pack(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str
    type: str
    minutes: int
    kinds: tuple[Kind, ...] = ()
    it: Words = Words()
    en: Words = Words()
    step: tuple[PackStep, ...]


def pack_names() -> list[str]:
    return sorted(path.name[:-5] for path in LIBRARY.iterdir() if path.name.endswith(".toml"))


@cache
def pack(name: str) -> Pack:
    """Raises NotFound for an unknown name, PackIsBroken for a file that is not a pack."""
    if name not in pack_names():
        raise NotFound("pack")
    return read_pack((LIBRARY / f"{name}.toml").read_text(encoding="utf-8"))


def read_pack(text: str) -> Pack:
    try:
        return Pack.model_validate(in_english(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, ValidationError) as wrong:
        raise PackIsBroken("pack", where=str(wrong).splitlines()[0]) from wrong


def steps_of_pack(name: str) -> tuple[Step, ...]:
    """The running sheet as the record keeps it, each step with a fresh id."""
    found = pack(name)
    return tuple(as_step(step, found) for step in found.step)


def as_step(step: PackStep, found: Pack) -> Step:
    """With a fresh id, and what the pack leaves unsaid."""
    is_vote, collects = step.do is Verb.VOTE, step.do is Verb.COLLECT
    return Step(
        id=new_id(),
        key=step.id,
        do=step.do,
        minutes=step.minutes,
        where=step.where or ("plenary" if step.do in {Verb.TALK, Verb.VALIDATE} else "tables"),
        at=step.at,
        title={"it": step.it.title, "en": step.en.title},
        say={"it": step.it.say, "en": step.en.say},
        guide={"it": step.it.guide, "en": step.en.guide},
        kinds=(step.kinds or found.kinds) if collects else (),
        quota=step.quota if collects else 0,
        ballot=step.ballot,
        votes=(step.votes or VOTES.get(step.ballot, 1)) if is_vote else 0,
        per_item=(step.per_item or (MOST_ON_ONE_CLUSTER if step.ballot == "dots" else 1)) if is_vote else 0,
        reveal=step.reveal,
        document=step.document,
        sections=step.sections,
        uses=step.uses,
        must=step.must,
    )
