"""What any adapter of `sync.log.Log` must do. A test class of an adapter inherits this and gives the fixtures `log` and `other_log`."""

import itertools
import random

from sync.entry import Entry, read_entry, sha256
from sync.exchange import exchange
from sync.log import BYTES_MOST, ENTRIES_MOST, Digest, Log, Raw, Received, Refused, Tip, Tips
from tests.sync.streams import Beside, a_stream, all_of, an_entry, new_id, raws, withheld


class LogAcceptance:
    def test_an_empty_log_has_nothing(self, log: Log) -> None:
        scope = new_id()
        assert (log.scopes(), log.tips(scope), log.entries_beyond(scope, Tips())) == ([], Tips(), [])
        assert log.digest(scope) == Digest(0, 0, sha256(b""))

    def test_what_is_received_is_here_with_its_exact_bytes(self, log: Log) -> None:
        scope, stream = new_id(), new_id()
        plain = an_entry(scope, stream)
        spaced = read_entry(plain.head_bytes.replace(b'":', b'" :  '), plain.body_bytes)  # another writer's habits: another hash
        odd = an_entry(scope, new_id(), body=b"\xff\xfe\x00 not text")
        entries = sorted([plain, spaced, odd], key=lambda entry: entry.place)
        assert log.receive(scope, raws(entries)).stored == 3
        assert raws(all_of(log, scope)) == raws(entries)
        assert log.scopes() == [scope]

    def test_what_is_received_twice_is_here_once(self, log: Log) -> None:
        scope = new_id()
        batch = raws(a_stream(scope, 5))
        assert log.receive(scope, batch + batch[:2]).stored == 5
        assert (log.receive(scope, batch).stored, log.receive(scope, batch).known) == (0, 5)
        assert log.digest(scope).entries == 5

    def test_tips_are_the_last_entries_of_the_streams(self, log: Log) -> None:
        scope = new_id()
        one, two = a_stream(scope, 3), a_stream(scope, 7)
        log.receive(scope, raws(one + two))
        assert dict(log.tips(scope).streams) == {
            one[0].head.stream: (Tip(3, one[-1].hash),),
            two[0].head.stream: (Tip(7, two[-1].hash),),
        }

    def test_scopes_do_not_mix(self, log: Log) -> None:
        here, there = new_id(), new_id()
        mine, foreign = a_stream(here, 2), a_stream(there, 2)
        received = log.receive(here, raws(mine + foreign))
        assert (received.stored, {each.why for each in received.refused}) == (2, {"scope"})
        assert (log.scopes(), log.digest(there).entries) == ([here], 0)

    def test_a_batch_may_come_in_any_order(self, log: Log) -> None:
        scope = new_id()
        batch = raws([*a_stream(scope, 30), *a_stream(scope, 30)])
        random.Random(7).shuffle(batch)
        assert log.receive(scope, batch) == Received(stored=60, held=60)

    def test_what_follows_nothing_is_refused_with_all_that_follows_it(self, log: Log) -> None:
        scope = new_id()
        stream = a_stream(scope, 6)
        received = log.receive(scope, raws([*stream[:2], *stream[3:]]))
        assert received.refused == tuple(Refused(entry.hash, "gap") for entry in stream[3:])
        assert all_of(log, scope) == stream[:2]
        assert log.receive(scope, raws(stream[2:])).stored == 4

    def test_what_contradicts_the_one_before_is_refused(self, log: Log) -> None:
        scope = new_id()
        first = an_entry(scope, new_id())
        of_another_stream = an_entry(scope, new_id(), first)
        not_later = an_entry(scope, first.head.stream, first, lamport=1)
        log.receive(scope, raws([first]))
        received = log.receive(scope, raws([of_another_stream, not_later]))
        assert {(each.hash, each.why) for each in received.refused} == {(of_another_stream.hash, "chain"), (not_later.hash, "chain")}

    def test_bytes_that_do_not_match_are_refused_and_named(self, log: Log) -> None:
        scope = new_id()
        good, altered, broken = an_entry(scope, new_id()), an_entry(scope, new_id()), an_entry(scope, new_id())
        batch = [*raws([good]), Raw(altered.head_bytes, b"other words"), Raw(broken.head_bytes[:-2], broken.body_bytes)]
        received = log.receive(scope, batch)
        assert received.refused == (Refused(altered.hash, "body"), Refused(sha256(broken.head_bytes[:-2]), "head"))
        assert all_of(log, scope) == [good]

    def test_a_peer_is_given_what_it_lacks_and_nothing_else(self, log: Log) -> None:
        scope = new_id()
        one, two = a_stream(scope, 9), a_stream(scope, 4)
        log.receive(scope, raws(one + two))
        peer = Tips({one[0].head.stream: (Tip(5, one[4].hash),)})
        assert log.entries_beyond(scope, peer) == sorted([*one[5:], *two], key=lambda entry: entry.place)
        assert log.entries_beyond(scope, log.tips(scope)) == []

    def test_pages_follow_each_other_by_place(self, log: Log) -> None:
        scope = new_id()
        entries = sorted([*a_stream(scope, 20), *a_stream(scope, 20), *a_stream(scope, 20)], key=lambda entry: entry.place)
        log.receive(scope, raws(entries))
        pages: list[list[Entry]] = [[]]
        while page := log.entries_beyond(scope, Tips(), 7, pages[-1][-1].place if pages[-1] else (0, "")):
            pages.append(page)
        assert [len(page) for page in pages[1:]] == [7] * 8 + [4]
        assert list(itertools.chain(*pages)) == entries

    def test_a_batch_is_bounded_in_entries_and_in_bytes(self, log: Log) -> None:
        many, heavy = new_id(), new_id()
        log.receive(many, raws(a_stream(many, ENTRIES_MOST + 20)))
        log.receive(heavy, raws([an_entry(heavy, new_id(), body=bytes([n]) * 200_000) for n in range(8)]))
        assert len(log.entries_beyond(many, Tips(), limit=10_000)) == ENTRIES_MOST
        assert sum(len(entry.body_bytes or b"") for entry in log.entries_beyond(heavy, Tips())) <= BYTES_MOST
        assert len(all_of(log, heavy)) == 8

    def test_a_tip_that_nobody_knows_brings_the_whole_stream(self, log: Log) -> None:
        scope = new_id()
        stream = a_stream(scope, 5)
        log.receive(scope, raws(stream))
        assert log.entries_beyond(scope, Tips({stream[0].head.stream: (Tip(5, sha256(b"elsewhere")),)})) == stream

    def test_a_known_hash_at_another_number_is_not_believed(self, log: Log) -> None:
        scope = new_id()
        stream = a_stream(scope, 5)
        log.receive(scope, raws(stream))
        assert log.entries_beyond(scope, Tips({stream[0].head.stream: (Tip(5, stream[0].hash),)})) == stream

    def test_a_stream_that_forked_keeps_both_branches(self, log: Log) -> None:
        scope = new_id()
        trunk = a_stream(scope, 3)
        left, right = (a_stream(scope, length, after=trunk[-1], first_lamport=10) for length in (4, 2))
        log.receive(scope, raws([*trunk, *left]))
        log.receive(scope, raws(right))
        assert set(log.tips(scope).streams[trunk[0].head.stream]) == {Tip(7, left[-1].hash), Tip(5, right[-1].hash)}
        has_left = Tips({trunk[0].head.stream: (Tip(7, left[-1].hash),)})
        assert log.entries_beyond(scope, has_left) == right
        assert log.entries_beyond(scope, log.tips(scope)) == []

    def test_a_body_that_was_withheld_is_filled_when_it_comes(self, log: Log) -> None:
        scope = new_id()
        stream = a_stream(scope, 3)
        log.receive(scope, raws([stream[0], withheld(stream[1]), stream[2]]))
        assert log.tips(scope).withheld == {stream[1].hash}
        assert log.receive(scope, raws([stream[1]])).stored == 1
        assert (log.tips(scope).withheld, all_of(log, scope)) == (frozenset(), stream)

    def test_a_body_is_given_to_whoever_lacks_it(self, log: Log, other_log: Log) -> None:
        scope = new_id()
        stream = a_stream(scope, 3)
        log.receive(scope, raws(stream))
        other_log.receive(scope, raws([stream[0], withheld(stream[1]), withheld(stream[2])]))
        assert log.entries_beyond(scope, other_log.tips(scope)) == stream[1:]

    def test_digests_are_equal_only_with_the_same_entries_and_the_same_bodies(self, log: Log, other_log: Log) -> None:
        scope = new_id()
        stream = a_stream(scope, 3)
        log.receive(scope, raws(stream))
        other_log.receive(scope, raws(stream[:2]))
        assert log.digest(scope) != other_log.digest(scope)
        other_log.receive(scope, raws([withheld(stream[2])]))
        assert log.digest(scope) != other_log.digest(scope)
        other_log.receive(scope, raws([stream[2]]))
        assert log.digest(scope) == other_log.digest(scope)

    def test_two_logs_that_meet_leave_with_the_same_entries(self, log: Log, other_log: Log) -> None:
        scope = new_id()
        shared, here, there = a_stream(scope, 40), a_stream(scope, 700), a_stream(scope, 4 * ENTRIES_MOST + 90)
        log.receive(scope, raws([*shared, *here]))
        other_log.receive(scope, raws([*shared[:25], *there]))
        outcome = exchange(log, Beside(other_log), scope)
        assert (outcome.sent, outcome.received, outcome.identical) == (715, 4 * ENTRIES_MOST + 90, True)
        again = exchange(log, Beside(other_log), scope)
        assert (again.sent, again.received, again.identical) == (0, 0, True)

    def test_branches_that_parted_late_in_a_long_stream_meet_all_the_same(self, log: Log, other_log: Log) -> None:
        """A running computer was cloned: the peer's tip is unknown, and the first page of the whole stream brings nothing new."""
        scope = new_id()
        trunk = a_stream(scope, ENTRIES_MOST + 50)
        left, right = (a_stream(scope, 5, after=trunk[-1], first_lamport=1_000) for _ in range(2))
        log.receive(scope, raws([*trunk, *left]))
        other_log.receive(scope, raws([*trunk, *right]))
        outcome = exchange(log, Beside(other_log), scope)
        assert (outcome.sent, outcome.received, outcome.identical) == (5, 5, True)
