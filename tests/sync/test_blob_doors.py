"""The centre's doors for photos: only what a photo of that process names, only the next piece, only the right bytes; never a 500."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync.blob_line import HttpBlobs
from sync.blobs import PIECE_MOST, carry
from sync.exchange import exchange
from sync.log import EVERYTHING, Load
from sync.signing import certify, public_key_of
from tests.builders import Meeting, a_meeting, a_photo, a_room
from tests.sync.conftest import Place
from tests.sync.streams import new_id
from tests.sync.test_blobs import noise, sha256
from tests.sync.test_centre import Centre, a_centre, told
from workshop.domain.photo import RemovePhoto
from workshop.domain.profiles import TRAVELS, Profile
from workshop.photos.blobs import PhotoBlobs
from workshop.photos.keeping import tidy
from workshop.photos.shelf import Shelf
from workshop.private import peers
from workshop.record.desk import DirectDesk
from workshop.record.peers import PeerLog
from workshop.record.queries.photos import all_bytes_named, bytes_named, photos_at
from workshop.record.signed import Signet
from workshop.settings import device_key
from workshop.web.signets import log_of_house, moment

DATA = noise(300_000)
HASH = sha256(DATA)
LAPTOP = b"\7" * 32  # its key


@contextmanager
def a_laptop(place: Place, folder: Path) -> Iterator[tuple[Meeting, PhotoBlobs]]:
    """A table with one photo whose bytes are here."""
    meeting, shelf = a_meeting(place.room), Shelf(folder / "photos")
    a_photo(meeting, data=DATA)
    shelf.put(DATA)
    yield meeting, PhotoBlobs(place.room.store, shelf)


@pytest.fixture
def laptop(a_place: Callable[[str], Place], tmp_path: Path) -> Iterator[tuple[Meeting, PhotoBlobs]]:
    with a_laptop(a_place(""), tmp_path / "laptop") as made:
        yield made


@pytest.fixture(scope="module")
def told_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Centre, str]]:
    """One that knows of a photo and has none of its bytes; and the process of the photo."""
    room = a_room(tmp_path_factory.mktemp("laptop"), desk=DirectDesk)
    meeting = a_meeting(room)
    a_photo(meeting, data=DATA)
    with a_centre(tmp_path_factory.mktemp("centre")) as running:
        tell(meeting, running)
        yield running, meeting.process_id
    room.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def centre(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    if request.param == "postgresql":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres_url"))
    with a_centre(tmp_path / "centre") as running:
        yield running


def meet(laptop: tuple[Meeting, PhotoBlobs], centre: Centre, load: Load = EVERYTHING) -> Any:
    """Entries first, then photos."""
    meeting, blobs = laptop
    tell(meeting, centre, load)
    return carry(blobs, HttpBlobs(centre.peer()), meeting.process_id, load.carries("photo.added/1"))


def tell(meeting: Meeting, centre: Centre, load: Load = EVERYTHING) -> None:
    """Only the entries, signed by a laptop that the centre knows."""
    house = centre.building.house
    log_of_house(house).hear([certify(device_key(house.folder), "1" * 32, public_key_of(LAPTOP), None, moment())])
    log = PeerLog(meeting.room.store, meeting.room.desk, Signet(LAPTOP, ""))
    outcome = exchange(log, centre.peer(), meeting.process_id, load=load)
    assert (outcome.problem, outcome.held) == (None, 0)


def ask(centre: Centre, method: str, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
    named = {**centre.named(method, path, body), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return centre.client.request(method, f"http://localhost/sync/{path}", content=body, headers=named)


def put(centre: Centre, scope: str, start: int, end: int, data: bytes = DATA, **other: Any) -> httpx.Response:
    told = {"Content_Range": f"bytes {start}-{end - 1}/{other.get('size', len(data))}"}
    return ask(centre, "PUT", f"{scope}/blobs/{other.get('name', HASH)}", data[start:end], **told)


def test_a_photo_arrives_at_the_centre_and_comes_back_to_an_emptied_laptop(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    sent = meet(laptop, centre)
    assert (sent.sent, sent.received, sent.waiting) == (1, 0, 0)
    assert centre.building.house.shelf.path(HASH).read_bytes() == DATA
    blobs = laptop[1]
    blobs.shelf.path(HASH).unlink()
    back = meet(laptop, centre)
    assert (back.sent, back.received, blobs.shelf.path(HASH).read_bytes()) == (0, 1, DATA)
    assert meet(laptop, centre).size == 0


def test_photos_leave_only_with_the_words_of_people(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    for profile, sent in ((Profile.SYNTHESES, 0), (Profile.CONTRIBUTIONS, 1)):
        assert meet(laptop, centre, Load(TRAVELS[profile])).sent == sent
        assert centre.building.house.shelf.is_here(HASH) is bool(sent)


def test_a_centre_that_knows_only_the_head_of_a_photo_wants_no_bytes(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    scope = laptop[0].process_id
    meet(laptop, centre, Load(TRAVELS[Profile.SYNTHESES]))
    assert centre.building.house.ask(bytes_named, scope) == {}
    assert ask(centre, "POST", f"{scope}/blobs/missing", b'{"sha256": ["%s"]}' % HASH.encode()).json() == {"missing": {}}
    assert told(put(centre, scope, 0, 1_000)) == (404, "NotFound")


def test_a_removed_photo_is_deleted_at_the_centre_and_does_not_come_back(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    meeting, blobs = laptop
    meet(laptop, centre)
    [photo] = meeting.ask(photos_at, meeting.table)
    meeting.do(RemovePhoto, meeting.lead, photo_id=photo.id, reason="si riconosce una persona")
    house = centre.building.house
    meet(laptop, centre, Load(TRAVELS[Profile.SYNTHESES]))  # the reason stays here, the removal is heard
    house.desk.apart(tidy, house.store, house.shelf)
    assert (house.ask(all_bytes_named), list(house.shelf.here())) == ({}, [])
    assert blobs.shelf.is_here(HASH)  # nobody has tidied here yet: and still it is neither offered nor taken
    assert meet(laptop, centre).size == 0
    assert told(put(centre, meeting.process_id, 0, 1_000)) == (404, "NotFound")


def test_pieces_go_on_where_they_were_and_nowhere_else(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    scope = laptop[0].process_id
    tell(laptop[0], centre)
    asked = b'{"sha256": ["%s", "%s", "../x", 7]}' % (HASH.encode(), b"cd" * 32)
    for start, end in ((0, 65_536), (65_536, 200_000)):
        assert put(centre, scope, start, end).json() == {"held": end}
        assert ask(centre, "POST", f"{scope}/blobs/missing", asked).json() == {"missing": {HASH: end}}
        assert told(put(centre, scope, start, end)) == (409, "PieceElsewhere")
    assert told(put(centre, scope, 200_001, 300_000)) == (409, "PieceElsewhere")
    assert told(ask(centre, "GET", f"{scope}/blobs/{HASH}")) == (404, "NotFound")  # not whole: not given
    assert put(centre, scope, 200_000, 300_000).json() == {"held": 300_000}
    assert put(centre, scope, 0, 10).json() == {"held": 300_000}  # whole: whoever brings it again hears that it is here


def test_bytes_that_are_not_those_of_the_hash_are_refused_and_thrown_away(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    scope = laptop[0].process_id
    tell(laptop[0], centre)
    wrong = noise(len(DATA), seed=7)
    put(centre, scope, 0, 200_000, wrong)
    assert told(put(centre, scope, 200_000, 300_000, wrong)) == (422, "BytesDamaged")
    assert (centre.building.house.shelf.held(HASH), put(centre, scope, 0, 100).json()) == (0, {"held": 100})


def test_a_piece_of_what_is_asked_for_is_given(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    scope = laptop[0].process_id
    meet(laptop, centre)
    for asked, start, end in (("bytes=0-9", 0, 10), ("bytes=299990-400000", 299_990, 300_000), ("", 0, 300_000)):
        answer = ask(centre, "GET", f"{scope}/blobs/{HASH}", Range=asked)
        found = answer.content, answer.status_code, answer.headers["Content-Range"], answer.headers["Content-Type"]
        assert found == (DATA[start:end], 206, f"bytes {start}-{end - 1}/300000", "application/octet-stream")
    assert told(ask(centre, "GET", f"{scope}/blobs/{HASH}", Range="bytes=300000-300001")) == (404, "NotFound")


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "answer"),
    [
        ("PUT", "blobs/" + HASH, b"", {}, (422, "BatchUnreadable")),
        ("PUT", "blobs/" + HASH, b"0123456789", {"Content_Range": "bytes 0-9/*"}, (422, "BatchUnreadable")),
        ("PUT", "blobs/" + HASH, b"0123456789", {"Content_Range": "bytes 9-0/300000"}, (422, "BatchUnreadable")),
        ("PUT", "blobs/" + HASH, b"0123456789", {"Content_Range": "bytes 0-9/5"}, (422, "BatchUnreadable")),
        ("PUT", "blobs/" + HASH, b"0123", {"Content_Range": "bytes 0-9/300000"}, (422, "BatchUnreadable")),
        ("PUT", "blobs/" + HASH, b"0" * (PIECE_MOST + 1), {"Content_Range": f"bytes 0-{PIECE_MOST}/9000000"}, (413, "BatchTooBig")),
        (
            "PUT",
            "blobs/" + HASH,
            b"0123456789",
            {"Content_Range": "bytes 0-9/299999"},
            (404, "NotFound"),
        ),
        ("PUT", "blobs/" + "cd" * 32, b"0123456789", {"Content_Range": "bytes 0-9/300000"}, (404, "NotFound")),
        ("PUT", "blobs/..%2f..%2fprivate.db", b"0123456789", {"Content_Range": "bytes 0-9/10"}, (404, "http_404")),
        ("PUT", "blobs/" + "A" * 64, b"0123456789", {"Content_Range": "bytes 0-9/10"}, (404, "NotFound")),
        ("GET", "blobs/" + HASH, b"", {"Range": "bytes=5-"}, (422, "BatchUnreadable")),
        ("GET", "blobs/" + "cd" * 32, b"", {}, (404, "NotFound")),
        ("POST", "blobs/missing", b"[]", {}, (422, "BatchUnreadable")),
        ("POST", "blobs/missing", b'{"sha256": "x"}', {}, (422, "BatchUnreadable")),
        ("POST", "blobs/missing", b'{"sha256": [' + b'"x",' * 6_000 + b'"x"]}', {}, (422, "BatchUnreadable")),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(
    told_centre: tuple[Centre, str], method: str, path: str, body: bytes, headers: dict[str, str], answer: tuple[int, str]
) -> None:
    centre, scope = told_centre
    assert told(ask(centre, method, f"{scope}/{path}", body, **headers)) == answer
    assert list(centre.building.house.shelf.here()) == []


def test_a_photo_of_another_process_is_nobodys_business(laptop: tuple[Meeting, PhotoBlobs], centre: Centre) -> None:
    meet(laptop, centre)
    other = new_id()
    assert ask(centre, "POST", f"{other}/blobs/missing", b'{"sha256": ["%s"]}' % HASH.encode()).json() == {"missing": {}}
    assert told(ask(centre, "GET", f"{other}/blobs/{HASH}")) == (404, "NotFound")


@pytest.mark.parametrize(("method", "path"), [("POST", "blobs/missing"), ("PUT", "blobs/" + HASH), ("GET", "blobs/" + HASH)])
def test_nobody_without_a_token_goes_further(laptop: tuple[Meeting, PhotoBlobs], centre: Centre, method: str, path: str) -> None:
    meet(laptop, centre)
    scope = laptop[0].process_id
    assert told(ask(centre, method, f"{scope}/{path}", Authorization="Bearer wrong")) == (401, "NotEnrolledHere")
    [device] = centre.building.house.ask_private(peers.devices)
    centre.building.house.keep_private(peers.revoke_device, device.id)
    assert told(ask(centre, method, f"{scope}/{path}")) == (401, "NotEnrolledHere")
