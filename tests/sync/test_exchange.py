"""A contact between two logs: what is said of it is true, also when the other side is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

import sync.exchange as exchanging
from sync.entry import Entry
from sync.exchange import PAGES_ROOM, GivesNoEnd, Outcome, Page, PeerProblem, Progress, Stopped, exchange
from sync.log import Load, Raw, Received, Refused, Tip, Tips
from sync.log import Place as At
from sync.signing import Signatures
from sync.transport import LineCut, LoginPage
from tests.sync.conftest import Place
from tests.sync.streams import KIND, Beside, a_stream, an_entry, new_id, raws


@dataclass(frozen=True, slots=True)
class Endless(Beside):
    """Gives one new entry on each page, and always says that there is more; each is a valid one."""

    given: list[Entry] = field(default_factory=list)

    def pull(self, scope: str, tips: Tips, after: At, limit: int) -> Page:
        self.given.append(an_entry(scope, new_id(), lamport=len(self.given) + 1))
        return Page(raws(self.given[-1:]), more=True)


@dataclass(frozen=True, slots=True)
class Boasting(Endless):
    """And its tips promise more than anybody can keep."""

    def tips(self, scope: str, load: Load) -> Tips:
        return Tips({new_id(): (Tip(2**50, "a" * 64),)})


@dataclass(frozen=True, slots=True)
class Rambling(Endless):
    """Gives entries that follow nothing."""

    def pull(self, scope: str, tips: Tips, after: At, limit: int) -> Page:
        self.given.append(an_entry(scope, new_id(), a_stream(scope, 1, first_lamport=500 * len(self.given) + 1)[0]))
        return Page(
            [raw for n in range(100) for raw in raws(a_stream(scope, 1, after=self.given[-1], first_lamport=10**5 * len(self.given) + n))],
            True,
        )


@pytest.fixture
def place(a_place: Callable[[str], Place]) -> Place:
    return a_place("")


@pytest.fixture
def other(a_place: Callable[[str], Place]) -> Place:
    return a_place("")


@dataclass(frozen=True, slots=True)
class Forgetful(Beside):
    """Says that it stored what it did not."""

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received:
        return Received(stored=len(entries))


@dataclass(frozen=True, slots=True)
class Altering(Beside):
    """Gives bodies that are not those of the heads."""

    def pull(self, scope: str, tips: Tips, after: At, limit: int) -> Page:
        page = Beside.pull(self, scope, tips, after, limit)
        return Page([Raw(raw.head, b"other words") for raw in page.batch], page.more)


@dataclass(frozen=True, slots=True)
class Narrow(Beside):
    """A line on which nothing larger than `most` entries comes through."""

    most: int = 3
    tried: list[int] = field(default_factory=list)
    problem: type[PeerProblem] = LineCut

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received:
        self.tried.append(len(entries))
        if len(entries) > self.most:
            raise self.problem
        return Beside.push(self, scope, entries, signatures)


@dataclass(frozen=True, slots=True)
class Mumbling(Beside):
    """Takes everything, and every other answer is lost."""

    heard: list[int] = field(default_factory=list)

    def push(self, scope: str, entries: Sequence[Entry], signatures: Signatures) -> Received:
        told = Beside.push(self, scope, entries, signatures)
        self.heard.append(len(entries))
        if len(self.heard) % 2:
            raise LineCut
        return told


def test_the_receipt_counts_what_left_once_also_when_the_answer_was_lost(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 5)))
    peer = Mumbling(other.log)
    told = exchange(place.log, peer, scope)
    assert len(peer.heard) > 1
    assert (told.identical, told.bodies) == (True, {KIND: 5})
    assert exchange(place.log, peer, scope).bodies == {}


def test_when_nothing_moved_it_is_known_what_both_have(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 5)))
    assert exchange(place.log, Beside(other.log), scope).both is None
    assert exchange(place.log, Beside(other.log), scope).both == other.log.tips(scope)


def test_identical_is_not_believed_but_compared(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 5)))
    assert not exchange(place.log, Forgetful(other.log), scope).identical


def test_what_a_peer_altered_is_refused_and_listed(place: Place, other: Place) -> None:
    scope = new_id()
    entry = an_entry(scope, new_id())
    other.log.receive(scope, raws([entry]))
    outcome = exchange(place.log, Altering(other.log), scope)
    assert (outcome.received, outcome.identical, outcome.refused) == (0, False, (Refused(entry.hash, "body"),))


def test_a_narrow_line_is_passed_in_small_pieces(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 40)))
    peer = Narrow(other.log, most=9)
    assert exchange(place.log, peer, scope) == Outcome(sent=40, identical=True, held=40, bodies={KIND: 40})
    assert peer.tried[:4] == [40, 40, 31, 7]


def test_a_line_too_narrow_for_anything_says_so_and_keeps_what_came_through(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 40)))
    outcome = exchange(place.log, Narrow(other.log, most=0), scope)
    assert (outcome.sent, outcome.identical, type(outcome.problem)) == (0, False, LineCut)


def test_a_login_page_is_not_tried_again(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 40)))
    peer = Narrow(other.log, problem=LoginPage)
    assert isinstance(exchange(place.log, peer, scope).problem, LoginPage)
    assert peer.tried == [40]


def test_a_peer_that_gives_without_an_end_is_left(place: Place, other: Place) -> None:
    scope = new_id()
    other.log.receive(scope, raws(a_stream(scope, 30)))
    peer = Endless(other.log)
    outcome = exchange(place.log, peer, scope)
    assert (type(outcome.problem), outcome.received) == (GivesNoEnd, PAGES_ROOM + 30)
    assert place.log.digest(scope).entries == len(peer.given)


def test_whatever_it_promised(place: Place, other: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "PAGES_MOST", 150)
    outcome = exchange(place.log, Boasting(other.log), new_id())
    assert (type(outcome.problem), outcome.received) == (GivesNoEnd, 150)


def test_and_however_long_it_takes(place: Place, other: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "PULL_MOST", -1.0)
    scope = new_id()
    other.log.receive(scope, raws(a_stream(scope, 1)))
    assert isinstance(exchange(place.log, Endless(other.log), scope).problem, GivesNoEnd)


def test_also_when_nothing_that_it_gives_can_be_taken(place: Place, other: Place) -> None:
    scope = new_id()
    other.log.receive(scope, raws(a_stream(scope, 1)))
    outcome = exchange(place.log, Rambling(other.log), scope)
    assert (type(outcome.problem), outcome.received, len(outcome.refused)) == (GivesNoEnd, 0, 1_100)


def test_progress_ends_at_its_total(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 620)))
    other.log.receive(scope, raws(a_stream(scope, 30)))
    heard: list[Progress] = []
    exchange(place.log, Beside(other.log), scope, heard.append)
    assert [each.done for each in heard] == sorted(each.done for each in heard)
    assert (heard[0].done, heard[0].total) == (0, 650)
    assert (heard[-1].done, heard[-1].total) == (650, 650)


def test_who_wants_it_to_end_ends_it_between_two_batches_and_the_next_contact_brings_the_rest(place: Place, other: Place) -> None:
    scope = new_id()
    place.log.receive(scope, raws(a_stream(scope, 620)))

    def tell(progress: Progress) -> None:
        if progress.done:
            raise Stopped

    outcome = exchange(place.log, Beside(other.log), scope, tell)
    assert (outcome.sent, outcome.identical, type(outcome.problem)) == (500, False, Stopped)
    assert outcome.bodies == {KIND: 500}
    assert exchange(place.log, Beside(other.log), scope) == Outcome(sent=120, identical=True, held=120, bodies={KIND: 120})


def test_an_empty_scope_is_identical_with_an_empty_scope(place: Place, other: Place) -> None:
    assert exchange(place.log, Beside(other.log), new_id()) == Outcome(identical=True, both=Tips())
