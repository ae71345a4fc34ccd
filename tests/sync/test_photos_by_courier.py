"""A photo from a laptop to a real centre over a line that is cut again and again: whole in the end, and no byte sent twice for nothing."""

import itertools
import json
import random
from pathlib import Path

import pytest

from sync.blobs import PIECE_MOST
from tests.builders import a_photo
from tests.support.odd_servers import a_cutting_proxy
from tests.support.server import a_server
from tests.sync.test_blobs import noise, sha256
from tests.sync.test_two_processes import Laptop, a_code, laptop
from workshop.domain.photo import RemovePhoto
from workshop.photos.shelf import Shelf, shelf_in
from workshop.web.contacts import last_contact

__all__ = ["laptop"]
pytestmark = pytest.mark.timeout(300)
DATA = noise(1_500_000)
HASH = sha256(DATA)
CUTS = 8


def there(folder: Path) -> Shelf:
    return shelf_in(folder)


def test_a_photo_over_a_line_that_is_cut_at_many_places_arrives_whole(laptop: Laptop, tmp_path: Path) -> None:
    chance = random.Random(20201024)
    photo = a_photo(laptop.meeting, data=DATA)
    shelf_in(laptop.folder).put(DATA)
    with a_server(tmp_path / "centre", "--central", "--try") as centre, a_cutting_proxy(centre.url) as line:
        laptop.courier.enrol(centre.url, a_code(centre))
        laptop.goes_through(line.url)
        held, contacts = [0], []
        for _ in range(CUTS):
            line.cut_after = chance.randint(20_000, 250_000)
            contacts.append(laptop.courier.run())
            held.append(there(centre.data).held(HASH))
        line.cut_after = None
        last = laptop.courier.run()
        assert there(centre.data).path(HASH).read_bytes() == DATA
        assert held == sorted(held), "a cut took bytes away"
        assert max(after - before for before, after in itertools.pairwise(held)) <= 3 * PIECE_MOST
        assert sum(after > before for before, after in itertools.pairwise(held)) > 3, "it never went on in pieces"
        assert any(contact.photos.get("cut") for contact in contacts)
        assert all(contact.identical for contact in contacts if contact.photos), "a photo stood in the way of the entries"
        assert (last.identical, last.photos["cut"], last.photos["waiting"]) == (True, 0, 0)

        laptop.meeting.do(RemovePhoto, laptop.meeting.lead, photo_id=photo, reason="si riconosce una persona")
        laptop.courier.run()
        assert list(shelf_in(laptop.folder).here()) == []
        laptop.courier.run()  # the centre tidies after it was told, before it answers the next contact
        assert list(there(centre.data).here()) == []
    assert HASH in (centre.data / "photos" / "removed.txt").read_text()


def test_with_syntheses_only_a_photo_stays_where_it_was_taken(laptop: Laptop, tmp_path: Path) -> None:
    a_photo(laptop.meeting, data=DATA[:50_000])
    shelf_in(laptop.folder).put(DATA[:50_000])
    laptop.choose("syntheses")
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        laptop.courier.enrol(centre.url, a_code(centre))
        assert laptop.courier.run().photos == {"sent": 0, "received": 0, "waiting": 0, "refused": 0, "cut": 0}
        assert list(there(centre.data).here()) == []
        laptop.choose("contributions")
        assert laptop.courier.run().photos["sent"] == 1
        assert len(list(there(centre.data).here())) == 1


def test_a_photo_that_is_not_here_is_counted_and_stops_nothing(laptop: Laptop, tmp_path: Path) -> None:
    a_photo(laptop.meeting, data=b"nobody has these bytes")
    with a_server(tmp_path / "centre", "--central", "--try") as centre:
        laptop.courier.enrol(centre.url, a_code(centre))
        contact = laptop.courier.run()
        kept = laptop.courier._ask(last_contact)
    assert (contact.identical, contact.photos["waiting"], contact.photos["refused"]) == (True, 1, 1)
    assert json.dumps(kept.photos) == json.dumps(contact.photos)
