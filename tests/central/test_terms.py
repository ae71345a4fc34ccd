"""A central record starts only where it is safe: each thing that is missing is one sentence that says what to set. Real processes."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.postgres import Cluster
from tests.support.server import a_server
from workshop.settings import open_folder
from workshop.terms import NotFitToServe, terms_of

HERE = "https://archivio.example"
SETTINGS = ("DATABASE_URL", "FLASK_DEBUG", "PYTHONDEVMODE", "TAVOLI_ADDRESS", "TAVOLI_PROXY")


def serve(data: Path, *options: str, **environment: str) -> str:
    """What a server that is expected to refuse said: one line, exit code 1, no password in it."""
    command = [sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", "0", "--data", str(data), "--central", *options]
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS} | environment
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env, encoding="utf-8")
    assert (done.returncode, done.stderr.count("\n"), "Traceback" in done.stderr, "s3cret" in done.stderr) == (1, 1, False, False), (
        done.stderr
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "A central record needs PostgreSQL: set DATABASE_URL="),
        ("sqlite:///x.db", "A central record is not kept in sqlite: set DATABASE_URL="),
        ("mysql://me:s3cret@h/d", "A central record is not kept in mysql: set DATABASE_URL="),
        ("s3cret", "DATABASE_URL cannot be read: set DATABASE_URL="),
        ("postgresql://me:s3cret@127.0.0.1:1/d", "PostgreSQL cannot be used ("),
    ],
)
def test_without_postgresql_it_does_not_start(tmp_path: Path, url: str, said: str) -> None:
    assert said in serve(tmp_path, "--address", HERE, DATABASE_URL=url)
    assert not (tmp_path / "record.db").exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "needs its public address: set --address https://"),
        ("http://archivio.example", "do not travel without https: set --address https://"),
        ("http://127.0.0.1:8080", "To try it out on this computer only: --try."),
        ("https://archivio.example/sub", "a name alone, without user, path or query"),
        ("https://me@archivio.example", "a name alone, without user, path or query"),
        ("https://", "a name alone"),
        ("https://[", "This is no address"),
    ],
)
def test_without_its_https_address_it_does_not_start(postgres_url: str, address: str, said: str) -> None:
    with pytest.raises(NotFitToServe) as refused:
        terms_of(address, (), {"DATABASE_URL": postgres_url}, trial=False)
    assert said in str(refused.value)


def test_the_refusal_of_an_address_is_one_line_of_the_program_too(tmp_path: Path, postgres_url: str) -> None:
    assert "https" in serve(tmp_path, "--address", "http://archivio.example", DATABASE_URL=postgres_url)


@pytest.mark.parametrize("debug", [{"FLASK_DEBUG": "1"}, {"PYTHONDEVMODE": "1"}])
def test_in_debug_it_does_not_start_not_even_to_be_tried_out(tmp_path: Path, debug: dict[str, str]) -> None:
    assert "unset FLASK_DEBUG" in serve(tmp_path, "--try", **debug)


@pytest.mark.parametrize("name", ["private.key", "device.key"])
def test_with_a_short_key_it_does_not_start_and_makes_no_other(tmp_path: Path, name: str) -> None:
    key = open_folder(str(tmp_path)).key_path.with_name(name)
    key.write_bytes(b"short")
    assert "has 5 bytes instead of 32. Put it back" in serve(tmp_path, "--try")
    assert key.read_bytes() == b"short"


def test_a_proxy_is_named_by_its_address(postgres_url: str) -> None:
    with pytest.raises(NotFitToServe, match="set --proxy"):
        terms_of(HERE, ("proxy.local",), {"DATABASE_URL": postgres_url}, trial=False)


def test_a_database_that_does_not_keep_every_word_is_refused(postgres_cluster: Cluster) -> None:
    """`fsync` and `full_page_writes` are asked in the same breath, but cannot be turned off for one database."""
    name = postgres_cluster.create_database("ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(NotFitToServe, match="set server_encoding=UTF8"):
        terms_of(HERE, (), {"DATABASE_URL": postgres_cluster.url(name)}, trial=False)
    postgres_cluster.drop_database(name)


@pytest.mark.parametrize(("before", "after"), [((), ("--central", "--try")), (("--central", "--try"), ())])
def test_a_folder_stays_what_it_was_at_first(tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    with a_server(tmp_path, *before):
        pass
    command = [sys.executable, "-m", "workshop.cli", "serve", "--no-browser", "--port", "0", "--data", str(tmp_path), *after]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Choose another one with --data" in done.stderr, done.stderr.count("\n")) == (1, True, 1)


def test_a_room_stays_in_its_own_folder_whatever_database_url_says(tmp_path: Path) -> None:
    with a_server(tmp_path, environment={"DATABASE_URL": "postgresql://me@127.0.0.1:1/elsewhere"}) as room:
        assert httpx.get(f"{room.url}/sign-in", trust_env=False).status_code == 200
    assert (tmp_path / "record.db").exists()


def test_a_trial_says_so_in_red_on_its_pages_and_listens_to_this_computer_alone(tmp_path: Path) -> None:
    with a_server(tmp_path, "--central", "--try") as server, httpx.Client(trust_env=False, follow_redirects=True) as client:
        for path in ("/sign-in", "/set-up/none", "/nothing-here"):
            page = client.get(f"{server.url}{path}", headers={"Accept-Language": "it", "Accept": "text/html"}).text
            assert '<aside class="trial"' in page, path
        client.get(server.entry)
        assert '<aside class="trial"' in client.get(f"{server.url}/archive").text
        port, open_ports = int(server.url.rpartition(":")[2]), Path("/proc/net/tcp").read_text()
    assert f" 0100007F:{port:04X} " in open_ports
    assert f" 00000000:{port:04X} " not in open_ports


def test_a_centre_starts_on_postgresql_at_its_https_address_and_its_first_organiser_comes_from_the_terminal(
    tmp_path: Path, postgres_url: str
) -> None:
    from tests.central.conftest import PASSPHRASE, app_of

    environment = {"DATABASE_URL": postgres_url, "TAVOLI_ADDRESS": HERE}
    proxied = {"Host": "archivio.example", "X-Forwarded-For": "203.0.113.7", "Accept-Language": "it", "Origin": HERE}
    with a_server(tmp_path, "--central", environment=environment) as server:
        command = [sys.executable, "-m", "workshop.cli", "organiser"]
        made = subprocess.run([*command, "add", "marta", "--data", str(tmp_path)], capture_output=True, text=True, timeout=60, check=True)
        link = made.stdout.strip()
        assert link.startswith(f"{HERE}/set-up/")
        with httpx.Client(base_url=server.url, headers=proxied, trust_env=False) as client:
            path = link.removeprefix(HERE)
            done = client.post(path, data={"passphrase": PASSPHRASE, "again": PASSPHRASE, "code": app_of(client.get(path).text).now()})
            assert (done.status_code, '<aside class="trial"' in done.text) == (200, False)
            cookie = done.headers["Set-Cookie"].partition(";")[0]
            assert client.get("/archive", headers={"Cookie": cookie}).status_code == 200
            listed = subprocess.run([*command, "list", "--data", str(tmp_path)], capture_output=True, text=True, timeout=60, check=True)
            assert listed.stdout == "marta\tsigns in\t1 open\n"
            subprocess.run([*command, "sign-out", "marta", "--data", str(tmp_path)], capture_output=True, timeout=60, check=True)
            assert client.get("/archive", headers={"Cookie": cookie}).status_code == 401
            again = subprocess.run(
                [*command, "add", "MARTA", "--data", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
            )
            assert (again.returncode, "Another organiser has this name." in again.stderr) == (1, True)
        assert server.entry == ""
