"""Whatever is sent to an address that takes something: a sentence in Italian, the same shape of error, nothing changed, never a 500."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.attacks.bad_input import BODIES, READABLE, bad_objects
from tests.attacks.forms import BETWEEN_COMPUTERS, PLAIN, READS_NOTHING, Form, flat, forms
from tests.attacks.place import ITALIAN, JSON, Furnished
from workshop.web import refusal_words

MEMBERS = {"error", "title", "detail", "field", "limit"}
ENGLISH = {
    title for titles in (refusal_words.WORDS, refusal_words.DEFAULTS, refusal_words.STATUSES) for pair in titles.values() for title in pair
}


def wrong_answer(answer: Any) -> str:
    """What is wrong with a refusal in JSON; '' when nothing is."""
    told = answer.get_json(silent=True)
    if not 400 <= answer.status_code < 500:
        return f"status {answer.status_code}"
    if not isinstance(told, dict) or set(told) != MEMBERS:
        return f"{answer.status_code} without the shape: {answer.text[:80]!r}"
    if {told["title"], told["detail"]} & ENGLISH or not told["title"] or "%(" in told["title"] + told["detail"]:
        return f"{answer.status_code} not in Italian: {told['title']!r} {told['detail']!r}"
    return ""


def survives(place: Furnished, attack: Callable[[Any, str, Form, str], list[str]]) -> None:
    """Fails with one line for each attack that was answered wrongly, or changed something."""
    wrong, before = [], place.state()
    for rule in place.rules("POST"):
        if rule.endpoint.startswith(BETWEEN_COMPUTERS):
            continue
        form = forms(place)[rule.endpoint]
        found = attack(place.browser(form.who), place.path(rule, **form.path), form, rule.endpoint)
        if place.state() != before:
            found.append("changed something")
            before = place.state()
        wrong += [f"{rule.endpoint}: {line}" for line in found]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", ["room", "centre"])
def test_a_body_that_is_no_form_is_refused_in_words(name: str, request: pytest.FixtureRequest) -> None:
    def attack(client: Any, path: str, form: Form, endpoint: str) -> list[str]:
        found = []
        for what, (body, sort) in BODIES.items():
            if what in READABLE and endpoint in READS_NOTHING:
                continue
            answer = client.post(path, data=body, headers=JSON, **({"content_type": sort} if sort else {}))
            if told := wrong_answer(answer):
                found.append(f"{what}: {told}")
        return found

    survives(request.getfixturevalue(name), attack)


@pytest.mark.parametrize("name", ["room", "centre"])
def test_a_field_of_another_sort_is_refused_in_words(name: str, request: pytest.FixtureRequest) -> None:
    def attack(client: Any, path: str, form: Form, endpoint: str) -> list[str]:
        found = []
        for what, body in bad_objects(form.fields):
            if endpoint in PLAIN and (what.startswith("unknown") or endpoint in READS_NOTHING):
                continue
            answer = client.post(path, data=body, headers=JSON, content_type="application/json")
            if told := wrong_answer(answer):
                found.append(f"{what}: {told}")
        return found

    survives(request.getfixturevalue(name), attack)


def test_a_refused_form_still_has_the_words_in_it(room: Furnished) -> None:
    """A form with a field that is nobody's, and one with words too long: the page that comes back holds what was written."""
    words = 'Parole <scritte> con fatica & "cura", da non perdere'
    shown = "Parole &lt;scritte&gt; con fatica &amp; "

    def attack(client: Any, path: str, form: Form, _endpoint: str) -> list[str]:
        if not form.words:
            return []
        found = []
        for what, fields in {
            "unknown": {**flat(form.fields), form.words: words, "role": "lead"},
            "too long": {**flat(form.fields), form.words: words + " e poi ancora" * 400},
        }.items():
            answer = client.post(path, data=fields, headers=ITALIAN)
            if not 400 <= answer.status_code < 500 or shown not in answer.text:
                found.append(f"{what}: {answer.status_code}, words kept: {shown in answer.text}")
        return found

    survives(room, attack)


def test_a_refused_fragment_has_the_same_status_and_sentence(room: Furnished) -> None:
    def attack(client: Any, path: str, form: Form, endpoint: str) -> list[str]:
        if endpoint in PLAIN:
            return []
        bad = {**form.fields, "role": "lead"}
        told = client.post(path, json=bad, headers=JSON)
        fragment = client.post(path, data=flat(bad), headers={**ITALIAN, "HX-Request": "true"})
        alike = told.status_code == fragment.status_code and json.loads(told.text)["title"].replace("'", "&#39;") in fragment.text
        return [] if alike else [f"{told.status_code} {fragment.status_code} {fragment.text[:80]!r}"]

    survives(room, attack)
