"""A bundle carries what a line carries; cut anywhere it gives what came before the cut; nobody else opens a sealed one."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sync import bundle, sealing
from sync.bundle import Manifest, NotABundle, export, look, take_in
from sync.exchange import Progress, Stopped
from sync.log import Received
from sync.signing import public_key_of
from tests.builders import Meeting, a_card, a_meeting, a_participant, a_step_open
from tests.sync.conftest import Place
from workshop.record.peers import PeerLog
from workshop.record.signed import Signet
from workshop.record.verify import verify

SEED, OTHER, STRANGER = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
WORDS = "Fasciatoi-Zebedeo-7391"


@pytest.fixture
def meeting(a_place: Callable[[str], Place]) -> Meeting:
    """A laptop with some cards; its `room.log` signs."""
    place = a_place("")
    meeting = a_meeting(place.room)
    a_step_open(meeting, "scrivi")
    for n in range(3):
        guest = a_participant(meeting)
        for m in range(3):
            a_card(meeting, guest, f"{WORDS} {n} {m}")
    return meeting


def log_of(place: Any, seed: bytes = SEED, *trusted: bytes) -> PeerLog:
    return PeerLog(place.store, place.desk, Signet(seed, paired=frozenset(public_key_of(each) for each in trusted)))


def a_bundle(meeting: Meeting, *readers: bytes) -> bytes:
    file = io.BytesIO()
    manifest = Manifest(meeting.process_id, "2026-11-22T10:00Z", 0, "", title="Lucca In famiglia")
    export(log_of(meeting.room), file, manifest, "Che cos’è questo file", [public_key_of(each) for each in readers])
    return file.getvalue()


def imported(place: Place, data: bytes, seed: bytes = OTHER, trusted: bytes = SEED) -> bundle.Imported:
    return take_in(log_of(place.room, seed, trusted), io.BytesIO(data), seed, lambda _scope: True)


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, a_place: Callable[[str], Place]) -> Iterator[Place]:
    yield a_place(request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


def test_what_a_stick_carries_is_identical_on_the_other_side(meeting: Meeting, elsewhere: Place) -> None:
    told = imported(elsewhere, a_bundle(meeting))
    assert told.is_whole
    mine, theirs = log_of(meeting.room).digest(meeting.process_id), elsewhere.log.digest(meeting.process_id)
    assert mine == theirs
    assert (told.manifest.entries, told.manifest.digest) == (mine.entries, mine.sha256)
    assert verify(elsewhere.room.store).is_good


def test_twice_is_nothing_new(meeting: Meeting, elsewhere: Place) -> None:
    data = a_bundle(meeting)
    first, again = imported(elsewhere, data), imported(elsewhere, data)
    assert first.received.stored == first.manifest.entries
    assert (again.received.stored, again.received.known) == (0, first.manifest.entries)


def test_anybody_with_a_zip_program_reads_an_open_one(meeting: Meeting) -> None:
    with zipfile.ZipFile(io.BytesIO(a_bundle(meeting))) as zipped:
        assert zipped.namelist() == ["README.txt", "manifest.json", "record.ndjson.gz"]
        assert zipped.testzip() is None
        assert "Che cos’è" in zipped.read("README.txt").decode()
        assert json.loads(zipped.read("manifest.json"))["format"] == 1
        lines = [json.loads(line) for line in gzip.decompress(zipped.read("record.ndjson.gz")).splitlines()]
    assert sum("head" in line or "head64" in line for line in lines) == lines[-1]["end"]
    assert any(WORDS in line.get("body", "") for line in lines)


def test_a_sealed_one_tells_a_stranger_nothing_of_its_words(meeting: Meeting, elsewhere: Place) -> None:
    data = a_bundle(meeting, OTHER)
    assert WORDS.encode() not in data
    assert b'"head"' not in data
    with pytest.raises(sealing.NotForUs):
        imported(elsewhere, data, STRANGER)
    assert imported(elsewhere, data, OTHER).is_whole


@pytest.mark.parametrize("readers", [(), (OTHER,)])
def test_cut_at_any_byte_it_gives_the_batches_before_the_cut(
    meeting: Meeting, a_place: Callable[[str], Place], readers: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "BATCH", 10)
    monkeypatch.setattr(sealing, "PIECE", 512)
    data = a_bundle(meeting, *readers)
    elsewhere, before, refused = a_place(""), 0, 0
    whole = look(io.BytesIO(data)).entries
    for length in [*range(0, len(data), 97), len(data)]:
        try:
            told = imported(elsewhere, data[:length])
        except NotABundle as wrong:
            assert wrong.why == "magic"
            refused = length
            continue
        assert told.received.refused == ()
        assert told.read >= before  # a longer piece never gives less
        assert told.read == whole or not told.is_whole  # all of it may be read while the last bytes of the file are missing
        assert elsewhere.log.digest(meeting.process_id).entries == told.read
        before = told.read
    assert refused > 0
    assert (before, told.is_whole) == (whole, True)


def test_who_wants_it_to_end_keeps_what_was_read_and_the_rest_comes_with_the_same_file(
    meeting: Meeting, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "BATCH", 10)
    data, heard = a_bundle(meeting), []

    def tell(progress: Progress) -> None:
        heard.append(progress)
        if len(heard) == 2:
            raise Stopped

    told = take_in(log_of(elsewhere.room, OTHER, SEED), io.BytesIO(data), OTHER, lambda _scope: True, tell)
    assert (told.why, told.read, told.received.stored) == ("stopped", 20, 20)
    assert heard[1].done == 20 and heard[1].total == told.manifest.entries and heard[1].size > heard[0].size > 0
    rest = imported(elsewhere, data)
    assert (rest.received.known, rest.received.stored) == (20, rest.manifest.entries - 20)


def test_a_bundle_that_is_being_written_can_be_stopped(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "BATCH", 10)

    def tell(progress: Progress) -> None:
        if progress.done >= 10:
            raise Stopped

    manifest = Manifest(meeting.process_id, "2026-11-22T10:00Z", 0, "")
    with pytest.raises(Stopped):
        export(log_of(meeting.room), io.BytesIO(), manifest, "", tell=tell)


def test_flipped_bits_are_refused_and_named_or_end_the_file(meeting: Meeting, a_place: Callable[[str], Place]) -> None:
    data = a_bundle(meeting)
    good = log_of(meeting.room).digest(meeting.process_id)
    for at in range(60, len(data), 211):
        elsewhere = a_place("")
        altered = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        try:
            told = imported(elsewhere, altered)
        except NotABundle:
            continue
        here = elsewhere.log.digest(meeting.process_id)
        assert verify(elsewhere.room.store).is_good
        assert here.entries <= good.entries
        assert told.why or told.received.refused or here == good


def test_what_nobody_known_signed_is_kept_and_not_used(meeting: Meeting, a_place: Callable[[str], Place]) -> None:
    elsewhere = a_place("")
    told = imported(elsewhere, a_bundle(meeting), OTHER, STRANGER)
    assert (told.received.stored, told.received.held) == (told.manifest.entries, told.manifest.entries)
    freed = imported(elsewhere, a_bundle(meeting), OTHER, SEED)
    assert freed.is_whole
    assert verify(elsewhere.room.store).is_good


def test_another_process_is_refused_before_anything_is_read(meeting: Meeting, a_place: Callable[[str], Place]) -> None:
    elsewhere = a_place("")
    with pytest.raises(NotABundle) as wrong:
        take_in(log_of(elsewhere.room), io.BytesIO(a_bundle(meeting)), OTHER, lambda _scope: False)
    assert (wrong.value.why, wrong.value.told) == ("scope", "Lucca In famiglia")
    assert elsewhere.log.scopes() == []


def _zip(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, data in members.items():
            zipped.writestr(name.replace("__", "."), data)
    return file.getvalue()


def _manifest(**members: object) -> bytes:
    told = {"format": 1, "scope": "a" * 32, "made": "2026-11-22T10:00Z", "entries": 1, "digest": "0" * 64, "readers": {}}
    return json.dumps({**told, **members}).encode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "magic"),
        (b"<!doctype html><title>Accedi</title>" * 100, "magic"),
        (b"PK\x05\x06" + b"\0" * 18, "magic"),
        (_zip(**{"../../etc/passwd": b"x"}), "magic"),
        (_zip(README__txt=b"x", manifest__json=b"[" * 100_000), "manifest"),
        (_zip(README__txt=b"x", manifest__json=b"{}"), "manifest"),
        (_zip(README__txt=b"x", manifest__json=_manifest(format=2)), "format"),
        (_zip(README__txt=b"x", manifest__json=_manifest(entries="1")), "manifest"),
        *((_zip(README__txt=b"x", manifest__json=_manifest(scope=scope)), "manifest") for scope in ("a\0b", "\ud800", "x" * 900_000)),
        (_zip(README__txt=b"x", manifest__json=_manifest(title="\ud800")), "manifest"),
        (_zip(README__txt=b"x", manifest__json=_manifest(made="ieri")), "manifest"),
        (_zip(README__txt=b"x", manifest__json=_manifest(digest="")), "manifest"),
        (_zip(README__txt=b"x", manifest__json=_manifest(), **{"/tmp/record": b"x"}), "manifest"),
        (_zip(README__txt=b"x" * 200_000), "magic"),
    ],
)
def test_whatever_else_is_no_bundle(data: bytes, why: str) -> None:
    with pytest.raises(NotABundle) as wrong:
        look(io.BytesIO(data))
    assert wrong.value.why == why


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (gzip.compress(b"\0" * 50_000_000), "line"),
        (gzip.compress(b'{"head": "x"}\n' * 1_000_000), "lines"),
        (gzip.compress((b'{"head": "x"}\n' * 90 + b'{"batch": 90}\n') * 1_000), "refused"),
        (gzip.compress(b"[" * 100_000 + b"\n"), "line"),
        (b"not gzip at all", "gzip"),
    ],
)
def test_bombs_end_early(a_place: Callable[[str], Place], record: bytes, why: str) -> None:
    elsewhere = a_place("")
    told = imported(elsewhere, _zip(README__txt=b"x", manifest__json=_manifest(), **{"record.ndjson.gz": record}))
    assert told.why == why
    assert told.received.stored == 0


GOLDEN = sorted(Path(__file__).parent.glob("golden/*.tavoli"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_bundle_of_each_format_is_read_for_ever(a_place: Callable[[str], Place], path: Path) -> None:
    """Made once, with every kind in it; every later program must read it."""
    elsewhere = a_place("")
    with path.open("rb") as file:
        told = take_in(log_of(elsewhere.room, OTHER, SEED), file, OTHER, lambda _scope: True)
    assert told.is_whole
    assert told.received == Received(stored=told.manifest.entries)
    assert elsewhere.log.digest(told.manifest.scope).sha256 == told.manifest.digest
    assert verify(elsewhere.room.store).is_good


def test_there_are_golden_bundles_open_and_sealed() -> None:
    assert {path.stem for path in GOLDEN} >= {"format-1-open", "format-1-sealed"}
