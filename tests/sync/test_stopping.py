"""Somebody presses Stop, or Ctrl+C: what is under way ends at its next batch, says so in one sentence, and goes on from there next time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.support.odd_servers import CuttingProxy, a_cutting_proxy
from tests.support.server import Server, a_server
from tests.sync.test_two_processes import Laptop, a_code, a_laptop, tavoli
from workshop.private.settings_kept import keep_setting
from workshop.web.bundling import Bundler, BundleStopped
from workshop.web.contacts import Contact, last_contact
from workshop.web.rounds import Rounds

pytestmark = pytest.mark.timeout(180)
CARDS = 1_400  # three batches


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path / "centre", "--central", "--try") as server:
        yield server


@pytest.fixture
def line(centre: Server) -> Iterator[CuttingProxy]:
    with a_cutting_proxy(centre.url) as proxy:
        yield proxy


@pytest.fixture
def laptop(tmp_path: Path, centre: Server, line: CuttingProxy) -> Iterator[Laptop]:
    """Enrolled, with much to send, and behind a line that holds its breath in the first batch."""
    with a_laptop(tmp_path / "laptop") as made:
        made.write(CARDS)
        made.courier.enrol(centre.url, a_code(centre))
        made.goes_through(line.url)
        line.hold_at = b"/push"
        yield made


def stopped_in_the_first_batch(laptop: Laptop, line: CuttingProxy) -> Contact:
    contact = Thread(target=laptop.courier.run)
    contact.start()
    assert line.is_held.wait(30)
    laptop.courier.stop()
    line.go_on.set()
    contact.join(60)
    kept = laptop.courier._ask(last_contact)
    assert isinstance(kept, Contact)
    return kept


def test_a_contact_that_was_stopped_keeps_what_arrived_and_the_receipt_says_what_left(laptop: Laptop, line: CuttingProxy) -> None:
    everything = laptop.only_here()
    contact = stopped_in_the_first_batch(laptop, line)
    assert (contact.problem, contact.identical) == ("ContactWasStopped", False)
    assert 0 < contact.sent == everything - laptop.only_here() < everything
    assert 0 < contact.left.cards < CARDS
    assert laptop.courier.run().identical
    assert laptop.only_here() == 0


def test_the_courier_does_not_go_by_itself_at_once_after_somebody_stopped_it(laptop: Laptop, line: CuttingProxy) -> None:
    stopped_in_the_first_batch(laptop, line)
    rounds = Rounds(lambda: laptop.courier)
    rounds.look()
    assert laptop.courier._ask(last_contact).was_stopped
    for _ in range(10):
        rounds.look()
    assert laptop.courier._ask(last_contact).identical


def test_stop_with_nothing_under_way_stops_nothing(laptop: Laptop, line: CuttingProxy) -> None:
    line.hold_at = b""
    laptop.courier.stop()
    assert laptop.courier.run().identical


@pytest.mark.parametrize("served", [False, True], ids=["nobody serves the folder", "a server runs on the folder"])
def test_ctrl_c_ends_a_sync_with_one_sentence_and_130(laptop: Laptop, line: CuttingProxy, served: bool) -> None:
    folder = laptop.folder
    laptop.courier._keep(keep_setting, "goes_by_itself", "no")
    laptop.courier.desk.close()  # type: ignore[attr-defined]
    with a_server(folder) if served else nullcontext():
        done = interrupted(("sync", "--data", str(folder)), line.is_held, line.go_on.set)
        assert done.returncode == 130, done.stderr
        [sentence] = filter(str.strip, done.stderr.splitlines())
        assert sentence.startswith("stopped: sent ")
        assert sentence.endswith("what has arrived stays, next time it goes on from there")
        again = tavoli("sync", "--data", str(folder))
    assert (again.returncode, again.stdout.splitlines()[-1].endswith("received 0, identical")) == (0, True), again.stderr


def test_a_bundle_that_was_stopped_leaves_no_file(laptop: Laptop, tmp_path: Path) -> None:
    courier = laptop.courier
    bundler = _Hasty(courier.folder, courier.store, courier.private_store, courier.desk)
    with pytest.raises(BundleStopped):
        bundler.write_to(tmp_path / "lucca.tavoli", is_open=True)
    assert list(tmp_path.glob("*lucca*")) == []


def test_a_bundle_that_was_stopped_on_its_way_in_is_kept_as_far_as_it_was_read(laptop: Laptop, tmp_path: Path) -> None:
    courier, file = laptop.courier, tmp_path / "lucca.tavoli"
    Bundler(courier.folder, courier.store, courier.private_store, courier.desk).write_to(file, is_open=True)
    entries = json.loads(tavoli("verify", "--json", "--data", str(laptop.folder)).stdout)["entries"]
    with a_laptop(tmp_path / "other") as other, file.open("rb") as bytes_:
        there = other.courier
        bundler = _Hasty(there.folder, there.store, there.private_store, there.desk, "central")
        brought = bundler.take_in(bytes_, "lucca.tavoli")
        assert (brought.why, brought.told) == ("stopped", entries)
        assert 0 < brought.read < entries


class _Hasty(Bundler):
    """Somebody presses Stop as soon as there is a button."""

    def _tell(self, progress: object) -> None:
        self.stop()
        super()._tell(progress)  # type: ignore[arg-type]


# A shell that starts the tests in the background has them ignore Ctrl+C, and so does what they start.
HEARS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from workshop.cli import main; main()"


def interrupted(words: tuple[str, ...], when: Event, then: Callable[[], None]) -> "subprocess.CompletedProcess[str]":
    """The command gets Ctrl+C when this has happened."""
    command = [sys.executable, "-c", HEARS_CTRL_C, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ) as running:
        assert when.wait(60)
        running.send_signal(signal.SIGINT)
        then()
        out, err = running.communicate(timeout=90)
    return subprocess.CompletedProcess(command, running.returncode, out, err)
