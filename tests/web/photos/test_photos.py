"""Photos of flipcharts over HTTP: adding one by a plain form or in pieces, seeing it, removing it for good."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.builders import a_participant
from tests.photos.pictures import SECRETS, SVG, TEXT, a_bomb, a_jpeg, a_png, heic
from tests.web.boards.conftest import ORIGIN, Desk, Place
from tests.web.photos.conftest import PIECE, a_photo, finish, held, put, send_form
from workshop.domain.ids import new_id
from workshop.domain.people import Role
from workshop.domain.photo import PHOTOS_MOST, AddPhoto
from workshop.private.tokens import issue_token
from workshop.record.queries.photos import photos_at


def photos(place: Place, table: str = "") -> list[Any]:
    return place.building.house.ask(photos_at, table or place.meeting.table)


def files(place: Place) -> list[Path]:
    """Everything that lies on the shelf, on its way there or small; without the list of what was removed."""
    root = place.building.house.shelf.root
    return sorted(path.relative_to(root) for path in root.rglob("*") if path.is_file() and path.name != "removed.txt")


@pytest.fixture
def table(place: Place) -> str:
    return place.meeting.table


def test_a_photo_sent_by_a_plain_form_is_kept_clean_and_shown(place: Place, facilitator: Desk, table: str) -> None:
    photo = a_photo(facilitator, table)
    [kept] = photos(place)
    assert (kept.id, kept.caption, kept.media_type, kept.width) == (photo, "La mappa dei parchi giochi", "image/jpeg", 1600)
    answer = facilitator.get(f"/photos/{photo}/image")
    assert (answer.status_code, len(answer.data)) == (200, kept.size)
    assert [secret for secret in SECRETS if secret in answer.data] == []
    page = facilitator.get(f"/tables/{table}").text
    assert f'src="/photos/{photo}/small" alt="La mappa dei parchi giochi"' in page


def test_bytes_lie_beside_the_record_and_not_in_it(place: Place, facilitator: Desk, table: str) -> None:
    a_photo(facilitator, table)
    [kept] = photos(place)
    assert files(place) == [Path(kept.sha256[:2], kept.sha256)]
    folder = place.building.house.folder.path
    data = (folder / "photos" / kept.sha256[:2] / kept.sha256).read_bytes()
    assert all(data[1000:1100] not in path.read_bytes() for path in folder.glob("record.db*"))


def test_a_picture_is_served_as_a_picture_and_nothing_else(place: Place, facilitator: Desk, table: str) -> None:
    photo = a_photo(facilitator, table)
    for path in ("image", "small"):
        headers = facilitator.get(f"/photos/{photo}/{path}").headers
        told = {name: headers.get(name) for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition", "Cache-Control")}
        assert told == {
            "Content-Type": "image/jpeg",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="foto-{photo[:6]}.jpg"',
            "Cache-Control": "private, no-cache",
        }
    small = Image.open(io.BytesIO(facilitator.get(f"/photos/{photo}/small").data))
    assert small.size == (480, 360)


def test_a_picture_the_browser_has_is_not_sent_again(facilitator: Desk, table: str) -> None:
    photo = a_photo(facilitator, table)
    tag = facilitator.get(f"/photos/{photo}/image").headers["ETag"]
    assert facilitator.client.get(f"/photos/{photo}/image", headers={"If-None-Match": tag}).status_code == 304


def test_only_who_serves_the_table_sees_or_adds_its_photos(place: Place, facilitator: Desk, table: str) -> None:
    photo = a_photo(facilitator, table)
    visitor, lead = place.staff(Role.FACILITATOR, place.meeting.tables[1]), place.lead()
    guest, seated = place.nobody(), a_participant(place.meeting)
    house = place.building.house
    guest.set_cookie(f"{house.cookie}_p", house.keep_private(issue_token, Role.PARTICIPANT, seated.id, seated.meeting_id))
    paths = [f"/photos/{photo}", f"/photos/{photo}/image", f"/photos/{photo}/small", f"/tables/{table}/photos"]
    assert [[client.get(path).status_code for path in paths] for client in (lead.client, visitor.client, guest, place.nobody())] == [
        [200] * 4,
        [403] * 4,
        [401] * 4,
        [401] * 4,
    ]
    assert send_form(visitor, table, a_jpeg()).status_code == 403
    assert put(visitor, table, new_id(), b"x" * 10, 0, 10).status_code == 403
    assert len(photos(place)) == 1


def test_a_stranger_is_turned_away_before_a_byte_is_read(place: Place) -> None:
    """Twelve megabytes that nobody asked for: the body is not even parsed."""

    class Unread(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: Any) -> int:
            raise AssertionError("somebody read it")

    told = {"CONTENT_LENGTH": str(12_000_000), "CONTENT_TYPE": "multipart/form-data; boundary=x", "wsgi.input": io.BufferedReader(Unread())}
    answer = place.nobody().post(f"/tables/{place.meeting.table}/photos", headers=ORIGIN, environ_overrides=told)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        (b"", 422, "PhotoMissing"),
        (TEXT, 422, "PhotoUnreadable"),
        (SVG, 422, "PhotoUnreadable"),
        (a_jpeg()[:60_000], 422, "PhotoCutShort"),
        (heic(), 422, "PhotoIsHeic"),
        (a_bomb(), 413, "PhotoHasTooManyPixels"),
        (a_jpeg(90, 60) + b"\0" * (13 * 1024 * 1024), 413, "photo_too_big"),
        (a_jpeg(90, 60) + b"\0" * (12 * 1024 * 1024), 413, "PhotoTooBig"),
    ],
)
def test_what_is_no_photo_is_refused_in_words_and_leaves_nothing(
    place: Place, facilitator: Desk, table: str, data: bytes, status: int, error: str
) -> None:
    answer = send_form(facilitator, table, data)
    assert (answer.status_code, answer.json["error"], photos(place), files(place)) == (status, error, [], [])
    assert answer.json["detail"] and "%(" not in answer.json["detail"]


def test_a_form_without_a_file_says_so(facilitator: Desk, table: str) -> None:
    answer = facilitator.client.post(
        f"/tables/{table}/photos",
        data={"command_id": new_id(), "photo": (io.BytesIO(), "")},
        headers=ORIGIN,
        content_type="multipart/form-data",
    )
    assert (answer.status_code, "Non hai scelto nessuna foto." in answer.text) == (422, True)


def test_a_photo_in_pieces_arrives_whole(place: Place, facilitator: Desk, table: str) -> None:
    data, photo = a_png(), new_id()
    for start in range(0, len(data), 5_000):
        end = min(start + 5_000, len(data))
        assert put(facilitator, table, photo, data, start, end).json == {"held": end}
    answer = finish(facilitator, table, photo, len(data), caption="Il disegno")
    assert (answer.status_code, answer.json["id"], answer.json["words"]) == (201, photo, "La foto è aggiunta.")
    assert [(p.id, p.caption) for p in photos(place)] == [(photo, "Il disegno")]
    assert files(place) == [Path(p.sha256[:2], p.sha256) for p in photos(place)]  # what was sent is gone, what is kept is there


def test_a_cut_at_every_piece_goes_on_at_the_byte(place: Place, facilitator: Desk, table: str) -> None:
    """After each piece the answer is lost; the browser asks how much is there and goes on. A piece sent twice changes nothing."""
    data, photo = a_jpeg(2400, 1800), new_id()
    pieces = range(0, len(data), 20_000)
    for start in pieces:
        end = min(start + 20_000, len(data))
        put(facilitator, table, photo, data, start, end)
        assert held(facilitator, table, photo) == end
        again = put(facilitator, table, photo, data, start, end)
        assert (again.status_code, again.json["error"], again.json["limit"]) == (409, "PieceElsewhere", {"held": end})
    assert len(pieces) > 5
    assert finish(facilitator, table, photo, len(data)).status_code == 201
    whole = a_photo(facilitator, table, data, caption="")
    assert len({p.sha256 for p in photos(place) if p.id in {photo, whole}}) == 1


def test_a_photo_is_not_finished_before_all_bytes_are_there(place: Place, facilitator: Desk, table: str) -> None:
    data, photo = a_jpeg(), new_id()
    put(facilitator, table, photo, data, 0, 1_000)
    answer = finish(facilitator, table, photo, len(data))
    assert (answer.status_code, answer.json["error"], answer.json["limit"]) == (409, "PhotoNotWhole", {"held": 1_000})
    assert (photos(place), held(facilitator, table, photo)) == ([], 1_000)


def test_finished_twice_is_one_photo(place: Place, facilitator: Desk, table: str) -> None:
    data, photo = a_jpeg(300, 200), new_id()
    put(facilitator, table, photo, data, 0, len(data))
    answers = [finish(facilitator, table, photo, len(data)) for _ in range(2)]
    assert [(answer.status_code, answer.json["first_time"]) for answer in answers] == [(201, True), (200, False)]
    assert len(photos(place)) == 1


def test_cancelled_leaves_nothing(place: Place, facilitator: Desk, table: str) -> None:
    data, photo = a_jpeg(), new_id()
    put(facilitator, table, photo, data, 0, 5_000)
    assert facilitator.client.delete(f"/tables/{table}/photos/{photo}/bytes", headers=ORIGIN).json == {"held": 0}
    assert files(place) == []


@pytest.mark.parametrize(
    "told", ["", "bytes 0-9", "bytes 0-9/*", "bytes 5-4/10", "bytes 0-8/10", "bytes 0-9/5", "bytes -1-9/10", "items 0-9/10"]
)
def test_a_piece_that_does_not_say_what_it_is_is_refused(place: Place, facilitator: Desk, table: str, told: str) -> None:
    headers = {**ORIGIN, "Accept": "application/json", "Content-Range": told}
    answer = facilitator.client.put(f"/tables/{table}/photos/{new_id()}/bytes", data=b"0123456789", headers=headers)
    assert (answer.status_code, answer.json["error"], files(place)) == (422, "PieceUnreadable", [])


def test_a_photo_of_13_megabytes_is_refused_at_its_first_piece(place: Place, facilitator: Desk, table: str) -> None:
    answer = put(facilitator, table, new_id(), b"\xff" * PIECE, 0, PIECE, size=13 * 1024 * 1024)
    assert (answer.status_code, answer.json["error"], answer.json["limit"], files(place)) == (413, "PhotoTooBig", {"most": 12}, [])


def test_pieces_of_a_bomb_are_refused_when_it_is_finished(place: Place, facilitator: Desk, table: str) -> None:
    data, photo = a_bomb(), new_id()
    put(facilitator, table, photo, data, 0, len(data))
    assert finish(facilitator, table, photo, len(data)).json["error"] == "PhotoHasTooManyPixels"
    assert photos(place) == []


def test_a_removed_photo_is_gone_with_its_bytes(place: Place, facilitator: Desk, table: str) -> None:
    photo, other = a_photo(facilitator, table), a_photo(facilitator, table, a_jpeg(words="ALTRO"))
    facilitator.get(f"/photos/{photo}/small")
    answer = facilitator.post(f"/photos/{photo}/remove", command_id=new_id(), reason="si riconosce una persona")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tables/{table}/photos")
    [left] = photos(place)
    assert (left.id, files(place)) == (other, [Path(left.sha256[:2], left.sha256)])
    assert [facilitator.get(f"/photos/{photo}{path}").status_code for path in ("", "/image", "/small")] == [409, 409, 409]
    assert facilitator.post(f"/photos/{photo}/remove", command_id=new_id(), reason="di nuovo").status_code == 409


def test_removing_one_of_two_equal_photos_keeps_the_bytes_of_the_other(place: Place, facilitator: Desk, table: str) -> None:
    first, second = a_photo(facilitator, table), a_photo(facilitator, table)
    facilitator.post(f"/photos/{first}/remove", command_id=new_id(), reason="è doppia")
    assert facilitator.get(f"/photos/{second}/image").status_code == 200
    facilitator.post(f"/photos/{second}/remove", command_id=new_id(), reason="non serve")
    assert files(place) == []


def test_a_reason_is_needed_to_remove_one(place: Place, facilitator: Desk, table: str) -> None:
    photo = a_photo(facilitator, table)
    assert facilitator.post(f"/photos/{photo}/remove", command_id=new_id(), reason=" ").status_code == 422
    assert len(photos(place)) == 1


def test_bytes_that_were_lost_are_said_to_be_missing_and_stop_nothing(place: Place, facilitator: Desk, table: str) -> None:
    lost, there = a_photo(facilitator, table), a_photo(facilitator, table, a_jpeg(words="ALTRO"))
    house = place.building.house
    house.shelf.path(next(p.sha256 for p in photos(place) if p.id == lost)).unlink()
    page = facilitator.get(f"/tables/{table}/photos").text
    assert ("Foto mancante" in page, f"/photos/{there}/small" in page) == (True, True)
    assert "La foto manca." in facilitator.get(f"/photos/{lost}").text
    assert [facilitator.get(f"/photos/{lost}/{path}").status_code for path in ("image", "small")] == [404, 404]


def test_a_table_with_enough_photos_says_so(place: Place, facilitator: Desk, table: str) -> None:
    told = {"work_table_id": table, "sha256": "ab" * 32, "size": 9, "width": 9, "height": 9}
    for _ in range(PHOTOS_MOST):
        place.meeting.do(AddPhoto, facilitator.actor, **told)
    answer = send_form(facilitator, table, a_jpeg(300, 200))
    assert (answer.status_code, answer.json["error"], answer.json["limit"]) == (409, "PhotosFull", {"most": PHOTOS_MOST})


def test_the_room_says_what_the_part_is_for_before_there_is_a_photo(facilitator: Desk, table: str) -> None:
    page = facilitator.get(f"/tables/{table}").text
    assert ("Foto del cartellone" in page, "Ancora nessuna foto." in page, 'enctype="multipart/form-data"' in page) == (True, True, True)


def test_photos_stand_beside_the_synthesis_and_in_the_archive(place: Place, facilitator: Desk, table: str) -> None:
    photo = a_photo(facilitator, table)
    for page in (facilitator.get(f"/tables/{table}/synthesis").text, place.lead().get(f"/archive/syntheses/{table}").text):
        assert f'src="/photos/{photo}/small"' in page
