"""Rules of settling: what stands must have been seen, one counts, and what was noted comes back when more comes."""

from typing import Any

import pytest

from workshop.domain import review as r
from workshop.domain.cluster import ClusterAdded, ClusterOrdered, ClusterRemoved, ClusterTitled
from workshop.domain.contribution import Channel, ContributionAdded, ContributionCorrected, ContributionTranslated, Kind
from workshop.domain.fact import Edit
from workshop.domain.meeting import MeetingPlanned, MeetingReplanned, Plan
from workshop.domain.process import Description, ProcessCreated, ProcessDescribed
from workshop.domain.refusal import ChangedMeanwhile, Malformed, NotFound
from workshop.domain.sentence import Section, SentenceAdded, SentenceRewritten, Wording
from workshop.domain.work_table import TablePrepared, TableRethemed, Theme

THING, TABLE, ONE, TWO, THREE, NEW = ("1" * 32, "2" * 32, "a" * 32, "b" * 32, "c" * 32, "d" * 32)
CARD = ContributionAdded(
    about=THING,
    meeting_id="3" * 32,
    work_table_id=TABLE,
    step_id="",
    card_kind=Kind.NEED,
    text="Servono fasciatoi",
    language="it",
    channel=Channel.PHONE,
    number=1,
    seq=1,
    translation="Changing tables",
)
GROUP = ClusterAdded(about=THING, work_table_id=TABLE, title="Bagni", position=7)
SENTENCE = SentenceAdded(
    about=THING, synthesis_id=TABLE, section=Section.FRAME, wording=Wording(text="Servono bagni."), evidence=(ONE,), position=100
)


def rewritten(text: str, *replaces: str) -> SentenceRewritten:
    return SentenceRewritten(about=THING, synthesis_id=TABLE, wording=Wording(text=text), replaces=replaces)


def command(kind: Any, **fields: Any) -> Any:
    return kind(**{"command_id": NEW, "process_id": "9" * 32, "thing_id": THING, **fields})


def keep(version: str, *seen: str) -> Any:
    return command(r.KeepVersion, field="wording", version_id=version, replaces=seen)


VERSIONS: dict[str, Edit] = {ONE: rewritten("Una.", THING), TWO: rewritten("Due.", THING)}


def test_the_version_that_is_kept_is_stated_again_in_place_of_all() -> None:
    assert r.keep_version(keep(TWO, ONE, TWO), VERSIONS) == [rewritten("Due.", ONE, TWO)]


def test_who_did_not_see_all_of_them_decides_nothing() -> None:
    with pytest.raises(ChangedMeanwhile):
        r.keep_version(keep(TWO, TWO), VERSIONS)


def test_what_stands_alone_is_not_to_be_settled() -> None:
    with pytest.raises(r.NothingToSettle):
        r.keep_version(keep(ONE, ONE), {ONE: VERSIONS[ONE]})


def test_only_what_stands_there_can_be_kept() -> None:
    with pytest.raises(NotFound):
        r.keep_version(keep(THREE, ONE, TWO), VERSIONS)


@pytest.mark.parametrize(
    ("added", "field", "edit"),
    [
        (CARD, "text", ContributionCorrected(about=THING, work_table_id=TABLE, text="Servono fasciatoi", replaces=(ONE,))),
        (CARD, "translation", ContributionTranslated(about=THING, work_table_id=TABLE, translation="Changing tables", replaces=(ONE,))),
        (GROUP, "title", ClusterTitled(about=THING, work_table_id=TABLE, title="Bagni", replaces=(ONE,))),
        (GROUP, "position", ClusterOrdered(about=THING, work_table_id=TABLE, position=7, replaces=(ONE,))),
        (GROUP, "removed", ClusterRemoved(about=THING, work_table_id=TABLE, removed=False, replaces=(ONE,))),
        (SENTENCE, "wording", rewritten("Servono bagni.", ONE)),
        (
            ProcessCreated(about=THING, description=Description(title="Lucca")),
            "description",
            ProcessDescribed(about=THING, description=Description(title="Lucca"), replaces=(ONE,)),
        ),
        (
            MeetingPlanned(about=THING, plan=Plan(title="Incontro"), position=1),
            "plan",
            MeetingReplanned(about=THING, plan=Plan(title="Incontro"), replaces=(ONE,)),
        ),
        (
            TablePrepared(about=THING, meeting_id=TABLE, number=1, join_code="ABCD", theme=Theme(title="Tema")),
            "theme",
            TableRethemed(about=THING, theme=Theme(title="Tema"), replaces=(ONE,)),
        ),
    ],
)
def test_words_that_came_with_an_addition_are_stated_by_an_edit(added: Edit, field: str, edit: Edit) -> None:
    assert r.again(added, field, (ONE,)) == edit


def test_of_three_wordings_kept_two_become_sentences_of_their_own_with_ids_that_a_retry_gives_again() -> None:
    versions = {**VERSIONS, THREE: rewritten("Tre.", THING)}
    wish = command(r.KeepBoth, replaces=(ONE, TWO, THREE))
    first, *others = r.keep_both(wish, versions, SENTENCE)
    assert first == rewritten("Una.", ONE, TWO, THREE)
    assert [(other.wording.text, other.evidence, other.section) for other in others] == [  # type: ignore[attr-defined]
        ("Due.", (ONE,), Section.FRAME),
        ("Tre.", (ONE,), Section.FRAME),
    ]
    assert len({THING, *(other.about for other in others)}) == 3
    assert r.keep_both(wish, versions, SENTENCE) == [first, *others]


def test_only_sentences_can_both_stay() -> None:
    with pytest.raises(r.CannotKeepBoth):
        r.wording_of(GROUP)


def test_a_rival_that_is_shown_too_has_an_id_of_its_own_and_the_matter_is_noted() -> None:
    added, note = r.adopt_rival(command(r.AdoptRival, rival="f" * 64), CARD, "0" * 16)
    assert (added.about, added.text, note) == (  # type: ignore[attr-defined]
        NEW,
        CARD.text,
        r.DifferenceNoted(about=THING, matter="rivals", seen="0" * 16),
    )


def test_a_table_or_a_meeting_cannot_be_there_twice() -> None:
    table = TablePrepared(about=THING, meeting_id=TABLE, number=1, join_code="ABCD", theme=Theme(title="Tema"))
    with pytest.raises(r.CannotKeepBoth):
        r.adopt_rival(command(r.AdoptRival, rival="f" * 64), table, "0" * 16)


@pytest.mark.parametrize(
    ("matter", "seen"), [("", "0" * 16), ("Rivals", "0" * 16), ("x" * 70, "0" * 16), ("rivals", "0" * 15), ("rivals", "")]
)
def test_a_note_names_a_matter_and_what_was_seen(matter: str, seen: str) -> None:
    with pytest.raises(Malformed):
        r.note_difference(command(r.NoteDifference, matter=matter, seen=seen))


def test_what_stands_again_already_is_not_brought_back_twice() -> None:
    wish = command(r.BringBack)
    with pytest.raises(r.NothingToSettle):
        r.bring_back_sentence(wish, TABLE, False, ())
    with pytest.raises(r.NothingToSettle):
        r.bring_back_group(wish, TABLE, False, ())
    with pytest.raises(r.NothingToSettle):
        r.drop_reference(r.DropReference(command_id=NEW, process_id=TABLE, sentence_id=THING, evidence_id=ONE), TABLE, True)
