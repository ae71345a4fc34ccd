"""Who is believed: signed tips cover what comes before them; what nobody known has signed is kept and not used until somebody does."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from sync.entry import Entry
from sync.exchange import exchange
from sync.log import Raw, Refused
from sync.signing import SIGNED_MOST, Notice, Signatures, SignedTip, certify, public_key_of, read_notice, revoke, sign_tip
from tests.builders import Meeting, a_card, a_meeting, a_participant, a_step_open
from tests.sync.conftest import Place
from tests.sync.streams import Beside, a_stream, all_of, new_id, raws
from tests.sync.test_receive import held_at
from workshop.record.fold import rows_digest
from workshop.record.peers import LAMPORT_JUMP, PeerLog
from workshop.record.signed import Signet
from workshop.record.verify import verify

CENTRE, LAPTOP, OTHER, STRANGER = (bytes([n]) * 32 for n in (1, 2, 3, 4))
EARLY, LATE, LATER = "2026-11-22T08:00:00.0Z", "2026-11-22T09:00:00.0Z", "2026-11-22T10:00:00.0Z"


def certificate(seed: bytes, *scopes: str, issued: str = EARLY) -> Notice:
    return certify(CENTRE, new_id(), public_key_of(seed), scopes or None, issued)


def tip(seed: bytes, entry: Entry) -> SignedTip:
    return sign_tip(seed, entry.head.scope, entry.head.stream, entry.head.n, entry.hash)


def trusting(place: Place, seed: bytes, *notices: Notice) -> PeerLog:
    """The place's record with a key of its own, under the centre of these tests."""
    log = PeerLog(place.room.store, place.room.desk, Signet(seed, public_key_of(CENTRE)))
    log.hear(notices)
    return log


@dataclass(slots=True)
class Laptop:
    meeting: Meeting
    log: PeerLog

    @property
    def scope(self) -> str:
        return self.meeting.process_id

    def entries(self) -> list[Entry]:
        return all_of(self.log, self.scope)


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, a_place: Callable[[str], Place]) -> Place:
    return a_place(request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


@pytest.fixture
def centre(here: Place) -> PeerLog:
    return trusting(here, CENTRE)


@pytest.fixture
def a_laptop(a_place: Callable[[str], Place]) -> Callable[..., Laptop]:
    def make(seed: bytes = LAPTOP, *notices: Notice) -> Laptop:
        place = a_place("")
        meeting = a_meeting(place.room)
        a_step_open(meeting, "scrivi")
        a_card(meeting, a_participant(meeting), "Servono fasciatoi")
        return Laptop(meeting, trusting(place, seed, *(notices or [certificate(seed)])))

    return make


def reasons(place: Place) -> set[str]:
    return set(held_at(place).values())


def folds_like(here: Place, laptop: Laptop) -> bool:
    return here.room.ask(rows_digest) == laptop.meeting.room.ask(rows_digest) and verify(here.room.store).is_good


def test_what_an_enrolled_laptop_sends_is_used_at_once(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop = a_laptop()
    assert exchange(laptop.log, Beside(centre), laptop.scope).identical
    assert held_at(here) == {}
    assert folds_like(here, laptop)


def test_what_nobody_signed_is_kept_and_not_used_until_somebody_vouches(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]
) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    received = centre.receive(laptop.scope, raws(entries))
    assert (received.stored, received.held, reasons(here)) == (len(entries), len(entries), {"unsigned"})
    assert centre.tips(laptop.scope).unsigned == {entries[-1].hash}
    assert exchange(laptop.log, Beside(centre), laptop.scope).sent == 0  # a signature alone was missing
    assert held_at(here) == {}
    assert folds_like(here, laptop)


def test_a_tip_in_the_middle_covers_what_comes_before_it_and_nothing_after(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]
) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    signatures = Signatures((tip(LAPTOP, entries[4]),), (certificate(LAPTOP),))
    assert centre.receive(laptop.scope, raws(entries), signatures).held == len(entries) - 5
    assert held_at(here).keys() == {entry.hash for entry in entries[5:]}


def test_a_tip_that_comes_with_a_later_batch_frees_the_batches_before(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]
) -> None:
    """A relay cuts batches elsewhere than who signed them."""
    laptop = a_laptop()
    entries = laptop.entries()
    signatures = Signatures((tip(LAPTOP, entries[-1]),), (certificate(LAPTOP),))
    for batch in (entries[:3], entries[3:7]):
        assert centre.receive(laptop.scope, raws(batch)).held == len(batch)
    assert centre.receive(laptop.scope, raws(entries[7:]), signatures).held == 0
    assert held_at(here) == {}
    assert folds_like(here, laptop)


@pytest.mark.parametrize(
    "altered",
    [
        lambda t: t._replace(signature=("0" if t.signature[0] != "0" else "1") + t.signature[1:]),
        lambda t: t._replace(signature=""),
        lambda t: t._replace(signature="f" * 128),
        lambda t: t._replace(n=t.n + 1),
        lambda t: t._replace(stream=new_id()),
    ],
)
def test_entries_under_a_signature_that_does_not_match_are_refused_and_the_rest_is_kept(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop], altered: Callable[[SignedTip], SignedTip]
) -> None:
    laptop = a_laptop()
    entries, other = laptop.entries(), a_stream(laptop.scope, 3)
    tips = (tip(LAPTOP, entries[1]), altered(tip(LAPTOP, entries[4])), tip(LAPTOP, other[-1]))
    received = centre.receive(laptop.scope, raws([*entries, *other]), Signatures(tips, (certificate(LAPTOP),)))
    assert {each.hash: each.why for each in received.refused} == {
        **{entry.hash: "signature" for entry in entries[2:5]},
        **{entry.hash: "gap" for entry in entries[5:]},
    }
    assert received.stored == 2 + 3
    assert reasons(here) == {"unknown_kind"}
    assert exchange(laptop.log, Beside(centre), laptop.scope).identical


def test_a_certificate_with_a_flipped_bit_counts_for_nothing(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop, good = a_laptop(), certificate(LAPTOP)
    entries = laptop.entries()
    for at in (10, len(good.data) // 2, len(good.data) - 5):
        bad = Notice(good.data[:at] + bytes([good.data[at] ^ 1]) + good.data[at + 1 :], good.signature)
        centre.receive(laptop.scope, raws(entries), Signatures((tip(LAPTOP, entries[-1]),), (bad,)))
    assert reasons(here) == {"unsigned"}
    centre.receive(laptop.scope, raws(entries), Signatures((tip(LAPTOP, entries[-1]),), (good,)))
    assert held_at(here) == {}


def test_a_certificate_of_another_centre_counts_for_nothing(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    foreign = certify(STRANGER, new_id(), public_key_of(LAPTOP), None, EARLY)
    claiming = Notice(foreign.data.replace(public_key_of(STRANGER).encode(), public_key_of(CENTRE).encode()), foreign.signature)
    for notice in (foreign, claiming):
        centre.receive(laptop.scope, raws(entries), Signatures((tip(LAPTOP, entries[-1]),), (notice,)))
    assert reasons(here) == {"unsigned"}
    assert centre.signatures(laptop.scope, (), [entries[-1].hash]) == Signatures()  # and nobody here puts a name under it


def test_a_device_enrolled_for_another_process_is_nobody_here(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    centre.receive(laptop.scope, raws(entries), Signatures((tip(LAPTOP, entries[-1]),), (certificate(LAPTOP, new_id()),)))
    assert reasons(here) == {"unsigned"}


def test_a_signature_for_another_process_covers_nothing(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    moved = sign_tip(LAPTOP, new_id(), entries[-1].head.stream, entries[-1].head.n, entries[-1].hash)
    received = centre.receive(laptop.scope, raws(entries), Signatures((moved,), (certificate(LAPTOP),)))
    assert {each.why for each in received.refused} == {"signature"}


def test_what_a_revoked_laptop_signed_later_is_held_even_through_another_laptop(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop], a_place: Callable[[str], Place]
) -> None:
    laptop = a_laptop()
    assert exchange(laptop.log, Beside(centre), laptop.scope).identical
    before = len(laptop.entries())
    centre.hear([revoke(CENTRE, public_key_of(LAPTOP), LATE)])
    a_card(laptop.meeting, a_participant(laptop.meeting), "Dopo la revoca")
    relay = trusting(a_place(""), OTHER, certificate(OTHER))
    assert exchange(laptop.log, Beside(relay), laptop.scope).identical  # the other laptop does not know it yet
    assert exchange(relay, Beside(centre), laptop.scope).identical
    late = {entry.hash for entry in laptop.entries()[before:]}
    assert held_at(here) == dict.fromkeys(late, "revoked")
    assert verify(here.room.store).is_good


def test_what_the_centre_accepts_is_used_everywhere(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop], a_place: Callable[[str], Place]
) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    centre.hear([certificate(LAPTOP), revoke(CENTRE, public_key_of(LAPTOP), LATE)])
    exchange(laptop.log, Beside(centre), laptop.scope)
    elsewhere = a_place("")
    other = trusting(elsewhere, OTHER, certificate(OTHER), revoke(CENTRE, public_key_of(LAPTOP), LATE))
    assert exchange(other, Beside(centre), laptop.scope).identical
    assert (reasons(here), reasons(elsewhere)) == ({"revoked"}, {"revoked"})
    centre.accept(laptop.scope, [entry.hash for entry in entries])
    assert exchange(other, Beside(centre), laptop.scope).identical
    assert (held_at(here), held_at(elsewhere)) == ({}, {})
    assert folds_like(here, laptop)
    assert folds_like(elsewhere, laptop)


def test_before_a_revocation_the_centre_vouches_for_what_it_has_so_that_others_take_it_later(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop], a_place: Callable[[str], Place]
) -> None:
    laptop, elsewhere = a_laptop(), a_place("")
    exchange(laptop.log, Beside(centre), laptop.scope)
    centre.vouch_for(public_key_of(LAPTOP))
    centre.hear([revoke(CENTRE, public_key_of(LAPTOP), LATE)])
    fresh = trusting(elsewhere, OTHER, certificate(OTHER))
    assert exchange(fresh, Beside(centre), laptop.scope).identical
    assert held_at(elsewhere) == {}
    assert folds_like(elsewhere, laptop)


def test_a_laptop_enrolled_again_is_believed_again(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop = a_laptop()
    centre.hear([revoke(CENTRE, public_key_of(LAPTOP), LATE)])
    exchange(laptop.log, Beside(centre), laptop.scope)
    assert reasons(here) == {"revoked"}
    laptop.log.hear([certificate(LAPTOP, issued=LATER)])
    assert exchange(laptop.log, Beside(centre), laptop.scope).identical
    assert held_at(here) == {}


def test_a_backup_of_a_dead_laptop_goes_on_another_ones_word(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    """Its streams carry no signature: who has them in its own record vouches."""
    dead = a_laptop()
    restored = Laptop(dead.meeting, PeerLog(dead.log.store, dead.log.desk, Signet(OTHER, public_key_of(CENTRE))))
    restored.log.hear([certificate(OTHER)])
    assert exchange(restored.log, Beside(centre), dead.scope).identical
    assert held_at(here) == {}


def test_nobody_vouches_for_what_others_signed_and_then_went_on_without(
    centre: PeerLog, a_laptop: Callable[..., Laptop], a_place: Callable[[str], Place]
) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    relay = trusting(a_place(""), OTHER, certificate(OTHER))
    relay.receive(laptop.scope, raws(entries[:4]), Signatures((tip(LAPTOP, entries[3]),), (certificate(LAPTOP),)))
    relay.receive(laptop.scope, raws(entries[4:]))
    given = relay.signatures(laptop.scope, entries)
    assert {(each.hash, each.by) for each in given.tips} == {(entries[3].hash, public_key_of(LAPTOP))}


def test_a_relay_that_cuts_a_batch_elsewhere_puts_its_own_name_under_nothing(
    centre: PeerLog, a_laptop: Callable[..., Laptop], a_place: Callable[[str], Place]
) -> None:
    """Else what a revoked laptop wrote would come in under the name of whoever carries it."""
    laptop = a_laptop()
    entries = laptop.entries()
    relay = trusting(a_place(""), OTHER, certificate(OTHER))
    relay.receive(laptop.scope, raws(entries), Signatures((tip(LAPTOP, entries[-1]),), (certificate(LAPTOP),)))
    assert relay.signatures(laptop.scope, entries[:4]).tips == ()
    assert relay.signatures(laptop.scope, (), [entries[3].hash]).tips == ()
    assert [each.by for each in relay.signatures(laptop.scope, entries[4:]).tips] == [public_key_of(LAPTOP)]


def test_what_waits_for_a_signature_does_not_move_our_own_numbers(here: Place, centre: PeerLog) -> None:
    scope = new_id()
    centre.receive(scope, raws(a_stream(scope, 3, first_lamport=LAMPORT_JUMP - 5)))
    from workshop.record.log import latest_lamport

    assert here.room.ask(latest_lamport, scope) == 0


def test_replayed_tips_change_nothing(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    batch = raws(entries), Signatures((tip(LAPTOP, entries[-1]),), (certificate(LAPTOP),))
    centre.receive(laptop.scope, *batch)
    told = here.room.ask(rows_digest)
    for _ in range(3):
        assert centre.receive(laptop.scope, *batch).stored == 0
    assert here.room.ask(rows_digest) == told


def test_tips_of_entries_that_are_not_here_are_not_kept(here: Place, centre: PeerLog) -> None:
    from sqlalchemy import func, select

    from workshop.record.log import tip_table

    scope = new_id()
    bogus = tuple(sign_tip(LAPTOP, scope, new_id(), n + 1, f"{n:064x}") for n in range(300))
    centre.receive(scope, [], Signatures(bogus, (certificate(LAPTOP),)))
    assert here.room.ask(lambda connection: connection.execute(select(func.count()).select_from(tip_table)).scalar_one()) == 0


def test_a_thousand_bogus_tips_of_a_known_laptop_cost_a_moment(here: Place, centre: PeerLog) -> None:
    """As many as a batch may have: each is one check of 70 µs, and nothing of them stays. CPU time: others use this machine too."""
    import time

    scope = new_id()
    bogus = [sign_tip(LAPTOP, scope, new_id(), 1, f"{n:064x}")._replace(signature="0" * 128) for n in range(SIGNED_MOST - 1)]
    began = time.process_time()
    centre.receive(scope, [], Signatures(tuple(bogus), (certificate(LAPTOP),)))
    assert time.process_time() - began < 2
    assert here.log.tips(scope).streams == {}


def test_a_notice_of_deep_json_is_no_notice(centre: PeerLog) -> None:
    deep = b"[" * 60_000
    assert read_notice(Notice(deep, "0" * 128), public_key_of(CENTRE)) is None
    from nacl.signing import SigningKey

    signed = SigningKey(CENTRE).sign(b"tavoli notice 1\n" + deep).signature.hex()
    assert read_notice(Notice(deep, signed), public_key_of(CENTRE)) is None


def test_a_lamport_jump_under_a_good_signature_is_held_all_the_same(here: Place, centre: PeerLog) -> None:
    scope = new_id()
    far = a_stream(scope, 2, first_lamport=2**40)
    centre.receive(scope, raws(far), Signatures((tip(LAPTOP, far[-1]),), (certificate(LAPTOP),)))
    assert reasons(here) == {"lamport_jump"}


def test_a_body_that_comes_for_a_waiting_entry_is_filled_and_still_waits(
    here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]
) -> None:
    laptop = a_laptop()
    entries = laptop.entries()
    centre.receive(laptop.scope, [Raw(entry.head_bytes, None) for entry in entries])
    assert centre.receive(laptop.scope, raws(entries)).stored == len(entries)
    assert reasons(here) == {"unsigned"}
    centre.receive(laptop.scope, [], Signatures((tip(LAPTOP, entries[-1]),), (certificate(LAPTOP),)))
    assert folds_like(here, laptop)


def test_a_lie_about_an_entry_of_somebody_else_is_only_refused(here: Place, centre: PeerLog, a_laptop: Callable[..., Laptop]) -> None:
    """What is refused is listed with its reason, and comes with the next honest batch."""
    laptop = a_laptop()
    entries = laptop.entries()
    lie = replace(Signatures(), tips=(tip(LAPTOP, entries[0])._replace(hash=entries[-1].hash),), notices=(certificate(LAPTOP),))
    received = centre.receive(laptop.scope, raws(entries), lie)
    assert received.refused[0] == Refused(entries[0].hash, "signature")
    assert exchange(laptop.log, Beside(centre), laptop.scope).identical
    assert folds_like(here, laptop)
