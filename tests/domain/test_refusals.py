"""Every refusal of every rule is met by a test, and says what the person can do about it."""

import re
from pathlib import Path

from workshop import domain
from workshop.domain.refusal import Refusal, Sort

TESTS = Path(__file__).parents[1]
ELSEWHERE = {"FieldUnknown", "IdAlreadyUsed"}  # raised at the web's door and at the front door, tested there


def all_refusals(of: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind for child in of.__subclasses__() for kind in {child, *all_refusals(child)}}


def of_the_domain() -> set[type[Refusal]]:
    domain.every_noun()
    return {kind for kind in all_refusals() if kind.__module__.startswith("workshop.domain")}


def test_every_refusal_of_the_rules_is_named_in_a_test() -> None:
    tested = " ".join(path.read_text(encoding="utf-8") for path in TESTS.glob("domain/test_*.py") if path != Path(__file__))
    assert {kind.__name__ for kind in of_the_domain() if not re.search(rf"\b{kind.__name__}\b", tested)} - ELSEWHERE == set()


def test_every_refusal_has_a_sort_and_its_facts() -> None:
    assert {kind.sort for kind in all_refusals()} <= set(Sort)
    refusal = Refusal("text", most=280)
    assert (refusal.field, refusal.detail, str(refusal)) == ("text", {"most": 280}, "Refusal")
