"""The same id again, at every address that carries out a command: the same words get the first answer, other words get a 409."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.attacks.forms import BETWEEN_COMPUTERS, PLAIN, Form, forms
from tests.attacks.place import JSON, Furnished, a_furnished_place
from tests.attacks.test_bad_input import wrong_answer
from workshop.domain.ids import new_id

OTHER_STATE = {"asked": "coming", "paused": "closed", "announced": "cancelled", "running": "suspended", "closed": "live"}
ONE_ID_MANY_COMMANDS = {"choices.agree_with_the_others", "join.join"}  # each answer has an id of its own; who joined is already in
SAYS_ONE_THING = {
    "good_practices.remove_practice",
    "local_resources.remove_resource",
    "phone_cards.withdraw_card",
    "erasing.erase_card",
    "erasing.erase_own_words",
    "read_backs.open_read_back",
    "read_backs.close_read_back",
}  # no field that could differ
OUT_OF_STEP = {"read_backs.open_read_back", "read_backs.keep_objection", "read_backs.close_read_back"}  # see tests/web/syntheses
LAST = (
    "board_steps.move_table",
    "phone_cards.take_seat",
    "lead.move_meeting",
    "phone_cards.withdraw_card",
    "read_backs.close_read_back",
    "board_clusters.merge",
    "erasing.erase_card",
    "erasing.erase_own_words",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """One of its own: here the good forms are really carried out."""
    with a_furnished_place(tmp_path_factory.mktemp("twice")) as found:
        yield found


NOT_FORMS = (*BETWEEN_COMPUTERS, "photo_uploads.")  # a photo comes with its bytes: tests/web/photos


def test_the_same_id_with_other_words_is_a_conflict_at_every_address(place: Furnished) -> None:
    wrong = []
    rules = [rule for rule in place.rules("POST") if rule.endpoint not in PLAIN and not rule.endpoint.startswith(NOT_FORMS)]
    for rule in sorted(rules, key=lambda each: LAST.index(each.endpoint) if each.endpoint in LAST else -1):
        form = forms(place)[rule.endpoint]
        wrong += [f"{rule.endpoint}: {line}" for line in _again(place, place.path(rule, **form.path), rule.endpoint, form)]
    assert not wrong, "\n" + "\n".join(wrong)


def _again(place: Furnished, path: str, endpoint: str, form: Form) -> list[str]:
    client, before = place.browser(form.who), place.entries()
    first = client.post(path, json=form.fields, headers=JSON)
    after = place.entries()
    if endpoint in OUT_OF_STEP and first.status_code in {404, 409}:
        return []
    if first.status_code >= 400 or after == before:
        return [f"first: {first.status_code} {first.text[:200]}"]
    again = client.post(path, json=form.fields, headers=JSON)
    found = [] if again.status_code < 400 and place.entries() == after else [f"again: {again.status_code}"]
    if endpoint in SAYS_ONE_THING | ONE_ID_MANY_COMMANDS:
        return found
    otherwise = {"work_table_id": place.ids["voting"]} if endpoint == "phone_cards.take_seat" else _otherwise(form)
    other = client.post(path, json={**form.fields, **otherwise}, headers=JSON)
    told = wrong_answer(other) or ("" if other.get_json()["error"] == "IdAlreadyUsed" else other.get_json()["error"])
    if other.status_code != 409 or told or place.entries() != after:
        found.append(f"other words: {other.status_code} {told}")
    return found


def _otherwise(form: Form) -> dict[str, Any]:
    """One field with another value of the same sort."""
    if form.words:
        return {form.words: f"{form.fields[form.words]} ancora"}
    for name, value in form.fields.items():
        match value:
            case bool():
                return {name: not value}
            case int():
                return {name: value + 1}
            case str() if name == "state":
                return {name: OTHER_STATE[value]}
            case {**members} if members:
                return {name: dict.fromkeys(members, 2)}
    return {name: _another(value) for name, value in form.fields.items() if name not in {"command_id", "replaces", "contribution_ids"}}


def _another(value: Any) -> Any:
    return {"read": "park", "numbers": "codes", "wall": "clock", "world-cafe": "open-space"}.get(
        value, new_id() if isinstance(value, str) and len(value) == 32 else value
    )


def test_somebody_else_with_the_same_id_and_words_is_a_conflict(place: Furnished) -> None:
    """An id that was seen elsewhere does not let anybody send in another's name."""
    path, form = f"/tables/{place.ids['there']}/cards", forms(place)["phone_cards.add_card"]
    enter = forms(place)["boards.enter_card"]
    dictated = place.browser("facilitator").post(f"/tables/{place.ids['here']}/entries", json=enter.fields, headers=JSON)
    stolen = place.browser("scribe").post(f"/tables/{place.ids['here']}/entries", json=enter.fields, headers=JSON)
    as_phone = place.browser("elsewhere").post(path, json={**form.fields, "command_id": enter.fields["command_id"]}, headers=JSON)
    assert [dictated.status_code, stolen.status_code, as_phone.status_code] == [201, 409, 409]
