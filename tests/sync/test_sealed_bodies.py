"""Bodies of single people's facts travel closed: kept by who cannot read them, equal digests, opened with the key to the same rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from nacl.public import SealedBox
from nacl.signing import VerifyKey
from sqlalchemy import select

from sync.exchange import exchange
from sync.log import Load
from sync.sealed_bodies import BLOCK, Carried, NotOpened, SealedBody, carry, closed, opened
from sync.sealed_line import pack, unpack
from sync.signing import public_key_of
from sync.transport import LineCut
from sync.wire import WireFault
from tests.builders import Meeting, a_card, a_meeting, a_participant, a_step_open
from tests.sync.conftest import Place
from tests.sync.streams import Beside, all_of, new_id
from workshop.domain.erasure import EraseOwnWords
from workshop.domain.people import Actor
from workshop.domain.profiles import OF_SINGLE_PEOPLE, SEALED, TRAVELS, Profile
from workshop.record.fold import rows_digest
from workshop.record.log import sealed_table
from workshop.record.peers import PeerLog
from workshop.record.sealed import SealedBeside, open_all, sealed_here
from workshop.record.verify import verify
from workshop.web.eraser import Eraser

SEED, OTHER = b"\x07" * 32, b"\x08" * 32
READER = public_key_of(SEED)
FULL = Load(TRAVELS[Profile.FULL], SEALED[Profile.FULL], READER)


@pytest.fixture(params=["sqlite", "postgresql"])
def centre(request: pytest.FixtureRequest, a_place: Callable[[str], Place]) -> Place:
    return a_place(request.getfixturevalue("postgres_url") if request.param == "postgresql" else "")


@pytest.fixture
def meeting(a_place: Callable[[str], Place]) -> Meeting:
    made = a_meeting(a_place("").room)
    a_step_open(made, "scrivi")
    for _ in range(5):
        a_card(made, a_participant(made))
    return made


def log_of(meeting: Meeting) -> PeerLog:
    return PeerLog(meeting.room.store, meeting.room.desk)


def chest_of(place: Any) -> SealedBeside:
    return SealedBeside(place.store, place.desk)


def met(meeting: Meeting, centre: Place, load: Load = FULL) -> Carried:
    exchange(log_of(meeting), Beside(centre.log), meeting.process_id, load=load)
    return carry(chest_of(meeting.room), chest_of(centre.room), meeting.process_id, load)


def are_identical(meeting: Meeting, centre: Place, load: Load = FULL) -> bool:
    return log_of(meeting).digest(meeting.process_id, load) == centre.log.digest(meeting.process_id, load)


def personal(log: PeerLog, scope: str) -> list[bytes]:
    return [entry.body_bytes for entry in all_of(log, scope) if entry.head.kind in OF_SINGLE_PEOPLE and entry.body_bytes is not None]


def kept(place: Place) -> dict[str, bytes]:
    with place.room.store.readers.connect() as connection:
        return {row.hash: bytes(row.data) for row in connection.execute(select(sealed_table.c.hash, sealed_table.c.data))}


def test_they_arrive_closed_and_both_sides_are_then_identical(meeting: Meeting, centre: Place) -> None:
    bodies = personal(log_of(meeting), meeting.process_id)
    exchange(log_of(meeting), Beside(centre.log), meeting.process_id, load=FULL)
    assert not are_identical(meeting, centre)
    assert carry(chest_of(meeting.room), chest_of(centre.room), meeting.process_id, FULL) == Carried(sent=len(bodies))
    assert are_identical(meeting, centre)
    assert personal(centre.log, meeting.process_id) == []
    assert len(kept(centre)) == len(bodies) > 3
    assert not any(body[:60] in data for body in bodies for data in kept(centre).values())
    assert verify(centre.room.store).is_good


def test_all_are_as_long_whatever_they_say(meeting: Meeting, centre: Place) -> None:
    met(meeting, centre)
    assert {len(data) for data in kept(centre).values()} == {BLOCK + 48}
    assert len(closed(b"yes", READER)) == len(closed(b"no, because " + b"x" * 900, READER))


def test_again_is_nothing_new(meeting: Meeting, centre: Place) -> None:
    met(meeting, centre)
    before = kept(centre)
    assert met(meeting, centre) == Carried()
    assert kept(centre) == before


def test_opened_with_the_key_the_rows_are_those_of_the_laptop(meeting: Meeting, centre: Place) -> None:
    sent = met(meeting, centre).sent
    told = open_all(centre.log, SEED)
    assert (told.opened, told.false, told.others) == (sent, (), {})
    assert personal(centre.log, meeting.process_id) == personal(log_of(meeting), meeting.process_id)
    assert centre.room.ask(rows_digest) == meeting.room.ask(rows_digest)
    assert verify(centre.room.store).is_good
    assert are_identical(meeting, centre)
    assert open_all(centre.log, SEED).opened == 0
    assert met(meeting, centre) == Carried()


def test_another_key_opens_nothing_and_changes_nothing(meeting: Meeting, centre: Place) -> None:
    sent = met(meeting, centre).sent
    told = open_all(centre.log, OTHER)
    assert (told.opened, told.false, told.others) == (0, (), {READER: sent})
    assert len(kept(centre)) == sent


def test_a_false_one_never_enters_and_the_right_one_is_asked_for_again(meeting: Meeting, centre: Place) -> None:
    exchange(log_of(meeting), Beside(centre.log), meeting.process_id, load=FULL)
    first, second, *_ = chest_of(centre.room).lacking(meeting.process_id, FULL)
    forged = [SealedBody(first, closed(b'{"salt":"","participant_id":"somebody"}', READER)), SealedBody(second, b"\x00" * 1_072)]
    assert chest_of(centre.room).keep(meeting.process_id, FULL, forged) == 2
    met(meeting, centre)
    assert open_all(centre.log, SEED).false == (first, second)
    assert met(meeting, centre).sent == 2
    assert open_all(centre.log, SEED).opened == 2
    assert centre.room.ask(rows_digest) == meeting.room.ask(rows_digest)


def test_only_what_is_lacking_here_is_kept(meeting: Meeting, centre: Place) -> None:
    """Not for an entry that is not here, that has its body, or whose kind travels open; not twice."""
    met(meeting, centre)
    has_body = next(entry.hash for entry in all_of(centre.log, meeting.process_id) if entry.body_bytes)
    [known, *_] = kept(centre)
    before = kept(centre)
    for strange in ("0" * 64, has_body, known):
        assert chest_of(centre.room).keep(meeting.process_id, FULL, [SealedBody(strange, b"x" * 100)]) == 0
    assert chest_of(centre.room).keep(new_id(), FULL, [SealedBody(known, b"x" * 100)]) == 0
    assert kept(centre) == before


def test_a_lost_key_is_replaced_by_another_one_and_sending_again(meeting: Meeting, centre: Place) -> None:
    sent = met(meeting, centre).sent
    renewed = Load(FULL.kinds, FULL.sealed, public_key_of(OTHER))
    assert not are_identical(meeting, centre, renewed)
    assert met(meeting, centre, renewed).sent == sent
    assert are_identical(meeting, centre, renewed)
    assert centre.room.ask(sealed_here) == {READER: sent, public_key_of(OTHER): sent}
    assert open_all(centre.log, OTHER).opened == sent
    assert centre.room.ask(sealed_here) == {}


def test_another_laptop_keeps_them_closed_and_is_identical_too(meeting: Meeting, centre: Place, a_place: Callable[[str], Place]) -> None:
    second = a_place("")
    sent = met(meeting, centre).sent
    exchange(second.log, Beside(centre.log), meeting.process_id, load=FULL)
    assert carry(chest_of(second.room), chest_of(centre.room), meeting.process_id, FULL) == Carried(received=sent)
    assert second.log.digest(meeting.process_id, FULL) == centre.log.digest(meeting.process_id, FULL)
    assert personal(second.log, meeting.process_id) == []
    assert open_all(second.log, SEED).opened == sent


def test_what_was_opened_there_comes_here_closed(meeting: Meeting, centre: Place, a_place: Callable[[str], Place]) -> None:
    second = a_place("")
    sent = met(meeting, centre).sent
    exchange(second.log, Beside(centre.log), meeting.process_id, load=FULL)
    open_all(centre.log, SEED)
    assert carry(chest_of(second.room), chest_of(centre.room), meeting.process_id, FULL).received == sent
    assert personal(second.log, meeting.process_id) == []


@dataclass
class Cutting:
    """A line that is cut after so many batches were taken."""

    chest: SealedBeside
    batches: int
    kept: list[int] = field(default_factory=list)

    def lacking(self, scope: str, load: Load, after: str = "") -> list[str]:
        return self.chest.lacking(scope, load, after)

    def sealed(self, scope: str, load: Load, hashes: Any) -> list[SealedBody]:
        return self.chest.sealed(scope, load, hashes)

    def keep(self, scope: str, load: Load, bodies: Any) -> int:
        if len(self.kept) == self.batches or len(bodies) > 7:
            raise LineCut("cut")
        self.kept.append(self.chest.keep(scope, load, bodies))
        return self.kept[-1]


def test_a_line_that_is_cut_is_gone_on_with(meeting: Meeting, centre: Place) -> None:
    whole = len(personal(log_of(meeting), meeting.process_id))
    exchange(log_of(meeting), Beside(centre.log), meeting.process_id, load=FULL)
    line = Cutting(chest_of(centre.room), 0)
    assert isinstance(carry(chest_of(meeting.room), line, meeting.process_id, FULL).problem, LineCut)
    line.batches = 1
    first = carry(chest_of(meeting.room), line, meeting.process_id, FULL)
    assert (first.sent, isinstance(first.problem, LineCut)) == (7, True)
    assert met(meeting, centre).sent == whole - 7
    assert are_identical(meeting, centre)


def erase(meeting: Meeting, who: Actor) -> None:
    meeting.do(EraseOwnWords, who, participant_id=who.id)
    assert Eraser(meeting.room.store, meeting.room.desk, "laptop").run() == 1


def test_erased_it_goes_here_too_and_never_comes_back(meeting: Meeting, centre: Place) -> None:
    guest = a_participant(meeting)
    met(meeting, centre)
    before = {each.hash: SealedBody(*each) for each in map(SealedBody._make, kept(centre).items())}
    erase(meeting, guest)
    met(meeting, centre)
    assert Eraser(centre.room.store, centre.room.desk, "centre").run() == 1
    gone = before.keys() - kept(centre).keys()
    assert len(gone) == 2  # joined, and sat down
    assert not any(before[each].data in file for each in gone for file in files_of(centre))
    assert chest_of(centre.room).keep(meeting.process_id, FULL, [before[each] for each in gone]) == 0
    met(meeting, centre)
    assert are_identical(meeting, centre)
    open_all(centre.log, SEED)
    assert not any(guest.id.encode() in body for body in personal(centre.log, meeting.process_id))
    assert centre.room.ask(rows_digest) != ""


def files_of(place: Place) -> list[bytes]:
    """Of a record in SQLite; PostgreSQL's own pages are vacuumed, and its log is its own."""
    url = place.room.store.writer.url
    return [file.read_bytes() for file in _beside(url.database or "")] if url.get_backend_name() == "sqlite" else []


def _beside(database: str) -> list[Any]:
    from pathlib import Path

    return list(Path(database).parent.glob("record.db*"))


def test_a_key_opens_only_what_was_sealed_for_it() -> None:
    assert opened(closed(b"body", READER), SEED) == b"body"
    for data in (closed(b"body", READER)[:-1], b"", b"x", closed(b"body", public_key_of(OTHER))):
        with pytest.raises(NotOpened):
            opened(data, SEED)
    unpadded = SealedBox(VerifyKey(bytes.fromhex(READER)).to_curve25519_public_key()).encrypt(b"body")
    with pytest.raises(NotOpened):
        opened(unpadded, SEED)


def test_lines_keep_every_byte_and_nonsense_is_told() -> None:
    bodies = [SealedBody(f"{n:064x}", bytes([n]) * 1_072) for n in range(3)]
    assert unpack([pack(FULL, bodies)]) == (FULL, bodies)
    for wrong in (pack(FULL, bodies)[:-9], b"", pack(FULL, [SealedBody("x", b"y")]), pack(FULL, [SealedBody("0" * 64, b"")])):
        with pytest.raises(WireFault):
            unpack([wrong])


def test_a_program_that_knows_nothing_of_them_is_not_called_identical(meeting: Meeting, centre: Place) -> None:
    """It counts what it knows: the same as before there were sealed ones."""
    outcome = exchange(log_of(meeting), Beside(centre.log), meeting.process_id, load=Load(FULL.kinds))
    assert outcome.identical
    assert centre.log.digest(meeting.process_id, Load(FULL.kinds)) != log_of(meeting).digest(meeting.process_id, FULL)
