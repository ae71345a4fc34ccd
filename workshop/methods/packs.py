"""Load a method pack and copy its steps for a meeting. A pack may be written in English or in Italian."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workshop.domain.contribution import Kind
from workshop.domain.ids import new_id
from workshop.domain.refusal import NotFound, Refusal
from workshop.domain.step import Step, Verb

LIBRARY: Final = files("workshop.methods") / "library"
ENGLISH: Final[dict[str, str]] = {  # Italian property -> English one
    "formato": "format",
    "versione": "version",
    "genere": "type",
    "minuti": "minutes",
    "inizio": "start",
    "tavoli": "tables",
    "persone": "people",
    "tipi": "kinds",
    "caratteri": "card_chars",
    "passo": "step",
    "fa": "do",
    "ore": "at",
    "minimo": "shortest",
    "dove": "where",
    "usa": "uses",
    "svela": "reveal",
    "scheda": "ballot",
    "voti": "votes",
    "per_voce": "per_item",
    "documento": "document",
    "sezioni": "sections",
    "obbligo": "must",
    "verifica": "should",
    "nome": "name",
    "descrizione": "about",
    "quando": "when",
    "materiali": "materials",
    "titolo": "title",
    "frase": "say",
    "guida": "guide",
}
VALUES: Final[dict[str, dict[str, str]]] = {
    "do": dict(
        zip(
            ("parla", "raccogli", "leggi", "raggruppa", "collega", "vota", "chiedi", "scrivi", "valida", "spostati", "pausa"),
            Verb,
            strict=True,
        )
    ),
    "where": {"plenaria": "plenary", "tavoli": "tables", "regia": "desk", "ovunque": "anywhere"},
    "ballot": {"bollini": "dots", "graduatoria": "rank", "approvazione": "approve", "pugno": "fist", "consenso": "consent"},
    "type": {"giornata": "day", "metodo": "method", "inserto": "insert"},
}


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
        return Pack.model_validate(_in_english(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, ValidationError) as wrong:
        raise PackIsBroken("pack", where=str(wrong).splitlines()[0]) from wrong


def steps_of_pack(name: str) -> tuple[Step, ...]:
    """The running sheet as the record keeps it, each step with a fresh id."""
    found = pack(name)
    return tuple(_step(step, found) for step in found.step)


def _step(step: PackStep, found: Pack) -> Step:
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
        votes=(step.votes or 5) if is_vote else 0,
        per_item=(step.per_item or 2) if is_vote and step.ballot == "dots" else step.per_item,
        reveal=step.reveal,
        document=step.document,
        sections=step.sections,
        uses=step.uses,
        must=step.must,
    )


def _in_english(value: Any, name: str = "") -> Any:
    """Italian names of properties, and of the values of `do`, `where`, `ballot` and `type`, in English."""
    match value:
        case dict():
            return {(known := _english(key)): _in_english(item, known) for key, item in value.items()}
        case list():
            return [_in_english(item, name) for item in value]
        case str() if name in VALUES:
            return VALUES[name].get(value, value)
        case _:
            return value


def _english(name: str) -> str:
    return ENGLISH.get(name, name)
