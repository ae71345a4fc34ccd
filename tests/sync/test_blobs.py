"""Blobs travel after everything else, each from the byte where it was: cut anywhere, asked for twice, damaged, removed, unwanted."""

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync.blobs import PIECE_LEAST, PIECE_MOST, BlobRefused, Carried, carry
from sync.exchange import PeerProblem
from sync.transport import CannotReach, LineCut
from workshop.photos.blobs import PhotoBlobs
from workshop.photos.refusals import PieceElsewhere
from workshop.photos.shelf import BytesDiffer, Shelf

SCOPE = "5" * 32
PIECE = 256 * 1024


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Side(PhotoBlobs):
    """A real shelf; what its record names is said by the test."""

    names: dict[str, int] = field(default_factory=dict)

    def named(self, scope: str) -> Mapping[str, int]:
        return self.names if scope == SCOPE else {}


@dataclass
class Line:
    """The other side, over a line that is cut when `left` bytes have gone through: what was not a whole piece by then is lost."""

    side: Side
    left: int | None = None
    asked: int = 0
    moved: int = 0

    def missing(self, scope: str, hashes: list[str]) -> Mapping[str, int]:
        self.asked += 1
        self._pass(0)
        return {h: self.side.held(h) for h in hashes if h in self.side.named(scope) and self.side.held(h) != self.side.names[h]}

    def put(self, scope: str, sha256: str, size: int, start: int, data: bytes) -> int:
        self._pass(len(data))
        return self.side.add(sha256, size, start, data)

    def get(self, scope: str, sha256: str, start: int, most: int) -> bytes:
        data = self.side.read(sha256, start, most)
        if not data:
            raise BlobRefused("NotFound")
        self._pass(len(data))
        return data

    def _pass(self, size: int) -> None:
        if self.left is not None and (self.left <= 0 or size > self.left):
            self.left = 0
            raise LineCut
        self.left = None if self.left is None else self.left - size
        self.moved += size


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    yield tuple(Side(None, Shelf(tmp_path / name)) for name in ("here", "there"))  # type: ignore[arg-type, misc]


def named(data: bytes, *sides: Side) -> str:
    for side in sides:
        side.names[sha256(data)] = len(data)
    return sha256(data)


@pytest.mark.parametrize("way", ["send", "fetch"])
@pytest.mark.parametrize("where", ["at the border", "one byte before", "one byte after", "in the middle"])
def test_a_line_cut_at_every_piece_goes_on_at_the_byte_where_it_was(sides: tuple[Side, Side], way: str, where: str) -> None:
    """Pieces end at 16, 48, 112 and 240 kB of a contact, which is cut there or inside the next one, again and again until all is there."""
    here, there = sides
    data = noise(10 * PIECE + 777)
    blob = named(data, here, there)
    (here if way == "send" else there).shelf.put(data)
    goal = there if way == "send" else here
    most = {"at the border": 240 * 1024, "one byte before": 240 * 1024 - 1, "one byte after": 240 * 1024 + 1, "in the middle": 300_000}[
        where
    ]
    held, contacts, moved = 0, 0, 0
    while held < len(data):
        line = Line(there, left=most)
        done = carry(here, line, SCOPE)
        assert goal.held(blob) >= held, "a contact took bytes away"
        held, contacts, moved = goal.held(blob), contacts + 1, moved + line.moved
        assert contacts < 200
        assert (done.problem is None) == (held == len(data))
    assert goal.shelf.path(blob).read_bytes() == data
    assert moved == len(data), "bytes that were there were sent again"
    assert contacts > 5, "the line was hardly ever cut: the test did not test"


def test_everything_goes_both_ways_and_then_nothing(sides: tuple[Side, Side]) -> None:
    here, there = sides
    ours, theirs = noise(PIECE * 3, 2), noise(PIECE + 5, 3)
    for data, side in ((ours, here), (theirs, there)):
        named(data, here, there)
        side.shelf.put(data)
    assert carry(here, Line(there), SCOPE) == Carried(sent=1, received=1, size=len(ours) + len(theirs))
    assert carry(here, Line(there), SCOPE) == Carried()
    assert (here.shelf.path(sha256(theirs)).read_bytes(), there.shelf.path(sha256(ours)).read_bytes()) == (theirs, ours)


def test_what_must_stay_here_is_not_even_asked_about(sides: tuple[Side, Side]) -> None:
    here, there = sides
    data = noise(100)
    named(data, here, there)
    here.shelf.put(data)
    line = Line(there)
    assert carry(here, line, SCOPE, gives=False) == Carried()
    assert (line.asked, line.moved) == (0, 0)


def test_what_the_other_does_not_know_is_not_sent(sides: tuple[Side, Side]) -> None:
    """The fact of the photo has not come there, or came without its body."""
    here, there = sides
    named(noise(100), here)
    here.shelf.put(noise(100))
    assert carry(here, Line(there), SCOPE) == Carried()


def test_one_that_nobody_has_waits_and_stops_no_other(sides: tuple[Side, Side]) -> None:
    here, there = sides
    for seed in (1, 2, 3):
        named(noise(200, seed), here, there)
    there.shelf.put(noise(200, 1))
    there.shelf.put(noise(200, 3))
    assert carry(here, Line(there), SCOPE) == Carried(received=2, waiting=1, refused=1, size=400)


def test_bytes_that_are_not_those_of_the_hash_are_thrown_away_and_listed(sides: tuple[Side, Side]) -> None:
    here, there = sides
    data, other = noise(2 * PIECE), noise(PIECE, 9)
    blob = named(data, here, there)
    there.shelf.path(blob).parent.mkdir(parents=True)
    there.shelf.path(blob).write_bytes(noise(2 * PIECE, 8))
    there.shelf.put(other)
    named(other, here, there)
    done = carry(here, Line(there), SCOPE)
    assert (done.received, done.waiting, done.refused) == (1, 1, 1)
    assert (here.held(blob), here.shelf.is_here(sha256(other))) == (0, True)


def test_a_peer_that_never_counts_on_does_not_hold_us_for_ever(sides: tuple[Side, Side]) -> None:
    here, there = sides
    named(noise(100), here, there)
    here.shelf.put(noise(100))

    class Stubborn(Line):
        def put(self, *_args: object) -> int:
            return 0

    assert carry(here, Stubborn(there), SCOPE) == Carried(refused=1)


def test_a_centre_that_cannot_be_reached_ends_it_and_says_so(sides: tuple[Side, Side]) -> None:
    here, there = sides
    named(noise(100), here, there)
    here.shelf.put(noise(100))

    class Gone(Line):
        def missing(self, *_args: object) -> Mapping[str, int]:
            raise CannotReach

    done = carry(here, Gone(there), SCOPE)
    assert (done.sent, isinstance(done.problem, PeerProblem)) == (0, True)


def test_pieces_shrink_when_the_line_is_bad_and_grow_when_it_is_good(sides: tuple[Side, Side]) -> None:
    here, there = sides
    data = noise(12 * PIECE)
    named(data, here, there)
    here.shelf.put(data)
    sizes: list[int] = []

    class Bad(Line):
        def put(self, scope: str, sha256: str, size: int, start: int, data: bytes) -> int:
            sizes.append(len(data))
            if len(sizes) in {3, 4}:
                raise LineCut
            return super().put(scope, sha256, size, start, data)

    assert carry(here, Bad(there), SCOPE).sent == 1
    least = PIECE_LEAST
    assert sizes[:7] == [least, 2 * least, 4 * least, least, least, 2 * least, 4 * least]
    assert max(sizes) == PIECE_MOST


def test_a_shelf_takes_only_the_next_piece(tmp_path: Path) -> None:
    shelf, data = Shelf(tmp_path), noise(300)
    assert shelf.add(sha256(data), 300, 0, data[:100]) == 100
    for start, piece in ((0, data[:100]), (101, data[101:200]), (100, data + b"more")):
        with pytest.raises(PieceElsewhere) as refused:
            shelf.add(sha256(data), 300, start, piece)
        assert refused.value.detail == {"held": 100}
    assert shelf.add(sha256(data), 300, 100, data[100:]) == 300
    assert shelf.read(sha256(data), 250, 1_000) == data[250:]


def test_a_name_appears_only_when_all_bytes_are_right(tmp_path: Path) -> None:
    shelf, data = Shelf(tmp_path), noise(300)
    shelf.add(sha256(data), 300, 0, data[:299])
    assert (shelf.is_here(sha256(data)), shelf.held(sha256(data))) == (False, 299)
    with pytest.raises(BytesDiffer):
        shelf.add(sha256(data), 300, 299, b"?")
    assert (shelf.is_here(sha256(data)), shelf.held(sha256(data)), list(shelf.here())) == (False, 0, [])


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", ""])
def test_a_shelf_has_no_place_for_what_is_no_hash(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        Shelf(tmp_path).path(name)
    assert not Shelf(tmp_path).is_here(name)
