"""Good practices and local resources: what is stated, what is refused, and that what is gone is not changed any more."""

from typing import Any

import pytest

from workshop.domain.good_practice import (
    TOOLS_MOST,
    AddGoodPractice,
    ChangeGoodPractice,
    GoodPractice,
    GoodPracticeAdded,
    GoodPracticeChanged,
    GoodPracticeIsGone,
    GoodPracticeRemoved,
    RemoveGoodPractice,
    add_good_practice,
    change_good_practice,
    remove_good_practice,
)
from workshop.domain.local_resource import (
    AddLocalResource,
    ChangeLocalResource,
    LocalResource,
    LocalResourceAdded,
    LocalResourceChanged,
    LocalResourceIsGone,
    LocalResourceRemoved,
    RemoveLocalResource,
    ResourceKind,
    add_local_resource,
    change_local_resource,
    remove_local_resource,
)
from workshop.domain.refusal import NumberOutOfRange, TextMissing, TextTooLong, TextTooShort

ID, IN_PROCESS = "1" * 32, {"command_id": "1" * 32, "process_id": "2" * 32}
SEEN = ("3" * 32,)


def adding(**other: Any) -> AddGoodPractice:
    return AddGoodPractice(**{**IN_PROCESS, "title": "Family Share", "what": "Genitori che condividono tempo.", **other})


def a_resource(**other: Any) -> LocalResource:
    return LocalResource(**{"title": "Sala della biblioteca", "kind": ResourceKind.SPACE, **other})


def test_a_practice_has_one_tool_a_line_and_empty_lines_are_none() -> None:
    [added] = add_good_practice(adding(tools=" banca del tempo \r\n\r\napp\n", place=" Bologna "))
    practice = GoodPractice(title="Family Share", place="Bologna", what="Genitori che condividono tempo.", tools=("banca del tempo", "app"))
    assert added == GoodPracticeAdded(about=ID, practice=practice)


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"title": "  "}, TextMissing, "title"),
        ({"title": "ab"}, TextTooShort, "title"),
        ({"title": "a" * 161}, TextTooLong, "title"),
        ({"what": ""}, TextMissing, "what"),
        ({"what": "a" * 2001}, TextTooLong, "what"),
        ({"tools": "app\n" * (TOOLS_MOST + 1)}, NumberOutOfRange, "tools"),
        ({"tools": "a" * 81}, TextTooLong, "tools"),
        ({"place": "a" * 81}, TextTooLong, "place"),
        ({"actor_kind": "a" * 121}, TextTooLong, "actor_kind"),
        ({"transferable_if": "a" * 301}, TextTooLong, "transferable_if"),
        ({"source": "a" * 301}, TextTooLong, "source"),
    ],
)
def test_a_practice_that_does_not_fit_says_which_box(wrong: dict[str, str], refusal: type[Exception], field: str) -> None:
    with pytest.raises(refusal) as refused:
        add_good_practice(adding(**wrong))
    assert refused.value.field == field  # type: ignore[attr-defined]


def test_a_practice_is_changed_and_removed_in_place_of_what_was_seen() -> None:
    told = {"command_id": "4" * 32, "process_id": "2" * 32, "good_practice_id": ID, "replaces": SEEN}
    change = ChangeGoodPractice(**told, title="Family Share", what="Altro.")
    assert change_good_practice(change, is_gone=False) == [
        GoodPracticeChanged(about=ID, practice=GoodPractice(title="Family Share", what="Altro."), replaces=SEEN)
    ]
    assert remove_good_practice(RemoveGoodPractice(**told), is_gone=False) == [GoodPracticeRemoved(about=ID, replaces=SEEN)]
    with pytest.raises(GoodPracticeIsGone):
        change_good_practice(change, is_gone=True)
    with pytest.raises(GoodPracticeIsGone):
        remove_good_practice(RemoveGoodPractice(**told), is_gone=True)


def test_a_resource_is_stated_with_its_outer_spaces_off() -> None:
    [added] = add_local_resource(AddLocalResource(**IN_PROCESS, resource=a_resource(offered_by=" Biblioteca ", terms=" fino a 25 ")))
    assert added == LocalResourceAdded(about=ID, resource=a_resource(offered_by="Biblioteca", terms="fino a 25"))


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"title": ""}, TextMissing, "title"),
        ({"title": "a" * 161}, TextTooLong, "title"),
        ({"offered_by": "a" * 161}, TextTooLong, "offered_by"),
        ({"terms": "a" * 301}, TextTooLong, "terms"),
    ],
)
def test_a_resource_that_does_not_fit_says_which_box(wrong: dict[str, str], refusal: type[Exception], field: str) -> None:
    with pytest.raises(refusal) as refused:
        add_local_resource(AddLocalResource(**IN_PROCESS, resource=a_resource(**wrong)))
    assert refused.value.field == field  # type: ignore[attr-defined]


def test_a_resource_is_changed_and_removed_in_place_of_what_was_seen() -> None:
    told = {"command_id": "4" * 32, "process_id": "2" * 32, "local_resource_id": ID, "replaces": SEEN}
    change = ChangeLocalResource(**told, resource=a_resource(terms="la sera"))
    changed = LocalResourceChanged(about=ID, resource=a_resource(terms="la sera"), replaces=SEEN)
    assert change_local_resource(change, is_gone=False) == [changed]
    assert remove_local_resource(RemoveLocalResource(**told), is_gone=False) == [LocalResourceRemoved(about=ID, replaces=SEEN)]
    with pytest.raises(LocalResourceIsGone):
        change_local_resource(change, is_gone=True)
    with pytest.raises(LocalResourceIsGone):
        remove_local_resource(RemoveLocalResource(**told), is_gone=True)
