"""A new computer is connected to the central record by its QR code: no address is typed, and nothing on the internet is asked."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.people import PHONE, Crowd, Lead, Organiser, Person
from tests.support.accessibility import violations
from tests.support.browser import FLAGS, find_chromium
from tests.support.server import Server, a_server

pytestmark = pytest.mark.timeout(120)
AT_MOST = 120  # seconds, by the clock of somebody who never did it


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path / "centre", "--central", "--try") as server:
        yield server


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path / "laptop", "--host", "127.0.0.1") as server:
        yield server


def shows_the_code(organiser: Organiser, to: Path) -> str:
    """A screenshot of what stands on the organiser's screen; the link in it."""
    link = organiser.makes_a_one_time_code()
    organiser.page.locator(".qr").screenshot(path=to)
    return link


def test_a_screenshot_of_the_code_connects_a_laptop(centre: Server, laptop: Server, crowd: Crowd, tmp_path: Path) -> None:
    organiser, lead = Organiser(crowd, centre.entry), Lead(crowd, laptop.entry)
    begun = time.monotonic()
    shows_the_code(organiser, tmp_path / "code.png")
    lead.follows("Collega a un archivio centrale", "Archivio centrale")
    lead.follows("Leggi il codice QR", "Leggi il codice QR")
    assert violations(lead.page) == []
    lead.page.get_by_label("Immagine del codice QR").set_input_files(tmp_path / "code.png")
    lead.presses("Leggi l’immagine")
    lead.sees("Il codice è stato letto", centre.url)
    assert violations(lead.page) == []
    lead.presses("Collega")
    lead.is_on("Archivio centrale")
    lead.sees("Collegato a ")
    took = time.monotonic() - begun
    print(f"enrolled in {took:.1f} s")
    assert took < AT_MOST
    organiser.page.reload()
    organiser.follows("Computer", "Computer delle sale")
    expect(organiser.part("Computer collegati").locator("li.panel")).to_have_count(1)
    assert (crowd.elsewhere, crowd.faults) == ([], [])


def test_the_camera_of_the_laptop_reads_the_code(centre: Server, laptop: Server, crowd: Crowd, browser: Any, tmp_path: Path) -> None:
    """A camera that looks at the organiser's screen all the time."""
    shows_the_code(Organiser(crowd, centre.entry), tmp_path / "code.png")
    seen = as_a_camera_sees(tmp_path / "code.png", tmp_path / "code.y4m")
    with_camera = a_browser_with_a_camera(browser, seen)
    here = Crowd(with_camera)
    try:
        lead = Lead(here, laptop.entry)
        lead.follows("Collega a un archivio centrale", "Archivio centrale")
        lead.follows("Leggi il codice QR", "Leggi il codice QR")
        lead.presses("Leggi il QR con la fotocamera di questo computer")
        lead.sees("Il codice è stato letto", centre.url)
        lead.presses("Collega")
        lead.sees("Collegato a ")
        assert (here.elsewhere, here.faults) == ([], [])
    finally:
        here.goes_home()
        with_camera.close()


def test_a_phone_that_scans_the_code_shows_it_large_and_hands_it_on(centre: Server, laptop: Server, crowd: Crowd, tmp_path: Path) -> None:
    link = shows_the_code(Organiser(crowd, centre.entry), tmp_path / "code.png")
    phone = Person(crowd, **PHONE)
    phone.page.goto(link)
    phone.sees(link.partition("#")[2].partition(".")[0], centre.url)
    expect(phone.page.get_by_label("Tutto il link")).to_have_value(link)
    phone.presses("Copia il link")
    expect(phone.page.locator("[data-told]")).to_contain_text("opia")  # copied, or selected for the phone's own menu
    assert phone.page.evaluate("String(getSelection()) || document.activeElement.value") == link
    assert violations(phone.page) == []
    lead = Lead(crowd, laptop.entry)
    lead.follows("Collega a un archivio centrale", "Archivio centrale")
    lead.page.get_by_label("Link, o indirizzo dell’archivio centrale").fill(link)
    lead.presses("Collega")
    lead.sees("Collegato a ")
    assert crowd.faults == []


def as_a_camera_sees(picture: Path, to: Path) -> Path:
    """One frame of 640 by 480 with the picture in it, in the plainest format that Chromium takes for a camera."""
    with Image.open(picture) as code:
        ground = Image.new("RGB", (640, 480), "#777")
        ground.paste(code.convert("RGB").resize((340, 340)), (150, 70))
    y, cb, cr = ground.convert("YCbCr").split()
    planes = y.tobytes() + cb.resize((320, 240)).tobytes() + cr.resize((320, 240)).tobytes()
    to.write_bytes(b"YUV4MPEG2 W640 H480 F5:1 Ip A1:1 C420jpeg\n" + b"FRAME\n" + planes)
    return to


def a_browser_with_a_camera(browser: Any, seen: Path) -> Browser:
    camera = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={seen}")
    launched: Browser = browser.browser_type.launch(executable_path=find_chromium(), args=[*FLAGS, *camera])
    return launched
