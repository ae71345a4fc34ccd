"""A complete record in a file, and from the command line: it leaves for who organises alone, and opens with that key."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.bundle import look
from sync.log import Load
from sync.paper_key import written
from sync.sealed_bodies import carry
from sync.signing import announce_reader, public_key_of
from tests.builders import Room
from tests.sync.streams import all_of, raws, withheld
from tests.sync.test_full_profile import OBJECTION, a_meeting_that_chose, browser_of, personal
from tests.sync.test_sticks import tavoli
from tests.web.syntheses.place import Browser
from workshop.app import Building, build
from workshop.dispatch.front_door import FrontDoor
from workshop.domain.ids import new_id
from workshop.domain.people import Actor, Role
from workshop.domain.profiles import OF_SINGLE_PEOPLE, SEALED, TRAVELS, Profile
from workshop.private.peers import Centre, keep_centre
from workshop.private.settings_kept import keep_setting
from workshop.record.peers import PeerLog
from workshop.record.sealed import SealedBeside
from workshop.settings import device_key, open_folder
from workshop.web.bundling import BundleNeedsKey, Bundler, CompleteIsSealed
from workshop.web.complete import KeyUnreadable
from workshop.web.http.local import bundler
from workshop.web.leaving import PROFILE
from workshop.web.readers import NoReaderYet, agree, keep_announced

SEED, CENTRE = b"\x07" * 32, b"\x09" * 32
KEY = written(SEED)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Building]:
    """Of a centre that announces a key; its lead has not chosen anything yet."""
    made = build(open_folder(str(tmp_path / "laptop")), "room", "threading")
    home = made.house
    home.keep_private(keep_centre, Centre("9" * 32, "Archivio", "https://archivio.example", public_key_of(CENTRE)))
    a_meeting_that_chose(Room(home.store, home.private_store, home.desk, FrontDoor(home.desk), Actor(role=Role.LEAD, id=new_id())))
    yield made
    made.close()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Building]:
    made = build(open_folder(str(tmp_path / "centre")), "central", "threading", trial=True)
    yield made
    made.close()


def announce(laptop: Building) -> None:
    notice = announce_reader(CENTRE, public_key_of(SEED), "2026-11-22T10:00:00.000000Z")
    laptop.house.keep_private(keep_announced, notice, public_key_of(CENTRE))


def bundler_of(building: Building) -> Bundler:
    with building.app.app_context():
        return bundler()


def a_full_file(laptop: Building) -> bytes:
    announce(laptop)
    file = io.BytesIO()
    bundler_of(laptop).write(file, "lucca.tavoli", profile=Profile.FULL)
    return file.getvalue()


def test_it_opens_with_the_key_of_who_organises_and_has_everything(laptop: Building, centre: Building) -> None:
    data = a_full_file(laptop)
    assert OBJECTION.encode() not in data
    assert list(look(io.BytesIO(data)).readers) == [public_key_of(SEED)]
    brought = bundler_of(centre).take_in(io.BytesIO(data), "lucca.tavoli", KEY)
    assert (brought.why, brought.refused, brought.stored) == ("", 0, brought.told)
    assert personal(centre) == personal(laptop)


def test_without_the_key_or_with_another_nothing_is_taken_in(laptop: Building, centre: Building) -> None:
    data = a_full_file(laptop)
    for key in ("", written(b"\x08" * 32), written(device_key(laptop.house.folder))):
        with pytest.raises(BundleNeedsKey):
            bundler_of(centre).take_in(io.BytesIO(data), "lucca.tavoli", key)
    with pytest.raises(KeyUnreadable):
        bundler_of(centre).take_in(io.BytesIO(data), "lucca.tavoli", "AAAA")
    assert personal(centre) == []


def test_it_never_leaves_open_nor_for_nobody(laptop: Building) -> None:
    with pytest.raises(NoReaderYet):
        bundler_of(laptop).write(io.BytesIO(), "lucca.tavoli", profile=Profile.FULL)
    announce(laptop)
    with pytest.raises(CompleteIsSealed):
        bundler_of(laptop).write(io.BytesIO(), "lucca.tavoli", profile=Profile.FULL, is_open=True)


def test_the_page_says_that_it_needs_that_key(laptop: Building) -> None:
    announce(laptop)
    laptop.house.keep_private(agree, public_key_of(SEED))
    laptop.house.keep_private(keep_setting, PROFILE, "full")
    lead: Browser = browser_of(laptop, Role.LEAD)
    assert "whoever brings it in needs their key" in lead.get("/stick").text
    process: Any = laptop.house.ask(lambda record: record.exec_driver_sql("SELECT scope FROM entry").scalar())
    written_out = lead.post("/stick/out", process=process, place="").data
    assert list(look(io.BytesIO(written_out)).readers) == [public_key_of(SEED)]
    assert lead.post("/stick/out", process=process, place="", open="1").status_code == 409


def test_from_the_command_line(laptop: Building, tmp_path: Path) -> None:
    announce(laptop)
    laptop.close()
    file, key, wrong = tmp_path / "lucca.tavoli", tmp_path / "key.txt", tmp_path / "wrong.txt"
    key.write_text(f"{KEY}\n", encoding="utf-8")
    wrong.write_text("vacanze", encoding="utf-8")
    out = tavoli("bundle", "export", "--data", str(tmp_path / "laptop"), str(file), "--profile", "full")
    assert (out.returncode, "sealed" in out.stdout) == (0, True), out.stderr
    there = ("--data", str(tmp_path / "other"), str(file))
    assert "opens with the key of who organises" in tavoli("bundle", "import", *there).stderr
    assert "not a key" in tavoli("bundle", "import", *there, "--key-file", str(wrong)).stderr
    brought = tavoli("bundle", "import", *there, "--key-file", str(key))
    assert brought.stdout.startswith(f"{out.stdout.split()[0]} new"), brought.stderr
    nothing = tavoli("open-sealed", "--data", str(tmp_path / "other"), "--key-file", str(key))
    assert (nothing.returncode, "Nothing sealed is here." in nothing.stderr) == (1, True)


def test_sealed_ones_are_opened_from_the_command_line_too(laptop: Building, tmp_path: Path) -> None:
    """At any place that has them: here a second laptop that kept them closed."""
    other = build(open_folder(str(tmp_path / "other")), "room", "threading")
    here, there = laptop.house, other.house
    log, (scope, *_) = PeerLog(here.store, here.desk), PeerLog(here.store, here.desk).scopes()
    told = [withheld(entry) if entry.head.kind in OF_SINGLE_PEOPLE else entry for entry in all_of(log, scope)]
    PeerLog(there.store, there.desk).receive(scope, raws(told))
    load = Load(TRAVELS[Profile.FULL], SEALED[Profile.FULL], public_key_of(SEED))
    sent = carry(SealedBeside(here.store, here.desk), SealedBeside(there.store, there.desk), scope, load).sent
    other.close()
    wrong, key = tmp_path / "wrong.txt", tmp_path / "key.txt"
    key.write_text(KEY, encoding="utf-8")
    wrong.write_text(written(b"\x08" * 32), encoding="utf-8")
    refused = tavoli("open-sealed", "--data", str(tmp_path / "other"), "--key-file", str(wrong))
    assert (refused.returncode, "This key opens nothing here." in refused.stderr) == (1, True)
    opened = tavoli("open-sealed", "--data", str(tmp_path / "other"), "--key-file", str(key))
    assert (opened.returncode, opened.stdout.strip()) == (0, f"{sent} opened, 0 false, 0 sealed for other keys")
    verdict = tavoli("verify", "--data", str(tmp_path / "other"))
    assert verdict.returncode == 0
