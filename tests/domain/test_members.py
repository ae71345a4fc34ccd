"""What is written into a body must not depend on how its members were taken."""

from dataclasses import asdict, dataclass

from hypothesis import given
from hypothesis import strategies as st

from workshop.domain.members import members_of
from workshop.domain.sentence import Section


@dataclass(frozen=True, slots=True)
class Inner:
    words: str
    section: Section | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    inner: Inner
    many: tuple[Inner, ...]
    counts: dict[str, int]
    lists: list[tuple[int, ...]]


inners = st.builds(Inner, words=st.text(), section=st.none() | st.sampled_from(Section))
outers = st.builds(
    Outer,
    inner=inners,
    many=st.lists(inners).map(tuple),
    counts=st.dictionaries(st.text(), st.integers()),
    lists=st.lists(st.tuples(st.integers(), st.integers())),
)


@given(outers)
def test_members_are_those_of_the_standard_library(thing: Outer) -> None:
    assert members_of(thing) == asdict(thing)
