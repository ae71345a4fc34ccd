"""Photos lie once beside the copies; a restored laptop has them again; what was removed on purpose does not come back."""

from pathlib import Path

from workshop.copies.photos import bring_photos, carry_photos
from workshop.photos.shelf import Shelf


def names(folder: Path) -> set[str]:
    return set(Shelf(folder).here())


def test_only_what_is_lacking_is_copied(tmp_path: Path) -> None:
    shelf, place = Shelf(tmp_path / "photos"), tmp_path / "stick" / "photos"
    first = shelf.put(b"first")
    assert (carry_photos(shelf.root, place), names(place)) == (1, {first})
    second = shelf.put(b"second")
    assert [carry_photos(shelf.root, place) for _ in range(2)] == [1, 0]
    assert names(place) == {first, second}
    assert Shelf(place).path(second).read_bytes() == b"second"


def test_what_was_removed_on_purpose_goes_from_the_place_of_the_copies(tmp_path: Path) -> None:
    shelf, place = Shelf(tmp_path / "photos"), tmp_path / "stick" / "photos"
    kept, shows_people, left_over = (shelf.put(data) for data in (b"kept", b"shows people", b"left over"))
    carry_photos(shelf.root, place)
    shelf.delete({shows_people})
    shelf.delete({left_over}, on_purpose=False)
    carry_photos(shelf.root, place)
    assert names(place) == {kept, left_over}
    shelf.put(b"shows people")  # somebody adds it again
    assert (carry_photos(shelf.root, place), names(place)) == (1, {kept, left_over, shows_people})


def test_an_old_stick_does_not_bring_a_removed_photo_back(tmp_path: Path) -> None:
    shelf, stick = Shelf(tmp_path / "photos"), Shelf(tmp_path / "stick" / "photos")
    kept, shows_people = (stick.put(data) for data in (b"kept", b"shows people"))
    shelf.put(b"shows people")
    shelf.delete({shows_people})
    bring_photos(tmp_path / "stick", shelf.root)
    assert names(shelf.root) == {kept}


def test_photos_on_the_laptops_own_disk_are_found_from_its_copies(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "data" / "photos")
    kept = shelf.put(b"kept")
    bring_photos(tmp_path / "data" / "backups", tmp_path / "new" / "photos")
    assert names(tmp_path / "new" / "photos") == {kept}
