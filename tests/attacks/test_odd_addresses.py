"""Addresses that nobody was given: odd ids, climbing paths, broken letters. Each is answered in words, none with a 500."""

from typing import Any

import pytest

from tests.attacks.place import ITALIAN, JSON, Furnished
from tests.attacks.test_bad_input import MEMBERS

ODD = (
    "..",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f",
    "%00",
    "a%00b",
    "f" * 31 + "%00",
    "%ff%fe",
    "%ed%a0%80",
    "f" * 31,
    "F" * 32,
    "f" * 33,
    "f" * 32,
    "0" * 6_000,
    "%27%20OR%201%3D1%20--",
    "%7B%7B7*7%7D%7D",
    "%0d%0aSet-Cookie:%20a=b",
    "-",
    "%F0%9F%90%8D",
    "%E2%80%AE",
    "favicon.ico",
)
QUERIES = (
    "lang=xx",
    "lang=../../etc",
    "lang=%00",
    "card=%00&edit=%ff&rectify=%00&received=%00&meeting=%00&code=%00",
    "from=%D9%A1%D9%A2&sheets=1e9&of=-1",
    "from=99999999999999999999&of=99999999999&sheets=%00",
    "favour=%3Cscript%3E&notes=" + "x" * 3_000,
    "edit=" + "f" * 32 + "&card=" + "f" * 32 + "&rectify=" + "f" * 32,
    "a=" + "&a=" * 2_000,
    "code=//evil.example/%0d%0aX:y",
)
PAGES_FOR_PEOPLE = ("sign_in.enter", "sign_in.invitation", "sign_in.accept_invitation", "join.scanned")  # opened from a code, by hand
PEOPLE = ("", "participant", "facilitator", "lead")


def in_order(answer: Any) -> bool:
    """A page, a redirect to ourselves, or a refusal: not a 500, and no redirect to elsewhere."""
    place = answer.headers.get("Location", "/").removeprefix("http://localhost")  # two slashes made one
    return answer.status_code < 500 and place.startswith("/") and not place.startswith(("//", "/\\"))


@pytest.mark.parametrize("name", ["room", "centre"])
def test_an_odd_id_in_an_address_is_not_found_and_breaks_nothing(name: str, request: pytest.FixtureRequest) -> None:
    place: Furnished = request.getfixturevalue(name)
    wrong, before = [], place.state()
    for method in ("GET", "POST"):
        for rule in place.rules(method):
            for argument in rule.arguments:
                for odd in ODD:
                    path = _with(place, rule, argument, odd)
                    client = place.browser("lead")
                    answer = client.open(
                        path, method=method, headers=JSON if not path.startswith("/sync/") else {"Accept": "application/json"}
                    )
                    is_page = rule.endpoint in PAGES_FOR_PEOPLE
                    if not in_order(answer) or (argument.endswith("_id") and answer.status_code == 200):
                        wrong.append(f"{method} {path[:80]}: {answer.status_code}")
                    elif answer.status_code >= 400 and not is_page and (answer.get_json(silent=True) or {}).keys() != MEMBERS:
                        wrong.append(f"{method} {path[:80]}: {answer.status_code} without the shape")
    assert place.state() == before
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", ["room", "centre"])
def test_an_odd_question_in_an_address_breaks_no_page(name: str, request: pytest.FixtureRequest) -> None:
    place: Furnished = request.getfixturevalue(name)
    wrong = []
    for rule in place.rules("GET"):
        for query in QUERIES:
            for who in PEOPLE:
                path = f"{place.path(rule)}?{query}"
                answer = place.browser(who).get(path, headers=ITALIAN if not path.startswith("/sync/") else {})
                if not in_order(answer):
                    wrong.append(f"{path[:80]} by {who or 'nobody'}: {answer.status_code} {answer.headers.get('Location')}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_addresses_and_ways_of_asking_that_are_not_there_are_answered_in_words(room: Furnished) -> None:
    client, wrong = room.browser(), []
    asked = [("GET", f"/{odd}") for odd in ODD] + [("GET", f"/tables//{odd}") for odd in ODD[:4]]
    asked += [(method, path) for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "BREW") for path in ("/", "/join", "/nowhere")]
    asked += [("POST", "/"), ("POST", "/nowhere"), ("GET", "/static/../pyproject.toml"), ("GET", "/static/%2e%2e/%2e%2e/pyproject.toml")]
    asked += [("GET", f"/static/{odd}") for odd in ODD]
    for method, path in asked:
        answer = client.open(path, method=method, headers=JSON)
        if answer.status_code in {308, 303}:
            continue
        told = answer.get_json(silent=True) or {}
        if answer.status_code not in {404, 405} and (method, path) not in {("GET", "/favicon.ico"), ("GET", "/..")}:
            wrong.append(f"{method} {path[:60]}: {answer.status_code}")
        elif answer.status_code >= 400 and set(told) != MEMBERS:
            wrong.append(f"{method} {path[:60]}: {answer.status_code} without the shape")
    assert not wrong, "\n" + "\n".join(wrong)


def _with(place: Furnished, rule: Any, argument: str, odd: str) -> str:
    """The rule's address with this argument as it is written here."""
    parts = (
        odd if name == argument else place.ids.get(name, "x") if is_argument else name for is_argument, name in rule._trace if name != "|"
    )
    return "".join(parts)
