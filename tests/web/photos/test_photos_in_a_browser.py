"""Photographing the wall in a real browser: sent in pieces over a line that is cut, cancelled, without scripts; on a phone and a laptop."""

import os
import re
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.builders import a_facilitator
from tests.photos.pictures import a_flipchart, a_jpeg, saved
from tests.support.accessibility import violations
from tests.web.boards.conftest import Fill, Place, Served
from workshop.domain.photo import AddPhoto
from workshop.photos.developing import develop

Serve = Callable[[Fill], Served]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = "Una mappa con i parchi giochi del quartiere, le fermate dell’autobus e i bollini rossi dove manca l’ombra, " * 2


def a_large_photo() -> bytes:
    """Paper with grain, as a camera sees it: several pieces long."""
    paper = Image.blend(a_flipchart(2400, 1800), Image.effect_noise((2400, 1800), 90).convert("RGB"), 0.35)
    return saved(paper, "JPEG", quality=92)


def empty(_place: Place) -> None:
    return None


def thirty(place: Place) -> None:
    """Thirty photos: long words, none at all, another writing, one that is on its way nowhere (missing)."""
    house, who = place.building.house, a_facilitator(place.meeting)
    for n in range(30):
        path = house.folder.path / "one.jpg"
        path.write_bytes(a_jpeg(800, 600, words=f"FOTO {n}", orientation=6 if n % 5 == 1 else 1))
        made = develop(path)
        caption = {0: "", 1: WIDE[:200], 2: "خريطة الملاعب في الحي"}.get(n % 6, f"Cartellone {n}")
        told = {
            "sha256": house.shelf.put(made.data),
            "size": len(made.data),
            "width": made.width,
            "height": made.height,
            "caption": caption,
        }
        place.meeting.do(AddPhoto, who, work_table_id=place.meeting.table, **told)
        if n == 28:
            house.shelf.path(told["sha256"]).unlink()
        path.unlink()


def choose(page: Page, data: bytes, label: str = "Scegli una foto che hai") -> None:
    page.get_by_label(label).set_input_files({"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": data})


def faults_on(page: Page) -> list[str]:
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    found = [] if width <= window else [f"{width} wide in a window of {window}"]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # no colour on its way
        found += [f"{theme}: {fault}" for fault in violations(page)]
    return found


def test_a_photo_goes_on_where_the_line_was_cut_and_is_removed_for_good(served: Serve, browser: Any) -> None:
    there, data, begun = served(empty), a_large_photo(), []
    page = there.page(browser)
    beside = there.page(browser, desk=1)
    expect(page.get_by_text("Ancora nessuna foto.")).to_be_visible()
    assert faults_on(page) == []

    def cut(route: Route) -> None:
        """The third piece never gets through, twice; the others do."""
        begun.append(int(re.findall(r"\d+", route.request.headers["content-range"])[0]))
        if len(begun) in {3, 4}:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/bytes", lambda route: cut(route) if route.request.method == "PUT" else route.continue_())
    choose(page, data)
    page.get_by_label("Che cosa ci si legge").fill("La mappa dei parchi giochi")
    page.get_by_role("button", name="Aggiungi la foto").click()
    expect(page.get_by_text("La foto è aggiunta.")).to_be_visible()
    piece = 192 * 1024
    assert begun == [0, piece, 2 * piece, 2 * piece, *range(2 * piece, len(data), piece)], "it began again, or left something out"

    for each in (page, beside):  # whoever looks at the board sees it, without asking
        expect(each.get_by_role("img", name="La mappa dei parchi giochi")).to_be_visible()
    expect(page.get_by_label("Che cosa ci si legge")).to_have_value("")
    page.get_by_role("link", name="La mappa dei parchi giochi").click()
    big = page.get_by_role("img", name="La mappa dei parchi giochi")
    expect(big).to_be_visible()
    expect(big).to_have_js_property("naturalWidth", 2400)
    assert faults_on(page) == []
    if keep := os.environ.get("TAVOLI_SHOTS"):
        page.screenshot(path=f"{keep}/big.png")

    page.get_by_text("Togli questa foto").click()
    page.get_by_label("Perché").fill("si riconosce una persona")
    page.get_by_role("button", name="Togli per sempre").click()
    expect(page.get_by_text("Ancora nessuna foto.").first).to_be_visible()
    expect(beside.get_by_role("img", name="La mappa dei parchi giochi")).to_have_count(0)


def test_a_photo_can_be_cancelled_and_what_is_no_photo_is_said_where_it_was_chosen(served: Serve, browser: Any) -> None:
    there = served(empty)
    page = there.page(browser)
    page.route("**/bytes", lambda route: route.abort() if route.request.method == "PUT" else route.continue_())
    choose(page, a_jpeg())
    page.get_by_role("button", name="Aggiungi la foto").click()
    expect(page.get_by_text("La linea si è interrotta: riprende da sola.")).to_be_visible()
    page.get_by_role("button", name="Lascia stare").click()
    expect(page.get_by_text("Annullato: non è rimasto niente.")).to_be_visible()
    page.unroute_all()

    choose(page, b"Questo non e' una foto.")
    page.get_by_role("button", name="Aggiungi la foto").click()
    expect(page.get_by_text("Questa non è una foto che si possa leggere.")).to_be_visible()
    choose(page, a_jpeg(90, 60) + b"\0" * (13 * 1024 * 1024))
    page.get_by_role("button", name="Aggiungi la foto").click()
    expect(page.get_by_text("La foto è troppo grande: al massimo 12 MB.")).to_be_visible()


def test_without_scripts_the_same_form_sends_it_whole(served: Serve, browser: Any) -> None:
    there = served(empty)
    page = there.page(browser, java_script_enabled=False, **PHONE)
    choose(page, a_large_photo(), "Scatta una foto")
    page.get_by_label("Che cosa ci si legge").fill("Il disegno")
    page.get_by_role("button", name="Aggiungi la foto").click()
    expect(page).to_have_url(re.compile(r"/photos$"))
    expect(page.get_by_role("img", name="Il disegno")).to_be_visible()


def test_thirty_photos_are_seen_on_a_phone_and_on_a_laptop(served: Serve, browser: Any) -> None:
    there = served(thirty)
    laptop = there.page(browser, path=f"/tables/{there.meeting.table}/photos")
    expect(laptop.locator("#photo-list > li")).to_have_count(30)
    expect(laptop.get_by_text("Foto mancante")).to_have_count(1)
    expect(laptop.get_by_label("Scatta una foto")).to_be_hidden()  # it has no camera to point at a wall
    assert faults_on(laptop) == []
    phone = there.page(browser, path=f"/tables/{there.meeting.table}/photos", **PHONE)
    expect(phone.get_by_label("Scatta una foto")).to_be_visible()
    assert phone.get_by_label("Scatta una foto").get_attribute("capture") == "environment"
    assert faults_on(phone) == []
    for page, name in ((laptop, "laptop"), (phone, "phone")):
        keep = os.environ.get("TAVOLI_SHOTS")
        for theme in ("light", "dark") if keep else ():
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.screenshot(path=f"{keep}/{name}-{theme}.png")
            page.goto(f"{there.server.url}/tables/{there.meeting.table}")
            page.screenshot(path=f"{keep}/{name}-{theme}-board.png", full_page=True)
            page.goto(f"{there.server.url}/tables/{there.meeting.table}/photos")
