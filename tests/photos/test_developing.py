"""What a phone sends becomes a clean, upright, bounded JPEG; what only says it is a picture is refused in a word."""

import io
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from tests.photos.pictures import SECRETS, SVG, TEXT, a_bomb, a_flipchart, a_jpeg, a_png, heic, saved
from workshop.domain.refusal import Refusal
from workshop.photos.developing import UPLOAD_MOST, Developed, develop, make_small
from workshop.photos.refusals import PhotoCutShort, PhotoHasTooManyPixels, PhotoIsHeic, PhotoMissing, PhotoTooBig, PhotoUnreadable


def developed(folder: Path, data: bytes, name: str = "photo") -> Developed:
    (folder / name).write_bytes(data)
    return develop(folder / name)


def picture_of(found: Developed) -> Image.Image:
    return Image.open(io.BytesIO(found.data))


def test_nothing_of_who_where_and_with_what_is_left(tmp_path: Path) -> None:
    sent = a_jpeg()
    assert [secret for secret in SECRETS if secret in sent] == [b"Secretphone", b"Anna Bianchi", b"a hidden comment", b"xmpmeta"]
    assert len(Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)) == 4  # where it was taken
    found = developed(tmp_path, sent)
    assert [secret for secret in SECRETS if secret in found.data] == []
    kept = picture_of(found)
    assert (kept.format, dict(kept.getexif()), sorted(kept.info.keys() & {"exif", "comment", "xmp", "icc_profile", "photoshop"})) == (
        "JPEG",
        {},
        [],
    )


def test_a_png_with_words_in_it_and_a_webp_become_clean_jpegs(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Anna Bianchi")
    for data in (a_png(pnginfo=told), saved(a_flipchart(), "WEBP", xmp=b"Anna Bianchi")):
        assert b"Anna Bianchi" in data
        found = developed(tmp_path, data)
        assert picture_of(found).format == "JPEG"
        assert b"Anna Bianchi" not in found.data


@pytest.mark.parametrize(
    ("orientation", "sides", "red"), [(1, (1600, 1200), (50, 50)), (3, (1600, 1200), (1550, 1150)), (6, (1200, 1600), (1150, 50))]
)
def test_a_photo_stands_upright(tmp_path: Path, orientation: int, sides: tuple[int, int], red: tuple[int, int]) -> None:
    found = developed(tmp_path, a_jpeg(orientation=orientation))
    colour = picture_of(found).getpixel(red)
    assert ((found.width, found.height), isinstance(colour, tuple) and colour[0] > 150 > 80 > colour[1]) == (sides, True)


def test_a_large_photo_is_made_smaller_and_a_small_one_is_left(tmp_path: Path) -> None:
    large, little = developed(tmp_path, a_jpeg(6000, 4000)), developed(tmp_path, a_jpeg(300, 200))
    assert ((large.width, large.height), (little.width, little.height)) == ((2560, 1707), (300, 200))


def test_the_same_photo_gives_the_same_bytes(tmp_path: Path) -> None:
    assert developed(tmp_path, a_jpeg()).data == developed(tmp_path, a_jpeg()).data


def test_what_can_be_seen_through_is_white_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert picture_of(developed(tmp_path, saved(clear, "PNG"))).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "LA", "I;16"])
def test_every_sort_of_colour_is_read(tmp_path: Path, mode: str) -> None:
    plain = Image.new("I;16", (60, 40)) if mode == "I;16" else a_flipchart(60, 40).convert(mode)
    sort = "JPEG" if mode == "CMYK" else "PNG"
    assert picture_of(developed(tmp_path, saved(plain, sort))).mode == "RGB"


def test_two_pictures_in_one_file_are_the_first_one(tmp_path: Path) -> None:
    """Many phones write a second picture behind the first (MPO)."""
    both = saved(a_flipchart(400, 300), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300), "black")])
    assert picture_of(developed(tmp_path, both)).getpixel((390, 290)) != (0, 0, 0)


@pytest.mark.parametrize(
    ("what", "data", "refusal"),
    [
        ("0 bytes", b"", PhotoMissing),
        ("text called .jpg", TEXT, PhotoUnreadable),
        ("an SVG", SVG, PhotoUnreadable),
        ("a GIF", saved(a_flipchart(90, 60), "GIF"), PhotoUnreadable),
        ("a TIFF", saved(a_flipchart(90, 60), "TIFF"), PhotoUnreadable),
        ("the first half of a JPEG", a_jpeg()[: len(a_jpeg()) // 2], PhotoCutShort),
        ("the first half of a PNG", a_png()[: len(a_png()) // 2], PhotoCutShort),
        ("only the beginning of a JPEG", a_jpeg()[:20], PhotoUnreadable),
        ("HEIC", heic(), PhotoIsHeic),
        ("13 MB", a_jpeg(200, 100) + b"\0" * (13 * 1024 * 1024), PhotoTooBig),
        ("the limit and one byte", b"\xff\xd8" + b"\0" * (UPLOAD_MOST - 1), PhotoTooBig),
    ],
)
def test_what_is_no_photo_is_refused(tmp_path: Path, what: str, data: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        developed(tmp_path, data, "photo.jpg")


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (9_000, 7_200)])
def test_a_bomb_is_refused_by_its_head_before_it_is_unpacked(tmp_path: Path, width: int, height: int) -> None:
    bomb = a_bomb(width, height)
    assert len(bomb) < 200_000
    tracemalloc.start()
    with pytest.raises(PhotoHasTooManyPixels) as refused:
        developed(tmp_path, bomb)
    assert (refused.value.detail["most"], tracemalloc.get_traced_memory()[1] < 5_000_000) == (64, True)
    tracemalloc.stop()


def test_a_picture_for_lists_is_small(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(developed(tmp_path, a_jpeg(4000, 3000)).data)
    small = make_small(tmp_path / "kept")
    assert Image.open(io.BytesIO(small)).size == (480, 360)
    assert len(small) < 60_000
