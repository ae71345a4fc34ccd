"""Every address that takes something, asked by those who may not: 401 or 403, and nothing changes."""

import pytest

from tests.attacks.forms import BETWEEN_COMPUTERS, OPEN, flat, forms
from tests.attacks.place import ITALIAN, JSON, Furnished

STRANGERS = ("", "elsewhere", "other_scribe")
ALSO_THEIRS = {  # whoever sits may change seat, and ask which of the own cards are missing
    ("elsewhere", "phone_cards.take_seat"),
    ("elsewhere", "phone_kept.missing"),
}


def sends(place: Furnished) -> list[str]:
    return [rule.endpoint for rule in place.rules("POST")]


@pytest.mark.parametrize("name", ["room", "centre"])
def test_every_address_that_takes_something_is_attacked(name: str, request: pytest.FixtureRequest) -> None:
    place: Furnished = request.getfixturevalue(name)
    known = forms(place).keys()
    assert [endpoint for endpoint in sends(place) if endpoint not in known and not endpoint.startswith(BETWEEN_COMPUTERS)] == []


def test_no_form_is_kept_for_an_address_that_is_gone(room: Furnished, centre: Furnished) -> None:
    assert sorted(forms(room).keys() - {*sends(room), *sends(centre)}) == []


@pytest.mark.parametrize("name", ["room", "centre"])
@pytest.mark.parametrize("way", ["form", "json"])
def test_who_may_not_send_is_refused_and_changes_nothing(name: str, way: str, request: pytest.FixtureRequest) -> None:
    place: Furnished = request.getfixturevalue(name)
    before, wrong = place.state(), []
    for rule in place.rules("POST"):
        if rule.endpoint in OPEN:
            continue
        for who in STRANGERS:
            if (who, rule.endpoint) in ALSO_THEIRS:
                continue
            form = forms(place).get(rule.endpoint)
            path, client = place.path(rule, **(form.path if form else {})), place.browser(who)
            headers = ITALIAN if not path.startswith("/sync/") else {}
            if way == "form":
                answer = client.post(path, data=flat(form.fields) if form else b"", headers=headers)
            else:
                answer = client.post(path, json=form.fields if form else {}, headers={**JSON, **headers} if headers else {})
            if answer.status_code not in {401, 403}:
                wrong.append(f"{rule.endpoint} by {who or 'nobody'}: {answer.status_code}")
        if place.state() != before:
            wrong.append(f"{rule.endpoint} changed something")
            before = place.state()
    assert not wrong, "\n" + "\n".join(wrong)
