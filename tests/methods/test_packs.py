"""Method packs: the library is whole, Italian and English packs are the same, and a broken file says where."""

import pytest

from workshop.domain.contribution import Kind
from workshop.domain.ids import is_id
from workshop.domain.refusal import NotFound
from workshop.domain.sentence import Section
from workshop.domain.step import Verb
from workshop.methods.italian import VALUES, in_english
from workshop.methods.packs import VOTES, PackIsBroken, as_step, pack, pack_names, read_pack, steps_of_pack

NAMES = pack_names()
# What a running step can check by itself; the others are left to the facilitator's eyes.
KNOWN_MUSTS = {"no_orphans", "titles_filled", "validated", "minority_filled", "all_read"}


def test_the_library_has_its_methods() -> None:
    assert {"tavoli-metaplan", "world-cafe", "lucca-in-famiglia", "bollini", "bollini-in-italiano"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_of_the_library_is_whole(name: str) -> None:
    found = pack(name)
    keys = [step.id for step in found.step]
    assert (found.id, len(set(keys))) == (name, len(keys))
    assert found.it.name
    assert found.en.name
    for step in found.step:
        assert step.it.title, step.id
        assert step.en.title, step.id


@pytest.mark.parametrize("name", NAMES)
def test_a_step_of_the_library_uses_only_other_steps_it_has(name: str) -> None:
    keys = {step.id for step in pack(name).step}
    for step in pack(name).step:
        assert {used for used in step.uses if not used.startswith("@")} <= keys - {step.id}, step.id


@pytest.mark.parametrize("name", NAMES)
def test_a_running_sheet_is_a_copy_with_ids_of_its_own(name: str) -> None:
    one, other = steps_of_pack(name), steps_of_pack(name)
    assert all(is_id(step.id) for step in one)
    assert not {step.id for step in one} & {step.id for step in other}
    assert [step.key for step in one] == [step.key for step in other]


@pytest.mark.parametrize("name", NAMES)
def test_steps_say_what_their_verb_needs(name: str) -> None:
    for step in steps_of_pack(name):
        assert bool(step.quota or step.kinds) <= (step.do is Verb.COLLECT), step.key
        assert (step.votes > 0) == (step.do is Verb.VOTE), step.key
        if step.ballot == "dots":
            assert 0 < step.per_item <= step.votes, step.key


@pytest.mark.parametrize("name", NAMES)
def test_a_table_synthesis_has_sections_that_exist(name: str) -> None:
    for step in pack(name).step:
        if step.document == "table_synthesis":
            assert set(step.sections) <= {str(section) for section in Section}, step.id


def test_an_italian_pack_reads_as_the_english_one() -> None:
    english, italian = pack("bollini"), pack("bollini-in-italiano")
    assert [step.model_dump(exclude={"it", "en"}) for step in english.step] == [
        step.model_dump(exclude={"it", "en"}) for step in italian.step
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"passo": [{"fa": "raccogli", "tipi": ["esigenza", "idea"]}]}, {"step": [{"do": "collect", "kinds": ["need", "idea"]}]}),
        ({"obbligo": ["nessuna_orfana"], "verifica": ["all_read"]}, {"must": ["no_orphans"], "should": ["all_read"]}),
        ({"scheda": "classifica", "svela": "in_lettura"}, {"ballot": "rank", "reveal": "in_reading"}),
        ({"it": {"titolo": "parla", "frase": "tavoli"}}, {"it": {"title": "parla", "say": "tavoli"}}),
        ({"documento": "sintesi_tavolo", "sezioni": ["quadro"]}, {"document": "table_synthesis", "sections": ["frame"]}),
    ],
)
def test_properties_and_values_may_be_italian_and_words_stay_as_they_are(written: object, read: object) -> None:
    assert in_english(written) == read
    assert in_english(read) == read


def test_every_italian_value_is_one_that_steps_know() -> None:
    assert set(VALUES["do"].values()) == set(Verb)
    assert set(VALUES["kinds"].values()) == set(Kind) - {Kind.IDEA}  # `idea` is Italian already
    assert set(VALUES["ballot"].values()) == set(VOTES)
    assert {str(section) for section in Section} <= set(VALUES["sections"].values())


@pytest.mark.parametrize("ballot", sorted(VOTES))
def test_a_vote_has_the_votes_that_its_ballot_has_by_custom(ballot: str) -> None:
    text = WHOLE.replace('do = "collect"', f'do = "vote"\nballot = "{ballot}"')
    step = read_pack(text).step[0]
    assert (step.votes, step.per_item) == (0, 0)
    told = as_step(step, read_pack(text))
    assert (told.votes, told.per_item) == (VOTES[ballot], 2 if ballot == "dots" else 1)


@pytest.mark.parametrize("name", ["", "no-such-method", "../packs", "tavoli-metaplan.toml"])
def test_a_pack_that_is_not_there_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        pack(name)


WHOLE = """
format = 1
id = "prova"
type = "method"
minutes = 10
[[step]]
id = "scrivi"
do = "collect"
minutes = 10
colour = "green"
"""


def test_a_property_that_this_version_does_not_run_is_passed_over() -> None:
    assert read_pack(WHOLE).step[0].do is Verb.COLLECT


@pytest.mark.parametrize(
    "broken",
    [
        "this is no TOML = = =",
        WHOLE.replace('do = "collect"', 'do = "dance"'),
        WHOLE.replace('id = "scrivi"', ""),
        WHOLE.replace("minutes = 10", 'minutes = "ten"'),
        WHOLE.replace('colour = "green"', 'kinds = ["jokes"]'),
        WHOLE.replace('colour = "green"', "minutes = -1"),
        'id = "prova"\ntype = "method"\nminutes = 1\n',
        "",
    ],
)
def test_a_broken_pack_says_where(broken: str) -> None:
    with pytest.raises(PackIsBroken) as refused:
        read_pack(broken)
    assert refused.value.detail["where"]


def test_what_packs_ask_before_a_step_ends_is_known_or_left_to_people() -> None:
    asked = {must for name in NAMES for step in steps_of_pack(name) for must in step.must}
    assert asked & KNOWN_MUSTS == KNOWN_MUSTS
