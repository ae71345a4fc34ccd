"""The QR code of a central record, read from a picture: nothing is typed, and what was read is shown before anything is sent."""

import io
import sys
from typing import Any

import pytest
import qrcode
from PIL import Image

from tests.web.lead.conftest import ORIGIN, Room
from workshop.web.links import link_to

LINK = link_to("https://archivio.example.it", "ABCDEFGHJK", "3F9A-11BC-0D2E-77AA")


def a_code(text: str, **odd: Any) -> bytes:
    """As it is drawn; `odd`: turned by some degrees, so many pixels wide, saved as badly as `quality`."""
    picture = qrcode.make(text).convert("L").resize((odd.get("side", 600),) * 2).rotate(odd.get("turned", 0), expand=True, fillcolor=255)
    file = io.BytesIO()
    picture.convert("RGB").save(file, odd.get("sort", "PNG"), quality=odd.get("quality", 90))
    return file.getvalue()


def scanned(room: Room, picture: bytes, **headers: str) -> Any:
    told = {"picture": (io.BytesIO(picture), "code.png")} if picture else {}
    sent = {**ORIGIN, **headers}
    return room.lead.client.post("/lead/central/scan", data=told, content_type="multipart/form-data", headers=sent)


@pytest.mark.parametrize(
    "odd", [{}, {"turned": 17}, {"side": 300, "sort": "JPEG", "quality": 30}, {"side": 2400, "turned": 180, "sort": "WEBP"}], ids=str
)
def test_a_picture_of_the_code_is_read_and_shown_before_anything_is_sent(room: Room, odd: dict[str, Any]) -> None:
    page = scanned(room, a_code(LINK, **odd)).text
    assert "<strong data-origin>https://archivio.example.it</strong>" in page
    assert f'name="url" value="{LINK}"' in page
    assert "Collega" in page


def test_a_script_gets_the_link_alone(room: Room) -> None:
    answer = scanned(room, a_code(LINK), Accept="application/json")
    assert answer.json == {"link": LINK, "origin": "https://archivio.example.it"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_without_that_code_is_refused_in_words(room: Room) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")
    for picture, words in (
        (blank.getvalue(), "In questa immagine non c’è un codice QR."),
        (a_code("https://example.it/menu"), "Questo non è il codice di un archivio centrale."),
        (b"<svg/>", "foto"),
        (b"", ""),
    ):
        answer = scanned(room, picture)
        assert answer.status_code == 422
        assert words in answer.text


def test_without_the_library_the_page_says_so_and_a_link_is_pasted_as_before(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    answer = scanned(room, a_code(LINK))
    assert (answer.status_code, "non sa leggere i codici QR" in answer.text) == (409, True)
    assert 'name="url"' in room.lead.get("/lead/central").text


def test_only_the_page_that_reads_the_code_may_ask_for_the_camera(room: Room) -> None:
    for path, camera in (("/lead/central/scan", "camera=(self)"), ("/lead/central", "camera=()"), ("/", "camera=()")):
        assert room.lead.get(path).headers["Permissions-Policy"].startswith(camera)
