"""Random histories: facts of every kind, about a few things, so that rivals, siblings and last words meet; and what is not understood."""

import dataclasses
import json
import types
from functools import cache
from typing import Any, get_origin, get_type_hints

from hypothesis import strategies as st

from sync.entry import Entry, Head, seal, sha256
from workshop.domain.fact import FACTS, Edit, Fact
from workshop.record import codec

SCOPE = sha256(b"scope")[:32]
THINGS = [sha256(f"thing {n}".encode())[:32] for n in range(4)]
STREAMS = [sha256(f"stream {n}".encode())[:32] for n in range(3)]
JUMPS = (1, 2, 40, 900_000, 1_100_000, 2**40)
assert codec.FACTS is FACTS  # every noun is loaded

things = st.sampled_from(THINGS)
words = st.text("ab è\u200b€\n", max_size=6) | st.text("abc", max_size=3) | st.sampled_from(["", "x" * 90, "a\0b"])


def _of(name: str, hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field: ids are mostly those of the few things."""
    if dataclasses.is_dataclass(hint):
        return _built(hint)
    if hint in {str, int}:
        return (things if name.endswith("_id") else words) if hint is str else st.integers(0, 9) | st.just(2**40)
    if get_origin(hint) is tuple:
        return st.lists(_of(name, hint.__args__[0]), max_size=2).map(tuple)
    if get_origin(hint) is dict:
        return st.dictionaries(things, words if hint.__args__[1] is str else st.integers(0, 5), max_size=2)
    if isinstance(hint, types.UnionType):
        return st.one_of(*(st.none() if part is types.NoneType else _of(name, part) for part in hint.__args__))
    return st.from_type(hint)


@cache
def _built(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{f.name: _of(f.name, hints[f.name]) for f in dataclasses.fields(kind) if f.init})


def now_and_then(mostly: st.SearchStrategy[Any], rarely: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 19).flatmap(lambda chance: rarely if chance == 13 else mostly)


facts: st.SearchStrategy[Fact] = st.sampled_from(sorted(FACTS)).flatmap(lambda kind: _built(FACTS[kind]))


@st.composite
def bodies(draw: Any, fact: Fact) -> bytes:
    """As a program of ours writes it; now and then as none of ours would."""
    told = {name: value for name, value in dataclasses.asdict(fact).items() if name not in {"about", "replaces"}}
    body = json.dumps({"salt": draw(st.sampled_from("0123456789abcdef")) * 32, "digest": "", **told}).encode()
    return draw(now_and_then(st.just(body), st.sampled_from([body[:-1], b"\xff", b'{"salt":"0"}', b"[" * 4_000])))


@st.composite
def histories(draw: Any, most: int = 30) -> list[Entry]:
    """Entries of a few streams, in an order in which they may come."""
    last: dict[str, Entry] = {}
    lamport, entries = 0, []
    for _ in range(draw(st.integers(1, most))):
        stream = draw(st.sampled_from(STREAMS))
        before = last.get(stream)
        lamport += draw(st.sampled_from((1, 1, 1, 0, *JUMPS[: 3 if draw(st.booleans()) else None])))
        fact = dataclasses.replace(draw(facts), about=draw(things))
        entry = _sealed(draw, stream, before, max(lamport, before.head.lamport + 1 if before else 1), fact)
        last[stream] = entry
        entries.append(entry)
    return entries


def _sealed(draw: Any, stream: str, before: Entry | None, lamport: int, fact: Fact) -> Entry:
    head = Head(
        scope=SCOPE,
        stream=stream,
        n=before.head.n + 1 if before else 1,
        prev=before.hash if before else "",
        lamport=lamport,
        kind=draw(now_and_then(st.just(fact.kind), st.just("future.thing/7"))),
        about=fact.about,
        replaces=fact.replaces if isinstance(fact, Edit) else (),
        cause=draw(things),
        wall=draw(now_and_then(st.just("2026-11-22T10:00Z"), st.just("2026-02-31T10:00Z"))),
        body_hash="",
    )
    return seal(dataclasses.replace(head, replaces=tuple(draw(st.lists(things, max_size=2))) if head.replaces else ()), draw(bodies(fact)))
