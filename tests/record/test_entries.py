"""An entry is exact bytes, checked against themselves; what is not an entry is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from sync.entry import BODY_MOST, HEAD_MOST, Entry, Head, Unreadable, read_entry, read_head, seal, sha256

HEAD = Head(
    scope="1" * 32,
    stream="2" * 32,
    n=1,
    prev="",
    lamport=7,
    kind="contribution.added/1",
    about="3" * 32,
    replaces=("4" * 32,),
    cause="5" * 32,
    wall="2020-10-24T08:30Z",
    body_hash="",
)
BODY = '{"salt":"00000000000000000000000000000000","text":"perché no?"}'.encode()


@pytest.fixture
def entry() -> Entry:
    return seal(HEAD, BODY)


def changed(entry: Entry, **members: Any) -> bytes:
    return json.dumps({**json.loads(entry.head_bytes), **members}).encode()


def test_an_entry_reads_back_what_was_sealed(entry: Entry) -> None:
    again = read_entry(entry.head_bytes, entry.body_bytes)
    assert again == entry
    assert again.head == replace(HEAD, body_hash=sha256(BODY))
    assert (again.hash, again.place) == (sha256(entry.head_bytes), (7, entry.hash))


def test_an_entry_without_its_body_is_the_same_entry(entry: Entry) -> None:
    assert read_entry(entry.head_bytes, None).hash == entry.hash


def test_the_later_entries_of_a_stream_name_the_one_before(entry: Entry) -> None:
    after = seal(replace(HEAD, n=2, prev=entry.hash), BODY)
    assert after.head.prev == entry.hash
    with pytest.raises(Unreadable, match="head"):
        seal(replace(HEAD, n=2, prev=""), BODY)
    with pytest.raises(Unreadable, match="head"):
        seal(replace(HEAD, prev=entry.hash), BODY)


def test_a_body_that_is_not_the_one_of_the_head_is_refused(entry: Entry) -> None:
    with pytest.raises(Unreadable, match="body"):
        read_entry(entry.head_bytes, BODY + b" ")


def test_one_changed_byte_of_a_head_makes_another_entry_or_none(entry: Entry) -> None:
    for place in range(len(entry.head_bytes)):
        bytes_now = bytearray(entry.head_bytes)
        bytes_now[place] ^= 1
        try:
            assert read_entry(bytes(bytes_now), None).hash != entry.hash
        except Unreadable:
            continue


@pytest.mark.parametrize("head", [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 9_000, b"{" * 9_000, b'"' + b"x" * 99 + b'"'])
def test_bytes_that_are_no_head_are_refused(head: bytes) -> None:
    with pytest.raises(Unreadable, match="head"):
        read_head(head)


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": 2},
        {"v": True},
        {"author": "Anna Bianchi"},
        {"scope": "1"},
        {"scope": "G" * 32},
        {"scope": "1" * 32 + "\n"},
        {"stream": None},
        {"n": 0},
        {"n": True},
        {"n": 1.0},
        {"n": "1"},
        {"lamport": 0},
        {"lamport": 2**53 + 1},
        {"prev": "0" * 64},
        {"kind": "Contribution added"},
        {"kind": "contribution.added"},
        {"kind": "x" * 41 + ".y/1"},
        {"about": ""},
        {"replaces": "4" * 32},
        {"replaces": ["4"]},
        {"replaces": ["4" * 32] * 201},
        {"cause": []},
        {"wall": "2020-10-24 08:30"},
        {"wall": "2020-10-24T08:30:15Z"},
        {"body": "0" * 63},
    ],
)
def test_a_head_with_one_wrong_member_is_refused(entry: Entry, wrong: dict[str, object]) -> None:
    with pytest.raises(Unreadable, match="head"):
        read_head(changed(entry, **wrong))


def test_a_head_that_lacks_a_member_is_refused(entry: Entry) -> None:
    members = json.loads(entry.head_bytes)
    for name in members:
        with pytest.raises(Unreadable, match="head"):
            read_head(json.dumps({key: value for key, value in members.items() if key != name}).encode())


def test_heads_and_bodies_have_a_largest_size(entry: Entry) -> None:
    with pytest.raises(Unreadable, match="size"):
        read_head(b" " * HEAD_MOST + entry.head_bytes)
    with pytest.raises(Unreadable, match="size"):
        seal(HEAD, b"x" * (BODY_MOST + 1))
    assert seal(HEAD, b"x" * BODY_MOST).body_bytes is not None


def test_two_hundred_versions_fit_in_a_head() -> None:
    versions = tuple(f"{number:032x}" for number in range(200))
    assert seal(replace(HEAD, replaces=versions), BODY).head.replaces == versions
