"""The bytes between two computers: what goes in comes out, and what is not ours is told apart before it costs anything."""

import gzip
import json
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import wire
from sync.entry import BODY_MOST, HEAD_MOST
from sync.log import ENTRIES_MOST, Raw, Tip, Tips
from tests.sync.streams import a_stream, an_entry, new_id, raws


def lines(*texts: bytes) -> list[bytes]:
    return [gzip.compress(b"".join(text + b"\n" for text in texts))]


@given(st.lists(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), max_size=5))
def test_any_bytes_of_a_body_survive_the_way(bodies: list[bytes]) -> None:
    entries = [an_entry("a" * 32, "b" * 32, body=body) for body in bodies]
    assert wire.unpack([wire.pack(entries)]).entries == raws(entries)


@given(st.binary(max_size=80))
def test_no_byte_is_changed_in_a_head_that_is_no_text(head: bytes) -> None:
    line = json.dumps(wire._member("head", head)).encode()
    assert wire.raw_of(wire.object_of(line)) == Raw(head, None)


def test_a_batch_reads_as_text(tmp_path: object) -> None:
    [line] = gzip.decompress(wire.pack([an_entry(new_id(), new_id())])).decode().splitlines()
    assert "perché no?" in line


def test_a_batch_may_come_in_pieces_of_any_size() -> None:
    entries = a_stream(new_id(), 20)
    packed = wire.pack(entries)
    assert wire.unpack(packed[at : at + 1] for at in range(len(packed))).entries == raws(entries)


def test_no_prefix_of_a_batch_is_taken_for_a_batch() -> None:
    packed = wire.pack(a_stream(new_id(), 3))
    for length in range(len(packed)):
        with pytest.raises(wire.WireFault):
            wire.unpack([packed[:length]])


def test_no_prefix_of_a_page_is_taken_for_a_page() -> None:
    packed = wire.pack_page(a_stream(new_id(), 3), more=True)
    for length in range(len(packed)):
        with pytest.raises(wire.WireFault):
            wire.unpack_page([packed[:length]])


def test_a_page_without_its_last_line_is_cut() -> None:
    with pytest.raises(wire.WireFault, match="cut"):
        wire.unpack_page([wire.pack(a_stream(new_id(), 3))])


def test_a_bomb_is_put_out_while_it_is_unpacked() -> None:
    pack, fed = zlib.compressobj(9, wbits=31), []

    def bomb() -> Iterator[bytes]:
        for _ in range(1_000):  # a gigabyte of one line
            fed.append(1_000_000)
            yield pack.compress(b" " * 1_000_000)

    with pytest.raises(wire.TooBig):
        wire.unpack(bomb())
    assert sum(fed) < 40_000_000  # the compressor keeps some megabytes to itself


def test_unpacking_stops_at_the_cap_however_it_is_filled() -> None:
    with pytest.raises(wire.TooBig, match="bytes"):
        list(wire.lines_of([gzip.compress((b"x" * 1_000 + b"\n") * 9_000)]))


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([b"this is not gzip"], "gzip"),
        ([b""], "gzip"),
        ([], "gzip"),
        (lines(b"{}"), "line"),
        (lines(b"not json"), "line"),
        (lines(b"[1]"), "line"),
        (lines(b"[" * 100_000), "line"),
        (lines(b'{"head":' + b"[" * 100_000), "line"),
        (lines(b'{"head":5}'), "line"),
        (lines(b'{"head":"\\ud800"}'), "line"),
        (lines(b'{"head64":"%%%"}'), "line"),
        (lines(b'{"head64":"\\u00e9"}'), "line"),
        ([gzip.compress(b'{"head":"no newline"}')], "cut"),
        ([gzip.compress(b"") + b"more"], "gzip"),
        ([gzip.compress(b'{"head":""}\n'), gzip.compress(b'{"head":""}\n')], "gzip"),
    ],
)
def test_what_is_not_a_batch_is_told_apart(sent: list[bytes], why: str) -> None:
    with pytest.raises(wire.WireFault) as fault:
        wire.unpack(sent)
    assert (fault.value.why, isinstance(fault.value, wire.TooBig)) == (why, False)


def test_a_line_longer_than_any_entry_is_refused() -> None:
    with pytest.raises(wire.TooBig) as fault:
        wire.unpack(lines(b'{"head":"' + b"x" * wire.LINE_MOST + b'"}'))
    assert (fault.value.why, fault.value.most) == ("line", wire.LINE_MOST)


def test_more_lines_than_a_batch_has_are_refused() -> None:
    with pytest.raises(wire.TooBig) as fault:
        wire.unpack([wire.pack(a_stream(new_id(), ENTRIES_MOST + 1))])
    assert (fault.value.why, fault.value.most) == ("lines", ENTRIES_MOST)


@pytest.mark.parametrize("body", [b"\0" * BODY_MOST, b'"' * BODY_MOST, b"\xff" * BODY_MOST, "è".encode() * (BODY_MOST // 2)])
def test_the_largest_entry_fits_in_a_line(body: bytes) -> None:
    entry = an_entry(new_id(), new_id(), body=body)
    assert len(wire.line_of(entry)) + HEAD_MOST < wire.LINE_MOST + HEAD_MOST
    assert wire.unpack([wire.pack([entry])]).entries == raws([entry])


def test_tips_survive_the_way() -> None:
    tips = Tips({"a" * 32: (Tip(3, "b" * 64), Tip(4, "c" * 64))}, frozenset({"d" * 64}))
    assert wire.tips_from_json(json.loads(json.dumps(wire.tips_to_json(tips)))) == tips


@pytest.mark.parametrize(
    "told",
    [
        {"tips": []},
        {"tips": {"short": []}},
        {"tips": {"a" * 32: 5}},
        {"tips": {"a" * 32: [[0, "b" * 64]]}},
        {"tips": {"a" * 32: [[True, "b" * 64]]}},
        {"tips": {"a" * 32: [[1, "b"]]}},
        {"withheld": "a"},
        {"withheld": [5]},
        {"withheld": ["a" * 64] * 20_001},
    ],
)
def test_tips_of_another_shape_are_refused(told: dict[str, object]) -> None:
    with pytest.raises(wire.WireFault, match="tips"):
        wire.tips_from_json(told)
