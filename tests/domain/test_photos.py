"""Photos of flipcharts: what is stated of one, how many fit, and that one is removed once and with a reason."""

import pytest

from workshop.domain.photo import (
    BYTES_MOST,
    KEPT_AS,
    PHOTOS_MOST,
    AddPhoto,
    PhotoAdded,
    PhotoIsGone,
    PhotoRemoved,
    PhotosFull,
    RemovePhoto,
    add_photo,
    names_bytes,
    remove_photo,
)
from workshop.domain.refusal import Malformed, NumberOutOfRange, ReasonMissing, TextTooLong, TextTooShort

HASH = "ab" * 32
ADD = {"command_id": "1" * 32, "process_id": "2" * 32, "work_table_id": "3" * 32, "caption": " La mappa "}


def adding(**other: object) -> AddPhoto:
    return AddPhoto(**{**ADD, "sha256": HASH, "size": 900_000, "width": 2560, "height": 1707, **other})  # type: ignore[arg-type]


def removing(reason: str) -> RemovePhoto:
    return RemovePhoto(command_id="4" * 32, process_id="2" * 32, photo_id="1" * 32, reason=reason)


def test_a_photo_is_stated_with_the_hash_of_its_bytes() -> None:
    assert add_photo(adding(), "5" * 32, photos=0) == [
        PhotoAdded(
            about="1" * 32,
            work_table_id="3" * 32,
            step_id="5" * 32,
            sha256=HASH,
            size=900_000,
            media_type=KEPT_AS,
            width=2560,
            height=1707,
            caption="La mappa",
        )
    ]


def test_a_table_has_room_for_so_many_photos() -> None:
    assert add_photo(adding(), "", photos=PHOTOS_MOST - 1)
    with pytest.raises(PhotosFull) as refused:
        add_photo(adding(), "", photos=PHOTOS_MOST)
    assert refused.value.detail == {"most": PHOTOS_MOST}


@pytest.mark.parametrize("wrong", [{"sha256": "../../etc/passwd"}, {"sha256": HASH.upper()}, {"size": 0}, {"size": BYTES_MOST + 1}])
def test_what_cannot_name_bytes_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        add_photo(adding(**wrong), "", photos=0)


def test_sides_and_captions_have_limits() -> None:
    with pytest.raises(NumberOutOfRange):
        add_photo(adding(width=2561), "", photos=0)
    with pytest.raises(TextTooLong):
        add_photo(adding(caption="a" * 201), "", photos=0)


def test_a_photo_is_removed_with_a_reason() -> None:
    assert remove_photo(removing(" si vede un volto "), "3" * 32, removed=False) == [
        PhotoRemoved(about="1" * 32, work_table_id="3" * 32, reason="si vede un volto")
    ]
    with pytest.raises(ReasonMissing):
        remove_photo(removing("  "), "3" * 32, removed=False)
    with pytest.raises(TextTooShort):
        remove_photo(removing("no"), "3" * 32, removed=False)


def test_a_photo_is_removed_once() -> None:
    with pytest.raises(PhotoIsGone):
        remove_photo(removing("si vede un volto"), "3" * 32, removed=True)


@pytest.mark.parametrize(
    ("sha256", "size", "may"), [(HASH, 1, True), (HASH, BYTES_MOST, True), (HASH, -1, False), ("", 5, False), (HASH + "\n", 5, False)]
)
def test_only_a_hash_and_a_size_within_the_limit_name_bytes(sha256: str, size: int, may: bool) -> None:
    assert names_bytes(sha256, size) is may
