"""A parcel opens for one reader, as the answer to one question, when the other one sealed it; anything else is a reason."""

import base64
import gzip
import json
from typing import Any

import pytest
from nacl.bindings import crypto_core_ed25519_add
from nacl.public import Box, SealedBox
from nacl.signing import SigningKey, VerifyKey

from sync.parcel import BYTES_MOST, ITEMS_MOST, VERSION, Address, ParcelUnusable, ask_for, pack, read_question, unpack
from sync.signing import public_key_of
from sync.wire import TooBig, WireFault

CENTRE, LAPTOP, STRANGER = (letter * 32 for letter in (b"C", b"L", b"S"))
SCOPE = "a" * 32
ASKED = Address(SCOPE, "0" * 32)
HEAD = {"parcel": VERSION, "scope": SCOPE, "question": ASKED.question}
ITEMS = [{"name": "Canarina Aurelia"}, {"name": "Pietro", "needs": "ascensore\nal primo piano"}]


def packed(items: Any = ITEMS, address: Address = ASKED, seed: bytes = CENTRE, reader: bytes = LAPTOP) -> bytes:
    return pack(address, items, seed, public_key_of(reader))


def opened(data: bytes, address: Address = ASKED, seed: bytes = LAPTOP) -> list[dict[str, Any]]:
    return unpack(address, data, seed, public_key_of(CENTRE))


def sealed(plain: bytes) -> bytes:
    """Whatever the centre itself may seal for the laptop."""
    reader = VerifyKey(bytes.fromhex(public_key_of(LAPTOP))).to_curve25519_public_key()
    return bytes(Box(SigningKey(CENTRE).to_curve25519_private_key(), reader).encrypt(plain))


def why(data: bytes, **told: Any) -> str:
    with pytest.raises(ParcelUnusable) as refused:
        opened(data, **told)
    return refused.value.detail


@pytest.mark.parametrize("items", [[], ITEMS, [{"n": n} for n in range(ITEMS_MOST)]], ids=len)
def test_what_was_packed_is_what_is_opened(items: list[dict[str, Any]]) -> None:
    assert opened(packed(items)) == items


def test_the_bytes_say_nothing_of_who_is_in_it_and_are_others_each_time() -> None:
    one, two = packed(), packed()
    assert b"Canarina" not in one + base64.b64decode(base64.b64encode(two))
    assert one != two


def test_it_opens_for_its_reader_alone() -> None:
    assert why(packed(), seed=STRANGER) == "sealed"
    assert why(packed(reader=STRANGER)) == "sealed"


def test_somebody_in_between_who_knows_both_public_keys_cannot_make_one() -> None:
    anonymous = SealedBox(VerifyKey(bytes.fromhex(public_key_of(LAPTOP))).to_curve25519_public_key())
    plain = gzip.compress(json.dumps(HEAD).encode() + b"\n")
    assert why(packed(seed=STRANGER)) == "sealed"
    assert why(bytes(anonymous.encrypt(plain))) == "sealed"


def test_a_parcel_of_yesterday_or_of_another_process_is_no_answer() -> None:
    old, other = ask_for(SCOPE), Address("b" * 32, ASKED.question)
    assert why(packed(address=old)) == "question"
    assert why(packed(address=other)) == "scope"
    assert len({ask_for(SCOPE).question for _ in range(50)}) == 50


def lines(*told: Any) -> bytes:
    return b"".join((each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in told)


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "sealed"),
    "noise": (b"\xff" * 900, "sealed"),
    "cut": (packed()[:-1], "sealed"),
    "longer": (packed() + b"x", "sealed"),
    "not packed": (sealed(lines(HEAD)), "gzip"),
    "nothing in it": (sealed(b""), "gzip"),
    "no line": (sealed(gzip.compress(b"")), "version"),
    "a bomb": (sealed(gzip.compress(lines(HEAD) + (b"{}" + b" " * 20_000 + b"\n") * (BYTES_MOST // 20_000))), "bytes"),
    "a bomb of lines": (sealed(gzip.compress(lines(HEAD) + b"{}\n" * BYTES_MOST)), "lines"),
    "a bomb in one line": (sealed(gzip.compress(lines(HEAD) + b"[" * BYTES_MOST)), "line"),
    "deep": (sealed(gzip.compress(lines(HEAD, b'{"a":' * 9_000 + b"1" + b"}" * 9_000))), "line"),
    "no JSON": (sealed(gzip.compress(lines(HEAD, b"\xff\xfe"))), "line"),
    "a list": (sealed(gzip.compress(lines(HEAD, [1]))), "line"),
    "a huge number": (sealed(gzip.compress(lines(HEAD, b'{"a":' + b"9" * 9_000 + b"}"))), "line"),
    "half a line": (sealed(gzip.compress(lines(HEAD) + b'{"name"')), "cut"),
    "half a stream": (sealed(gzip.compress(lines(HEAD))[:-4]), "cut"),
    "two streams": (sealed(gzip.compress(lines(HEAD)) * 2), "gzip"),
    "too many": (sealed(gzip.compress(lines(HEAD, *[{}] * (ITEMS_MOST + 1)))), "lines"),
    "another version": (sealed(gzip.compress(lines(HEAD | {"parcel": 2}))), "version"),
    "true for one": (sealed(gzip.compress(lines(HEAD | {"scope": True}))), "scope"),
    "no head": (sealed(gzip.compress(lines(*ITEMS))), "version"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_answer_is_a_reason_and_never_a_crash(what: str) -> None:
    data, reason = HOSTILE[what]
    assert why(data) == reason


def test_more_than_fits_is_not_sent() -> None:
    with pytest.raises(TooBig):
        packed([{}] * (ITEMS_MOST + 1))
    with pytest.raises(TooBig):
        packed([{"name": "x" * BYTES_MOST}])


def test_a_key_that_can_sign_and_not_be_sealed_for_is_a_reason() -> None:
    """A point of the curve that is not in its main group: some signatures of it hold, and it has no form that seals."""
    order_two = (2**255 - 20).to_bytes(32, "little")
    mixed = crypto_core_ed25519_add(SigningKey(LAPTOP).verify_key.encode(), order_two)
    for key in (mixed, order_two, b"\0" * 32, b"\xff" * 32):
        with pytest.raises(WireFault):
            pack(ASKED, [], CENTRE, key.hex())


@pytest.mark.parametrize(
    "asked", [b"", b"{}", b"[]", b'{"question":1}', b'{"question":"x"}', b'{"question":"' + b"0" * 33 + b'"}', b"\xff"]
)
def test_a_question_that_cannot_be_read_is_refused(asked: bytes) -> None:
    with pytest.raises(WireFault):
        read_question(asked)
